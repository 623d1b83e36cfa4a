/** "ok" is true: the command is committed, and applied where it was answered. */
import type { Attempt } from '../ledgers/attempts.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';
import { checkFreshRead } from './fresh-reads.ts';

export const acknowledgedIsCommitted: Property = {
  id: 'acknowledged-is-committed',
  title: 'Acknowledged means committed',
  sentence:
    'A server answers ok only when the command is in the committed log and it has applied it itself; a read may also be answered without the log.',
  section: '§5.3, §8; contract (respond)',
  kind: 'client',
  facts: ['responded', 'applied', 'stepEnded'],
};

/**
 * A server answers ok. What it has applied in this very step is judged as a commit when the step
 * ends; what it has not applied cannot be answered, but for reads.
 */
export function checkAcknowledged(ledgers: Ledgers, server: ServerView, attempt: Attempt): void {
  const { payload } = attempt;
  const { appliedAt, readOnly } = ledgers.commands.record(payload);
  if (appliedAt !== 0 && appliedAt <= server.lastApplied) return;
  if (readOnly) {
    checkFreshRead(ledgers, server, attempt);
    return;
  }
  ledgers.report(acknowledgedIsCommitted, {
    node: server.node,
    rule: 'not-applied',
    relation: appliedAt === 0 ? 'applied-nowhere' : 'not-applied-here',
    detail:
      `S${server.node} answers ok to ${ledgers.commands.describe(payload)}, which ` +
      (appliedAt === 0
        ? 'nobody has applied.'
        : `is at index ${appliedAt}; it has applied everything through ${server.lastApplied}.`),
    messageKind: null,
  });
}
