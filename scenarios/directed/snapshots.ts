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

export const SNAPSHOTS: readonly Directed[] = [
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
];
