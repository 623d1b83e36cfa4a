/**
 * The future: items ordered by (time, sequence number), and the virtual clock, which is the time of
 * the item taken last. Ties go to the item pushed first, whatever the heap does inside.
 *
 * A binary heap in parallel arrays; the hole moves, so nothing is swapped. Not meant for removal
 * from the middle: a stale item is recognised and ignored by whoever takes it.
 */

/** What an item means; the fields of Item are read accordingly. */
export const ItemKind = {
  /** node: to; from, id, stamp, ref: the body. */
  message: 0,
  /** node; id: timer slot; stamp: token of the setting. */
  timer: 1,
  /** node; from: boot; id: write id; stamp: stream. */
  write: 2,
  /** node; ref: the batch of requests. */
  request: 3,
  /** id: client; stamp: token. */
  clientTick: 4,
  clientTimeout: 5,
  clientRetry: 6,
  /** id: place in plan.faults. */
  fault: 7,
  /** node. */
  restart: 8,
  resume: 9,
  /** ref: links to free. */
  unblock: 10,
  /** The phase machine looks at the whole. */
  inspect: 11,
  /** id: place in workload.script. */
  script: 12,
} as const;

export interface Item {
  readonly kind: number;
  readonly node: number;
  readonly from: number;
  readonly id: number;
  readonly stamp: number;
  readonly ref: unknown;
}

export class EventQueue {
  /** Virtual time, whole microseconds. */
  nowUs = 0;
  private size = 0;
  private sequence = 0;
  private readonly times: number[] = [];
  private readonly sequences: number[] = [];
  private readonly items: Item[] = [];

  get length(): number {
    return this.size;
  }

  push(
    atUs: number,
    kind: number,
    node: number,
    from: number,
    id: number,
    stamp: number,
    ref: unknown,
  ): void {
    this.place(this.size, atUs, this.sequence, { kind, node, from, id, stamp, ref });
    this.size += 1;
    this.sequence += 1;
  }

  /** Takes the earliest item and moves the clock to it; null when nothing is left. */
  pop(): Item | null {
    if (this.size === 0) return null;
    const top = this.items[0]!;
    this.nowUs = this.times[0]!;
    this.size -= 1;
    const last = this.size;
    if (last > 0) {
      this.sink(this.times[last]!, this.sequences[last]!, this.items[last]!);
    }
    this.items.length = last;
    this.times.length = last;
    this.sequences.length = last;
    return top;
  }

  /**
   * Changes the time of every waiting item: `retime` gets (time, item) and returns the new time, or
   * -1 to drop the item. Order among equal times stays that of pushing. O(n log n), for rare use.
   */
  retime(retime: (atUs: number, item: Item) => number): void {
    const waiting = this.items.map((item, i) => ({
      item,
      atUs: this.times[i]!,
      sequence: this.sequences[i]!,
    }));
    waiting.sort((a, b) => a.sequence - b.sequence);
    this.size = 0;
    this.items.length = 0;
    this.times.length = 0;
    this.sequences.length = 0;
    for (const { item, atUs, sequence } of waiting) {
      const newUs = retime(atUs, item);
      if (newUs < 0) continue;
      this.place(this.size, newUs, sequence, item);
      this.size += 1;
    }
  }

  /** Lets a hole rise from `hole` until (atUs, sequence) fits into it. */
  private place(start: number, atUs: number, sequence: number, item: Item): void {
    const { times, sequences, items } = this;
    let hole = start;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const parentUs = times[parent]!;
      if (parentUs < atUs || (parentUs === atUs && sequences[parent]! < sequence)) break;
      times[hole] = parentUs;
      sequences[hole] = sequences[parent]!;
      items[hole] = items[parent]!;
      hole = parent;
    }
    times[hole] = atUs;
    sequences[hole] = sequence;
    items[hole] = item;
  }

  /** Lets a hole sink from the top of the first `size` items until the given item fits into it. */
  private sink(atUs: number, sequence: number, item: Item): void {
    const { times, sequences, items, size } = this;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      const right = child + 1;
      if (
        right < size &&
        (times[right]! < times[child]! ||
          (times[right] === times[child] && sequences[right]! < sequences[child]!))
      ) {
        child = right;
      }
      const childUs = times[child]!;
      if (atUs < childUs || (atUs === childUs && sequence < sequences[child]!)) break;
      times[hole] = childUs;
      sequences[hole] = sequences[child]!;
      items[hole] = items[child]!;
      hole = child;
    }
    times[hole] = atUs;
    sequences[hole] = sequence;
    items[hole] = item;
  }
}
