/** Nobody drops what it has itself applied or claimed to be committed. */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { heldAt, type ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const committedNeverDropped: Property = {
  id: 'committed-never-dropped',
  title: 'Committed entries stay',
  sentence: 'A server never drops an entry that it has applied, or has claimed to be committed.',
  section: '§5.3, §5.4',
  kind: 'safety',
  facts: ['persistIssued', 'applied', 'sent'],
};

/**
 * Entries from `from` on are about to be dropped or replaced. What others have committed without
 * this server's knowing may go: a follower of an outdated leader does so rightly. So may what a
 * snapshot on its disk covers, as before an installed snapshot takes the place of a log (§7).
 */
export function checkCommittedKept(ledgers: Ledgers, server: ServerView, from: LogIndex): void {
  const bound = Math.max(server.lastApplied, server.claimed);
  const index = Math.max(from, ledgers.log.indexOf(server.durableSnapshot) + 1);
  if (index > bound || index > server.issued.last) return;
  // A write has failed, and what is on disk again is not what the server has applied.
  if (heldAt(ledgers.log, server, index) !== server.issued.at(index)) return;
  // What is committed there is something else: a state machine that survives crashes may be ahead of
  // a log that has lost what it was fed, and still holds what that had replaced.
  const { commits } = ledgers;
  if (index <= commits.last && commits.idAt(index) !== server.issued.at(index)) return;
  ledgers.report(committedNeverDropped, {
    node: server.node,
    rule: 'drops-committed',
    relation: index <= server.lastApplied ? 'applied' : 'claimed',
    detail:
      `S${server.node} drops its entries from index ${index} on, ` +
      `and has applied or claimed everything through index ${bound}.`,
    messageKind: null,
  });
}
