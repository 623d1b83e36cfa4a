import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  configurationAt,
  countChangedVoters,
  equalConfigurations,
  finalConfiguration,
  isVoter,
  jointConfiguration,
  serversOf,
} from '../../core/configuration.ts';
import { LogStore } from '../../core/log-store.ts';
import { isChangeSafe } from '../../core/membership.ts';
import type { Configuration, Entry } from '../../core/messages.ts';
import { majority } from '../../core/quorum.ts';

function plain(voters: readonly number[], learners: readonly number[] = []): Configuration {
  return { voters, newVoters: null, learners };
}

const command = { clientId: 1, seq: 1, op: 'put x 1' };
const bootstrap = plain([1, 2, 3]);

/** A command of term 1 for null, else the configuration. */
function logOf(configurations: readonly (Configuration | null)[]): LogStore {
  return new LogStore(
    configurations.map(
      (configuration): Entry =>
        configuration === null ? { term: 1, command } : { term: 1, command: null, configuration },
    ),
  );
}

describe('the parts of a configuration', () => {
  const joint = jointConfiguration(plain([1, 2, 3], [7]), plain([3, 4], [2]));

  it('C_old,new has the voters of both, each on its side, and the learners of C_new', () => {
    expect(joint).toEqual({ voters: [1, 2, 3], newVoters: [3, 4], learners: [2] });
  });

  it('C_new follows from C_old,new alone', () => {
    expect(finalConfiguration(joint)).toEqual(plain([3, 4], [2]));
  });

  it('voters of either side vote, learners and others do not', () => {
    expect([1, 2, 3, 4, 5, 7].map((server) => isVoter(joint, server))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(isVoter(finalConfiguration(joint), 2)).toBe(false);
  });

  it('everybody gets the log, each once, ascending', () => {
    expect(serversOf(joint)).toEqual([1, 2, 3, 4]);
    expect(serversOf(plain([2, 5], [1, 3]))).toEqual([1, 2, 3, 5]);
    expect(serversOf(bootstrap)).toEqual([1, 2, 3]);
    expect(serversOf(plain([]))).toEqual([]);
  });

  it('changed voters are those that come and those that go', () => {
    expect(countChangedVoters(plain([1, 2, 3]), plain([1, 2, 3], [4]))).toBe(0);
    expect(countChangedVoters(plain([1, 2, 3]), plain([1, 2, 3, 4]))).toBe(1);
    expect(countChangedVoters(plain([1, 2, 3]), plain([1, 2]))).toBe(1);
    expect(countChangedVoters(plain([1, 2, 3]), plain([1, 2, 4]))).toBe(2);
  });

  it.each([
    [plain([1, 2, 4]), false],
    [plain([1, 2]), false],
    [plain([1, 2, 3], [4]), false],
    [{ ...bootstrap, newVoters: [1, 2, 3] }, false],
    [plain([1, 2, 3]), true],
  ])('%j is or is not what the cluster started with', (other, expected) => {
    expect(equalConfigurations(bootstrap, other)).toBe(expected);
    expect(equalConfigurations(other, bootstrap)).toBe(expected);
  });

  it('two joint ones are equal if both sides are', () => {
    expect(equalConfigurations(joint, { ...joint, newVoters: [3, 4] })).toBe(true);
    expect(equalConfigurations(joint, { ...joint, newVoters: [3, 5] })).toBe(false);
  });
});

describe('one voter more or less', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'majorities of %i voters and of one more share a server (thesis §4.1)',
    (size) => {
      expect(majority(size) + majority(size + 1)).toBeGreaterThan(size + 1);
    },
  );
});

describe('the configuration in force (§6)', () => {
  const four = plain([1, 2, 3, 4]);
  const five = plain([1, 2, 3, 4, 5]);

  it('is that of bootstrap where the log has none', () => {
    expect(configurationAt(logOf([]), 0, null, bootstrap)).toEqual({
      configuration: bootstrap,
      index: 0,
    });
    const log = logOf([null, null]);
    expect(configurationAt(log, 2, null, bootstrap).configuration).toBe(bootstrap);
  });

  it('is the newest one through the place that is asked about', () => {
    const log = logOf([null, four, null, five, null]);
    const indexes = [0, 1, 2, 3, 4, 5].map(
      (index) => configurationAt(log, index, null, bootstrap).index,
    );
    expect(indexes).toEqual([0, 0, 2, 2, 4, 4]);
    expect(configurationAt(log, 3, null, bootstrap).configuration).toBe(four);
    expect(configurationAt(log, 5, null, bootstrap).configuration).toBe(five);
  });

  it('is that of the snapshot where the rest of the log has none', () => {
    const snapshot = { lastIncludedIndex: 4, lastIncludedTerm: 1, configuration: five, data: '' };
    const log = logOf([null, four, null, five, null]);
    log.compactTo(4);
    expect(configurationAt(log, 5, snapshot, bootstrap)).toEqual({ configuration: five, index: 4 });
    log.append({ term: 2, command: null, configuration: four });
    expect(configurationAt(log, 6, snapshot, bootstrap).configuration).toBe(four);
  });

  it('is found as a plain search finds it', () => {
    const configurations = fc.array(fc.option(fc.constantFrom(four, five, bootstrap)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(configurations, fc.nat({ max: 12 }), (held, at) => {
        const index = Math.min(at, held.length);
        const newest =
          held
            .slice(0, index)
            .filter((held) => held !== null)
            .at(-1) ?? bootstrap;
        expect(configurationAt(logOf(held), index, null, bootstrap).configuration).toBe(newest);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('when the next change may begin', () => {
  const log = new LogStore([1, 1, 2, 2].map((term) => ({ term, command: null })));

  it.each([
    ['all is committed, in this term', 2, 4, 2, true],
    ['the last configuration is not committed', 4, 3, 2, false],
    ['nothing of this term is committed', 1, 2, 2, false],
    ['a later term has begun', 1, 4, 3, false],
  ])('%s', (_, configurationIndex, commitIndex, currentTerm, expected) => {
    expect(isChangeSafe(log, configurationIndex, commitIndex, currentTerm)).toBe(expected);
  });
});
