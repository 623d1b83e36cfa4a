/** A server's term never falls. */
import type { Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const termMonotonicity: Property = {
  id: 'term-monotonicity',
  title: 'Term Monotonicity',
  sentence:
    'The current term of a server never falls: not within a life, not on disk, and after a restart not below a term in which it has made a promise.',
  section: '§5.1',
  kind: 'safety',
  facts: ['persistIssued', 'persisted', 'sent', 'started'],
};

/** A hard state is written. */
export function checkTermWritten(ledgers: Ledgers, server: ServerView, currentTerm: Term): void {
  if (currentTerm >= server.issuedTerm) return;
  report(ledgers, server, 'falls-in-life', server.issuedTerm, currentTerm);
}

/** A hard state became durable. */
export function checkTermDurableRises(
  ledgers: Ledgers,
  server: ServerView,
  currentTerm: Term,
): void {
  if (currentTerm >= server.durableTerm) return;
  report(ledgers, server, 'falls-on-disk', server.durableTerm, currentTerm);
}

/** A life begins with what the disk holds. */
export function checkTermAtStart(ledgers: Ledgers, server: ServerView): void {
  if (server.durableTerm >= server.promisedTerm) return;
  report(ledgers, server, 'falls-by-restart', server.promisedTerm, server.durableTerm);
}

function report(
  ledgers: Ledgers,
  server: ServerView,
  rule: string,
  before: Term,
  after: Term,
): void {
  ledgers.report(termMonotonicity, {
    node: server.node,
    rule,
    relation: 'older-term',
    detail: `The term of S${server.node} falls from ${before} to ${after}.`,
    messageKind: null,
  });
}
