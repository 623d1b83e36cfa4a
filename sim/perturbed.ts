/**
 * Re-runs of a plan with other luck. Where a replay goes another way before the cause of a failure,
 * and finds nothing, they say how often the same faults still lead to a failure.
 */
import type { Plan } from './kernel/plan.ts';
import { type Implementation, type RunOptions, type RunResult, run } from './run.ts';

/** The same plan, but latencies, losses, timeouts and clients are drawn anew; `nth` from 1. */
export function perturbed(plan: Plan, nth: number): Plan {
  return { ...plan, seed: `${plan.seed}~${nth}` };
}

export interface PerturbedRuns {
  readonly runs: number;
  /** Those that ended with a violation, an exception or a storm, in order. */
  readonly failures: readonly { readonly plan: Plan; readonly result: RunResult }[];
}

/** Runs `count` perturbed plans. Throws what `run` throws. */
export function runPerturbed(
  plan: Plan,
  implementation: Implementation,
  count: number,
  options: Pick<RunOptions, 'disabled' | 'stopAtFirst'>,
): PerturbedRuns {
  const failures: { plan: Plan; result: RunResult }[] = [];
  for (let nth = 1; nth <= count; nth += 1) {
    const other = perturbed(plan, nth);
    const result = run(other, implementation, { ...options, recorder: null });
    if (result.verdict !== 'pass' && result.verdict !== 'excused') {
      failures.push({ plan: other, result });
    }
  }
  return { runs: count, failures };
}
