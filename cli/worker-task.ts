/** What commands ask of a worker beside what campaigns ask. */

import type { WrongAction } from '../invariants/conformance/rule.ts';
import type { ImplementationSpec } from '../scenarios/implementations.ts';
import type { RandomRuns, RunOutcome } from '../scenarios/mutants/zoo-run.ts';
import type { ProfileName } from '../sim/generate/profile-names.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import type { Replay } from '../sim/replay.ts';
import type { RunResult } from '../sim/run.ts';
import type { Trace } from '../sim/trace/format.ts';

export interface WorkerData {
  /** Tasks name an implementation by its place. */
  readonly specs: readonly ImplementationSpec[];
  /** Ids of properties that are not judged. */
  readonly without: readonly string[];
  /** Of the plans that are made of seeds. */
  readonly profile: ProfileName | undefined;
}

/** One run of one plan. */
export interface SingleTask {
  readonly kind: 'single';
  readonly implementation: number;
  readonly plan: Plan;
  /** Id of the scenario whose criterion is asked; null for none. */
  readonly scenario: string | null;
  /** The trace comes back too. */
  readonly isRecorded: boolean;
  /** A recorded run of this plan to compare with, judged as it was; null for none. */
  readonly recorded: Trace | null;
}

export interface SingleReply {
  readonly kind: 'single';
  /** null when there was no run, or it did not come to its end. */
  readonly result: RunResult | null;
  /** Lines of the trace; null when it was not asked for. */
  readonly lines: readonly string[] | null;
  /** What is missing of what the scenario claims; null when nothing is, or nobody asked. */
  readonly missing: string | null;
  /** How it compares with the recorded run. */
  readonly replay: Replay | null;
  /** What the failure of the recorded run began with, where that is known. */
  readonly firstWrong: WrongAction | null;
  /** Why there was no run. */
  readonly failure: {
    readonly kind: 'start' | 'bench';
    readonly detail: string;
    readonly stack: string | null;
  } | null;
}

/** Runs of a plan with other luck. */
export interface PerturbedTask {
  readonly kind: 'perturbed';
  readonly implementation: number;
  readonly plan: Plan;
}

export interface PerturbedReply {
  readonly kind: 'perturbed';
  readonly runs: number;
  readonly failed: number;
}

/** Runs of the zoo: these plans, one after the other. */
export interface ZooPlansTask {
  readonly kind: 'zooPlans';
  readonly implementation: number;
  readonly plans: readonly Plan[];
}

/** Runs of the zoo: consecutive seeds, perhaps only to the first kill. */
export interface ZooSeedsTask {
  readonly kind: 'zooSeeds';
  readonly implementation: number;
  readonly from: string;
  readonly count: number;
  readonly stopAtFirstKill: boolean;
}

export type ZooTask = ZooPlansTask | ZooSeedsTask;

export type ZooReply =
  | { readonly kind: 'zooPlans'; readonly outcomes: readonly RunOutcome[] }
  | { readonly kind: 'zooSeeds'; readonly runs: RandomRuns };
