/** Entries with the same index and term are the same, and so is everything before them. */
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const logMatching: Property = {
  id: 'log-matching',
  title: 'Log Matching',
  sentence:
    'If two logs hold an entry with the same index and term, they are the same up to and including it.',
  section: '§5.3',
  kind: 'safety',
  facts: ['persistIssued', 'sent', 'crashed'],
};

/** A log came into being that nobody had before. */
export function checkLogMatching(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { log, commands } = ledgers;
  const index = log.indexOf(id);
  const term = log.termOf(id);
  const parent = log.parentOf(id);
  if (term < log.termOf(parent)) {
    ledgers.report(logMatching, {
      node: server.node,
      rule: 'terms-fall',
      relation: 'older-term',
      detail:
        `S${server.node} has an entry of term ${term} at index ${index} ` +
        `behind one of term ${log.termOf(parent)}: terms never fall along a log.`,
      messageKind: null,
    });
    return;
  }
  const rival = log.rivalOf(id);
  if (rival === 0) return;
  const isSameEntry = log.payloadOf(rival) === log.payloadOf(id);
  ledgers.report(logMatching, {
    node: server.node,
    rule: isSameEntry ? 'logs-differ-before' : 'entries-differ',
    relation: isSameEntry ? 'other-parent' : 'other-payload',
    detail: isSameEntry
      ? `S${server.node} has the entry of term ${term} at index ${index}, ` +
        'but behind another log than a server that has it, too.'
      : `S${server.node} has ${commands.describe(log.payloadOf(id))} at index ${index}, ` +
        `term ${term}, where another log has ${commands.describe(log.payloadOf(rival))}.`,
    messageKind: null,
  });
}

/** A write that begins behind the end of the log. */
export function reportGap(ledgers: Ledgers, server: ServerView, index: number): void {
  ledgers.report(logMatching, {
    node: server.node,
    rule: 'gap',
    relation: 'missing-entries',
    detail: `S${server.node} writes at index ${index}, its log has ${server.issued.last} entries.`,
    messageKind: null,
  });
}
