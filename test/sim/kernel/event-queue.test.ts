/** The future is a sort by (time, order of pushing), whatever the order of pushes and pops. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventQueue } from '../../../sim/kernel/event-queue.ts';
import type { Item } from '../../../sim/kernel/item.ts';

/** Where the ring of buckets ends and the heap begins: 1024 buckets of 256 us. */
const HORIZON_US = 1024 * 256;

/** The deliberately dumb queue. */
class SortedList {
  nowUs = 0;
  private pushed = 0;
  items: { atUs: number; order: number; id: number }[] = [];

  push(atUs: number, id: number): void {
    this.items.push({ atUs, order: this.pushed, id });
    this.pushed += 1;
  }

  pop(): number | null {
    this.items.sort((a, b) => a.atUs - b.atUs || a.order - b.order);
    const first = this.items.shift();
    if (first === undefined) return null;
    this.nowUs = first.atUs;
    return first.id;
  }

  retime(retime: (atUs: number, id: number) => number): void {
    const moved = this.items.map((item) => ({ ...item, atUs: retime(item.atUs, item.id) }));
    this.items = moved.filter(({ atUs }) => atUs >= 0);
  }
}

function put(queue: EventQueue, atUs: number, id: number): void {
  queue.push(atUs, 0, 0, 0, id, 0, null);
}

function drain(queue: EventQueue): number[] {
  const ids: number[] = [];
  for (let item = queue.pop(); item !== null; item = queue.pop()) ids.push(item.id);
  return ids;
}

const delayUs = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2_000 }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 * HORIZON_US }) },
  { weight: 3, arbitrary: fc.integer({ min: HORIZON_US - 300, max: HORIZON_US + 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1_000_000_000_000 }) },
);
const operation = fc.oneof(
  { weight: 12, arbitrary: delayUs.map((us) => ({ do: 'push' as const, us })) },
  { weight: 10, arbitrary: fc.constant({ do: 'pop' as const, us: 0 }) },
  { weight: 1, arbitrary: delayUs.map((us) => ({ do: 'hurry' as const, us })) },
  { weight: 1, arbitrary: delayUs.map((us) => ({ do: 'delay' as const, us })) },
);

describe('the queue', () => {
  test('is a sort, under any operations', () => {
    const operations = fc.array(operation, { maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(operations, (list) => {
        const queue = new EventQueue();
        const model = new SortedList();
        const pop = () => {
          expect(queue.pop()?.id ?? null).toBe(model.pop());
          expect(queue.nowUs).toBe(model.nowUs);
        };
        list.forEach((each, id) => {
          const limitUs = queue.nowUs + each.us;
          // Every seventh item is dropped.
          const hurried = (atUs: number, which: number) =>
            which % 7 === 3 ? -1 : Math.min(atUs, limitUs);
          const delayed = (atUs: number) => atUs + each.us;
          if (each.do === 'push') {
            put(queue, limitUs, id);
            model.push(limitUs, id);
          } else if (each.do === 'pop') pop();
          else if (each.do === 'hurry') {
            queue.retime((atUs, item) => hurried(atUs, item.id));
            model.retime(hurried);
          } else {
            queue.retime(delayed);
            model.retime(delayed);
          }
          expect(queue.length).toBe(model.items.length);
        });
        while (model.items.length > 0) pop();
        pop();
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test('takes equal times in the order of pushing, near and far', () => {
    for (const atUs of [0, 7, HORIZON_US - 1, HORIZON_US, 50 * HORIZON_US]) {
      const queue = new EventQueue();
      for (let id = 0; id < 100; id += 1) put(queue, atUs, id);
      expect(drain(queue)).toEqual(Array.from({ length: 100 }, (_, id) => id));
    }
  });

  test('takes a far item before a near one of the same time that was pushed later', () => {
    const queue = new EventQueue();
    put(queue, HORIZON_US + 10, 1);
    put(queue, HORIZON_US - 10, 2);
    expect(queue.pop()?.id).toBe(2);
    // The horizon has moved on: the same time is near now.
    put(queue, HORIZON_US + 10, 3);
    put(queue, HORIZON_US + 9, 4);
    expect(drain(queue)).toEqual([4, 1, 3]);
  });

  test('does not take the last bucket before the horizon for the present one', () => {
    for (const nowUs of [0, 1, 255, 256, 12_345, HORIZON_US - 1]) {
      const queue = new EventQueue();
      put(queue, nowUs, 0);
      queue.pop();
      const ahead = [HORIZON_US - 256, HORIZON_US - 1, HORIZON_US, HORIZON_US + 255, 1, 0];
      for (const us of ahead) put(queue, nowUs + us, us);
      expect(drain(queue)).toEqual([...ahead].sort((a, b) => a - b));
    }
  });

  test('moves the clock to the item that it takes, and stops it when nothing is left', () => {
    const queue = new EventQueue();
    put(queue, 40, 1);
    put(queue, 10 * HORIZON_US, 2);
    expect(queue.nowUs).toBe(0);
    queue.pop();
    expect(queue.nowUs).toBe(40);
    queue.pop();
    expect(queue.nowUs).toBe(10 * HORIZON_US);
    expect(queue.pop()).toBeNull();
    expect(queue.nowUs).toBe(10 * HORIZON_US);
  });

  test('hands every field back as it was pushed', () => {
    const queue = new EventQueue();
    const ref = { some: 'thing' };
    // New the first time, used again the third.
    for (let i = 0; i < 3; i += 1) {
      queue.push(5 + i, 3 + i, 1 + i, 2 + i, 77 + i, 9 + i, ref);
      const { kind, node, from, id, stamp, atUs, ref: back } = queue.pop() as Item;
      const fields = [kind, node, from, id, stamp, atUs].map((value) => value - i);
      expect(fields).toEqual([3, 1, 2, 77, 9, 5]);
      expect(back).toBe(ref);
    }
  });
});

describe('an item that was taken', () => {
  test('is used again for what is pushed after the next was taken', () => {
    const queue = new EventQueue();
    for (let id = 0; id < 3; id += 1) put(queue, id, id);
    const first = queue.pop();
    put(queue, 10, 10);
    expect(first!.id).toBe(0);
    queue.pop();
    put(queue, 11, 11);
    expect(first!.id).toBe(11);
    expect(drain(queue)).toEqual([2, 10, 11]);
  });

  test('lets go of what it carried once the next was taken', () => {
    const queue = new EventQueue();
    queue.push(1, 0, 0, 0, 1, 0, { long: 'message' });
    put(queue, 2, 2);
    const item = queue.pop()!;
    queue.pop();
    expect(item.ref).toBeNull();
  });

  test('stays as it is when somebody keeps it', () => {
    const queue = new EventQueue();
    for (let id = 0; id < 3; id += 1) put(queue, id, id);
    const kept: Item[] = [];
    for (let i = 0; i < 20; i += 1) {
      const item = queue.pop()!;
      queue.keepTaken();
      kept.push(item);
      put(queue, item.atUs + 3, item.id + 3);
    }
    expect(kept.map(({ id, atUs }) => [id, atUs])).toEqual(kept.map((_, i) => [i, i]));
    expect(queue.length).toBe(3);
  });
});

describe('retiming', () => {
  test('keeps the order of pushing among equal times, wherever the items were', () => {
    const queue = new EventQueue();
    put(queue, 5 * HORIZON_US, 1);
    put(queue, 100, 2);
    put(queue, 2 * HORIZON_US, 3);
    put(queue, 50, 4);
    queue.retime(() => 60);
    expect(drain(queue)).toEqual([1, 2, 3, 4]);
  });

  test('can move near items far away and far ones near', () => {
    const queue = new EventQueue();
    put(queue, 10, 1);
    put(queue, 3 * HORIZON_US, 2);
    queue.retime((_, item) => (item.id === 1 ? 4 * HORIZON_US : 20));
    expect(queue.length).toBe(2);
    expect(queue.pop()?.id).toBe(2);
    expect(queue.nowUs).toBe(20);
    expect(queue.pop()?.id).toBe(1);
    expect(queue.nowUs).toBe(4 * HORIZON_US);
  });

  test('drops what gets a negative time', () => {
    const queue = new EventQueue();
    for (let id = 0; id < 6; id += 1) put(queue, id * HORIZON_US, id);
    queue.retime((atUs, item) => (item.id % 2 === 0 ? -1 : atUs));
    expect(queue.length).toBe(3);
    expect(drain(queue)).toEqual([1, 3, 5]);
  });
});
