/** Schedules for the mutants of what must be on disk before it is promised (Figure 2). */
import { type Script, script } from '../script.ts';
import type { Directed } from './directed.ts';
import { LOST_TAIL } from './lost-tail.ts';

/** The power fails everywhere, and is back at once. */
// biome-ignore format: one moment of the story per line
const powerCut = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1')
  .at(200).crash(1, { restartMs: 5 }).crash(2, { restartMs: 5 }).crash(3, { restartMs: 5 })
  .at(300).elapse(2)
  .until(400)
  .plan();

/** S3 votes for S1 in term 1 and crashes; when it is back, S2 asks it for its vote of term 1. */
// biome-ignore format: one moment of the story per line
const forgottenVote = script({ size: 3, quietTimers: true })
  .at(50).partition(1, 2)
  .when('voteGranted', { node: 3, count: 1 }).crash(3, { restartMs: 5 })
  .at(100).elapse(1)
  .at(110).elapse(2)
  .until(200)
  .plan();

/**
 * Writes take 20 ms. S1 and S2 get a command, S3 is cut off. S1 has the command on its own disk at
 * 140 ms, S2 would have it at 141.
 */
// biome-ignore format: one moment of the story per line
const lostCopy = script({ size: 3, quietTimers: true, quietHeartbeats: true, diskMs: 20 })
  .at(10).elapse(1)
  .at(110).isolate(3)
  .at(120).request(1, 'put x 1')
  // S2 is asked whether the logs agree before its write is done.
  .at(130).heartbeat(1)
  .at(140.5).crash(2, { restartMs: 20 })
  .at(150).crash(1).heal()
  .at(200).elapse(2)
  .until(400)
  .plan();

/**
 * S1 leads term 1 and crashes with a command that it has sent to S3 and not yet written: it is back
 * without it. It votes for S2, who leads term 2, and is out of S2's reach afterwards.
 */
function replaced(diskMs: number, arrivalMs: number): Script {
  // biome-ignore format: one moment of the story per line
  return script({ size: 3, quietTimers: true, quietHeartbeats: true, diskMs })
    .drop({ from: 1, to: 2, kind: 'AppendEntries', term: 1, nth: 2 })
    .delay({ from: 1, to: 3, kind: 'AppendEntries', term: 1, nth: 2 }, arrivalMs - 100)
    .at(10).elapse(1)
    .at(100).request(1, 'put x old')
    .at(100 + diskMs / 2).crash(1, { restartMs: 10 })
    .drop({ from: 2, to: 3, kind: 'RequestVote', term: 2 })
    .drop({ from: 2, to: 1, kind: 'AppendEntries', term: 2 })
    .at(200).elapse(2);
}

/** S3 hears of term 2 from its leader, without having voted in it, and of the old command at 400. */
// biome-ignore format: one moment of the story per line
const forgottenTerm = replaced(0.2, 400)
  .at(250).request(2, 'put y new')
  .at(300).crash(3, { restartMs: 10 }).crash(2)
  // S3 needs two attempts: if it is back in term 1, S1 has voted in term 2 already.
  .at(500).elapse(3)
  .at(600).elapse(3)
  .until(800)
  .plan();

/**
 * Writes take 10 ms. S3 gets the old command at 222 ms and what replaces it at 223: first write done
 * at 232, truncation at 242, second write at 252.
 */
const replacedInFlight = replaced(10, 222).until(400).plan();

/** The same, and S3 crashes before the second write is done. S2, who leads, is gone then. */
// biome-ignore format: one moment of the story per line
const replacedAndLost = replaced(10, 222)
  .at(236).crash(3, { restartMs: 10 })
  .at(250).crash(2)
  .at(300).elapse(3)
  .until(500)
  .plan();

export const DURABILITY: readonly Directed[] = [
  {
    id: 'forgotten-vote',
    mutant: 'vote-not-persisted',
    story:
      'S3 votes for S1 in term 1, crashes, and remembers the term, but not the vote. It votes for S2 in term 1, too, and both lead: the vote is part of the persistent state (§5.2, Figure 2).',
    plan: forgottenVote,
  },
  {
    id: 'forgotten-vote-in-flight',
    mutant: 'vote-reply-before-persist',
    story:
      'S3 tells S1 that it has its vote for term 1, and crashes before the vote is on its disk. When it is back it votes for S2 in term 1, and both lead: first the disk, then the answer (§5.2, Figure 2).',
    plan: forgottenVote,
  },
  {
    id: 'lost-copy',
    mutant: 'follower-acks-before-fsync',
    story:
      'S2 reports success before its write is done, S1 commits with that, S2 crashes without the entry, and then S1 is gone. S2 and S3 elect a leader that lacks what is committed: an entry counts where it is on disk (§5.3, Figure 2).',
    plan: lostCopy,
  },
  {
    id: 'power-cut',
    mutant: 'log-kept-in-memory',
    story:
      'A client is told that its command is committed, then all servers crash and are back. If the log was in memory only, nobody has it any more: it is persistent state, and a success means that it is safe (§5.3, Figure 2).',
    plan: powerCut,
  },
  {
    id: 'tail-left-on-disk',
    mutant: 'truncate-not-persisted',
    story:
      'S1 drops two commands that nobody else has, and takes the log of S2 instead. If its disk has not dropped them, the new entries stand behind them there, at other places than in all other logs (§5.3, Log Matching).',
    plan: LOST_TAIL,
  },
  {
    id: 'forgotten-term',
    mutant: 'term-not-persisted-on-ae',
    story:
      'S3 learns term 2 from its leader and does not write it down. After a crash it is back in term 1, where a late message of the leader of term 1 is current, and replaces what is committed: every new term is persistent state, with or without a vote (§5.1, Figure 2).',
    plan: forgottenTerm,
  },
  {
    id: 'lost-copy-heartbeat',
    mutant: 'heartbeat-ack-leaks-unsynced',
    story:
      'S2 is still writing when a heartbeat asks whether the logs agree, and answers with the last entry that it has received. S1 commits with that, S2 crashes without the entry: also the answer to a heartbeat says what is on disk (§5.3, Figure 2).',
    plan: lostCopy,
  },
  {
    id: 'replaced-and-lost',
    mutant: 'async-append-aba',
    story:
      'S3 is writing an entry of term 1 when an entry of term 2 replaces it. The first write is done, and S3 takes it for the second one and reports success; S2 commits with that, and S3 crashes with the old entry on its disk (thesis §10.2.1).',
    plan: replacedAndLost,
  },
  {
    id: 'replaced-in-flight',
    mutant: 'waiting-ack-survives-term-change',
    story:
      'S3 owes the leader of term 1 a success, as soon as index 2 is on its disk. Before that an entry of term 2 takes the place; when that one is safe, the success of term 1 would go out, and be a lie: what was not said in its term is not said any more (§5.3).',
    plan: replacedInFlight,
  },
  {
    id: 'replaced-while-owed',
    mutant: 'stepdown-keeps-waiting',
    story:
      'S3 owes the leader of term 1 a success for index 2 when it hears of term 2, whose leader puts another entry there. The disk is done with that one, and the success of term 1 goes out for an entry that is gone: with a new term all that is owed lapses (§5.3).',
    plan: replacedInFlight,
  },
];
