/**
 * Where a search has been: a return, the steps that have happened before it and are not over, and
 * the state. To come there a second time leads nowhere new.
 */

/** Sets of up to 52 slots are whole numbers: bit i of them stands for slot i. */
export type SlotSet = number;

const POWERS: readonly number[] = powersOfTwo(53);

export function hasSlot(set: SlotSet, slot: number): boolean {
  return slot < 31 ? (set & (1 << slot)) !== 0 : Math.floor(set / POWERS[slot]!) % 2 === 1;
}

/** The slot is not in the set. */
export function withSlot(set: SlotSet, slot: number): SlotSet {
  return set + POWERS[slot]!;
}

/** The slot is in the set. */
export function withoutSlot(set: SlotSet, slot: number): SlotSet {
  return set - POWERS[slot]!;
}

/** Is everything in `a` also in `b`? */
function isSubset(a: SlotSet, b: SlotSet): boolean {
  const half = POWERS[26]!;
  const [aLow, bLow] = [a % half, b % half];
  if ((aLow & bLow) !== aLow) return false;
  const [aHigh, bHigh] = [(a - aLow) / half, (b - bLow) / half];
  return (aHigh & bHigh) === aHigh;
}

export class Visited {
  private count = 0;
  private heads = new Int32Array(1024).fill(-1);
  private places = new Int32Array(512);
  private states = new Int32Array(512);
  private next = new Int32Array(512);
  private done = new Float64Array(512);
  private perhaps = new Float64Array(512);

  /**
   * False when the search has been here, or has been here with fewer optional steps used up: that
   * could have gone on in every way that this one can.
   */
  add(place: number, state: number, done: SlotSet, perhaps: SlotSet): boolean {
    const head = this.headOf(place, state, done);
    for (let at = this.heads[head]!; at >= 0; at = this.next[at]!) {
      if (this.places[at] !== place || this.states[at] !== state || this.done[at] !== done)
        continue;
      if (isSubset(this.perhaps[at]!, perhaps)) return false;
    }
    if (this.count === this.places.length) this.grow();
    const at = this.count;
    this.count += 1;
    this.places[at] = place;
    this.states[at] = state;
    this.done[at] = done;
    this.perhaps[at] = perhaps;
    this.link(at);
    return true;
  }

  private link(at: number): void {
    const head = this.headOf(this.places[at]!, this.states[at]!, this.done[at]!);
    this.next[at] = this.heads[head]!;
    this.heads[head] = at;
  }

  private headOf(place: number, state: number, done: SlotSet): number {
    let hash = Math.imul(place ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(state, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15) ^ (done | 0), 0x27d4eb2f);
    hash = Math.imul(hash ^ Math.floor(done / POWERS[31]!), 0x165667b1);
    return (hash ^ (hash >>> 13)) & (this.heads.length - 1);
  }

  private grow(): void {
    const size = this.places.length * 2;
    this.places = copied(new Int32Array(size), this.places);
    this.states = copied(new Int32Array(size), this.states);
    this.done = copied(new Float64Array(size), this.done);
    this.perhaps = copied(new Float64Array(size), this.perhaps);
    this.next = new Int32Array(size);
    this.heads = new Int32Array(size * 2).fill(-1);
    for (let at = 0; at < this.count; at += 1) this.link(at);
  }
}

function copied<T extends Int32Array | Float64Array>(larger: T, values: T): T {
  larger.set(values);
  return larger;
}

function powersOfTwo(count: number): number[] {
  const powers = [1];
  while (powers.length < count) powers.push(powers[powers.length - 1]! * 2);
  return powers;
}
