/** Crashes at the worst moment: between a change of mind, the disk, and what is said about it. */
import { lastIndexOf } from '../disk-image.ts';
import {
  disagreement,
  momentOf,
  placeOf,
  voteOf,
  wrongAnswers,
  wrongEffects,
  wrongReigns,
} from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

/**
 * Writes take 10 ms. S3 has decided to vote for S1 and is still writing that down when it crashes.
 * Nothing of it is left, so S3 may vote for S2 in the same term; S1 must not have heard of the vote.
 */
const crashBeforePersist: Scenario = {
  id: 'crash-before-persist',
  title: 'A voter crashes while it writes its vote',
  milestone: 'recovery',
  section: '§5.2, Figure 2',
  claim: 'A vote that is not on disk when the voter crashes was promised to nobody.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, diskMs: 10 })
    .at(50).partition(1, 2)
    .at(100).elapse(1)
    // The request of S1 is at S3 at 111 ms, the vote would be safe at 121 ms.
    .at(115).crash(3, { restartMs: 5 })
    .at(130).elapse(2)
    .until(300)
    .plan(),
  criterion(record) {
    const crash = momentOf(record, 3, 'crashed');
    if (crash === null) return 'S3 does not crash.';
    const meant = record.issuedOf(3, crash).votedFor;
    const kept = record.durableOf(3, crash).votedFor;
    if (meant !== 1 || kept !== 0) return 'S3 does not crash while it writes its vote for S1.';
    if (voteOf(record, 3, 1, 1) !== null) return 'S1 hears of a vote that is not on disk.';
    if (voteOf(record, 3, 2, 1) !== true) return 'S3 does not vote for S2.';
    return wrongReigns(record, { 1: 2 });
  },
};

/**
 * The same, but the vote is on disk when S3 crashes; only S1 has not been told. S3 does not know what
 * it has said in its last life, so it stands by what it has written: S2 gets no vote of term 1. Term 1
 * has no leader then, term 2 has.
 */
const crashBeforeSend: Scenario = {
  id: 'crash-before-send',
  title: 'A voter crashes when its vote is written and not yet sent',
  milestone: 'recovery',
  section: '§5.2, Figure 2',
  claim:
    'A vote that is on disk binds the voter after a crash, whether it was told to anybody or not.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, diskMs: 10 })
    .at(50).partition(1, 2)
    .at(100).elapse(1)
    .at(115).crash(3, { keep: 'all', restartMs: 5 })
    .at(130).elapse(2)
    .at(200).elapse(1)
    .until(400)
    .plan(),
  criterion(record) {
    const start = momentOf(record, 3, 'started', 2);
    if (start === null) return 'S3 does not come back.';
    if (record.durableOf(3, start).votedFor !== 1) return 'The vote for S1 is not on disk.';
    if (voteOf(record, 3, 1, 1) !== null) return 'S1 is told of the vote.';
    if (voteOf(record, 3, 2, 1) !== false) return 'S3 does not refuse its vote of term 1 to S2.';
    return wrongReigns(record, { 2: 1 });
  },
};

/**
 * Writes take 20 ms. S1 has a command on its own disk, and S2 crashes just before it has it, too. A
 * heartbeat in between has asked S2 whether the logs agree: it can say so for what is on disk only.
 * S1 is gone then, S2 and S3 go on without the command, and nobody was told that it is committed.
 */
const lostTail: Scenario = {
  id: 'lost-unsynced-tail',
  title: 'A follower crashes while it writes an entry',
  milestone: 'recovery',
  section: '§5.3, Figure 2',
  claim:
    'An entry that a crash takes away was counted nowhere, not even in the answer to a heartbeat.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, quietHeartbeats: true, diskMs: 20 })
    .at(10).elapse(1)
    .at(110).isolate(3)
    .at(120).request(1, 'put x tail')
    .at(130).heartbeat(1)
    .at(140.5).crash(2, { restartMs: 20 })
    .at(150).crash(1).heal()
    .at(200).elapse(2)
    .until(400)
    .plan(),
  criterion(record) {
    const crash = momentOf(record, 2, 'crashed');
    if (crash === null) return 'S2 does not crash.';
    if (lastIndexOf(record.issuedOf(2, crash)) !== 2) return 'S2 is not writing the command.';
    if (placeOf(record, 'put x tail', 1) === 0) return 'S1 does not have the command on disk.';
    const early = record
      .messagesDelivered('AppendEntriesResponse', { from: 2, to: 1, term: 1 })
      .find(({ body }) => body.success && body.matchIndex > 1);
    if (early !== undefined) return 'S2 reports an entry that is not on its disk.';
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongEffects(record, ['put x tail']) ??
      disagreement(record, [2, 3])
    );
  },
};

/**
 * S3 has made a snapshot of four entries, and its disk is slow with that when S3 crashes: the log has
 * still all entries. Then all three crash, S1 and S2 with snapshots on their disks. Each begins with
 * its snapshot, if it has one, and applies what is behind it, when that is committed once more.
 */
const restartFromSnapshot: Scenario = {
  id: 'restart-from-snapshot',
  title: 'Servers with and without a snapshot start anew',
  milestone: 'recovery',
  section: '§7',
  claim:
    'A log gives its entries up for a snapshot on disk only, and both together bring all back.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, snapshotEntries: 4 })
    .at(100).elapse(1)
    .at(150).stall(3, { stream: 'snapshot', forMs: 300 })
    .at(160).request(1, 'put a snap', 'put b snap', 'put c snap')
    .at(300).crash(3, { restartMs: 20 })
    .at(350).request(1, 'put d snap')
    .at(400).crash(1, { restartMs: 20 }).crash(2, { restartMs: 20 }).crash(3, { restartMs: 20 })
    .at(500).elapse(2)
    .until(700)
    .plan(),
  criterion(record) {
    const crash = momentOf(record, 3, 'crashed');
    if (crash === null || record.snapshotsTaken.every(({ node }) => node !== 3)) {
      return 'S3 does not make a snapshot, or does not crash.';
    }
    const { snapshot, log } = record.durableOf(3, crash);
    if (snapshot !== null) return 'The snapshot of S3 is on disk.';
    if (log.length < 4) return `S3 has only ${log.length} entries, and no snapshot.`;
    const back = record.restores.filter(({ isStart, index }) => isStart && index === 4);
    if (![1, 2].every((node) => back.some((item) => item.node === node))) {
      return 'S1 and S2 do not begin with their snapshots.';
    }
    const again = record.appliedBy(2).find(({ index }) => index <= 4);
    if (again !== undefined) return `S2 applies index ${again.index} on top of its snapshot.`;
    const late = record.nodes.find((node) => record.appliedIndexOf(node) < 6);
    if (late !== undefined) return `S${late} does not get back to where it was.`;
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongAnswers(record, ['put a snap', 'put b snap', 'put c snap', 'put d snap']) ??
      disagreement(record)
    );
  },
};

export const CRASH_POINTS: readonly Scenario[] = [
  crashBeforePersist,
  crashBeforeSend,
  lostTail,
  restartFromSnapshot,
];
