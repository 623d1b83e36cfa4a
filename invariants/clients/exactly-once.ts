/** A command takes effect once. */

import { Origin } from '../ledgers/commands.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const exactlyOnce: Property = {
  id: 'exactly-once',
  title: 'Exactly once',
  sentence:
    'A command is committed at most once: clients send it again only when told that it definitely did not happen.',
  section: '§8',
  kind: 'client',
  facts: ['sent', 'applied', 'stepEnded', 'invoked'],
};

/** The entry `id` with this command is committed now. */
export function checkExactlyOnce(
  ledgers: Ledgers,
  server: ServerView,
  id: LogId,
  payload: number,
): void {
  const { committedAt, origin } = ledgers.commands.record(payload);
  if (committedAt === 0 || origin === Origin.image) return;
  ledgers.report(exactlyOnce, {
    node: server.node,
    rule: 'committed-twice',
    relation: 'same-command',
    detail:
      `${ledgers.commands.describe(payload)} is committed at index ${ledgers.log.indexOf(id)}, ` +
      `and has been committed at index ${committedAt} before.`,
    messageKind: null,
  });
}
