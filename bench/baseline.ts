/**
 * The yardstick: a bare discrete-event loop, a heap of plain objects and a congruential generator,
 * no cluster, no checks. The bench's own speed is stated as a share of this loop's, measured in the
 * same process at the same time, so that the figure travels between machines.
 */
interface BareEvent {
  readonly at: number;
  readonly seq: number;
  readonly node: number;
}

/** Pops and pushes `operations` times; returns the time of the earliest event left. */
export function baseline(operations: number): number {
  const heap: BareEvent[] = [];
  const before = (a: BareEvent, b: BareEvent) => a.at < b.at || (a.at === b.at && a.seq < b.seq);
  const push = (event: BareEvent) => {
    let i = heap.length;
    heap.push(event);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(heap[i]!, heap[parent]!)) break;
      [heap[i], heap[parent]] = [heap[parent]!, heap[i]!];
      i = parent;
    }
  };
  const pop = () => {
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      for (let i = 0; ; ) {
        let child = 2 * i + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
        if (!before(heap[child]!, heap[i]!)) break;
        [heap[i], heap[child]] = [heap[child]!, heap[i]!];
        i = child;
      }
    }
    return top;
  };
  let random = 12345;
  let seq = 0;
  for (let n = 0; n < 64; n++) push({ at: n, seq: seq++, node: n % 5 });
  for (let n = 0; n < operations; n++) {
    const event = pop();
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    push({ at: event.at + 1 + (random >>> 22), seq: seq++, node: event.node });
  }
  return heap[0]!.at;
}
