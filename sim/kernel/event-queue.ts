/**
 * The future: items ordered by (time, sequence number), and the virtual clock, which is the time of
 * the item taken last. Ties go to the item pushed first.
 *
 * Most items are due soon: those within the horizon wait in a ring of buckets, each a short sorted
 * list; the others wait in a heap. The next item is the earlier of the two fronts, so nothing has
 * to move from one to the other. Not meant for removal from the middle: a stale item is recognised
 * and ignored by whoever takes it.
 */
import { FarHeap } from './far-heap.ts';
import { comesBefore, type Item } from './item.ts';

/** A bucket is 2^BUCKET_BITS microseconds wide. */
const BUCKET_BITS = 8;
const BUCKETS = 1024;
const WORDS = BUCKETS >> 5;

export class EventQueue {
  /** Virtual time, whole microseconds. */
  nowUs = 0;
  private sequence = 0;
  private readonly buckets: (Item | null)[] = new Array(BUCKETS).fill(null);
  /** One bit per bucket, highest bit first: set when the bucket is not empty. */
  private readonly occupied = new Int32Array(WORDS);
  private nearCount = 0;
  private readonly far = new FarHeap();
  /** Items to be used again: new ones for every event would keep the collector busy. */
  private free: Item | null = null;
  private taken: Item | null = null;

  get length(): number {
    return this.nearCount + this.far.size;
  }

  /** Puts an item into the future; atUs >= nowUs. */
  push(
    atUs: number,
    kind: number,
    node: number,
    from: number,
    id: number,
    stamp: number,
    ref: unknown,
  ): void {
    const { sequence } = this;
    this.sequence = sequence + 1;
    const item = this.free;
    if (item === null) {
      this.place({ kind, node, from, id, stamp, ref, atUs, sequence, next: null });
      return;
    }
    this.free = item.next;
    item.kind = kind;
    item.node = node;
    item.from = from;
    item.id = id;
    item.stamp = stamp;
    item.ref = ref;
    item.atUs = atUs;
    item.sequence = sequence;
    item.next = null;
    this.place(item);
  }

  /** Takes the earliest item and moves the clock to it; null when nothing is left. */
  pop(): Item | null {
    const { taken } = this;
    if (taken !== null) {
      taken.ref = null;
      taken.next = this.free;
      this.free = taken;
    }
    const item = this.removeFirst();
    this.taken = item;
    if (item !== null) this.nowUs = item.atUs;
    return item;
  }

  /** Writes what is due until then into the list, in order, and returns how many there are. */
  upTo(limitUs: number, items: Item[]): number {
    const far = this.far.first;
    const untilUs = far === null ? limitUs : Math.min(limitUs, far.atUs - 1);
    const last = Math.floor(untilUs / (1 << BUCKET_BITS));
    let count = 0;
    for (let place = Math.floor(this.nowUs / (1 << BUCKET_BITS)); place <= last; place += 1) {
      let item = this.buckets[place & (BUCKETS - 1)]!;
      for (; item !== null && item.atUs <= untilUs; item = item.next!) {
        items[count] = item;
        count += 1;
      }
    }
    return count;
  }

  /** The item that was taken last stays as it is: somebody else owns it from now on. */
  keepTaken(): void {
    this.taken = null;
  }

  /**
   * Changes the time of every waiting item: `retime` gets (time, item) and returns the new time, or
   * -1 to drop the item. Order among equal times stays that of pushing. O(n log n), for rare use.
   */
  retime(retime: (atUs: number, item: Item) => number): void {
    const waiting = this.far.clear();
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      for (let item = this.buckets[bucket]!; item !== null; item = item.next!) waiting.push(item);
      this.buckets[bucket] = null;
    }
    this.occupied.fill(0);
    this.nearCount = 0;
    waiting.sort((a, b) => a.sequence - b.sequence);
    for (const item of waiting) {
      const atUs = retime(item.atUs, item);
      if (atUs < 0) continue;
      item.atUs = atUs;
      item.next = null;
      this.place(item);
    }
  }

  private removeFirst(): Item | null {
    const far = this.far.first;
    if (this.nearCount === 0) {
      if (far !== null) this.far.removeFirst();
      return far;
    }
    const bucket = this.firstBucket();
    const near = this.buckets[bucket]!;
    if (far !== null && comesBefore(far, near)) {
      this.far.removeFirst();
      return far;
    }
    this.buckets[bucket] = near.next;
    if (near.next === null) this.occupied[bucket >> 5]! &= ~(0x80000000 >>> (bucket & 31));
    this.nearCount -= 1;
    return near;
  }

  private place(item: Item): void {
    const { atUs } = item;
    // Whole buckets ahead of the clock; the last one would share its place with the present one.
    const ahead =
      Math.floor(atUs / (1 << BUCKET_BITS)) - Math.floor(this.nowUs / (1 << BUCKET_BITS));
    if (ahead >= BUCKETS) {
      this.far.add(item);
      return;
    }
    const bucket = Math.floor(atUs / (1 << BUCKET_BITS)) & (BUCKETS - 1);
    this.nearCount += 1;
    const first = this.buckets[bucket]!;
    if (first === null) {
      this.buckets[bucket] = item;
      this.occupied[bucket >> 5]! |= 0x80000000 >>> (bucket & 31);
      return;
    }
    if (comesBefore(item, first)) {
      item.next = first;
      this.buckets[bucket] = item;
      return;
    }
    let before = first;
    while (before.next !== null && !comesBefore(item, before.next)) before = before.next;
    item.next = before.next;
    before.next = item;
  }

  /** The first bucket that is not empty, from the clock on, around the ring. */
  private firstBucket(): number {
    const start = Math.floor(this.nowUs / (1 << BUCKET_BITS)) & (BUCKETS - 1);
    let word = start >> 5;
    // In the first word only what lies at or behind the clock; the rest comes last.
    let bits = this.occupied[word]! & (0xffffffff >>> (start & 31));
    while (bits === 0) {
      word = (word + 1) & (WORDS - 1);
      bits = this.occupied[word]!;
    }
    return (word << 5) + Math.clz32(bits);
  }
}
