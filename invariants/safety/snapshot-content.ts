/** A snapshot holds what its label says. */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const snapshotContent: Property = {
  id: 'snapshot-content',
  title: 'Snapshot content',
  sentence:
    'A snapshot that is written or restored under an index is what a state machine held that had applied exactly the log through that index.',
  section: '§7',
  kind: 'safety',
  facts: ['snapshotAsked', 'snapshotTaken', 'persistIssued', 'restored', 'applied'],
};

/** A server writes a snapshot. In a wrapping of its own: what is in it is seen when it is restored. */
export function checkWrittenContent(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  data: string,
): void {
  const indexes = ledgers.taken.indexesOf(data);
  if (indexes === null || indexes.includes(index)) return;
  report(ledgers, server, 'written', index, indexes);
}

/** The state machine becomes this: nothing but what was taken of one can be meant. */
export function checkRestoredContent(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  data: string,
): void {
  const indexes = ledgers.taken.indexesOf(data);
  if (indexes?.includes(index)) return;
  report(ledgers, server, 'restored', index, indexes);
}

function report(
  ledgers: Ledgers,
  server: ServerView,
  rule: string,
  index: LogIndex,
  indexes: readonly LogIndex[] | null,
): void {
  const held = indexes?.at(-1);
  ledgers.report(snapshotContent, {
    node: server.node,
    rule,
    relation: held === undefined ? 'unknown-content' : held < index ? 'older-state' : 'newer-state',
    detail:
      `The snapshot that S${server.node} has ${rule} for index ${index} ` +
      (held === undefined
        ? 'is nothing that was ever taken of a state machine.'
        : `was taken of a state machine that had applied ${held} entries.`),
    messageKind: null,
  });
}
