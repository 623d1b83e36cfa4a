/**
 * Vector clocks of servers, kept in the world: what can each of them know? Nothing is looked into.
 * A server learns by messages; a new life knows what the writes knew that survived.
 *
 * Every state of a server that it sends or writes gets a number, 1, 2, … over the whole run: a mark.
 * `at(mark, column)` is the newest mark of that life that was known in this state; lives have columns
 * of their own, because a crash forgets. What happens to a server is dated with the newest mark of
 * the world: a state knows of it when it knows a later mark of that life.
 *
 * Bounded: marks that are too old count as knowing everything before them, and so do those of lives
 * before the last twenty or so. Who seems to know more than it does is never accused.
 */
import type { NodeId } from '../../core/messages.ts';

/** Of a life that runs: it knows all that has happened to itself. */
const LIVE = 0x7fffffff;
const MARKS_MAX = 1 << 16;
const COLUMNS_MAX = 32;

export class CausalClocks {
  /** The newest mark. */
  last = 0;
  /** What is dated with this mark or an older one counts as known to everybody; -1 for nothing. */
  knownThrough = -1;
  private readonly size: number;
  private stride = 8;
  private columns: number;
  private capacity = 256;
  /** The oldest mark that is kept. */
  private first = 1;
  /** By node: the column of its newest life. */
  private readonly columnOfNode = new Int32Array(8);
  /** By column: the server whose life it is. */
  private readonly nodeOfColumn = new Int32Array(COLUMNS_MAX);
  private current: Int32Array;
  private vectors: Int32Array;
  /** By mark: the newest mark of a write that was safe in this state. */
  private safeAt: Int32Array;
  /** By node: the newest mark of a write that is safe, and that the server knows to be. */
  private readonly safe = new Int32Array(8);
  /** By node: its newest mark, and whether anything has happened since. */
  private readonly newest = new Int32Array(8);
  private readonly isStale = new Uint8Array(8).fill(1);
  /** By node: has anything reached its newest life? */
  private readonly heard = new Uint8Array(8);
  /** The column that was given away last. */
  private recycled = -1;

  constructor(size: number) {
    this.size = size;
    this.columns = size;
    this.current = new Int32Array(8 * this.stride);
    this.vectors = new Int32Array(this.capacity * this.stride);
    this.safeAt = new Int32Array(this.capacity);
    for (let node = 1; node <= size; node += 1) {
      this.columnOfNode[node] = node - 1;
      this.nodeOfColumn[node - 1] = node;
      this.current[node * this.stride + node - 1] = LIVE;
    }
  }

  /** The life that this server lives. */
  columnOf(node: NodeId): number {
    return this.columnOfNode[node]!;
  }

  /** Something happens to this server: what it sends from now on may tell of it. */
  touch(node: NodeId): void {
    this.isStale[node] = 1;
  }

  /** The mark of what this server sends now. */
  markSent(node: NodeId): number {
    return this.isStale[node] === 0 ? this.newest[node]! : this.mark(node);
  }

  /** The mark of what this server writes now. */
  markWritten(node: NodeId): number {
    return this.mark(node);
  }

  /** The server gets what was sent at this mark: O(servers). */
  receive(node: NodeId, mark: number): void {
    this.heard[node] = 1;
    const { current, columns } = this;
    const row = node * this.stride;
    if (mark < this.first) {
      for (let c = 0; c < columns; c += 1) if (current[row + c]! < mark) current[row + c] = mark;
      return;
    }
    const { vectors } = this;
    const from = (mark & (this.capacity - 1)) * this.stride;
    for (let c = 0; c < columns; c += 1) {
      const known = vectors[from + c]!;
      if (known > current[row + c]!) current[row + c] = known;
    }
  }

  /** The server learns that what it wrote at this mark is safe, and what it wrote before. */
  secure(node: NodeId, mark: number): void {
    if (mark > this.safe[node]!) this.safe[node] = mark;
    this.isStale[node] = 1;
  }

  /** A new life, that knows what the newest safe write knew. */
  revive(node: NodeId): void {
    const column = this.nextColumn();
    const row = node * this.stride;
    const { current } = this;
    const survived = this.safe[node]!;
    for (let c = 0; c < this.columns; c += 1) current[row + c] = this.at(survived, c);
    this.columnOfNode[node] = column;
    this.nodeOfColumn[column] = node;
    current[row + column] = LIVE;
    this.isStale[node] = 1;
    this.heard[node] = 0;
  }

  /** All writes of this server are gone. */
  forgetWrites(node: NodeId): void {
    this.safe[node] = 0;
  }

  /** The newest write of this server that it knows to be safe; 0 for none. */
  safeMark(node: NodeId): number {
    return this.safe[node]!;
  }

  /** Does this server know what happened to the life `column` at `date`? */
  knows(node: NodeId, column: number, date: number): boolean {
    return date <= this.knownThrough || this.current[node * this.stride + column]! > date;
  }

  /** Has anything reached this life? */
  hasHeardAnybody(node: NodeId): boolean {
    return this.heard[node] !== 0;
  }

  /** Does `node` know of a moment at which `other` knew it? */
  hasHeardBack(node: NodeId, other: NodeId, column: number, date: number): boolean {
    if (node === other) return this.knows(node, column, date);
    if (date <= this.knownThrough) return true;
    const row = node * this.stride;
    for (let c = 0; c < this.columns; c += 1) {
      if (this.nodeOfColumn[c] !== other) continue;
      if (this.at(this.current[row + c]!, column) > date) return true;
    }
    return false;
  }

  /** Does `node` know that `other` had written anything safely after it knew it? */
  hasHeardWritten(node: NodeId, other: NodeId, column: number, date: number): boolean {
    if (date <= this.knownThrough) return true;
    if (node === other) return this.at(this.safe[node]!, column) > date;
    const row = node * this.stride;
    for (let c = 0; c < this.columns; c += 1) {
      if (this.nodeOfColumn[c] !== other) continue;
      const mark = this.current[row + c]!;
      const safe = mark < this.first ? mark : this.safeAt[mark & (this.capacity - 1)]!;
      if (this.at(safe, column) > date) return true;
    }
    return false;
  }

  /** The newest mark of that life that was known at this mark. */
  private at(mark: number, column: number): number {
    if (mark < this.first) return mark;
    return this.vectors[(mark & (this.capacity - 1)) * this.stride + column]!;
  }

  private mark(node: NodeId): number {
    this.last += 1;
    const { last, stride } = this;
    if (last >= this.capacity && this.capacity < MARKS_MAX) this.enlarge(this.capacity * 2, stride);
    const place = last & (this.capacity - 1);
    if (last - this.first >= this.capacity) this.first = last - this.capacity + 1;
    const { vectors, current, columns } = this;
    const to = place * stride;
    const row = node * stride;
    for (let c = 0; c < columns; c += 1) vectors[to + c] = current[row + c]!;
    vectors[to + this.columnOfNode[node]!] = last;
    this.safeAt[place] = this.safe[node]!;
    this.newest[node] = last;
    this.isStale[node] = 0;
    return last;
  }

  /** A column for a life. When there are no more, the oldest life that is over gives its own. */
  private nextColumn(): number {
    if (this.columns < COLUMNS_MAX) {
      if (this.columns === this.stride) this.enlarge(this.capacity, this.stride * 2);
      this.columns += 1;
      return this.columns - 1;
    }
    this.knownThrough = this.last;
    let column = this.recycled;
    do column = (column + 1) % COLUMNS_MAX;
    while (this.columnOfNode[this.nodeOfColumn[column]!] === column);
    this.recycled = column;
    return column;
  }

  private enlarge(capacity: number, stride: number): void {
    const kept = Math.min(this.capacity, this.last + 1);
    const vectors = new Int32Array(capacity * stride);
    if (stride === this.stride) vectors.set(this.vectors);
    else {
      for (let place = 0; place < kept; place += 1) {
        const from = place * this.stride;
        vectors.set(this.vectors.subarray(from, from + this.stride), place * stride);
      }
    }
    const current = new Int32Array(8 * stride);
    for (let node = 1; node <= this.size; node += 1) {
      const row = node * this.stride;
      current.set(this.current.subarray(row, row + this.stride), node * stride);
    }
    const safeAt = new Int32Array(capacity);
    safeAt.set(this.safeAt);
    this.vectors = vectors;
    this.current = current;
    this.safeAt = safeAt;
    this.capacity = capacity;
    this.stride = stride;
  }
}
