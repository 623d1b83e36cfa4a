/** A mutant is graded as a submission, until it loses its first run. */
import { gradedRun } from '../../sim/grading/graded-run.ts';
import type { Why } from '../../sim/grading/run-grade.ts';
import { PUBLIC_SECRET, seedOf } from '../../sim/grading/seeds.ts';
import type { GradedTest } from '../../sim/grading/suite.ts';
import { isDeclared } from '../../sim/grading/test-grade.ts';
import { bundleMutant } from './bundle.ts';
import { loadBundle } from './load.ts';
import type { Mutant } from './mutant.ts';
import { submissionOf } from './submission.ts';

/** The first run that a mutant has lost. */
export interface LostRun {
  readonly test: GradedTest;
  readonly why: Why;
  /** Runs and events until then, those of this run included. */
  readonly runs: number;
  readonly events: number;
}

export interface GradedMutant {
  readonly id: string;
  /** null: all runs of all tests held. */
  readonly lost: LostRun | null;
}

/** Tests that are run together, one run of each in turn. */
export interface Batch {
  readonly tests: readonly GradedTest[];
  /** Of each test, at most; never more than it has. */
  readonly runs: number;
}

/** One batch after the other: first the tests that are likeliest to see it. */
export async function gradeMutant(
  mutant: Mutant,
  batches: readonly Batch[],
): Promise<GradedMutant> {
  const core = await loadBundle(await bundleMutant(mutant, { assertionsOff: true }));
  const submission = submissionOf(core, mutant.id);
  const { capabilities } = submission.program;
  let runs = 0;
  let events = 0;
  for (const batch of batches) {
    const tests = batch.tests.filter(({ needs }) =>
      needs.every((need) => isDeclared(need, capabilities)),
    );
    for (let i = 0; i < batch.runs; i += 1) {
      for (const test of tests) {
        if (i >= test.runs) continue;
        const source = { secret: PUBLIC_SECRET, assignment: 'full' };
        const grade = gradedRun(test, seedOf(source, test.id, i), i, submission);
        runs += 1;
        events += grade.events;
        if (grade.why !== null)
          return { id: mutant.id, lost: { test, why: grade.why, runs, events } };
      }
    }
  }
  return { id: mutant.id, lost: null };
}
