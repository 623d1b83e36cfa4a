/** Shrinks with every run in a worker, under a watchdog and within a budget of time. */
import { HarnessError } from '../sim/adapters/harness-error.ts';
import { Lane, type Loss } from '../sim/campaign/lane.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import type { Trial } from '../sim/shrink/probe.ts';
import { type ShrinkProgress, type Shrunk, shrink } from '../sim/shrink/shrink.ts';
import type { Terminal } from './terminal.ts';
import { laneOptions, type WorkerOptions } from './worker-lane.ts';

/** One run of a shrink. */
export interface TrialTask {
  readonly plan: Plan;
  readonly isObserved: boolean;
}

/** `failure`: there was no run, and why. */
export type TrialReply =
  | { readonly trial: Trial; readonly failure: null }
  | {
      readonly trial: null;
      readonly failure: { readonly detail: string; readonly stack: string | null };
    };

export interface ShrinkRequest {
  readonly plan: Plan;
  /** The first of `specs` is what runs. */
  readonly workers: WorkerOptions;
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ShrinkProgress) => void;
}

/** null when the plan does not fail. Throws a HarnessError when it cannot even be run. */
export async function shrinkInWorker(
  request: ShrinkRequest,
  terminal: Terminal,
): Promise<Shrunk | null> {
  const { plan, workers, budgetMs, signal, onProgress } = request;
  const lane = openLane(workers, terminal);
  const endMs = performance.now() + budgetMs;
  const cancel = (): void => lane.cancel();
  signal.addEventListener('abort', cancel);
  const probe = async (candidate: Plan, isObserved: boolean): Promise<Trial> => {
    const result = await lane.run({ plan: candidate, isObserved });
    if (result.kind === 'lost') return trialOfLoss(result, candidate);
    const { trial, failure } = result.reply;
    if (failure === null) return trial;
    throw new HarnessError(failure.detail, { cause: failure.stack });
  };
  const isOver = (): boolean => signal.aborted || performance.now() > endMs;
  try {
    return await shrink(plan, probe, { isOver, onProgress });
  } finally {
    signal.removeEventListener('abort', cancel);
    await lane.close();
  }
}

/** One trial alone. */
export async function tryInWorker(
  plan: Plan,
  workers: WorkerOptions,
  terminal: Terminal,
): Promise<Pick<Trial, 'failure' | 'events'>> {
  const lane = openLane(workers, terminal);
  const result = await lane.run({ plan, isObserved: false });
  await lane.close();
  if (result.kind === 'lost') return trialOfLoss(result, plan);
  const { trial, failure } = result.reply;
  if (failure !== null) throw new HarnessError(failure.detail);
  return trial;
}

function openLane(workers: WorkerOptions, terminal: Terminal): Lane<TrialTask, TrialReply> {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const workerUrl = new URL(`./shrink-worker${extension}`, import.meta.url);
  // Every candidate is a run of its own: that others have hung says nothing about it.
  const specs = workers.specs.map((spec) =>
    spec.kind === 'program' ? { ...spec, hangsMax: null } : spec,
  );
  return new Lane({ ...laneOptions({ ...workers, specs }, terminal), workerUrl });
}

/**
 * A run that does not come back fails, too: its plan can be shrunk like any other. Throws when it
 * was not the implementation that did not.
 */
function trialOfLoss({ how, reading, message }: Loss, plan: Plan): Trial {
  const nothing = { events: reading.events, virtualUs: plan.phases.chaosUs, observed: null };
  if (how === 'cancelled') return { failure: null, detail: null, ...nothing };
  const what = how === 'hang' ? 'it did not return' : message;
  if (!reading.hasRun) throw new HarnessError(`No server could be made: ${what}.`);
  if (!reading.isInside && how === 'hang') throw new Error('a run of the shrinker hangs');
  const who = reading.node === 0 ? 'the implementation' : `server ${reading.node}`;
  return { failure: how, detail: `In ${who}: ${what}.`, ...nothing };
}
