/** Quorums against a dumb version: all sets of servers, one by one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Configuration } from '../../core/messages.ts';
import { Configurations } from '../../invariants/ledgers/configurations.ts';

const nodes = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
const configuration: fc.Arbitrary<Configuration> = fc.record({
  voters: nodes,
  newVoters: fc.option(nodes),
  learners: fc.constant([]),
});

const bits = (servers: readonly number[]): number => servers.reduce((all, n) => all | (1 << n), 0);

/** All sets of the servers 1 … 7. */
const SETS = Array.from({ length: 128 }, (_, set) => {
  return [1, 2, 3, 4, 5, 6, 7].filter((n) => (set & (1 << (n - 1))) !== 0);
});

function isQuorum({ voters, newVoters }: Configuration, set: readonly number[]): boolean {
  return [voters, newVoters ?? voters].every((half) => {
    return half.filter((n) => set.includes(n)).length > half.length / 2;
  });
}

const doMeet = (a: readonly number[], b: readonly number[]): boolean =>
  a.some((n) => b.includes(n));

describe('configurations', () => {
  test('know their quorums, and which sets are in every one', () => {
    fc.assert(
      fc.property(configuration, (given) => {
        const ledger = new Configurations(3);
        const number = ledger.numberOf(given);
        const quorums = SETS.filter((set) => isQuorum(given, set));
        for (const set of SETS) {
          expect(ledger.isQuorum(number, bits(set))).toBe(quorums.includes(set));
          const isInAll = quorums.every((quorum) => doMeet(quorum, set));
          expect(ledger.intersectsEveryQuorum(number, bits(set))).toBe(isInAll);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('know whether all their quorums meet', () => {
    fc.assert(
      fc.property(configuration, configuration, (a, b) => {
        const ledger = new Configurations(3);
        const all = SETS.filter((set) => isQuorum(a, set));
        const others = SETS.filter((set) => isQuorum(b, set));
        const expected = all.every((set) => others.every((other) => doMeet(set, other)));
        expect(ledger.doIntersect(ledger.numberOf(a), ledger.numberOf(b))).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('have one number each, however they are written', () => {
    const ledger = new Configurations(3);
    const joint = { voters: [1, 2, 3], newVoters: [3, 4], learners: [5] };
    expect(ledger.numberOf({ voters: [3, 2, 1], newVoters: null, learners: [] })).toBe(0);
    expect(ledger.numberOf({ voters: [1, 2], newVoters: null, learners: [3] })).toBe(1);
    expect(ledger.numberOf(joint)).toBe(2);
    expect(ledger.numberOf({ ...joint, newVoters: null })).toBe(3);
    expect(ledger.numberOf({ ...joint, newVoters: [] })).toBe(4);
    expect(ledger.numberOf({ ...joint })).toBe(2);
    expect(ledger.describe(2)).toBe('S1, S2, S3 and S3, S4, jointly (learners: S5)');
    expect(ledger.tally(2, bits([1, 3, 5]))).toBe(
      'S1, S3: 2 of 3, and 2 are needed in C_old, 1 of 2, and 2 are needed in C_new',
    );
  });

  test('without voters have no quorum, and nothing is safe in them', () => {
    const ledger = new Configurations(3);
    const number = ledger.numberOf({ voters: [], newVoters: null, learners: [1, 2, 3] });
    expect(ledger.isQuorum(number, bits([1, 2, 3]))).toBe(false);
    expect(ledger.intersectsEveryQuorum(number, bits([1, 2, 3]))).toBe(false);
  });

  test('count servers that do not exist as voters that never vote', () => {
    const ledger = new Configurations(3);
    const number = ledger.numberOf({ voters: [1, 2, 9, 12], newVoters: null, learners: [-1] });
    expect(ledger.isQuorum(number, bits([1, 2]))).toBe(false);
    expect(ledger.intersectsEveryQuorum(number, bits([1, 2]))).toBe(true);
  });
});
