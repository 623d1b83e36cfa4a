/** A leader only appends to its own log. */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const leaderAppendOnly: Property = {
  id: 'leader-append-only',
  title: 'Leader Append-Only',
  sentence: 'A leader never overwrites or deletes entries in its log; it only appends.',
  section: '§5.3',
  kind: 'safety',
  facts: ['persistIssued', 'delivered'],
};

/**
 * Entries from `index` on are about to be dropped or replaced. A server that has just got a message
 * of a later term may truncate before it writes that term.
 */
export function checkLeaderAppendOnly(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  if (index > server.issued.last || !reigns(server)) return;
  if (server.seenTerm > server.reignTerm) return;
  ledgers.report(leaderAppendOnly, {
    node: server.node,
    rule: 'leader-drops-entries',
    relation: index <= ledgers.commits.last ? 'committed' : 'not-committed',
    detail:
      `S${server.node}, leader of term ${server.reignTerm}, drops its entries from index ` +
      `${index} on; its log has ${server.issued.last}.`,
    messageKind: null,
  });
}
