/**
 * How many runs of a campaign have reached each abstract state. Keys are folded to fewer bits, so
 * that the memory is bounded: two states may then count as one.
 */

/** 16 MiB; at half a million states one in sixteen new ones is taken for a known one. */
const SLOT_BITS = 22;

export class Coverage {
  /** Different states reached so far. */
  states = 0;
  private readonly counts = new Uint32Array(1 << SLOT_BITS);

  /** Runs that have reached this state. */
  countOf(key: number): number {
    return this.counts[slotOf(key)]!;
  }

  /** Adds a run, and says which of its states, by place, nobody had reached before. */
  add(keys: Int32Array): number[] {
    const fresh: number[] = [];
    for (let place = 0; place < keys.length; place += 1) {
      const slot = slotOf(keys[place]!);
      if (this.counts[slot] === 0) {
        fresh.push(place);
        this.states += 1;
      }
      this.counts[slot]! += 1;
    }
    return fresh;
  }
}

function slotOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> (32 - SLOT_BITS);
}
