/** CPU time, medians and slices. */
import type { Plan } from '../sim/kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, run } from '../sim/run.ts';
import { baseline } from './baseline.ts';

/** What a slice of the load amounted to. */
export interface Tally {
  seeds: number;
  events: number;
  committed: number;
  cpuSeconds: number;
}

const OPERATIONS = 5_000_000;
const SLICES = 5;
const SLICE_SECONDS_MAX = 0.4;

/** CPU seconds, user and system, that `work` took in this process. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const spent = process.cpuUsage(before);
  return (spent.user + spent.system) / 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs the plan, which must hold every property: a benchmark of broken runs means nothing. */
export function runOne(plan: Plan, implementation: Implementation, tally: Tally): void {
  const result = run(plan, implementation, DEFAULT_RUN_OPTIONS);
  if (result.verdict !== 'pass') {
    const what = result.violations[0]?.detail ?? result.reason ?? '';
    throw new Error(`benchmark run ${plan.seed}: expected pass, got ${result.verdict} ${what}`);
  }
  tally.seeds += 1;
  tally.events += result.events;
  tally.committed += result.statistics['committedCommands'] ?? 0;
}

/**
 * One round: five million operations of the baseline and the load in turn, in slices of less than
 * half a second each. Returns the baseline's CPU seconds per operation and the load's tally.
 */
export function round(
  nextPlan: () => Plan,
  implementation: Implementation,
): { readonly baselineSeconds: number; readonly tally: Tally } {
  const tally: Tally = { seeds: 0, events: 0, committed: 0, cpuSeconds: 0 };
  let baselineSeconds = 0;
  for (let slice = 0; slice < SLICES; slice += 1) {
    baselineSeconds += cpuSeconds(() => baseline(OPERATIONS / SLICES));
    let spent = 0;
    while (spent < SLICE_SECONDS_MAX / 2) {
      spent += cpuSeconds(() => runOne(nextPlan(), implementation, tally));
    }
    tally.cpuSeconds += spent;
  }
  return { baselineSeconds: baselineSeconds / OPERATIONS, tally };
}
