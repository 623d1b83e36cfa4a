/** A leader has the votes: judged at its first act, so one wrong leader is enough to see it. */
import type { Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { countServers, listServers } from '../ledgers/votes.ts';
import type { Property } from '../property.ts';

export const electedByMajority: Property = {
  id: 'elected-by-majority',
  title: 'Elected by a majority',
  sentence:
    'Whoever acts as leader of a term has votes of a majority in that term: its own, durable, and those granted to it.',
  section: '§5.2',
  kind: 'safety',
  facts: ['sent', 'persistIssued', 'persisted'],
};

/** `voters` has a bit per server whose vote it has at its first act as leader. */
export function checkElectedByMajority(
  ledgers: Ledgers,
  server: ServerView,
  term: Term,
  voters: number,
): void {
  const votes = countServers(voters);
  if (votes >= ledgers.majority) return;
  const { node } = server;
  const withOwn = countServers(voters | (1 << node));
  ledgers.report(electedByMajority, {
    node,
    rule: 'too-few-votes',
    relation: withOwn >= ledgers.majority ? 'own-vote-not-durable' : 'grants-missing',
    detail:
      `S${node} acts as leader of term ${term} with votes of ${listServers(voters)}: ` +
      `${votes} of ${ledgers.size}, and ${ledgers.majority} are needed.`,
    messageKind: null,
  });
}
