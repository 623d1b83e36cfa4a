import { describe, expect, it } from 'vitest';
import { MUTANTS, mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { pitfallOf, WHY_KEPT } from '../../scenarios/mutants/graded-expectations.ts';
import { LIKELIEST_TEST } from '../../scenarios/mutants/graded-likeliest.ts';
import { gradeMutant } from '../../scenarios/mutants/graded-mutant.ts';
import { findSuite } from '../../scenarios/suites/registry.ts';
import { likelyPitfalls } from '../../sim/grading/pitfalls.ts';

const { tests } = findSuite('full')!;

function batchOf(testId: string, runs: number) {
  return [{ tests: tests.filter(({ id }) => id === testId), runs }];
}

describe('mutants that are handed in', () => {
  it.each([
    'vote-not-persisted',
    'log-check-index-only',
    'follower-commit-clamped-to-own-last',
    'pending-dropped-silently',
    'timer-not-reset-on-append-entries',
    'naive-multi-node-swap',
    'read-local-at-leader',
  ])('%s loses its test, and the reason names its pitfall', async (id) => {
    const { lost } = await gradeMutant(mutantOf(id)!, batchOf(LIKELIEST_TEST[id]!, 20));
    expect(lost).not.toBeNull();
    expect(likelyPitfalls(lost!.test.id, lost!.why)).toContain(pitfallOf(id));
  });

  it('a legal one holds the same tests', async () => {
    const legal = MUTANTS.find((mutant) => mutant.legal !== undefined)!;
    for (const testId of ['V2', 'T1', 'B5', 'A1']) {
      expect((await gradeMutant(legal, batchOf(testId, 4))).lost).toBeNull();
    }
  });

  it('each is known to lose a test, or why it does not', () => {
    const ids = tests.map(({ id }) => id);
    for (const { id, legal, survivor } of MUTANTS) {
      if (legal !== undefined || survivor !== undefined) continue;
      const testId = LIKELIEST_TEST[id];
      if (testId === undefined) expect(WHY_KEPT[id], id).toBeDefined();
      else expect([ids.includes(testId), pitfallOf(id) !== null], id).toEqual([true, true]);
    }
  });
});
