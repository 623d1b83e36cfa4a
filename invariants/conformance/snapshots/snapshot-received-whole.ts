import type { Snapshot } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const snapshotReceivedWhole: Rule = {
  id: 'snapshot-received-whole',
  section: '§7, Figure 13 (InstallSnapshot 2 to 5)',
  sentence:
    'A received snapshot is written when all chunks of it have come, each at its offset, from one leader.',
  reason: 'Pieces of two snapshots, or one with a hole, are a state that no log leads to.',
};

/** A snapshot is written that the server has not taken itself. */
export function checkWhole(scene: Scene, server: ObservedServer, snapshot: Snapshot): void {
  // What was written in an earlier life, or failed, may be written again.
  if (server.hasLostWrites || server.snapshots.isReceived(snapshot)) return;
  const { lastIncludedIndex, lastIncludedTerm, data } = snapshot;
  const held = server.snapshots.heldThrough(lastIncludedIndex);
  if (held.some((other) => other.data === data)) return;
  scene.report(
    snapshotReceivedWhole,
    server,
    `wrote a snapshot through index ${lastIncludedIndex} (term ${lastIncludedTerm}, ${data.length} characters), ` +
      'and the chunks that have come from no leader make up such a one',
  );
}
