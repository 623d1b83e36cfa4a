/**
 * Nothing is applied before it is known to be committed. "Known" means told by a leader: to define
 * commit by apply would make this empty.
 */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const appliedOnlyCommitted: Property = {
  id: 'applied-only-committed',
  title: 'Applied ≤ Committed',
  sentence:
    'A server applies an entry of its log only when it knows it to be committed: from a leader of a current term whose message reached that far, or as the leader.',
  section: '§5.3, Figure 2 (commitIndex, AppendEntries 5)',
  kind: 'safety',
  facts: ['applied', 'delivered', 'sent'],
};

/** A server that does not lead applies what no leader has told it. */
export function reportNotTold(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  ledgers.report(appliedOnlyCommitted, {
    node: server.node,
    rule: 'not-told',
    relation: index <= ledgers.commits.last ? 'committed-elsewhere' : 'not-committed',
    detail:
      `S${server.node} applies index ${index}, and leaders have told it that ` +
      `everything through index ${server.toldCommitted} is committed.`,
    messageKind: null,
  });
}

/** A server applies something else than its log has there. */
export function reportNotInLog(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  ledgers.report(appliedOnlyCommitted, {
    node: server.node,
    rule: 'not-in-log',
    relation: index > server.issued.last ? 'log-too-short' : 'other-entry',
    detail:
      `S${server.node} applies at index ${index} what its log does not have there ` +
      `(it has ${server.issued.last} entries).`,
    messageKind: null,
  });
}
