import type { LogIndex } from '../../../core/messages.ts';
import { claimCommit } from '../leading/commit-on-majority.ts';
import { agreeThrough, ObservedLog } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';
import { isKnownCommitted } from './apply-only-committed.ts';

export const persistedCommitIsSafe: Rule = {
  id: 'persisted-commit-is-safe',
  section: '§5.3, Figure 2 (commitIndex)',
  sentence:
    'A commit index that is written names what is known to be committed, and is not safe before the log through there is.',
  reason:
    'After a crash the server would take for committed what its log has lost, or what others have put there.',
};

/** A hard state with a commit index is written; `after` as in the contract. */
export function checkPersistedCommit(
  scene: Scene,
  server: ObservedServer,
  commitIndex: LogIndex,
  stream: string,
  after: number,
): void {
  if (commitIndex <= server.durableCommit) return;
  const { issuedTerm } = server;
  const last = safeBefore(server, stream, after);
  if (last < commitIndex) {
    scene.report(
      persistedCommitIsSafe,
      server,
      `wrote commitIndex ${commitIndex} to its disk, which held the log only through index ${last}`,
    );
  }
  if (isKnownCommitted(server, commitIndex)) return;
  if (server.isLeading) {
    claimCommit(scene, server, commitIndex, 'it wrote it to its disk');
    return;
  }
  if (commitIndex <= server.countedCommit) return;
  scene.report(
    persistedCommitIsSafe,
    server,
    `wrote commitIndex ${commitIndex} in term ${issuedTerm}, and knew only that index ${server.knownCommit} is committed`,
  );
}

/** How far its own log is on disk when a write of this stream, behind this other one, is. */
function safeBefore(server: ObservedServer, stream: string, after: number): LogIndex {
  const before = server.pending.find((one) => one.id === after);
  const log = new ObservedLog();
  log.become(server.durable);
  for (const one of server.pending) {
    const isOrdered = before !== undefined && one.stream === before.stream && one.id <= after;
    if (isOrdered || one.stream === stream) log.carryOut(one.write, -1, server.issuedSnapshot);
  }
  const covered = server.durableSnapshot?.lastIncludedIndex ?? 0;
  return Math.max(covered, agreeThrough(log, server.issued));
}
