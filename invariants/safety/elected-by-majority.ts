/** A leader has the votes: judged at its first act, so one wrong leader is enough to see it. */
import type { Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const electedByMajority: Property = {
  id: 'elected-by-majority',
  title: 'Elected by a majority',
  sentence:
    'Whoever acts as leader of a term, or says that it leads, has votes of a majority in that term (of both halves of a joint configuration): its own, durable once it acts, and those granted to it, which have reached it. The configuration is the newest one in the log that it was elected with.',
  section: '§5.2, §6',
  kind: 'safety',
  facts: ['sent', 'delivered', 'persistIssued', 'persisted', 'claimed'],
};

/**
 * `voters` has a bit per server whose vote it has at its first act as leader, `tip` is its log when
 * it was elected: the configuration in there says whose votes count (§6).
 */
export function checkElectedByMajority(
  ledgers: Ledgers,
  server: ServerView,
  term: Term,
  voters: number,
  tip: LogId,
): void {
  const { node } = server;
  if (!isMajority(ledgers, server, tip, voters)) {
    const isWithOwn = isMajority(ledgers, server, tip, voters | (1 << node));
    const relation = isWithOwn ? 'own-vote-not-durable' : 'grants-missing';
    const what = `votes of ${tally(ledgers, tip, voters)}`;
    report(ledgers, server, term, 'too-few-votes', relation, what);
    return;
  }
  const received = server.votesTerm === term ? server.votesReceived : 0;
  const known = voters & (received | (1 << node));
  if (isMajority(ledgers, server, tip, known)) return;
  const what = `votes known to it of ${tally(ledgers, tip, known)}`;
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
  const { node, votesTerm, issued } = server;
  // In a later term its log may have come to another configuration than the one of its election.
  if (server.issuedTerm > term && ledgers.configurations.count > 1) return;
  const received = votesTerm === term ? server.votesReceived : votesTerm > term ? voters : 0;
  const known = received | (1 << node);
  if (isMajority(ledgers, server, issued.tip, known)) return;
  ledgers.report(electedByMajority, {
    node,
    rule: 'claims-too-early',
    relation: 'grants-missing',
    detail: `S${node} says that it leads term ${term}, with votes of ${tally(ledgers, issued.tip, known)}.`,
    messageKind: null,
  });
}

/** Where a write has failed, it may go by the log that it has in memory. */
function isMajority(ledgers: Ledgers, server: ServerView, tip: LogId, servers: number): boolean {
  const { log, configurations } = ledgers;
  if (configurations.isQuorum(log.configurationOf(tip), servers)) return true;
  const { unwritten } = server;
  return unwritten !== 0 && configurations.isQuorum(log.configurationOf(unwritten), servers);
}

function tally(ledgers: Ledgers, tip: LogId, voters: number): string {
  return ledgers.configurations.tally(ledgers.log.configurationOf(tip), voters);
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
