/** Schedules for the mutants of what a follower makes of AppendEntries (§5.3). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';
import { LOST_TAIL } from './lost-tail.ts';
import { NEW_CLUSTER } from './new-cluster.ts';

/** What S1 sends to S3 in term 1 arrives when S2 has committed other entries in term 2. */
// biome-ignore format: one moment of the story per line
const lateAppend = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .drop({ from: 1, to: 2, kind: 'AppendEntries', term: 1, nth: 2 })
  .delay({ from: 1, to: 3, kind: 'AppendEntries', term: 1, nth: 2 }, 200)
  .at(120).request(1, 'put x 1')
  .at(130).isolate(1)
  .at(200).elapse(2)
  .at(220).request(2, 'put y 2')
  .until(400)
  .plan();

/** S1 and S2 commit x and y; a second copy of the message with x comes to S2 behind that with y. */
// biome-ignore format: one moment of the story per line
const lateCopy = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(110).isolate(3)
  .duplicate({ from: 1, to: 2, kind: 'AppendEntries', nth: 2 }, 15)
  .at(120).request(1, 'put x 1')
  .at(125).request(1, 'put y 1')
  .when('acknowledged', { nth: 2 }).crash(1)
  .at(150).heal()
  .at(200).elapse(2)
  .until(300)
  .plan();

/** One message at a time: x gets to S2, the answer gets lost, and x goes out again, with y. */
// biome-ignore format: one moment of the story per line
const lostAnswer = script({ size: 3, quietTimers: true, inflightMax: 1 })
  .at(100).elapse(1)
  .at(110).isolate(3)
  .drop({ from: 2, to: 1, kind: 'AppendEntriesResponse', nth: 2 })
  .at(120).request(1, 'put x 1')
  .at(125).request(1, 'put y 1')
  // Two heartbeats without progress, at 150 and 200 ms: the second one sends again.
  .when('acknowledged', { nth: 2 }).crash(1)
  .at(250).heal()
  .at(300).elapse(2)
  .until(400)
  .plan();

/**
 * S1 stands for term 3, and S3 gets a heartbeat, which says that index 2 is the same.
 *
 *              1   2   3
 *   S1 S2      1   2
 *   S3         1   1
 */
// biome-ignore format: one moment of the story per line
const unequalLogs = script({ size: 3, quietTimers: true })
  .image(1, { log: [1, 2] })
  .image(2, { log: [1, 2] })
  .image(3, { term: 2, log: [1, 1] })
  .drop({ from: 1, to: 3, kind: 'AppendEntries', nth: 1 })
  .at(100).elapse(1)
  .until(300)
  .plan();

/**
 * S3 has two commands of term 1 that nobody else has. S1 leads term 2, hears nothing of S2 any more,
 * and S3 gets a heartbeat that begins behind index 1.
 */
// biome-ignore format: one moment of the story per line
const countedTail = script({ size: 3, quietTimers: true })
  .at(100).elapse(3)
  .at(150).isolate(3)
  .at(160).request(3, 'put a 1', 'put b 1')
  .drop({ from: 1, to: 2, kind: 'AppendEntries', term: 2 })
  .at(200).elapse(1)
  .at(220).request(1, 'put x 2')
  .at(240).heal()
  .at(280).crash(1)
  .at(300).elapse(3)
  .until(400)
  .plan();

/**
 * S2 gets three commands, one by one, but its answers get lost, and it starts anew. Now S1 sends
 * them again. S3 is gone.
 */
// biome-ignore format: one moment of the story per line
const sentAgain = script({
  size: 3, quietTimers: true, batchEntriesMax: 1, settle: true, phases: { core: [1, 2] },
})
  .at(50).crash(3)
  .at(100).elapse(1)
  .at(110).cut(2, 1)
  .at(120).request(1, 'put a 1', 'put b 1', 'put c 1')
  .at(130).crash(2, { restartMs: 5 })
  .at(140).heal()
  .until(300)
  .plan();

export const FOLLOWER_LOG: readonly Directed[] = [
  {
    id: 'late-append',
    mutant: 'stale-term-ae-accepted',
    story:
      'S1 is deposed, and its last message to S3 is still under way while S2 leads term 2 and commits other entries. When it arrives, S3 must not look at it: it would replace what is committed (§5.1, Figure 2).',
    plan: lateAppend,
  },
  {
    id: 'no-leader-accepted',
    mutant: 'equal-term-ae-refused',
    story:
      'Three new servers elect a leader, whose messages carry the term in which they have voted for it. Who takes them for outdated never follows anybody: only a lower term is (§5.1, Figure 2).',
    plan: NEW_CLUSTER,
  },
  {
    id: 'first-entry',
    mutant: 'index-zero-refused',
    story:
      'Before the first entry of all there is nothing to compare, so logs always agree at index 0. If a follower looks for an entry there, an empty log stays empty (§5.3).',
    plan: NEW_CLUSTER,
  },
  {
    id: 'late-copy',
    mutant: 'truncate-on-every-ae',
    story:
      'S2 has x and y when a second copy of the message with x arrives. If S2 cuts its log there, it loses y, which it has confirmed; S1 has committed y with that, and dies. A follower cuts its log where it conflicts, nowhere else (§5.3, Figure 2).',
    plan: lateCopy,
  },
  {
    id: 'tail-behind-new-entries',
    mutant: 'conflict-overwrites-slot-only',
    story:
      'S1 comes back with two commands of term 1 that nobody else has, and gets an entry of term 2 in place of the first. The second one has to go as well: what stands behind a conflict follows an entry that is gone (§5.3, Figure 2).',
    plan: LOST_TAIL,
  },
  {
    id: 'tail-before-new-entries',
    mutant: 'conflict-not-truncated',
    story:
      'S1 comes back with two commands of term 1 that nobody else has, and gets an entry of term 2 for index 2. Put at the end of its log it stands at index 4, and index 2 still holds a command of term 1 where the others have what is committed (§5.3, Figure 2).',
    plan: LOST_TAIL,
  },
  {
    id: 'lost-answer',
    mutant: 'append-loop-stops-at-existing',
    story:
      'The answer of S2 gets lost, so S1 sends x again, and y with it. S2 has x already, takes the rest for known, too, and reports both; S1 commits y with that, and dies. What is there is skipped, what is not is appended (§5.3, Figure 2).',
    plan: lostAnswer,
  },
  {
    id: 'unequal-logs',
    mutant: 'heartbeat-skips-consistency-check',
    story:
      'S3 has an entry of term 1 at index 2 where S1 has one of term 2, and gets a heartbeat that begins behind it. It says yes without looking, and then takes its own entry for the committed one: a heartbeat is checked like any AppendEntries (§5.3).',
    plan: unequalLogs,
  },
  {
    id: 'counted-tail',
    mutant: 'ack-reports-last-index',
    story:
      'S1 asks S3 whether index 1 is the same. S3 says that its log is, to the end, where it has commands of term 1; S1 counts that for its own entries of term 2, tells the client ok, and dies, and S3 is elected. A success is about what the message has verified (§5.3).',
    plan: countedTail,
  },
  {
    id: 'sent-again',
    mutant: 'dedup-does-not-advance-watermark',
    story:
      'The answers of S2 get lost, S2 starts anew, and S1 sends the first command again. S2 has it, and finds nothing new to report; so S1 sends it again, for ever, and nothing is committed. What is there already agrees, too (§5.3).',
    plan: sentAgain,
  },
];
