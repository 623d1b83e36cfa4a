import type { Entry, LogIndex } from '../../../core/messages.ts';
import { contentWords, isSameEntry } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const oneEntryPerPlace: Rule = {
  id: 'one-entry-per-place',
  section: '§5.3, Figure 3 (Leader Append-Only, Log Matching)',
  sentence: 'A leader creates at most one entry with a given index in its term.',
  reason:
    'Others may hold the first one already: two entries with the same index and term can never be told apart.',
};

/** A leader has created an entry: was there another one at its place? */
export function checkPlaceUnused(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  entry: Entry,
): void {
  const before = server.created.get(index);
  if (before === undefined || isSameEntry(before, entry)) return;
  scene.report(
    oneEntryPerPlace,
    server,
    `made a second entry of term ${entry.term} at index ${index}: ${contentWords(entry)}, after ${contentWords(before)}`,
  );
}
