/** A command takes effect once. */

import { type CommandRecord, Origin } from '../ledgers/commands.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const exactlyOnce: Property = {
  id: 'exactly-once',
  title: 'Exactly once',
  sentence:
    'A command takes effect at most once: without a session it is committed at most once, for clients send it again only when told that it definitely did not happen; in a session its duplicates change nothing and get the same answer. Reads take no effect.',
  section: '§8, thesis §6.3',
  kind: 'client',
  facts: ['sent', 'applied', 'stepEnded', 'invoked', 'returned', 'stateInspected', 'snapshotTaken'],
};

/** The entry `id` with this command is committed now. */
export function checkExactlyOnce(
  ledgers: Ledgers,
  server: ServerView,
  id: LogId,
  payload: number,
): void {
  const { committedAt, origin, session, readOnly } = ledgers.commands.record(payload);
  if (committedAt === 0 || origin === Origin.image || session !== 0 || readOnly) return;
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

/**
 * The answer to a command is not what the log gives. Is it the answer of a state machine that carries
 * out whatever the log brings, or that gives duplicates another answer than the first copy got?
 */
export function checkEffectOnce(ledgers: Ledgers, payload: number, record: CommandRecord): void {
  const { op, value, committedAt, isRepeated, answer } = record;
  const isTwice = ledgers.replay.readTwice(op, committedAt) === value && value !== null;
  if (!isRepeated && !isTwice) return;
  ledgers.report(exactlyOnce, {
    node: 0,
    rule: isRepeated ? 'answered-anew' : 'session-ignored',
    relation: 'other-answer',
    detail:
      `${ledgers.commands.describe(payload)}, committed at index ${committedAt}, was answered with ` +
      `${quote(value)} instead of ${quote(answer ?? null)}: ` +
      (isRepeated
        ? 'it stands in the log more than once, and only the first counts.'
        : 'a command has taken effect again, or in a session that is over.'),
    messageKind: 'none',
  });
}

/** A state machine holds what it would if it carried out whatever the log brings. */
export function reportStateTwice(ledgers: Ledgers, node: number, index: number, key: string): void {
  ledgers.report(exactlyOnce, {
    node,
    rule: 'session-ignored',
    relation: 'other-state',
    detail:
      `The state machine of S${node} holds under ${key} at index ${index} what a command has left ` +
      'that has taken effect again, or in a session that is over.',
    messageKind: 'none',
  });
}

function quote(value: string | null): string {
  return value === null ? 'nothing' : `"${value}"`;
}
