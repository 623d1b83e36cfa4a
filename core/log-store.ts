import { assert } from './assert.ts';
import type { Entry, LogIndex, Term } from './messages.ts';

/** Stands at index 0 of every log, so that prevLogIndex 0 with term 0 agrees everywhere. */
const sentinel: Entry = { term: 0, command: null };

/**
 * The log of one server, counted from 1 as in the paper. Entries are immutable and shared; the
 * array of them is owned here.
 */
export class LogStore {
  /** Position = index: without the sentinel every index here would be off by one. */
  readonly #entries: Entry[];

  /** Takes the entries at index 1, 2, …; copies the array. */
  constructor(entries: readonly Entry[]) {
    this.#entries = [sentinel, ...entries];
  }

  /** 0 for an empty log. */
  get lastIndex(): LogIndex {
    return this.#entries.length - 1;
  }

  /** 0 for an empty log, which is thus behind every other (§5.4.1). */
  get lastTerm(): Term {
    return this.#entries[this.#entries.length - 1]!.term;
  }

  /** The entry at 1 <= index <= lastIndex. */
  entryAt(index: LogIndex): Entry {
    const entry = this.#entries[index];
    assert(entry !== undefined && index > 0, 'no entry at this index', index, this.lastIndex);
    return entry;
  }

  /** The term at 0 <= index <= lastIndex; 0 at index 0. */
  termAt(index: LogIndex): Term {
    const entry = this.#entries[index];
    assert(entry !== undefined, 'no term at this index', index, this.lastIndex);
    return entry.term;
  }

  /** Is there an entry of this term at this index? Index 0, term 0 is in every log. */
  has(index: LogIndex, term: Term): boolean {
    return index <= this.lastIndex && this.termAt(index) === term;
  }

  /** The entries first … last, both included, as a new array; empty when last < first. */
  slice(first: LogIndex, last: LogIndex): readonly Entry[] {
    assert(first > 0, 'a slice starts behind the sentinel', first);
    assert(last <= this.lastIndex, 'a slice ends within the log', last, this.lastIndex);
    return this.#entries.slice(first, last + 1);
  }

  append(entry: Entry): void {
    assert(entry.term >= this.lastTerm, 'terms never fall in a log', entry.term, this.lastTerm);
    this.#entries.push(entry);
  }

  /** Removes the entry at `index` and all behind it. */
  truncateFrom(index: LogIndex): void {
    assert(index > 0 && index <= this.lastIndex, 'nothing to truncate', index, this.lastIndex);
    this.#entries.length = index;
  }

  /** Shares the entries, not the array. */
  clone(): LogStore {
    return new LogStore(this.#entries.slice(1));
  }
}
