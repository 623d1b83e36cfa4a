/**
 * The abstract states of one run: different 32-bit keys in the order in which they came, each with
 * the time of its first coming. It is used again for the next run.
 */

/** What a run reached; both arrays have the same length. */
export interface RunStates {
  readonly keys: Int32Array;
  /** Virtual milliseconds at which each state came first. */
  readonly timesMs: Uint32Array;
}

/** A run with more states than this is told apart well enough by the first ones. */
const STATES_MAX = 4096;
const SLOTS = 4 * STATES_MAX;

export class StateSet {
  private count = 0;
  private readonly keys = new Int32Array(STATES_MAX);
  private readonly timesMs = new Uint32Array(STATES_MAX);
  /** Places in `keys`; a slot counts when it bears the mark of this run. */
  private readonly slots = new Uint16Array(SLOTS);
  private readonly marks = new Uint32Array(SLOTS);
  private mark = 1;

  /** Forgets the last run. */
  clear(): void {
    this.count = 0;
    this.mark += 1;
  }

  add(key: number, atMs: number): void {
    const { slots, marks, keys, mark, count } = this;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 16) & (SLOTS - 1);
    while (marks[slot] === mark) {
      if (keys[slots[slot]!] === key) return;
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (count === STATES_MAX) return;
    marks[slot] = mark;
    slots[slot] = count;
    keys[count] = key;
    this.timesMs[count] = atMs;
    this.count = count + 1;
  }

  /** A copy. */
  read(): RunStates {
    const { count } = this;
    return { keys: this.keys.slice(0, count), timesMs: this.timesMs.slice(0, count) };
  }
}
