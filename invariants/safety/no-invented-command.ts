/** Logs hold what clients have asked for. */
import { Origin } from '../ledgers/commands.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const noInventedCommand: Property = {
  id: 'no-invented-command',
  title: 'No invented command',
  sentence: 'Every command in a log was invoked by its client, in exactly this form.',
  section: '§5.3, §8',
  kind: 'safety',
  facts: ['invoked', 'persistIssued', 'sent'],
};

/** This server has an entry that nobody had before it. */
export function checkInvoked(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { log, commands } = ledgers;
  const payload = log.payloadOf(id);
  if (payload <= 0) return;
  const { origin, clientId, seq } = commands.record(payload);
  if (origin !== Origin.nobody) return;
  const isAltered = commands.find(clientId, seq) !== 0;
  ledgers.report(noInventedCommand, {
    node: server.node,
    rule: isAltered ? 'altered' : 'invented',
    relation: 'not-invoked',
    detail:
      `S${server.node} has ${commands.describe(payload)} at index ${log.indexOf(id)}, ` +
      `which nobody invoked${isAltered ? ' in this form' : ''}.`,
    messageKind: null,
  });
}
