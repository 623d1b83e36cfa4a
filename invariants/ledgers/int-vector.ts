/** A growing array of integers for ledgers: 0 where nothing was set, 4 bytes per place. */
import type { Renumbering } from './renumbering.ts';

/** Places from here on are not kept: no honest run counts that far. */
const PLACES_MAX = 1 << 25;

export class IntVector {
  private values: Int32Array;
  /** Places below this one are forgotten. */
  first = 0;

  constructor(capacity = 64) {
    this.values = new Int32Array(capacity);
  }

  /** 0 also for what is no place at all: implementations under test may name any number. */
  get(place: number): number {
    const at = place - this.first;
    return at >= 0 && at < this.values.length ? this.values[at]! | 0 : 0;
  }

  /** Doubles the array until the place is inside. */
  set(place: number, value: number): void {
    const at = place - this.first;
    if (at >= this.values.length) this.grow(at);
    this.values[at] = value;
  }

  /** Nothing is known of the places below this one any more, nor will be. */
  forgetBelow(place: number): void {
    const gone = place - this.first;
    if (gone <= 0) return;
    this.values.copyWithin(0, gone);
    this.values.fill(0, Math.max(0, this.values.length - gone));
    this.first = place;
  }

  /** The values are ids of logs. */
  renumber(renumbering: Renumbering): void {
    const { values } = this;
    for (let at = 0; at < values.length; at += 1) values[at] = renumbering.of(values[at]!);
  }

  private grow(at: number): void {
    if (at >= PLACES_MAX) return;
    let capacity = this.values.length;
    while (capacity <= at) capacity *= 2;
    this.values = enlarged(this.values, capacity);
  }
}

/** A copy with room for `capacity` values. */
export function enlarged(values: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(values);
  return larger;
}
