/** Schedules for the mutants of snapshots (§7). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/**
 * S3 has the commands of S1, and S1 does not hear so. S1 commits them with S2, has them in its
 * snapshot, and sends that.
 */
// biome-ignore format: one moment of the story per line
const unheardFollower = script({ size: 3, quietTimers: true, snapshotEntries: 4 })
  .at(100).elapse(1)
  .at(155).cut(3, 1)
  .at(160).request(1, 'put a 1', 'put b 1', 'put c 1')
  .until(400)
  .plan();

/** S3 has missed all commands; the snapshot comes once more when it has applied another one. */
// biome-ignore format: one moment of the story per line
const doubledSnapshot = script({ size: 3, quietTimers: true, snapshotEntries: 4 })
  .duplicate({ from: 1, to: 3, kind: 'InstallSnapshot' }, 150)
  .at(100).elapse(1)
  .at(155).isolate(3)
  .at(160).request(1, 'put a 1', 'put b 1', 'put c 1')
  .at(200).heal()
  .at(310).request(1, 'put d 1')
  .until(500)
  .plan();

/** The message with the first commands comes to S3 once more when they are in its snapshot. */
// biome-ignore format: one moment of the story per line
const lateCopy = script({ size: 3, quietTimers: true, quietHeartbeats: true, snapshotEntries: 4 })
  .duplicate({ from: 1, to: 3, kind: 'AppendEntries', nth: 2 }, 100)
  .at(100).elapse(1)
  .at(150).request(1, 'put a 1', 'put b 1', 'put c 1')
  .at(160).heartbeat(1)
  .at(200).request(1, 'put d 1')
  .at(210).heartbeat(1)
  .until(300)
  .plan();

/** S3 has missed all commands, and the first message with the snapshot gets lost. */
// biome-ignore format: one moment of the story per line
const lostSnapshot = script({ size: 3, quietTimers: true, settle: true, snapshotEntries: 4 })
  .drop({ from: 1, to: 3, kind: 'InstallSnapshot', nth: 1 })
  .at(100).elapse(1)
  .at(155).isolate(3)
  .at(160).request(1, 'put a 1', 'put b 1', 'put c 1')
  .at(200).heal()
  .until(300)
  .plan();

/** Commands are applied one by one, and a snapshot is due while some wait. */
// biome-ignore format: one moment of the story per line
const slowApply = script({ size: 3, quietTimers: true, snapshotEntries: 3, applyBatchMax: 1 })
  .at(100).elapse(1)
  .at(160).request(1, 'put a 1', 'put b 1', 'put c 1', 'put d 1', 'put e 1')
  .until(300)
  .plan();

/** S1, cut off, has a long tail of term 1; S2 and S3 have committed fewer entries of term 2. */
// biome-ignore format: one moment of the story per line
const longTail = script({ size: 3, quietTimers: true, snapshotEntries: 5 })
  .at(100).elapse(1)
  .at(155).isolate(1)
  .at(160).request(1, 'put t 1', 'put u 1', 'put v 1', 'put w 1', 'put x 1', 'put y 1')
  .at(200).elapse(2)
  .at(250).request(2, 'put a 2', 'put b 2', 'put c 2')
  .at(350).heal()
  .until(700)
  .plan();

/** S3 makes a snapshot; its disk is slow with that, not with the log, and S3 crashes meanwhile. */
// biome-ignore format: one moment of the story per line
const crashBetween = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put a 1', 'put b 1', 'put c 1')
  .at(250).stall(3, { stream: 'snapshot', forMs: 200 })
  .at(260).takeSnapshot(3)
  .at(300).crash(3)
  .until(400)
  .plan();

/** S3 is making a snapshot of one entry when it gets that of S1, of four entries. */
// biome-ignore format: one moment of the story per line
const lateSnapshot = script({ size: 3, quietTimers: true, quietHeartbeats: true, snapshotMs: 100 })
  .at(100).elapse(1)
  .at(110).heartbeat(1)
  .at(150).isolate(3)
  .at(160).request(1, 'put a 1', 'put b 1', 'put c 1')
  .at(170).takeSnapshot(1, 1)
  .at(200).takeSnapshot(3, 2)
  // The second heartbeat without an answer takes for lost what was sent to S3.
  .at(275).heal().heartbeat(1)
  .at(280).heartbeat(1)
  .until(400)
  .plan();

/** S1 and S2 have all in their snapshots when S1 dies, and S3, which lags, stands. */
// biome-ignore format: one moment of the story per line
const shortLog = script({ size: 3, quietTimers: true, snapshotEntries: 4 })
  .at(100).elapse(1)
  .at(155).isolate(3)
  .at(160).request(1, 'put a 1', 'put b 1', 'put c 1')
  .at(250).crash(1)
  .at(260).heal()
  .at(300).elapse(3)
  .until(400)
  .plan();

/** S1, cut off, has a command of term 1 where S2 has committed its no-op, and compacted it. */
// biome-ignore format: one moment of the story per line
const boundary = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(155).isolate(1)
  .at(160).request(1, 'put x 1')
  .at(200).elapse(2)
  .at(250).takeSnapshot(2)
  .at(300).heal()
  .until(500)
  .plan();

/** S4 comes in, then S1 takes a snapshot. */
// biome-ignore format: one moment of the story per line
const newMember = script({ size: 3, spares: 1, quietTimers: true })
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2, 3, 4])
  .at(400).takeSnapshot(1)
  .until(500)
  .plan();

export const SNAPSHOTS: readonly Directed[] = [
  {
    id: 'log-in-the-snapshot',
    mutant: 'log-check-empty-after-compaction',
    story:
      'S1 and S2 have committed three commands and compacted them. S1 dies, and S3, which has missed them, asks S2 for its vote. A log that is all in a snapshot is not empty: its last entry is the last one of the snapshot (§5.4.1, §7).',
    plan: shortLog,
  },
  {
    id: 'unheard-follower',
    mutant: 'install-does-not-move-commit',
    story:
      'The answers of S3 get lost, so S1 sends its snapshot to a server that has all of it in its log. S3 restores it, and must not apply again what the snapshot holds: the state machine goes on where the snapshot ends (§7).',
    plan: unheardFollower,
  },
  {
    id: 'doubled-snapshot',
    mutant: 'install-stale-snapshot',
    story:
      'S3 installs the snapshot of S1, applies another command, and then gets the same snapshot once more. Who installs it again takes the last command back: a snapshot that covers no more than what is applied is skipped (§7).',
    plan: doubledSnapshot,
  },
  {
    id: 'copy-from-before-the-snapshot',
    mutant: 'prev-compacted-is-conflict',
    story:
      'An AppendEntries comes to S3 once more, and begins at an index that is in its snapshot by now, so that its term is not known there. What a snapshot covers is committed and agrees; to take it for a conflict drops a committed entry behind it (§5.3, §7).',
    plan: lateCopy,
  },
  {
    id: 'lost-snapshot',
    mutant: 'snapshot-state-never-left',
    story:
      'S3 needs the snapshot of S1, and the message with it gets lost. A leader that waits for the answer and sends nothing meanwhile waits for ever: it sends again until there is an answer (§7, §5.3).',
    plan: lostSnapshot,
  },
  {
    id: 'applied-one-by-one',
    mutant: 'snapshot-label-ahead-of-state',
    story:
      'S1 has committed five commands and applied two of them when it takes a snapshot. With the number of the last committed entry on it, the rest would be applied nowhere: a snapshot is of what is applied (§7).',
    plan: slowApply,
  },
  {
    id: 'tail-behind-the-snapshot',
    mutant: 'install-keeps-conflicting-suffix',
    story:
      'S1 comes back with a long tail of term 1 and gets a snapshot of S2 that ends inside it, at an entry of term 2. What follows in the log of S1 follows another entry, and has to go with all of that log (§7, Figure 13).',
    plan: longTail,
  },
  {
    id: 'conflict-at-the-snapshot',
    mutant: 'snapshot-boundary-empty-ae',
    story:
      'S1 comes back with a command of term 1 at index 2, where S2 has a no-op of term 2 in its snapshot. S2 cannot tell the term before it, and an AppendEntries that checks nothing lets S1 take its own command for the committed one: here the snapshot has to be sent (§7).',
    plan: boundary,
  },
  {
    id: 'member-before-the-snapshot',
    mutant: 'snapshot-omits-config',
    story:
      'S4 has become a voter when S1 takes a snapshot. The entry that says so is compacted, so a snapshot that names the first three servers only would let them elect and commit without S4 (§6, §7).',
    plan: newMember,
  },
  {
    id: 'crash-before-the-snapshot',
    mutant: 'compact-before-snapshot-durable',
    story:
      'S3 has a snapshot, but not on disk yet, when it crashes. If the log has lost its beginning by then, the commands are nowhere on S3, although it has promised to keep them: only a snapshot that is safe takes the place of entries (§7).',
    plan: crashBetween,
  },
  {
    id: 'own-snapshot-late',
    mutant: 'local-snapshot-overwrites-installed',
    story:
      'While the host of S3 makes a snapshot of one entry, S3 installs one of S1 with four, and its log begins behind that. The own one comes late; in the place of the other it would leave a gap (§7).',
    plan: lateSnapshot,
  },
];
