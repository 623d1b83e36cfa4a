import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hasSlot,
  Visited,
  withoutSlot,
  withSlot,
} from '../../../invariants/linearizability/visited.ts';

const slots = fc.uniqueArray(fc.nat(51), { maxLength: 12 });
const setOf = (members: readonly number[]): number => members.reduce(withSlot, 0);

describe('a set of slots', () => {
  test('holds what was put in and not taken out', () => {
    fc.assert(
      fc.property(slots, fc.nat(51), (members, slot) => {
        const set = setOf(members);
        expect(hasSlot(set, slot)).toBe(members.includes(slot));
        if (members.includes(slot)) expect(hasSlot(withoutSlot(set, slot), slot)).toBe(false);
        else expect(withoutSlot(withSlot(set, slot), slot)).toBe(set);
      }),
    );
  });
});

describe('where a search has been', () => {
  test('is known by return, state, steps done, and no fewer optional ones', () => {
    const point = fc.record({
      place: fc.nat(2),
      state: fc.integer({ min: -1, max: 1 }),
      done: fc.constantFrom([], [1], [40]),
      perhaps: slots.map((members) => members.map((slot) => (slot % 8) + (slot > 30 ? 40 : 0))),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), (points) => {
        const visited = new Visited();
        const before: typeof points = [];
        for (const one of points) {
          const perhaps = [...new Set(one.perhaps)];
          const isKnown = before.some(
            (other) =>
              other.place === one.place &&
              other.state === one.state &&
              setOf(other.done) === setOf(one.done) &&
              other.perhaps.every((slot) => perhaps.includes(slot)),
          );
          const isNew = visited.add(one.place, one.state, setOf(one.done), setOf(perhaps));
          expect(isNew).toBe(!isKnown);
          if (isNew) before.push({ ...one, perhaps });
        }
      }),
    );
  });

  test('stays known when there is more of it', () => {
    const visited = new Visited();
    for (let place = 0; place < 3_000; place += 1)
      expect(visited.add(place, 7, place, 0)).toBe(true);
    for (let place = 0; place < 3_000; place += 1)
      expect(visited.add(place, 7, place, 1)).toBe(false);
  });
});
