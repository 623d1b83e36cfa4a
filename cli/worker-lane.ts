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
  const { specs, without, profile, hangMs } = options;
  const workerData: WorkerData = { specs, without, profile };
  return {
    workerUrl: new URL(`./run-worker${extension()}`, import.meta.url),
    workerData,
    hangMs,
    onPrint: (text) => {
      if (terminal.isVerbose) terminal.warn(text.trimEnd());
    },
  };
}

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
