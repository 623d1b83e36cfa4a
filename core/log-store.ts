import { assert } from './assert.ts';
import type { Entry, LogIndex, Term } from './messages.ts';

/** As many compacted entries may stay in memory as there are others, and these. */
const compactedMin = 64;

/**
 * The log of one server, counted from 1 as in the paper. The entries through the base have been
 * compacted (§7): of them only the term at the base is known. The base is 0, with term 0, in a log
 * that was never compacted, so that prevLogIndex 0 with term 0 agrees everywhere. Entries are
 * immutable and shared; the array of them is owned here.
 */
export class LogStore {
  /** The entry at `index` is at position index - #offset, and one with the base's term before it. */
  readonly #entries: Entry[];
  #offset: number;
  #baseIndex: LogIndex;

  /** Takes the entries at index baseIndex + 1, baseIndex + 2, …; copies the array. */
  constructor(entries: readonly Entry[], baseIndex: LogIndex = 0, baseTerm: Term = 0) {
    this.#entries = [baseEntry(baseTerm), ...entries];
    this.#offset = baseIndex;
    this.#baseIndex = baseIndex;
  }

  /** The log begins behind it. Only rises. */
  get baseIndex(): LogIndex {
    return this.#baseIndex;
  }

  get baseTerm(): Term {
    return this.#entries[this.#baseIndex - this.#offset]!.term;
  }

  /** That of the base for an empty log: what was compacted still counts (§5.4.1). */
  get lastIndex(): LogIndex {
    return this.#entries.length - 1 + this.#offset;
  }

  /** 0 for a log that never held anything, which is thus behind every other (§5.4.1). */
  get lastTerm(): Term {
    return this.#entries[this.#entries.length - 1]!.term;
  }

  /** The entry at baseIndex < index <= lastIndex. */
  entryAt(index: LogIndex): Entry {
    const entry = this.#entries[index - this.#offset];
    assert(entry !== undefined && index > this.#baseIndex, 'no entry at this index', index);
    return entry;
  }

  /** The term at baseIndex <= index <= lastIndex. */
  termAt(index: LogIndex): Term {
    const entry = this.#entries[index - this.#offset];
    assert(entry !== undefined && index >= this.#baseIndex, 'no term at this index', index);
    return entry.term;
  }

  /** Is an entry of this term known to be at this index? Below the base nothing is known. */
  has(index: LogIndex, term: Term): boolean {
    return index >= this.#baseIndex && index <= this.lastIndex && this.termAt(index) === term;
  }

  /** The entries first … last, both included, as a new array; empty when last < first. */
  slice(first: LogIndex, last: LogIndex): readonly Entry[] {
    assert(first > this.#baseIndex, 'a slice starts behind the base', first, this.#baseIndex);
    assert(last <= this.lastIndex, 'a slice ends within the log', last, this.lastIndex);
    return this.#entries.slice(first - this.#offset, last + 1 - this.#offset);
  }

  append(entry: Entry): void {
    assert(entry.term >= this.lastTerm, 'terms never fall in a log', entry.term, this.lastTerm);
    this.#entries.push(entry);
  }

  /** Removes the entry at `index` and all behind it. */
  truncateFrom(index: LogIndex): void {
    assert(index > this.#baseIndex, 'nothing to truncate', index, this.#baseIndex);
    assert(index <= this.lastIndex, 'nothing to truncate', index, this.lastIndex);
    this.#entries.length = index - this.#offset;
  }

  /**
   * Removes the entries through `index`, which becomes the base. The array is moved only once in so
   * many compactions that each entry is moved about once.
   */
  compactTo(index: LogIndex): void {
    assert(index >= this.#baseIndex, 'the base never falls', index, this.#baseIndex);
    assert(index <= this.lastIndex, 'compacts what it has', index, this.lastIndex);
    this.#baseIndex = index;
    const compacted = index - this.#offset;
    if (compacted < compactedMin || 2 * compacted < this.#entries.length) return;
    this.#entries.splice(0, compacted);
    this.#offset = index;
  }

  /** Removes everything, and begins behind an entry that it never held itself. */
  restartAt(baseIndex: LogIndex, baseTerm: Term): void {
    assert(baseIndex >= this.#baseIndex, 'the base never falls', baseIndex, this.#baseIndex);
    this.#entries.length = 0;
    this.#entries.push(baseEntry(baseTerm));
    this.#offset = baseIndex;
    this.#baseIndex = baseIndex;
  }

  /** Shares the entries, not the array. */
  clone(): LogStore {
    const entries = this.#entries.slice(this.#baseIndex + 1 - this.#offset);
    return new LogStore(entries, this.#baseIndex, this.baseTerm);
  }
}

/** Stands in the place of the base: without it every position would be off by one. */
function baseEntry(term: Term): Entry {
  return { term, command: null };
}
