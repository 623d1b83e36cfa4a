/** Schedules for the mutants of what a server makes of what its disk tells it (Figure 2). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/**
 * S3 is gone, and S1 needs its own copy of y. Both writes of S1 are done before S2 has answered,
 * and S1 is told of that of y first.
 */
// biome-ignore format: one moment of the story per line
const toldInReverse = script({ size: 3, seed: '1', quietTimers: true, latencyMs: 20, noticeMsMax: 10,
                               settle: true, phases: { core: [1, 2] } })
  .at(100).elapse(1)
  .at(250).crash(3)
  .at(260).request(1, 'put x 1')
  .at(260.1).request(1, 'put y 1')
  .until(400)
  .plan();

/**
 * Writes take 20 ms. S3 writes down term 2, which it has heard of from S2, and then its vote of
 * term 2 for S1. It crashes when it is done with the first.
 *
 *              1   2
 *   S1 S3      1   1
 *   S2         1
 */
// biome-ignore format: one moment of the story per line
const termThenVote = script({ size: 3, quietTimers: true, diskMs: 20 })
  .image(1, { log: [1, 1] })
  .image(2, { log: [1] })
  .image(3, { log: [1, 1] })
  .drop({ from: 1, to: 2 })
  .drop({ from: 2, to: 1 })
  .at(100).elapse(2)
  .at(110).elapse(1)
  .at(145).crash(3, { restartMs: 10 })
  .until(300)
  .plan();

/** The disk of S2 is full when x comes. Later S1 is gone, and S2 and S3 elect a leader. */
// biome-ignore format: one moment of the story per line
const fullDisk = script({ size: 3, quietTimers: true, restartAfterHaltMs: 40 })
  .at(100).elapse(1)
  .at(150).isolate(3).failWrites(2, { stream: 'log' })
  .at(160).request(1, 'put x 1')
  .at(180).crash(2, { restartMs: 10 })
  .at(190).crash(1).heal()
  .at(250).elapse(2)
  .until(400)
  .plan();

/** The disk of S2 fails once, and works again when y comes. */
// biome-ignore format: one moment of the story per line
const failsOnce = script({ size: 3, quietTimers: true, restartAfterHaltMs: 10 })
  .at(100).elapse(1)
  .at(150).failWrites(2, { stream: 'log' })
  .at(160).request(1, 'put x 1')
  .at(170).request(1, 'put y 1')
  .until(300)
  .plan();

/** S2 and S3 get x, and the disk of S1, who leads, fails over it. */
// biome-ignore format: one moment of the story per line
const leaderFails = script({ size: 3, quietTimers: true, restartAfterHaltMs: 10 })
  .at(100).elapse(1)
  .at(150).failWrites(1, { stream: 'log' })
  .at(160).request(1, 'put x 1')
  .at(160.5).request(1, 'put y 1')
  .until(300)
  .plan();

export const DISK_ANSWERS: readonly Directed[] = [
  {
    id: 'told-in-reverse',
    mutant: 'io-completion-out-of-order-lost',
    story:
      'S1 is told that y is on its disk, and then, late, that x is. If the last word counts, its log is safe through x only, and S1 waits for ever for a copy of y that it has: what is safe does not become unsafe by an older message (thesis §10.2.1).',
    plan: toldInReverse,
  },
  {
    id: 'term-then-vote',
    mutant: 'older-hard-state-counts',
    story:
      'S3 writes down term 2 and then its vote in term 2. The first write is done, and S3 takes it for the second, answers S1, and crashes without its vote: only the newest write says what the server says (§5.2, Figure 2).',
    plan: termThenVote,
  },
  {
    id: 'full-disk',
    mutant: 'write-error-ignored',
    story:
      'S2 cannot write x, and reports success all the same. S1 commits with that and is gone, S2 starts anew without x, and S3 elects it: a server that cannot write has nothing to confirm (§5.3, Figure 2).',
    plan: fullDisk,
  },
  {
    id: 'gap-on-disk',
    mutant: 'failed-write-not-repeated',
    story:
      'S2 cannot write x, goes on, and writes y when that comes. On its disk y stands in the place of x: what could not be written has to be written before anything behind it, or the server has to stop (§5.3, Log Matching).',
    plan: failsOnce,
  },
  {
    id: 'place-given-twice',
    mutant: 'leader-write-failure-reuses-index',
    story:
      'S1 has sent x to S2 and S3 when its own disk fails over it. It drops x and gives the place to y; S2 and S3 have an entry of this index and term and keep it. A leader never takes back an entry of its log (§5.3, Figure 3).',
    plan: leaderFails,
  },
];
