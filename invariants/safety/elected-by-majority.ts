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
    'Whoever acts as leader of a term, or says that it leads, has votes of a majority in that term: its own, durable once it acts, and those granted to it, which have reached it.',
  section: '§5.2',
  kind: 'safety',
  facts: ['sent', 'delivered', 'persistIssued', 'persisted', 'claimed'],
};

/** `voters` has a bit per server whose vote it has at its first act as leader. */
export function checkElectedByMajority(
  ledgers: Ledgers,
  server: ServerView,
  term: Term,
  voters: number,
): void {
  const { node } = server;
  if (countServers(voters) < ledgers.majority) {
    const withOwn = countServers(voters | (1 << node));
    const relation = withOwn >= ledgers.majority ? 'own-vote-not-durable' : 'grants-missing';
    report(ledgers, server, term, 'too-few-votes', relation, `votes of ${tally(ledgers, voters)}`);
    return;
  }
  const received = server.votesTerm === term ? server.votesReceived : 0;
  const known = voters & (received | (1 << node));
  if (countServers(known) >= ledgers.majority) return;
  const what = `votes known to it of ${tally(ledgers, known)}`;
  report(ledgers, server, term, 'votes-not-received', 'grants-on-their-way', what);
}

/**
 * A server says that it leads. Its own vote may still be on its way to disk, and it may say so late,
 * when votes of a later term have come.
 */
export function checkClaimed(
  ledgers: Ledgers,
  server: ServerView,
  term: Term,
  voters: number,
): void {
  const { node, votesTerm } = server;
  const received = votesTerm === term ? server.votesReceived : votesTerm > term ? voters : 0;
  const known = received | (1 << node);
  if (countServers(known) >= ledgers.majority) return;
  ledgers.report(electedByMajority, {
    node,
    rule: 'claims-too-early',
    relation: 'grants-missing',
    detail: `S${node} says that it leads term ${term}, with votes of ${tally(ledgers, known)}.`,
    messageKind: null,
  });
}

function tally(ledgers: Ledgers, voters: number): string {
  return (
    `${listServers(voters)}: ${countServers(voters)} of ${ledgers.size}, ` +
    `and ${ledgers.majority} are needed`
  );
}

function report(
  ledgers: Ledgers,
  server: ServerView,
  term: Term,
  rule: string,
  relation: string,
  what: string,
): void {
  ledgers.report(electedByMajority, {
    node: server.node,
    rule,
    relation,
    detail: `S${server.node} acts as leader of term ${term} with ${what}.`,
    messageKind: null,
  });
}
