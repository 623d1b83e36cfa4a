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

/** Some of seven servers, at least one. */
const someVoters = fc
  .uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 })
  .map((voters) => voters.sort((a, b) => a - b));

/** Straight from §6: every set that has a majority of C_old and a majority of C_new. */
function jointQuorums(voters: readonly number[], newVoters: readonly number[]): number[][] {
  const servers = [...new Set([...voters, ...newVoters])];
  const count = (set: readonly number[], side: readonly number[]): number =>
    set.filter((server) => side.includes(server)).length;
  return everySubset(servers).filter(
    (set) => 2 * count(set, voters) > voters.length && 2 * count(set, newVoters) > newVoters.length,
  );
}

describe('joint (§6)', () => {
  it('the committed index is the highest that some majority of both sides holds', () => {
    const indexes = fc.array(fc.nat({ max: 9 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(someVoters, someVoters, indexes, (voters, newVoters, held) => {
        const matchIndex = byNode(held, 99);
        const best = Math.max(
          ...jointQuorums(voters, newVoters).map((set) =>
            Math.min(...set.map((server) => matchIndex[server]!)),
          ),
        );
        expect(committedIndex({ voters, newVoters, learners: [] }, matchIndex)).toBe(best);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('an election is won by a majority of both sides, lost when none can come', () => {
    const votes = fc.array(fc.constantFrom(true, false, null), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(someVoters, someVoters, votes, (voters, newVoters, answers) => {
        const byVoter = byNode<boolean | null>(answers, true);
        const quorums = jointQuorums(voters, newVoters);
        const isWon = quorums.some((set) => set.every((server) => byVoter[server] === true));
        const isOpen = quorums.some((set) => set.every((server) => byVoter[server] !== false));
        const expected = isWon ? 'won' : isOpen ? 'pending' : 'lost';
        expect(voteResult({ voters, newVoters, learners: [] }, byVoter)).toBe(expected);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('a majority of all servers together is not enough: {4, 5, 6, 7} leaves out C_old', () => {
    const configuration = { voters: [1, 2, 3], newVoters: [3, 4, 5, 6, 7], learners: [] };
    const votes = [null, null, null, null, true, true, true, true];
    expect(voteResult(configuration, votes)).toBe('pending');
    expect(committedIndex(configuration, [0, 0, 0, 0, 9, 9, 9, 9])).toBe(0);
  });
});

describe('who does not count', () => {
  it('learners, and servers that are not in the configuration', () => {
    const configuration = { voters: [1, 2, 3], newVoters: null, learners: [4, 5] };
    expect(voteResult(configuration, [null, true, null, null, true, true, true])).toBe('pending');
    expect(committedIndex(configuration, [9, 9, 0, 0, 9, 9, 9])).toBe(0);
  });

  it('nobody is a majority of nobody', () => {
    const nobody = { voters: [], newVoters: null, learners: [] };
    expect(voteResult(nobody, [null, true, true])).toBe('lost');
    expect(committedIndex(nobody, [9, 9, 9])).toBe(0);
  });
});
