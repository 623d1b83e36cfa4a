/**
 * Judges a trace without the implementation: its facts go past the same judge as those of a run,
 * so an old trace can be held against new properties.
 */
import type { Arbiter } from '../../invariants/arbiter.ts';
import type { Violation } from '../../invariants/violation.ts';
import { Observation } from '../kernel/observation.ts';
import { isStorm } from '../kernel/storm.ts';
import { newCausalJudge, newJudge, type RunVerdict, verdictOf, wakeUpsMax } from '../run.ts';
import { UsageError } from '../usage-error.ts';
import type { Trace, TraceHeader } from './format.ts';
import { Player } from './play.ts';

type JudgedOptions = Parameters<typeof newJudge>[1];

export interface CheckOptions {
  /** Judge what is there, although it is not what was recorded. */
  readonly allowEdited: boolean;
  /** Properties that are not judged; null: those that were not judged in the run. */
  readonly disabled: ReadonlySet<string> | null;
  /** Note the first violation only; null: as in the run. */
  readonly stopAtFirst: boolean | null;
}

export const DEFAULT_CHECK_OPTIONS: CheckOptions = {
  allowEdited: false,
  disabled: null,
  stopAtFirst: null,
};

/** The fields that RunResult has too mean the same. */
export interface CheckResult {
  readonly verdict: RunVerdict;
  readonly violations: readonly Violation[];
  readonly reason: string | null;
  readonly events: number;
  /** Computed from the trace. */
  readonly digest: string;
  readonly situations: Readonly<Record<string, number>>;
  readonly statistics: Readonly<Record<string, number>>;
  /** The verdict and the failures are those that the run ended with. */
  readonly agrees: boolean;
}

/** Throws a UsageError when the trace is not what was recorded, unless that is allowed. */
export function checkTrace(
  trace: Trace,
  options: CheckOptions = DEFAULT_CHECK_OPTIONS,
): CheckResult {
  const { header, records, end } = trace;
  const judge = arbiterOf(header, {
    disabled: options.disabled ?? new Set(header.judged.disabled),
    stopAtFirst: options.stopAtFirst ?? header.judged.stopAtFirst,
  });
  const observation = new Observation(judge, null);
  const player = new Player(observation);
  try {
    for (const record of records) player.play(record);
  } catch (error) {
    throw trace.isIntact && !options.allowEdited ? error : contradiction(error, observation.steps);
  }
  const digest = observation.digest.toString();
  if (!options.allowEdited) refuseEdited(trace, digest);
  // What was thrown is no fact, so the trace tells it in its last line.
  const verdict = verdictOf(
    judge,
    end.exception !== null,
    isStorm(observation, header.plan.eventsMax, wakeUpsOf(header)),
  );
  const { violations, situations, statistics } = judge;
  return {
    verdict,
    violations,
    reason: end.exception === null ? judge.excuse : end.reason,
    events: observation.steps,
    digest,
    situations,
    statistics,
    agrees: verdict === end.verdict && sameFailures(violations, end.violations),
  };
}

/** Of programs nobody looks into messages and writes. */
function arbiterOf({ plan, capabilities }: TraceHeader, judged: JudgedOptions): Arbiter {
  return capabilities === undefined
    ? newJudge(plan, judged)
    : newCausalJudge(plan, capabilities, judged);
}

function wakeUpsOf({ plan, capabilities }: TraceHeader): number | null {
  return capabilities === undefined ? null : wakeUpsMax(plan, capabilities);
}

function refuseEdited(trace: Trace, digest: string): void {
  const { end } = trace;
  if (digest !== end.digest) {
    throw new UsageError(
      `This trace was edited (or cut): digest ${end.digest} recorded, ${digest} recomputed.`,
    );
  }
  if (!trace.isIntact) {
    throw new UsageError(
      'This trace was edited: its digest holds, but its text is not what was written.',
    );
  }
}

/** Facts that cannot follow each other: no fault of the bench when somebody has edited them. */
function contradiction(error: unknown, step: number): Error {
  if (error instanceof UsageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new UsageError(
    `This trace was edited (or cut) and contradicts itself in step ${step}: ${message}.`,
  );
}

function sameFailures(a: readonly Violation[], b: readonly Violation[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => one.fingerprint === b[i]!.fingerprint && one.step === b[i]!.step)
  );
}
