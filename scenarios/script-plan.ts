/** All that a script has said, and the plan that it stands for. */
import type {
  Fault,
  InitialImage,
  PinnedDecision,
  PinnedTimer,
  Plan,
  WorkloadPlan,
} from '../sim/kernel/plan.ts';
import { firstPlanProblem } from '../sim/plan-rules.ts';
import { unexpected } from '../sim/usage-error.ts';
import { VERSIONS } from '../sim/versions.ts';
import { type Asked, operatorsOf } from './script-operators.ts';
import {
  clocksOf,
  clusterOf,
  diskOf,
  networkOf,
  phasesOf,
  type ScriptOptions,
  workloadOf,
} from './script-options.ts';
import { timersOf } from './script-timers.ts';

export interface Said {
  readonly options: ScriptOptions;
  readonly faults: readonly Fault[];
  readonly requests: WorkloadPlan['script'];
  readonly asked: readonly Asked[];
  readonly decisions: readonly PinnedDecision[];
  readonly timers: readonly PinnedTimer[];
  readonly images: readonly InitialImage[];
  readonly endMs: number;
}

/** Throws UsageError when the plan breaks a rule of plans. */
export function planOf(said: Said): Plan {
  const { options, faults, endMs } = said;
  const plan: Plan = {
    versions: VERSIONS,
    seed: options.seed ?? '1',
    cluster: clusterOf(options),
    network: networkOf(options),
    disk: diskOf(options),
    workload: workloadOf(options, said.requests),
    phases: phasesOf(options, endMs),
    faults,
    decisions: said.decisions,
    timers: timersOf(options, faults, said.timers, endMs),
    operators: operatorsOf(options, said.asked),
    clocks: clocksOf(options),
    images: said.images,
    eventsMax: 100_000,
  };
  const problem = firstPlanProblem(plan);
  if (problem === null) return plan;
  const { expected, got, path } = problem;
  throw unexpected({ expected, got, where: path.join('.'), nearest: null });
}
