/** What a campaign asks of a worker, and what comes back: plain data, small per seed. */
import type { Violation } from '../../invariants/violation.ts';
import type { RunStates } from '../explore/state-set.ts';
import { generatePlan } from '../generate/generate-plan.ts';
import type { ProfileName } from '../generate/profile-names.ts';
import type { Plan } from '../kernel/plan.ts';

/** A run: of its seed, or of this plan, which no seed generates and which the seed only names. */
export interface NamedRun {
  readonly seed: string;
  readonly plan?: Plan;
}

/** Runs of consecutive places of a campaign, in order, one after the other. */
export interface SeedsTask {
  readonly kind: 'seeds';
  /** Which of the implementations that the worker was given. */
  readonly implementation: number;
  /** Place of each seed in its campaign, ascending. */
  readonly positions: readonly number[];
  /** Of plans that no seed generates: their names. */
  readonly seeds: readonly string[];
  /** Such plans, by place; null where the seed generates it. Missing: there are none. */
  readonly plans?: readonly (Plan | null)[];
  /** The abstract states that each run reaches come back. */
  readonly isWatched?: boolean;
}

/** These runs, of which the last is recorded: the others only go before it. */
export interface RecordTask {
  readonly kind: 'record';
  readonly implementation: number;
  readonly runs: readonly NamedRun[];
}

/**
 * - violation: a property broke.
 * - exception: the implementation threw, or broke the contract.
 * - hang: it did not come back. died: it took its worker down.
 * - storm: the run had more events than its plan allows.
 * - nondeterminism: a second run of the same seed was another run.
 */
export type FailureKind = 'violation' | 'exception' | 'hang' | 'died' | 'storm' | 'nondeterminism';

/** A run that is the implementation's failure. */
export interface Failure extends NamedRun {
  readonly position: number;
  readonly kind: FailureKind;
  /** Of a violation, else null. */
  readonly violation: Violation | null;
  /** What happened: one sentence. */
  readonly detail: string;
  /** Of an exception, else null. */
  readonly stack: string | null;
  /** Events until then; null when nobody knows. */
  readonly events: number | null;
  /** 16 hexadecimal digits; null when the run did not end. */
  readonly digest: string | null;
}

/** A run that is the bench's own failure. */
export interface BenchFailure extends NamedRun {
  readonly position: number;
  readonly detail: string;
  readonly stack: string | null;
}

/** What the runs of one task came to. */
export interface SeedsReply {
  readonly kind: 'seeds';
  /** Events of each run, in the order of the task. */
  readonly events: readonly number[];
  /** Digest of each run. */
  readonly digests: readonly string[];
  readonly excuses: readonly { readonly position: number; readonly reason: string }[];
  readonly failures: readonly Failure[];
  readonly benchFailures: readonly BenchFailure[];
  /** Runs in which at least two leaders were elected. */
  readonly twoLeaders: number;
  /** Faults that the plans held. */
  readonly faults: number;
  readonly virtualUs: number;
  /** Hits of each situation, summed over the runs. */
  readonly situations: Readonly<Record<string, number>>;
  readonly statistics: Readonly<Record<string, number>>;
  /** How many plans turned each of the larger parts of Raft on. */
  readonly features: Readonly<Record<string, number>>;
  /** The implementation does not even make a server: why, one sentence, else null. */
  readonly startFailure: { readonly detail: string; readonly stack: string | null } | null;
  /** Of each run, in the order of the task, when they were asked for; null: it did not end. */
  readonly states?: readonly (RunStates | null)[];
}

export interface RecordReply {
  readonly kind: 'record';
  /** Of the trace: equal for equal runs. */
  readonly lines: readonly string[];
}

/** A run's own plan, or the one that its seed means, of this profile where one is asked for. */
export function planOfRun({ seed, plan }: NamedRun, profile?: ProfileName): Plan {
  return plan ?? generatePlan(seed, { profile });
}

/** The run at this place of a task. */
export function runAt({ seeds, plans }: SeedsTask, place: number): NamedRun {
  const plan = plans?.[place] ?? null;
  return plan === null ? { seed: seeds[place]! } : { seed: seeds[place]!, plan };
}

/** The runs of a task before this place. */
export function runsBefore(task: SeedsTask, place: number): NamedRun[] {
  return Array.from({ length: place }, (_, i) => runAt(task, i));
}
