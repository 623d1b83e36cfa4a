/** One server's writes that are on their way to disk, oldest first. */
import type { Write } from '../../core/contract.ts';
import type { Renumbering } from './renumbering.ts';

/** What is known about one write; the records are used again and again. */
export interface PendingWrite {
  id: number;
  stream: string;
  /** The write that it is ordered after; 0 for none. */
  after: number;
  /** The write itself, for what survives in part. */
  write: Write | null;
  /** For a write to the log: the tip of the log that it makes. For a snapshot: what it stands for. */
  tip: number;
  /** The index that the log which it makes begins behind. */
  base: number;
  isDone: boolean;
}

export class PendingWrites {
  /** A ring; its length is a power of two. */
  private ring: PendingWrite[] = [newRecord(), newRecord(), newRecord(), newRecord()];
  private first = 0;
  private end = 0;

  /** How many records there are, from `at(0)`; done ones may be among them. */
  get count(): number {
    return this.end - this.first;
  }

  at(place: number): PendingWrite {
    return this.ring[(this.first + place) & (this.ring.length - 1)]!;
  }

  push(id: number, stream: string, after: number, write: Write, tip: number, base: number): void {
    if (this.count === this.ring.length) this.grow();
    const record = this.ring[this.end & (this.ring.length - 1)]!;
    this.end += 1;
    record.id = id;
    record.stream = stream;
    record.after = after;
    record.write = write;
    record.tip = tip;
    record.base = base;
    record.isDone = false;
  }

  /** The place of a write that is not done, or -1. */
  find(id: number): number {
    const { count } = this;
    for (let place = 0; place < count; place += 1) {
      const record = this.at(place);
      if (record.id === id) return record.isDone ? -1 : place;
    }
    return -1;
  }

  /** Forgets the done ones at the front. */
  drop(): void {
    while (this.first < this.end && this.at(0).isDone) this.first += 1;
  }

  renumber(renumbering: Renumbering): void {
    for (let place = 0; place < this.count; place += 1) {
      const record = this.at(place);
      record.tip = renumbering.of(record.tip);
    }
  }

  clear(): void {
    this.first = 0;
    this.end = 0;
  }

  private grow(): void {
    const { count } = this;
    const larger: PendingWrite[] = [];
    for (let place = 0; place < count; place += 1) larger.push(this.at(place));
    for (let place = 0; place < count; place += 1) larger.push(newRecord());
    this.ring = larger;
    this.first = 0;
    this.end = count;
  }
}

function newRecord(): PendingWrite {
  return { id: 0, stream: '', after: 0, write: null, tip: 0, base: 0, isDone: false };
}
