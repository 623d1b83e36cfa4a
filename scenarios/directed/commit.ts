/** Schedules for the mutants of what counts as committed, and is applied (§5.3, §5.4.2). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';
import { LOST_TAIL } from './lost-tail.ts';
import { NEW_CLUSTER } from './new-cluster.ts';

/**
 * Figure 8 from the moment at which S1 leads term 4: S3 gets the entry of term 2, S2 confirms that
 * it has it, and the entry of term 4 gets to nobody. Then S1 dies, and S5 is elected for term 5.
 *
 *              1   2   3
 *   S1         1   2   4
 *   S2         1   2
 *   S3         1   2
 *   S4         1
 *   S5         1   3
 */
// biome-ignore format: one moment of the story per line
const figure8 = script({ size: 5, quietTimers: true, quietHeartbeats: true, batchEntriesMax: 1 })
  .image(1, { term: 3, log: [1, 2] })
  .image(2, { term: 3, log: [1, 2] })
  .image(3, { term: 3, votedFor: 5, log: [1] })
  .image(4, { term: 3, votedFor: 5, log: [1] })
  .image(5, { term: 3, votedFor: 5, log: [1, 3] })
  // S3 refuses the first message and takes the second; S2 gets a heartbeat only.
  .pass({ from: 1, to: 3, kind: 'AppendEntries', term: 4, nth: 1 })
  .pass({ from: 1, to: 3, kind: 'AppendEntries', term: 4, nth: 2 })
  .pass({ from: 1, to: 2, kind: 'AppendEntries', term: 4, nth: 2 })
  .drop({ from: 1, to: 'all', kind: 'AppendEntries', term: 4 })
  .at(100).elapse(1)
  .at(150).heartbeat(1)
  .at(200).crash(1)
  .at(300).elapse(5)
  .at(350).elapse(5)
  .until(450)
  .plan();

/**
 * S1 writes three commands one after the other, 20 ms each. S2 gets the first and then the other
 * two at once, so it is done before S1 is. S3 is cut off.
 */
// biome-ignore format: one moment of the story per line
const slowerThanFollower = script({ size: 3, quietTimers: true, inflightMax: 1, diskMs: 20 })
  .at(10).elapse(1)
  .at(110).isolate(3)
  .at(120).request(1, 'put x 1')
  .at(121).request(1, 'put y 1')
  .at(122).request(1, 'put z 1')
  .when('acknowledged', { nth: 3 }).crash(1, { restartMs: 10 })
  .at(200).heal().isolate(2)
  .at(250).elapse(1)
  .until(400)
  .plan();

/** S1 tells S2 that x is committed, and does not get to tell S3, who leads term 2. */
// biome-ignore format: one moment of the story per line
const unequalKnowledge = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(120).request(1, 'put x 1')
  .at(140).cut(1, 3)
  .at(200).elapse(3)
  .until(400)
  .plan();

/** S1 gets two commands to S2 only, of five; S3 leads term 2 with the votes of S4 and S5. */
// biome-ignore format: one moment of the story per line
const replacedCopies = script({ size: 5, quietTimers: true })
  .at(100).elapse(1)
  .at(110).partition([1, 2], [3, 4, 5])
  .at(120).request(1, 'put x 1', 'put y 1')
  .at(200).elapse(3)
  .at(250).heal()
  .until(400)
  .plan();

export const COMMIT: readonly Directed[] = [
  {
    id: 'figure-8-claim',
    mutant: 'commit-prior-term-by-count',
    story:
      'An entry of term 2 is on three of five disks, S1, leader of term 4, knows it, and dies. S5 can be elected without it, since its last term is 3, and replaces it everywhere: entries of earlier terms do not commit by counting (§5.4.2, Figure 8).',
    plan: figure8,
  },
  {
    id: 'alone-with-requests',
    mutant: 'leader-counted-twice',
    story:
      'S1 is cut off and gets two requests. Counted twice it is a majority of three by itself; S2 and S3 go on without what it has told its clients to be done (§5.3).',
    plan: LOST_TAIL,
  },
  {
    id: 'slower-than-follower',
    mutant: 'leader-counts-unsynced-self',
    story:
      'S2 has all three commands on disk and S1 has not. If S1 counts itself all the same, the third is on one disk of three when the client hears ok; S1 crashes without it, and S3 elects it (thesis §10.2.1).',
    plan: slowerThanFollower,
  },
  {
    id: 'majority-is-enough',
    mutant: 'commit-needs-one-more',
    story:
      'Three new servers have the no-op of their leader, and nothing follows. An entry is committed when it is on a majority; who waits for the next one waits for ever (§5.3).',
    plan: NEW_CLUSTER,
  },
  {
    id: 'unequal-knowledge',
    mutant: 'follower-commit-regresses',
    story:
      'S1 and S2 know that x is committed, and S3, the next leader, does not know it yet. Who takes its lower leaderCommit over applies x a second time when S3 has found out: commitIndex never falls (§5.3, Figure 2).',
    plan: unequalKnowledge,
  },
  {
    id: 'committed-elsewhere',
    mutant: 'follower-commit-clamped-to-own-last',
    story:
      'S1 comes back with two commands of term 1 at indexes 2 and 3, and hears that index 2 is committed; the message has verified index 1. It applies its own entry where the others have the no-op of S2 (§5.3, Figure 2).',
    plan: LOST_TAIL,
  },
  {
    id: 'applied-and-replaced',
    mutant: 'apply-on-append',
    story:
      'S2 gets two commands from S1 that no majority has, and S3 is elected without them and replaces them. What was applied cannot be taken back: having an entry does not mean that it is committed (§5.3).',
    plan: replacedCopies,
  },
];
