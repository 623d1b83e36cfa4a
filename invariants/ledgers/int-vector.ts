/** A growing array of integers for ledgers: 0 where nothing was set, 4 bytes per place. */

/** Places from here on are not kept: no honest run counts that far. */
const PLACES_MAX = 1 << 25;

export class IntVector {
  private values: Int32Array;

  constructor(capacity = 64) {
    this.values = new Int32Array(capacity);
  }

  /** 0 also for what is no place at all: implementations under test may name any number. */
  get(place: number): number {
    return place >= 0 && place < this.values.length ? this.values[place]! | 0 : 0;
  }

  /** Doubles the array until the place is inside. */
  set(place: number, value: number): void {
    if (place >= this.values.length) this.grow(place);
    this.values[place] = value;
  }

  private grow(place: number): void {
    if (place >= PLACES_MAX) return;
    let capacity = this.values.length;
    while (capacity <= place) capacity *= 2;
    this.values = enlarged(this.values, capacity);
  }
}

/** A copy with room for `capacity` values. */
export function enlarged(values: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(values);
  return larger;
}
