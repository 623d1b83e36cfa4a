/** One leader per term: one life of one server, over the whole run. */
import type { Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const electionSafety: Property = {
  id: 'election-safety',
  title: 'Election Safety',
  sentence:
    'At most one leader is elected in a given term: one life of one server, never resumed after a crash.',
  section: '§5.2',
  kind: 'safety',
  facts: ['sent', 'persistIssued', 'started'],
};

/** This life acts as the leader of a term; it is not the life that did so first. */
export function checkElectionSafety(ledgers: Ledgers, server: ServerView, term: Term): void {
  const { leaders } = ledgers;
  const leader = leaders.nodeOf(term);
  if (leader === 0 || leaders.isLedBy(term, server.node, server.boot)) return;
  const isSameServer = leader === server.node;
  ledgers.report(electionSafety, {
    node: server.node,
    rule: isSameServer ? 'reign-resumed' : 'second-leader',
    relation: isSameServer ? 'other-life' : 'other-server',
    detail: isSameServer
      ? `S${server.node} acts as leader of term ${term} again after a restart, without an election.`
      : `S${server.node} acts as leader of term ${term}, whose leader is S${leader}.`,
    messageKind: null,
  });
}
