/** A read that did not go through the log is not of the past. */
import type { Attempt } from '../ledgers/attempts.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const freshReads: Property = {
  id: 'fresh-reads',
  title: 'Fresh reads',
  sentence:
    'A server that answers a read without the log has applied every write to its keys that was acknowledged before the read was asked for, and, before the read reached it, no later leader had committed anything that it lacks.',
  section: '§8, thesis §6.4',
  kind: 'client',
  facts: ['invoked', 'returned', 'requested', 'responded', 'applied', 'restored', 'sent'],
};

/**
 * A server answers a read with its state machine as it is now.
 *
 * What a later leader has committed is judged as of the moment when the read reached the server, not
 * when it answers: a leader that has made sure of its reign since then may still wait until it has
 * applied enough, and be deposed meanwhile, and its answer is right. But whoever makes sure of its
 * reign after another leader was elected fails: a majority has left its term; and a lease that runs
 * means that nobody was elected (thesis §6.4.1).
 */
export function checkFreshRead(ledgers: Ledgers, server: ServerView, attempt: Attempt): void {
  const { freshFrom } = ledgers.commands.record(attempt.payload);
  const { lastApplied } = server;
  if (lastApplied < freshFrom) {
    const what = `a write at index ${freshFrom} was acknowledged before the read was asked for`;
    report(ledgers, server, attempt, 'stale-read', 'acknowledged', what);
    return;
  }
  const { committedBefore } = attempt;
  const readTerm = reigns(server) ? server.reignTerm : server.issuedTerm;
  const commitTerm = ledgers.commits.termAt(committedBefore);
  if (lastApplied >= committedBefore || commitTerm <= readTerm) return;
  const what =
    `before the read reached it in term ${readTerm}, ` +
    `the leader of term ${commitTerm} had committed index ${committedBefore}`;
  report(ledgers, server, attempt, 'reign-over', 'committed-by-later-leader', what);
}

function report(
  ledgers: Ledgers,
  server: ServerView,
  attempt: Attempt,
  rule: string,
  relation: string,
  what: string,
): void {
  ledgers.report(freshReads, {
    node: server.node,
    rule,
    relation,
    detail:
      `S${server.node} answers ${ledgers.commands.describe(attempt.payload)} without the log and ` +
      `has applied ${server.lastApplied} entries; ${what}.`,
    messageKind: null,
  });
}
