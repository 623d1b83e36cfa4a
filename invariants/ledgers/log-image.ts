/**
 * One server's log as the world saw it being written: the ledger's ids by index. What was compacted
 * away keeps its ids: a snapshot stands for it (§7).
 */
import type { LogIndex } from '../../core/messages.ts';
import { enlarged } from './int-vector.ts';
import type { LogId, LogLedger } from './log-ledger.ts';
import type { Renumbering } from './renumbering.ts';

export class LogImage {
  last: LogIndex = 0;
  /** The entries through here have left the log. Only rises, but for writes that fail. */
  base: LogIndex = 0;
  /** The log itself, while the snapshot counts in its place; -1 when the log counts. */
  private outrun: LogId = -1;
  /** Id 0 is the log through here, as in the ledger. */
  private floor: LogIndex = 0;
  /** By index - floor, valid through `last`; place 0 has id 0. */
  private ids = new Int32Array(64);

  /** The id through this index; -1 when the log does not reach it. */
  at(index: LogIndex): LogId {
    const place = index - this.floor;
    if (place > 0) return index <= this.last ? (this.ids[place] ?? -1) : -1;
    return index >= 0 ? 0 : -1;
  }

  get tip(): LogId {
    return this.ids[this.last - this.floor]!;
  }

  /** Does the snapshot count, and not the log? */
  get isOutrun(): boolean {
    return this.outrun >= 0;
  }

  /** The tip of the log itself, whether the snapshot has outrun it or not. */
  get logTip(): LogId {
    return this.outrun < 0 ? this.tip : this.outrun;
  }

  /** Appends the entry whose log so far ends with the tip. */
  push(id: LogId): void {
    const index = this.last + 1;
    const place = index - this.floor;
    if (place === this.ids.length) this.ids = enlarged(this.ids, place * 2);
    this.ids[place] = id;
    this.last = index;
  }

  /** Drops everything behind `last`. */
  cut(last: LogIndex): void {
    if (last < this.last) this.last = Math.max(this.base, Math.trunc(last));
  }

  /**
   * A server that starts goes on from this snapshot (0 for none) where the log does not reach it, or
   * has something else in its place, or begins behind a gap: then the log counts for nothing (§7).
   */
  cover(log: LogLedger, snapshot: LogId): void {
    const index = log.indexOf(snapshot);
    if (index === 0 || (index >= this.base && this.at(index) === snapshot)) return;
    const { logTip } = this;
    this.become(log, snapshot);
    this.outrun = logTip;
  }

  /** The log counts again, as at the first write to it. */
  uncover(log: LogLedger): void {
    if (this.outrun >= 0) this.become(log, this.outrun);
  }

  /** The same as another, in all. */
  copy(log: LogLedger, other: LogImage): void {
    this.become(log, other.tip);
    this.base = other.base;
    this.outrun = other.outrun;
  }

  /** Becomes the log with this tip; costs as many steps as entries differ. */
  become(log: LogLedger, tip: LogId): void {
    this.outrun = -1;
    const newLast = log.indexOf(tip);
    const { floor } = this;
    if (newLast - floor >= this.ids.length) this.ids = enlarged(this.ids, (newLast - floor) * 2);
    let index = newLast;
    let id = tip;
    while (index > floor && (index > this.last || this.ids[index - floor] !== id)) {
      this.ids[index - floor] = id;
      index -= 1;
      id = log.parentOf(id);
    }
    this.last = newLast;
  }

  /**
   * The ledger has forgotten everything below `floor`. Whoever does not reach it is gone for good, and
   * counts as a log that ends there.
   */
  renumber(renumbering: Renumbering, floor: LogIndex): void {
    const { ids } = this;
    if (this.last < floor) this.last = floor;
    if (this.base < floor) this.base = floor;
    ids.copyWithin(0, floor - this.floor);
    this.floor = floor;
    for (let place = this.last - floor; place > 0; place -= 1) {
      ids[place] = renumbering.of(ids[place]!);
    }
    ids[0] = 0;
    if (this.outrun >= 0) this.outrun = renumbering.of(this.outrun);
  }

  /** How far this is the same as the log with this tip. */
  commonPrefixWith(log: LogLedger, tip: LogId): LogIndex {
    let id = tip;
    while (log.indexOf(id) > this.floor && this.at(log.indexOf(id)) !== id) id = log.parentOf(id);
    return log.indexOf(id);
  }

  /** How far two logs are the same. */
  commonPrefix(other: LogImage): LogIndex {
    let low = 0;
    let high = Math.min(this.last, other.last) - this.floor;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.ids[middle] === other.ids[middle]) low = middle;
      else high = middle - 1;
    }
    return this.floor + low;
  }
}
