/** Entries are applied one after the other, each once per life. */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const appliedInOrder: Property = {
  id: 'applied-in-order',
  title: 'Applied in order',
  sentence:
    'A server applies the entries of its log in order, each once per life, without a gap: from index 1, or behind what its state machine has kept or was restored to, which never takes it back.',
  section: '§5.3, Figure 2 (lastApplied)',
  kind: 'safety',
  facts: ['applied', 'started', 'restored'],
};

export function checkAppliedInOrder(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  const next = server.lastApplied + 1;
  if (index === next) return;
  ledgers.report(appliedInOrder, {
    node: server.node,
    rule: index < next ? 'applied-again' : 'gap',
    relation: index < next ? 'lower-index' : 'higher-index',
    detail: `S${server.node} applies index ${index}, and index ${next} is next.`,
    messageKind: null,
  });
}

/** A snapshot takes the place of what the state machine holds. */
export function checkRestoredInOrder(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  if (index >= server.lastApplied) return;
  ledgers.report(appliedInOrder, {
    node: server.node,
    rule: 'restored-back',
    relation: 'lower-index',
    detail:
      `S${server.node} restores a snapshot of ${index} entries, ` +
      `and has applied ${server.lastApplied}.`,
    messageKind: null,
  });
}
