import type { LogIndex, Snapshot } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const newestSnapshotStays: Rule = {
  id: 'newest-snapshot-stays',
  section: '§7, Figure 13 (InstallSnapshot 5, 6)',
  sentence:
    'A snapshot takes the place of an older one only, and of a state machine that has applied less.',
  reason:
    'Messages come late and twice: an old snapshot would take back what was applied since, and the log no longer has it.',
};

/** A snapshot is written, own or received. */
export function checkNewer(scene: Scene, server: ObservedServer, snapshot: Snapshot): void {
  const { issuedSnapshot } = server;
  const { lastIncludedIndex } = snapshot;
  if (issuedSnapshot === null || lastIncludedIndex > issuedSnapshot.lastIncludedIndex) return;
  // What a failed write had brought may be written again.
  if (lastIncludedIndex === issuedSnapshot.lastIncludedIndex) return;
  scene.report(
    newestSnapshotStays,
    server,
    `wrote a snapshot through index ${lastIncludedIndex} over the one through index ${issuedSnapshot.lastIncludedIndex}`,
  );
}

/** The state machine is to become what a snapshot holds. */
export function checkAhead(scene: Scene, server: ObservedServer, index: LogIndex): void {
  if (index > server.lastApplied) return;
  scene.report(
    newestSnapshotStays,
    server,
    `restored its state machine from a snapshot through index ${index}, though it had applied the log through index ${server.lastApplied}`,
  );
}
