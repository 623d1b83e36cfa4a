/** A binary heap of items ordered by (time, sequence number): what is due beyond the horizon. */
import { comesBefore, type Item } from './item.ts';

export class FarHeap {
  size = 0;
  private readonly items: Item[] = [];

  get first(): Item | null {
    return this.size === 0 ? null : this.items[0]!;
  }

  add(item: Item): void {
    const { items } = this;
    let hole = this.size;
    this.size += 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (comesBefore(items[parent]!, item)) break;
      items[hole] = items[parent]!;
      hole = parent;
    }
    items[hole] = item;
  }

  removeFirst(): void {
    this.size -= 1;
    const { items, size } = this;
    const item = items[size]!;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && comesBefore(items[child + 1]!, items[child]!)) child += 1;
      if (comesBefore(item, items[child]!)) break;
      items[hole] = items[child]!;
      hole = child;
    }
    items[hole] = item;
  }

  /** Empties the heap and returns what was in it, in no order. */
  clear(): Item[] {
    const items = this.items.slice(0, this.size);
    this.size = 0;
    return items;
  }
}
