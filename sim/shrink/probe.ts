/** One trial of the shrinker: a plan is run, and it is asked how the run failed. */
import type { Plan } from '../kernel/plan.ts';
import { failureOf } from '../replay.ts';
import { type Implementation, run } from '../run.ts';
import { type ObservedRun, RunObserver } from './observed-run.ts';

/** How a plan fails. Plain data. */
export interface Trial {
  /** A fingerprint, `storm`, `exception`, `hang` or `died`; null: it does not fail. */
  readonly failure: string | null;
  /** What happened: one sentence; null when nothing did. */
  readonly detail: string | null;
  readonly events: number;
  /** Virtual time at the end of the run. */
  readonly virtualUs: number;
  /** Only when it was asked for. */
  readonly observed: ObservedRun | null;
}

/** Makes one trial. A run that never ends, or ends its thread, is a failure like any other. */
export type Probe = (plan: Plan, isObserved: boolean) => Promise<Trial>;

/** Throws what `run` throws. */
export function tryPlan(
  plan: Plan,
  implementation: Implementation,
  disabled: ReadonlySet<string>,
  isObserved: boolean,
): Trial {
  const recorder = isObserved ? new RunObserver() : null;
  const result = run(plan, implementation, { recorder, disabled, stopAtFirst: true });
  return {
    failure: failureOf(result),
    detail: result.violations[0]?.detail ?? result.reason,
    events: result.events,
    virtualUs: result.virtualUs,
    observed: recorder?.observed ?? null,
  };
}
