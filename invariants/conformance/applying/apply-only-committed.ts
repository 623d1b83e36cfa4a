import type { AppendEntries, LogIndex, Term } from '../../../core/messages.ts';
import { claimCommit } from '../leading/commit-on-majority.ts';
import type { ObservedLog } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const applyOnlyCommitted: Rule = {
  id: 'apply-only-committed',
  section: '§5.3, Figure 2 (AppendEntries 5)',
  sentence:
    'A follower commits through min(leaderCommit, the last entry that this AppendEntries has verified), and applies no more.',
  reason: 'Behind what was verified may be a tail of another leader, which is never committed.',
};

/** An entry is applied, at the index behind the last one or elsewhere. */
export function checkCommitted(scene: Scene, server: ObservedServer, index: LogIndex): void {
  if (isKnownCommitted(server, index)) return;
  if (server.isLeading) {
    claimCommit(scene, server, index, 'it applied it');
    return;
  }
  // Counted while it led, and applied later.
  if (index <= server.countedCommit) return;
  scene.report(
    applyOnlyCommitted,
    server,
    `applied index ${index} (term ${server.issued.termAt(index)}), ${whatItKnew(server)}`,
  );
  server.knownCommit = index;
}

/** Told by a leader of a current term, in a message that its log agrees with. */
export function isKnownCommitted(server: ObservedServer, index: LogIndex): boolean {
  if (index > server.knownCommit) noteTold(server);
  return index <= server.knownCommit;
}

/** Takes note of what those messages say that the log agrees with by now. */
export function noteTold(server: ObservedServer): void {
  if (server.heard.length === 0) return;
  for (const body of server.heard) {
    const verified = verifiedBy(body);
    if (verified > server.knownCommit && agrees(server.issued, body, verified)) {
      server.knownCommit = verified;
    }
  }
  const { knownCommit } = server;
  server.heard = server.heard.filter((body) => verifiedBy(body) > knownCommit);
}

/** What AppendEntries says to be committed, as far as it has verified the log. */
export function verifiedBy({ leaderCommit, prevLogIndex, entries }: AppendEntries): LogIndex {
  return Math.min(leaderCommit, prevLogIndex + entries.length);
}

/** What is shown may not be written yet, as long as what is before it agrees. */
function agrees(log: ObservedLog, body: AppendEntries, verified: LogIndex): boolean {
  const { prevLogIndex, prevLogTerm, entries } = body;
  if (!log.has(prevLogIndex, prevLogTerm)) return false;
  if (verified <= prevLogIndex) return true;
  const own: Term = log.termAt(verified);
  return own < 0 || own === entries[verified - prevLogIndex - 1]!.term;
}

function whatItKnew(server: ObservedServer): string {
  const { knownCommit, lastHeard: newest } = server;
  if (newest === null) {
    return knownCommit === 0
      ? 'and no leader has told it in this life that anything is committed'
      : `and knew only that index ${knownCommit} is committed`;
  }
  const { leaderId, leaderCommit } = newest;
  if (leaderCommit <= knownCommit) {
    return `and leaders have told it that everything through index ${knownCommit} is committed`;
  }
  const last = newest.prevLogIndex + newest.entries.length;
  const log = server.issued.has(newest.prevLogIndex, newest.prevLogTerm)
    ? `but its AppendEntries verified the log only through index ${last}`
    : 'but its AppendEntries does not fit this log';
  return `and S${leaderId} told it that index ${leaderCommit} is committed, ${log}`;
}
