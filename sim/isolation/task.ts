/** What isolation asks of a worker, and what comes back: plain data. */
import type { Plan } from '../kernel/plan.ts';
import type { AloneOptions, Otherwise } from './alone.ts';
import type { Tape, TapeStep } from './tape.ts';
import type { Sighting } from './traps.ts';

/** Runs of these plans, one after the other, of which the last is taped. */
export interface TapeTask {
  readonly kind: 'tape';
  readonly implementation: number;
  readonly plans: readonly Plan[];
}

export interface TapeReply {
  readonly kind: 'tape';
  readonly tape: Tape;
  /** Of the taped run; null when it did not come to an end. */
  readonly digest: string | null;
}

/** Servers that are fed these steps alone, in copies of the code that were never used before. */
export interface AloneTask {
  readonly kind: 'alone';
  readonly implementation: number;
  readonly steps: readonly TapeStep[];
  readonly options: AloneOptions;
}

export interface AloneReply {
  readonly kind: 'alone';
  readonly otherwise: Otherwise | null;
}

/** As TapeTask, but what the code reads beside its events is noted in the last run. */
export interface TrappedTask {
  readonly kind: 'trapped';
  readonly implementation: number;
  readonly plans: readonly Plan[];
}

export interface TrappedReply {
  readonly kind: 'trapped';
  readonly sightings: readonly Sighting[];
}

export type IsolationTask = TapeTask | AloneTask | TrappedTask;
export type IsolationReply = TapeReply | AloneReply | TrappedReply;
