/** "It did not happen" is true, and stays true. */
import { Told } from '../ledgers/commands.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const refusedNeverCommitted: Property = {
  id: 'refused-never-committed',
  title: 'Refused means never committed',
  sentence:
    'An attempt that was answered with redirect or rejected, and a command whose client was told that it failed, is never committed; but for reads, which take no effect, and in sessions, where another attempt may succeed.',
  section: '§8; contract (respond)',
  kind: 'client',
  facts: ['responded', 'returned', 'persistIssued', 'sent', 'applied'],
};

/** The entry `id` with this command is committed now. */
export function checkRefusedNotCommitted(
  ledgers: Ledgers,
  server: ServerView,
  id: LogId,
  payload: number,
): void {
  const { refusedEntries, told, readOnly } = ledgers.commands.record(payload);
  if (readOnly) return;
  if (refusedEntries.includes(id)) report(ledgers, server, id, payload, 'attempt-refused');
  else if (told === Told.fail) report(ledgers, server, id, payload, 'client-told-failed');
}

/**
 * This server refuses an attempt at the command; it may have made an entry of it before. In a session
 * an entry may be that of another attempt, and it may as well be committed: it takes effect once.
 */
export function checkRefusal(ledgers: Ledgers, server: ServerView, payload: number): void {
  const { log, leaders, commits, commands } = ledgers;
  const record = commands.record(payload);
  if (record.session !== 0 || record.readOnly) return;
  record.refusedBy |= 1 << server.node;
  const { entry } = record;
  if (entry === 0 || !leaders.isLedBy(log.termOf(entry), server.node, server.boot)) return;
  record.refusedEntries = [...record.refusedEntries, entry];
  if (commits.idAt(log.indexOf(entry)) !== entry) return;
  report(ledgers, server, entry, payload, 'attempt-refused');
}

/** A client is told that the command did not happen. */
export function checkFailure(ledgers: Ledgers, payload: number): void {
  const { commands, commits } = ledgers;
  const { committedAt, readOnly } = commands.record(payload);
  if (committedAt === 0 || readOnly) return;
  report(ledgers, ledgers.server(0), commits.idAt(committedAt), payload, 'client-told-failed');
}

function report(
  ledgers: Ledgers,
  server: ServerView,
  id: LogId,
  payload: number,
  rule: string,
): void {
  const { log, commands } = ledgers;
  ledgers.report(refusedNeverCommitted, {
    node: server.node,
    rule,
    relation: 'committed',
    detail:
      `${commands.describe(payload)} is committed at index ${log.indexOf(id)}, and its client was ` +
      'told that it definitely did not happen.',
    messageKind: null,
  });
}
