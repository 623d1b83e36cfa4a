/**
 * What the committed log makes of a key-value store, at every index: written a second time and as
 * plainly as possible, so that it shares no mistake with a state machine. docs/plans.md says what
 * operations mean. A key has no spaces, a value may have; what is not an operation does nothing.
 */
import type { LogIndex } from '../../core/messages.ts';

/** A value, from the index that wrote it until the next one, or until its time is up. */
interface Version {
  readonly index: LogIndex;
  readonly value: string;
  /** By logged time, ms; Infinity for never. */
  readonly endsMs: number;
}

/** One key: all its versions, oldest first, as far back as anybody may ask. */
interface Cell {
  readonly key: string;
  versions: Version[];
  /** Somebody was told how the key was at this index. Only rises. */
  toldAt: LogIndex;
}

export class KeyValueModel {
  private readonly cells = new Map<string, Cell>();
  /** Sorted by key, for ranges; made anew when there is a new key. */
  private sorted: Cell[] = [];
  /** [index, clock]: logged time from there on. */
  private readonly clocks: [LogIndex, number][] = [[0, 0]];

  /** Logged time: the highest wall clock of the entries so far. */
  get clock(): number {
    return this.clocks[this.clocks.length - 1]![1];
  }

  /** The entry at `index` bears this time. */
  advance(index: LogIndex, wallClock: number): void {
    if (wallClock > this.clock) this.clocks.push([index, wallClock]);
  }

  /** Carries out the operation at `index`, the newest one; the answer, or null. */
  carryOut(op: string, index: LogIndex): string | null {
    if (op.startsWith('put ')) {
      const keyEnd = op.indexOf(' ', 4);
      if (keyEnd > 0) this.write(op.slice(4, keyEnd), index, op.slice(keyEnd + 1), 0);
      return null;
    }
    if (op.startsWith('cas ')) return this.compareAndSwap(op, index);
    if (op.startsWith('putttl ')) {
      const [, key, ms, value] = /^putttl ([^ ]*) ([1-9][0-9]{0,14}) (.*)$/s.exec(op) ?? [];
      if (key !== undefined) this.write(key, index, value!, Number(ms));
      return null;
    }
    return this.read(op, index);
  }

  /** What "get" or "range" gives at an index that has been carried out; null for anything else. */
  read(op: string, index: LogIndex): string | null {
    if (op.startsWith('get ')) return this.valueAt(op.slice(4), index);
    if (!op.startsWith('range ')) return null;
    const pairs = this.cellsOf(op).map(({ key }) => [key, this.valueAt(key, index)]);
    return JSON.stringify(pairs.filter(([, value]) => value !== null));
  }

  /** [key, value, end by logged time or 0], sorted by key. */
  contentsAt(index: LogIndex): [string, string, number][] {
    const contents: [string, string, number][] = [];
    for (const cell of this.inOrder()) {
      const version = this.versionAt(cell, index);
      if (version === null) continue;
      const { value, endsMs } = version;
      contents.push([cell.key, value, endsMs === Number.POSITIVE_INFINITY ? 0 : endsMs]);
    }
    return contents;
  }

  valueAt(key: string, index: LogIndex): string | null {
    const cell = this.cells.get(key);
    if (cell === undefined) return null;
    return this.versionAt(cell, index)?.value ?? null;
  }

  clockAt(index: LogIndex): number {
    let at = this.clocks.length - 1;
    while (at > 0 && this.clocks[at]![0] > index) at -= 1;
    return this.clocks[at]![1];
  }

  /** Was the key written, or did its value end, behind `from` and through `to`? */
  changedBetween(key: string, from: LogIndex, to: LogIndex): boolean {
    const cell = this.cells.get(key);
    if (cell === undefined || from >= to) return false;
    if (cell.versions.some(({ index }) => from < index && index <= to)) return true;
    return this.versionAt(cell, from) !== this.versionAt(cell, to);
  }

  /** A client has the answer to this operation, which took place at `index`. */
  noteTold(op: string, index: LogIndex): void {
    for (const cell of this.cellsOf(op)) if (cell.toldAt < index) cell.toldAt = index;
  }

  /** [key, index] of the newest answers about what this operation reads. */
  toldAbout(op: string): [string, LogIndex][] {
    return this.cellsOf(op).map(({ key, toldAt }) => [key, toldAt]);
  }

  /** Another one that holds the same, and goes its own way from here. */
  copy(): KeyValueModel {
    const copy = new KeyValueModel();
    copy.clocks.push([1, this.clock]);
    for (const { key, versions } of this.cells.values()) {
      copy.cells.set(key, { key, versions: versions.slice(-1), toldAt: 0 });
    }
    return copy;
  }

  /** Nobody asks for an index below this one any more. */
  forgetBelow(index: LogIndex): void {
    for (const cell of this.cells.values()) {
      const kept = cell.versions.findLastIndex((version) => version.index <= index);
      if (kept > 0) cell.versions = cell.versions.slice(kept);
    }
    const kept = this.clocks.findLastIndex(([at]) => at <= index);
    this.clocks.splice(0, kept);
  }

  private versionAt({ versions }: Cell, index: LogIndex): Version | null {
    let at = versions.length - 1;
    while (at >= 0 && versions[at]!.index > index) at -= 1;
    if (at < 0) return null;
    const version = versions[at]!;
    return version.endsMs > this.clockAt(index) ? version : null;
  }

  private write(key: string, index: LogIndex, value: string, lifetimeMs: number): void {
    const endsMs = lifetimeMs === 0 ? Number.POSITIVE_INFINITY : this.clock + lifetimeMs;
    const cell = this.cells.get(key);
    const version = { index, value, endsMs };
    if (cell !== undefined) cell.versions.push(version);
    else this.cells.set(key, { key, versions: [version], toldAt: 0 });
  }

  private compareAndSwap(op: string, index: LogIndex): string | null {
    const [, key, expected, next] = /^cas ([^ ]*) ([^ ]*) (.*)$/s.exec(op) ?? [];
    if (key === undefined) return null;
    const value = this.valueAt(key, index);
    if (value === null) return 'missing';
    if (value !== expected) return `found ${value}`;
    this.write(key, index, next!, 0);
    return 'swapped';
  }

  /** What an operation reads or writes, as far as it was ever written. */
  private cellsOf(op: string): readonly Cell[] {
    const [kind, first = '', ...rest] = op.split(' ');
    if (kind === 'range') {
      const last = rest.join(' ');
      return this.inOrder().filter(({ key }) => first <= key && key <= last);
    }
    const cell = kind === 'register' ? undefined : this.cells.get(first);
    return cell === undefined ? [] : [cell];
  }

  private inOrder(): readonly Cell[] {
    if (this.sorted.length !== this.cells.size) {
      this.sorted = [...this.cells.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    }
    return this.sorted;
  }
}
