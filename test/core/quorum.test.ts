import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../core/messages.ts';
import { committedIndex, majority, voteResult } from '../../core/quorum.ts';

/** By node, with an unused place at 0. */
function byNode<Item>(items: readonly Item[], unused: Item): Item[] {
  return [unused, ...items];
}

function plain(voters: readonly number[]): Configuration {
  return { voters, newVoters: null, learners: [] };
}

function membersOf(items: readonly unknown[]): number[] {
  return items.map((_, at) => at + 1);
}

/** Straight from the definition: every set of members, tested one by one. */
function everySubset(members: readonly number[]): number[][] {
  return Array.from({ length: 2 ** members.length }, (_, bits) =>
    members.filter((_, at) => (bits >> at) % 2 === 1),
  );
}

describe('majority', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [6, 4],
    [7, 4],
  ])('of %i members is %i', (memberCount, expected) => {
    expect(majority(memberCount)).toBe(expected);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])(
    'any two majorities of %i members intersect, and no less does',
    (size) => {
      const members = Array.from({ length: size }, (_, at) => at + 1);
      const sets = everySubset(members);
      const large = sets.filter((set) => set.length >= majority(size));
      for (const a of large) for (const b of large) expect(a.some((m) => b.includes(m))).toBe(true);
      const smaller = sets.filter((set) => set.length === majority(size) - 1);
      const disjoint = sets.filter((set) => set.length === size - majority(size) + 1);
      expect(smaller.some((a) => disjoint.some((b) => !a.some((m) => b.includes(m))))).toBe(true);
    },
  );
});

describe('committedIndex', () => {
  it('is the highest index that some majority holds', () => {
    const indexes = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(indexes, (held) => {
        const members = membersOf(held);
        const majorities = everySubset(members).filter((set) => set.length > members.length / 2);
        const best = Math.max(
          ...majorities.map((set) => Math.min(...set.map((m) => held[m - 1]!))),
        );
        expect(committedIndex(plain(members), byNode(held, 99))).toBe(best);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('voteResult', () => {
  it('is won with a majority, lost when none can come, else pending', () => {
    const votes = fc.array(fc.constantFrom(true, false, null), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(votes, (answers) => {
        const members = membersOf(answers);
        const granted = answers.filter((vote) => vote === true).length;
        const open = answers.filter((vote) => vote === null).length;
        const isMajority = (count: number): boolean => count > members.length / 2;
        const lostOrPending = isMajority(granted + open) ? 'pending' : 'lost';
        const expected = isMajority(granted) ? 'won' : lostOrPending;
        expect(voteResult(plain(members), byNode<boolean | null>(answers, true))).toBe(expected);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});
