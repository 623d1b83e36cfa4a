/** Schedules for the mutants of how a leader brings followers up to date (§5.3). */
import type { Plan } from '../../sim/kernel/plan.ts';
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/**
 * S1 leads terms 1 and 3, S3 leads term 2. S2 confirms index 4 in term 1, and in term 3 index 4 is
 * another entry, which S2 does not have.
 *
 *              1   2   3   4             1   2   3   4
 *   S1         1   1   1   1    then     1   2   3   3
 *   S2         1   1   1   1             1   2
 *   S3 S4      1                         1   2
 *   S5         1                         1   2   3   3
 */
function threeReigns(answerMs: number): Plan {
  // biome-ignore format: one moment of the story per line
  return script({ size: 5, quietTimers: true })
    .at(100).elapse(1)
    .at(110).partition([1, 2], [3, 4, 5])
    .delay({ from: 2, to: 1, kind: 'AppendEntriesResponse', term: 1, nth: 2 }, answerMs)
    .at(120).request(1, 'put x 1', 'put y 1', 'put z 1')
    .at(190).heal()
    // S4 and S5 vote for S3, and S1 and S2 take its log.
    .at(200).elapse(3)
    .drop({ from: 1, to: [2, 3, 4], kind: 'AppendEntries', term: 3 })
    .at(300).elapse(1)
    .at(320).request(1, 'put x 3')
    .at(400).crash(1)
    .at(450).elapse(2)
    .until(550)
    .plan();
}

/** S2 gets the third of three commands only, and S1 goes back one entry at a time. S3 is cut off. */
// biome-ignore format: one moment of the story per line
const wayBack = script({ size: 3, quietTimers: true, backtracking: 'decrement' })
  .at(100).elapse(1)
  .at(110).isolate(3)
  .drop({ from: 1, to: 2, kind: 'AppendEntries', nth: 2 })
  .drop({ from: 1, to: 2, kind: 'AppendEntries', nth: 3 })
  .at(120).request(1, 'put a 1')
  .at(121).request(1, 'put b 1')
  .at(122).request(1, 'put c 1')
  // One more, and S1 counts again what is on a majority.
  .at(140).request(1, 'put d 1')
  .when('acknowledged').crash(1)
  .at(200).heal()
  .at(250).elapse(2)
  .until(400)
  .plan();

/** S2 confirms index 2 and index 3, and S1 hears of index 3 first. */
// biome-ignore format: one moment of the story per line
const overtaken = script({ size: 3, quietTimers: true, settle: true })
  .at(100).elapse(1)
  .delay({ from: 2, to: 1, kind: 'AppendEntriesResponse', nth: 2 }, 10)
  .at(120).request(1, 'put x 1')
  .at(122).request(1, 'put y 1')
  .until(200)
  .plan();

/**
 * S2 stands for term 3. Index 2 of S1 is of term 1, and its log is longer than that of S2.
 *
 *              1   2   3   4   5   6
 *   S1         1   1   1   1   1   1
 *   S2 S3      1   2
 */
// biome-ignore format: one moment of the story per line
const longerLog = script({ size: 3, quietTimers: true, settle: true })
  .image(1, { term: 2, log: [1, 1, 1, 1, 1, 1] })
  .image(2, { log: [1, 2] })
  .image(3, { log: [1, 2] })
  .at(100).elapse(2)
  .until(200)
  .plan();

/** Nobody gets what S1 sends for the second command. */
// biome-ignore format: one moment of the story per line
const lostAppend = script({ size: 3, quietTimers: true, settle: true })
  .at(100).elapse(1)
  .drop({ from: 1, to: 'all', kind: 'AppendEntries', nth: 3 })
  .at(110).request(1, 'put x 1')
  .at(120).request(1, 'put y 1')
  .until(200)
  .plan();

/** S1 has two entries for S2 and S3. */
// biome-ignore format: one moment of the story per line
const twoEntries = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(110).request(1, 'put x 1')
  .until(300)
  .plan();

export const REPLICATION: readonly Directed[] = [
  {
    id: 'late-success',
    mutant: 'stale-reign-ack-accepted',
    story:
      'In term 1 S2 confirms index 4 to S1, and the answer takes two changes of leader. In term 3 S1 leads again and has another entry at index 4, which S5 has, too; with the old answer it counts S2, tells the client ok, and dies, and S2 is elected. A success is about the log of its term (§5.3).',
    plan: threeReigns(250),
  },
  {
    id: 'second-reign',
    mutant: 'match-survives-reign',
    story:
      'In term 1 S2 confirms index 4 to S1, and in term 2 it follows another leader. In term 3 S1 leads again and has another entry at index 4, which S5 has, too; with what it knew in term 1 it counts S2, tells the client ok, and dies, and S2 is elected. A new leader knows nothing about the others (§5.3, Figure 2).',
    plan: threeReigns(1),
  },
  {
    id: 'way-back',
    mutant: 'nack-hint-stored-as-match',
    story:
      'S2 has missed two commands and refuses the third; S1 looks one entry further down. Where it looks is a guess: counted as what S2 has, it commits commands that are on the disk of S1 alone, and S1 dies (§5.3).',
    plan: wayBack,
  },
  {
    id: 'overtaken-answer',
    mutant: 'match-regresses',
    story:
      'S2 confirms index 3, then its older answer about index 2 arrives. If matchIndex falls, the heartbeats to S2 verify index 2 only, so it never hears that index 3 is committed: answers come out of order, and what agrees goes on agreeing (§5.3).',
    plan: overtaken,
  },
  {
    id: 'longer-log',
    mutant: 'conflict-hint-loops',
    story:
      'S1 has a long tail of term 1, and S2 asks about index 2 of term 2. A refusal that points to the end of the log of S1 points up, where S2 has nothing; S2 asks the same again, and S1 stays behind for ever. A refusal has to lead to where the logs agree (§5.3).',
    plan: longerLog,
  },
  {
    id: 'lost-append',
    mutant: 'lost-append-not-resent',
    story:
      'A command of S1 gets lost on its way to both others, and no other follows. A leader sends again what is not confirmed, as often as it takes, or its log is never committed (§5.3).',
    plan: lostAppend,
  },
  {
    id: 'two-entries',
    mutant: 'entries-shifted-by-one',
    story:
      'S1 has a no-op at index 1 and a command at index 2, and sends them from one place too far: S2 and S3 have the command at index 1. The same index and term must mean the same entry everywhere (§5.3, Log Matching).',
    plan: twoEntries,
  },
];
