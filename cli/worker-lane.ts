/** Opens worker threads for commands. */
import type { ImplementationSpec } from '../scenarios/implementations.ts';
import { Lane, type LaneOptions } from '../sim/campaign/lane.ts';
import type { ProfileName } from '../sim/generate/profile-names.ts';
import type { Terminal } from './terminal.ts';
import type {
  PerturbedReply,
  PerturbedTask,
  SingleReply,
  SingleTask,
  WorkerData,
} from './worker-task.ts';

/** A worker without a sign of life for this long hangs. */
export const HANG_MS = 10_000;

export interface WorkerOptions {
  readonly specs: readonly ImplementationSpec[];
  readonly without: readonly string[];
  /** Of the plans that are made of seeds. */
  readonly profile?: ProfileName | undefined;
  readonly hangMs: number;
}

/** What an implementation prints is shown with --verbose only, on stderr. */
export function laneOptions(
  options: WorkerOptions,
  terminal: Pick<Terminal, 'isVerbose' | 'warn'>,
): LaneOptions {
  const { without, profile, hangMs } = options;
  const specs = options.specs.map((spec) => withPatience(spec, hangMs));
  const workerData: WorkerData = { specs, without, profile };
  return {
    workerUrl: new URL(`./run-worker${extension()}`, import.meta.url),
    workerData,
    hangMs: Math.max(hangMs, ...specs.map(patienceMs)),
    onPrint: (text) => {
      if (terminal.isVerbose) terminal.warn(text.trimEnd());
    },
  };
}

/**
 * What watches the processes of a program knows more of a hang than what watches the worker, so it is
 * the one that waits for `hangMs`, or less where that is usual, and the worker gets more time.
 */
function withPatience(spec: ImplementationSpec, hangMs: number): ImplementationSpec {
  if (spec.kind !== 'program' || spec.patience.eventMs === null) return spec;
  const { eventMs } = spec.patience;
  const isPatient = hangMs > HANG_MS;
  return {
    ...spec,
    patience: { ...spec.patience, eventMs: isPatient ? hangMs : Math.min(hangMs, eventMs) },
  };
}

/** A worker is silent for so long, and not longer, when the program is. */
function patienceMs(spec: ImplementationSpec): number {
  if (spec.kind !== 'program') return 0;
  const { eventMs, helloMs } = spec.patience;
  return eventMs === null || helloMs === null ? FOR_EVER_MS : 2 * Math.max(eventMs, helloMs);
}

/** Somebody sits at a debugger: eleven days. */
export const FOR_EVER_MS = 1e9;

/** For one run at a time. */
export function openSingleLane(
  options: WorkerOptions,
  terminal: Terminal,
): Lane<SingleTask, SingleReply> {
  return new Lane(laneOptions(options, terminal));
}

/** For runs of a plan with other luck. */
export function openPerturbedLane(
  options: WorkerOptions,
  terminal: Terminal,
): Lane<PerturbedTask, PerturbedReply> {
  return new Lane(laneOptions(options, terminal));
}

/** The worker is of the same kind as this module: a source, or what was built from it. */
function extension(): string {
  return import.meta.url.endsWith('.ts') ? '.ts' : '.js';
}
