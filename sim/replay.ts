/**
 * Runs a recorded run again and reports two things: the outcome (the same failure, another one,
 * none) and the divergence (none, or the first fact that differs). They are two: a run that goes
 * another way before the cause of a failure and then finds nothing says nothing about the failure.
 */
import { type Implementation, run } from './run.ts';
import { type NameOf, programName, serverName } from './timeline/server-name.ts';
import { Comparison } from './trace/comparison.ts';
import { type Divergence, firstDivergence } from './trace/divergence.ts';
import type { RunEnding, Trace, TraceHeader } from './trace/format.ts';
import { type Recording, traceRun } from './trace/record-run.ts';

/** What of a run is compared: how it failed, or null when it did not. */
export type Failure = string | null;

export interface ReplayOptions {
  /**
   * The step of the first wrong action, where it is known; null: the step in which the recorded
   * run was seen to fail.
   */
  readonly causeStep: number | null;
}

export const DEFAULT_REPLAY_OPTIONS: ReplayOptions = { causeStep: null };

export interface Replay {
  /** How the replay ended. */
  readonly ending: RunEnding;
  readonly recordedFailure: Failure;
  readonly replayedFailure: Failure;
  /** none: the replay did not fail, whatever the recorded run did. */
  readonly outcome: 'same' | 'another' | 'none';
  readonly divergence: Divergence | null;
  /** The step that divergences are held against; null when the recorded run did not fail. */
  readonly causeStep: number | null;
  /** Where the divergence lies; null without one, or without a cause. */
  readonly divergesFrom: 'before the cause' | 'the cause on' | null;
  /**
   * - reproduced: equal in every fact, with the same outcome.
   * - still-failing: the same failure by another way.
   * - other-failure: it fails in another way.
   * - fixed: a server acted otherwise at the cause or after it, and nothing failed.
   * - inconclusive: everything else.
   */
  readonly conclusion: 'reproduced' | 'still-failing' | 'other-failure' | 'fixed' | 'inconclusive';
  /** One sentence for the user. */
  readonly sentence: string;
}

/**
 * Runs the plan of a trace with this implementation. The same properties are judged as in the
 * recorded run. Throws what `run` throws.
 */
export function replayTrace(
  trace: Trace,
  implementation: Implementation,
  options: ReplayOptions = DEFAULT_REPLAY_OPTIONS,
): Replay {
  const { header, records, end } = trace;
  const { disabled, stopAtFirst } = header.judged;
  const comparison = new Comparison(records, namesOf(header));
  const ending = run(header.plan, implementation, {
    recorder: comparison,
    disabled: new Set(disabled),
    stopAtFirst,
  });
  return conclude(end, ending, comparison.divergence(), options);
}

/** The same for a replay that was made elsewhere, and recorded. */
export function compareTraces(
  recorded: Trace,
  replayed: Trace,
  options: ReplayOptions = DEFAULT_REPLAY_OPTIONS,
): Replay {
  const divergence = firstDivergence(recorded.records, replayed.records, namesOf(recorded.header));
  return conclude(recorded.end, replayed.end, divergence, options);
}

/** How the servers of a trace are called. */
export function namesOf({ capabilities }: TraceHeader): NameOf {
  return capabilities === undefined ? serverName : programName;
}

/** Runs a plan twice: a run that is a function of (plan, implementation) has no divergence. */
export function replayPlan(
  recording: Recording,
  options: ReplayOptions = DEFAULT_REPLAY_OPTIONS,
): Replay {
  return replayTrace(traceRun(recording).trace, recording.implementation, options);
}

/** The fingerprint of the first violation; `storm`, `exception`; null for pass and excused. */
export function failureOf({
  verdict,
  violations,
}: Pick<RunEnding, 'verdict' | 'violations'>): Failure {
  if (violations.length > 0) return violations[0]!.fingerprint;
  return verdict === 'storm' || verdict === 'exception' ? verdict : null;
}

function failedAt({ violations, exception, events }: RunEnding): number {
  return violations[0]?.step ?? exception?.event ?? events;
}

function conclude(
  recorded: RunEnding,
  ending: RunEnding,
  divergence: Divergence | null,
  options: ReplayOptions,
): Replay {
  const recordedFailure = failureOf(recorded);
  const replayedFailure = failureOf(ending);
  const causeStep = recordedFailure === null ? null : (options.causeStep ?? failedAt(recorded));
  const outcome = outcomeOf(ending, recordedFailure, replayedFailure);
  const divergesFrom =
    divergence === null || causeStep === null
      ? null
      : divergence.step < causeStep
        ? 'before the cause'
        : 'the cause on';
  const parts = {
    ending,
    recordedFailure,
    replayedFailure,
    outcome,
    divergence,
    causeStep,
    divergesFrom,
  } as const;
  const conclusion = conclusionOf(parts);
  return { ...parts, conclusion, sentence: sentenceOf({ ...parts, conclusion }) };
}

/** Any violation with the recorded fingerprint counts: a run may note several. */
function outcomeOf(ending: RunEnding, recorded: Failure, replayed: Failure): Replay['outcome'] {
  if (replayed === null) return 'none';
  const isAmong = ending.violations.some(({ fingerprint }) => fingerprint === recorded);
  return replayed === recorded || isAmong ? 'same' : 'another';
}

type Parts = Omit<Replay, 'conclusion' | 'sentence'>;

function conclusionOf(parts: Parts): Replay['conclusion'] {
  const { outcome, divergence, divergesFrom, recordedFailure, replayedFailure } = parts;
  if (divergence === null && recordedFailure === replayedFailure) return 'reproduced';
  if (outcome === 'same') return 'still-failing';
  if (outcome === 'another') return 'other-failure';
  return divergesFrom === 'the cause on' && isOfServer(parts) ? 'fixed' : 'inconclusive';
}

/**
 * After equal facts the world does the same: only another action is the implementation's own, and
 * getting past the point where it threw. Anything else is another bench, or another judge.
 */
function isOfServer({ divergence, recordedFailure }: Parts): boolean {
  if (divergence === null) return false;
  return divergence.place === 'action' || recordedFailure === 'exception';
}

function sentenceOf(replay: Omit<Replay, 'sentence'>): string {
  const { recordedFailure, replayedFailure, divergence, causeStep } = replay;
  const step = divergence?.step ?? 0;
  switch (replay.conclusion) {
    case 'reproduced':
      return recordedFailure === null
        ? 'The run is the recorded one, fact by fact, and nothing failed.'
        : `The run is the recorded one, fact by fact, and fails in the same way: ${recordedFailure}.`;
    case 'still-failing':
      return `It fails in the same way, ${recordedFailure}, ${by(divergence)}.`;
    case 'other-failure':
      return `It fails in another way, ${replayedFailure} instead of ${recordedFailure ?? 'nothing'}, ${by(divergence)}.`;
    case 'fixed':
      return `Fixed: it goes another way at event ${step}, not before the cause at event ${causeStep}, and nothing fails.`;
    case 'inconclusive':
      if (divergence === null) return 'Every fact is the recorded one, but it is judged otherwise.';
      if (causeStep === null)
        return `Nothing failed, then or now, but the runs differ from event ${step} on.`;
      if (replay.divergesFrom === 'the cause on')
        return `Inconclusive: nothing fails, but event ${step} differs though no server acted otherwise.`;
      return `Inconclusive: nothing fails, but it goes another way at event ${step}, before the cause at event ${causeStep}.`;
  }
}

function by(divergence: Divergence | null): string {
  return divergence === null
    ? 'though every fact is the recorded one'
    : `by another way from event ${divergence.step} on`;
}
