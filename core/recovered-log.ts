/** What a restart makes of the log and the snapshot on disk (§7): pure rules over an image. */
import { assert } from './assert.ts';
import type { DurableImage } from './contract.ts';
import { LogStore } from './log-store.ts';
import type { Snapshot } from './messages.ts';

/** The log of a life that begins with this image. */
export function recoveredLog({ firstIndex, entries, snapshot }: DurableImage): LogStore {
  if (snapshot === null) {
    assert(firstIndex === 1, 'without a snapshot the log starts at index 1', firstIndex);
    return new LogStore(entries);
  }
  const { lastIncludedIndex, lastIncludedTerm } = snapshot;
  assert(firstIndex <= lastIncludedIndex + 1, 'no gap behind the snapshot', firstIndex);
  if (!continuesSnapshot({ firstIndex, entries }, snapshot)) {
    return new LogStore([], lastIncludedIndex, lastIncludedTerm);
  }
  if (firstIndex === 1) return new LogStore(entries);
  if (firstIndex > lastIncludedIndex) {
    return new LogStore(entries, lastIncludedIndex, lastIncludedTerm);
  }
  // Nobody has kept the term before the first entry: the log begins behind that entry.
  return new LogStore(entries.slice(1), firstIndex, entries[0]!.term);
}

/**
 * Do these entries go on where the snapshot ends: with its last entry among them, or right behind
 * it? Else they are of no use. A log that ends before has lost entries that were not safe when the
 * snapshot was; one with another entry in that place belongs to a deposed leader, and what stands
 * behind it would be taken for what follows the snapshot.
 */
export function continuesSnapshot(
  { firstIndex, entries }: Pick<DurableImage, 'firstIndex' | 'entries'>,
  { lastIncludedIndex, lastIncludedTerm }: Snapshot,
): boolean {
  if (firstIndex > lastIncludedIndex) return true;
  return entries[lastIncludedIndex - firstIndex]?.term === lastIncludedTerm;
}
