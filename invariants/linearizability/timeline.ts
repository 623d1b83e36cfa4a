/** The returns of a part in their order, and what may happen before each of them. */
import type { Part } from './parts.ts';
import { isDefinite, Sightings } from './sightings.ts';
import type { Step } from './steps.ts';

/** So many steps of a kind can be told apart at one time. */
export const SLOTS_MAX = 52;

export interface Timeline {
  /** The step that must have happened by the i-th return. */
  readonly returning: readonly number[];
  /**
   * Steps that may happen before return i, if they have not before: pending[starts[i] … starts[i + 1]),
   * the returning one first, then others that have happened, in the order of their returns.
   */
  readonly pending: readonly number[];
  readonly starts: readonly number[];
  /** By step: its place in a set; used again when it is over. Sets of the two kinds are apart. */
  readonly slots: readonly number[];
  /** Optional steps that do not matter any more behind return i. */
  readonly over: readonly (readonly number[])[];
  /** More steps at one time than there are slots. */
  readonly isTooWide: boolean;
}

export function timelineOf({ steps }: Part): Timeline {
  const returning = orderOfReturns(steps);
  const lastReturn = lastReturns(steps, returning);
  const calls = steps.map((_, i) => i);
  calls.sort((a, b) => steps[a]!.invokedUs - steps[b]!.invokedUs || a - b);
  const slots = new Array<number>(steps.length).fill(-1);
  const free = [new FreeSlots(), new FreeSlots()] as const;
  const [pending, starts, over]: [number[], number[], number[][]] = [[], [], []];
  let open: number[] = [];
  let called = 0;
  let isTooWide = false;
  for (const [place, step] of returning.entries()) {
    while (called < calls.length && steps[calls[called]!]!.invokedUs <= steps[step]!.returnedUs) {
      const next = calls[called]!;
      called += 1;
      if (lastReturn[next]! < place) continue;
      slots[next] = free[isDefinite(steps[next]!) ? 0 : 1].take();
      isTooWide ||= slots[next]! >= SLOTS_MAX;
      open.push(next);
    }
    open.sort((a, b) => lastReturn[a]! - lastReturn[b]! || a - b);
    starts.push(pending.length);
    pending.push(step);
    for (const kind of [true, false]) {
      for (const i of open) if (i !== step && isDefinite(steps[i]!) === kind) pending.push(i);
    }
    const ended = open.filter((i) => lastReturn[i] === place);
    for (const i of ended) free[isDefinite(steps[i]!) ? 0 : 1].give(slots[i]!);
    over.push(ended.filter((i) => i !== step));
    open = open.filter((i) => lastReturn[i] !== place);
  }
  starts.push(pending.length);
  return { returning, pending, starts, slots, over, isTooWide };
}

/** Steps that have happened, by their return, then their call. */
function orderOfReturns(steps: readonly Step[]): number[] {
  const order: number[] = [];
  for (const [i, step] of steps.entries()) if (isDefinite(step)) order.push(i);
  return order.sort((a, b) => {
    const [first, second] = [steps[a]!, steps[b]!];
    return first.returnedUs - second.returnedUs || first.invokedUs - second.invokedUs || a - b;
  });
}

/** By step: the last return before which it may matter that it happens; -1 for none. */
function lastReturns(steps: readonly Step[], returning: readonly number[]): number[] {
  const last = new Array<number>(steps.length).fill(-1);
  for (const [place, step] of returning.entries()) last[step] = place;
  const sightings = new Sightings(steps);
  for (const [i, step] of steps.entries()) {
    if (!isDefinite(step)) last[i] = placeAt(steps, returning, sightings.untilUs(step));
  }
  return last;
}

/** The last place whose return is not later than this. */
function placeAt(steps: readonly Step[], returning: readonly number[], untilUs: number): number {
  let [low, high] = [0, returning.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[returning[middle]!]!.returnedUs <= untilUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The lowest number that nobody has. */
class FreeSlots {
  private readonly isTaken: boolean[] = [];

  take(): number {
    const slot = this.isTaken.indexOf(false);
    if (slot < 0) return this.isTaken.push(true) - 1;
    this.isTaken[slot] = true;
    return slot;
  }

  give(slot: number): void {
    this.isTaken[slot] = false;
  }
}
