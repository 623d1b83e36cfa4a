/** New entries come from the leader of their term, and hold what a client has asked for. */
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const leaderCreatesEntries: Property = {
  id: 'leader-creates-entries',
  title: 'Only the leader creates entries',
  sentence: 'An entry of a term is created by the leader of that term, and by nobody else.',
  section: '§5.3',
  kind: 'safety',
  facts: ['persistIssued', 'sent'],
};

/** This life has an entry that nobody had before it. */
export function checkCreator(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { log, leaders } = ledgers;
  const term = log.termOf(id);
  if (leaders.isLedBy(term, server.node, server.boot)) return;
  const leader = leaders.nodeOf(term);
  ledgers.report(leaderCreatesEntries, {
    node: server.node,
    rule: 'created-by-other',
    relation: leader === server.node ? 'other-life' : 'other-server',
    detail:
      `S${server.node} creates an entry of term ${term} at index ${log.indexOf(id)}, ` +
      `and the leader of that term is S${leader}${leader === server.node ? ' before a crash' : ''}.`,
    messageKind: null,
  });
}
