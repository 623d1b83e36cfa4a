/** One run of one plan, in a worker. */
import { findScenario } from '../scenarios/registry.ts';
import { runScenario } from '../scenarios/scenario.ts';
import { startSentence } from '../sim/campaign/run-seeds.ts';
import { firstWrongOf } from '../sim/first-wrong.ts';
import { runPerturbed } from '../sim/perturbed.ts';
import { replayTrace } from '../sim/replay.ts';
import {
  type Implementation,
  type RunOptions,
  type RunResult,
  run,
  StartError,
} from '../sim/run.ts';
import { thrownStack, thrownWords } from '../sim/thrown.ts';
import { TraceRecorder } from '../sim/trace/recorder.ts';
import type { PerturbedReply, PerturbedTask, SingleReply, SingleTask } from './worker-task.ts';

const PERTURBED_RUNS = 20;

export interface SingleHost {
  readonly implementation: Implementation;
  readonly hash: string | null;
  readonly disabled: ReadonlySet<string>;
}

/** Throws nothing that a run throws. */
export function runSingle(task: SingleTask, host: SingleHost): SingleReply {
  try {
    const { result, missing, lines } = runRecorded(task, host);
    const { recorded } = task;
    const firstWrong = recorded && firstWrongOf(recorded);
    const cause = { causeStep: firstWrong?.step ?? null };
    const replay = recorded && replayTrace(recorded, host.implementation, cause);
    return { kind: 'single', result, missing, lines, replay, firstWrong, failure: null };
  } catch (error) {
    return singleFailure(error instanceof StartError ? 'start' : 'bench', error);
  }
}

/** The reply when there was no run. */
export function singleFailure(kind: 'start' | 'bench', error: unknown): SingleReply {
  const detail = kind === 'start' ? startSentence(error) : `${thrownWords(error)}.`;
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const stack = thrownStack(deepest);
  const failure = { kind, detail, stack };
  const nothing = { result: null, lines: null, missing: null, replay: null, firstWrong: null };
  return { kind: 'single', ...nothing, failure };
}

interface Recorded {
  readonly result: RunResult;
  readonly missing: string | null;
  readonly lines: readonly string[] | null;
}

function runRecorded(task: SingleTask, { implementation, hash, disabled }: SingleHost): Recorded {
  const { plan } = task;
  const judged = task.recorded?.header.judged;
  const options = {
    disabled: judged === undefined ? disabled : new Set(judged.disabled),
    stopAtFirst: judged?.stopAtFirst ?? true,
  };
  const lines: string[] = [];
  const start = { plan, implementation, hash, options };
  const recorder = task.isRecorded ? new TraceRecorder(start, (line) => lines.push(line)) : null;
  const { result, missing } = runOnce(task, implementation, { ...options, recorder });
  recorder?.finish(result);
  return { result, missing, lines: recorder === null ? null : lines };
}

function runOnce(
  { plan, scenario: id }: SingleTask,
  implementation: Implementation,
  options: RunOptions,
): Pick<Recorded, 'result' | 'missing'> {
  const scenario = id === null ? null : findScenario(id);
  if (scenario === null) return { result: run(plan, implementation, options), missing: null };
  const { result, criterion } = runScenario({ ...scenario, plan }, implementation, options);
  return { result, missing: criterion };
}

/** Throws what a run throws. */
export function runPerturbedPlans({ plan }: PerturbedTask, host: SingleHost): PerturbedReply {
  const options = { disabled: host.disabled, stopAtFirst: true };
  const { runs, failures } = runPerturbed(plan, host.implementation, PERTURBED_RUNS, options);
  return { kind: 'perturbed', runs, failed: failures.length };
}
