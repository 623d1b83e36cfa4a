import type { InstallSnapshotResponse, NodeId } from '../../../core/messages.ts';
import { agreeThrough } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const installDurable: Rule = {
  id: 'install-durable',
  section: '§7, Figure 13, Figure 2 (persistent state)',
  sentence:
    'A follower reports that it has a snapshot when its term, and the snapshot or all that it stands for, are on stable storage.',
  reason: 'The leader counts it as a copy of the log through there, and commits by it.',
};

/** InstallSnapshotResponse with `done` is sent. */
export function checkInstallDurable(
  scene: Scene,
  server: ObservedServer,
  leader: NodeId,
  { term, lastIncludedIndex: index }: InstallSnapshotResponse,
): void {
  const { durableSnapshot, durableTerm, issued, durable } = server;
  const covered = durableSnapshot?.lastIncludedIndex ?? 0;
  const safe = Math.max(covered, Math.min(server.knownCommit, agreeThrough(issued, durable)));
  if (durableTerm >= term && safe >= index) return;
  const holds =
    durableTerm < term
      ? `term ${durableTerm}`
      : `no such snapshot, and of the log that it knows to be committed only index ${safe}`;
  scene.report(
    installDurable,
    server,
    `told S${leader} in term ${term} that it has the snapshot through index ${index}, while its disk held ${holds}`,
  );
}
