/** One graded run: does it hold, and was it worth anything? */
import type { Violation } from '../../invariants/violation.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Capabilities } from '../protocol/capabilities.ts';
import type { FailureKind } from '../protocol/program.ts';
import type { Cost } from './cost.ts';
import { type GradedTest, wantedOf } from './suite.ts';

/** What came of the run of one plan. */
export interface RunOutcome {
  readonly verdict: 'pass' | 'violation' | 'excused' | 'storm' | 'failure';
  readonly violations: readonly Violation[];
  /** The program's own failure, and halts of servers whose disks were whole. */
  readonly failure: {
    readonly kind: FailureKind;
    readonly message: string;
    readonly node: number;
    readonly event: number;
    readonly log: readonly string[];
  } | null;
  readonly reason: string | null;
  readonly situations: Readonly<Record<string, number>>;
  readonly events: number;
  /** Those of them that were timers. */
  readonly wakeUps: number;
  readonly digest: string;
  readonly cost: Cost;
  /** No server ever set a timer, or sent anything. */
  readonly isSilent: boolean;
  /** Timers ran out, and nothing came of it: no message, no write, no claim. */
  readonly isMute: boolean;
  /**
   * Timers were set, and none within the election timeouts that were declared; of a program that
   * polls: nobody did anything for so many milliseconds.
   */
  readonly otherTimers: {
    readonly longestMs: number;
    readonly electionMs: readonly [number, number];
    readonly silentMs: number | null;
  } | null;
}

/** Why a run does not hold: one of these, the most telling. */
export type Why =
  | { readonly kind: 'broken'; readonly violation: Violation }
  | { readonly kind: 'failed'; readonly failure: NonNullable<RunOutcome['failure']> }
  | { readonly kind: 'silent' }
  | { readonly kind: 'mute' }
  /** More than its plan allows; `isAwake`: of timers that run out alone. */
  | { readonly kind: 'storm'; readonly most: number; readonly isAwake: boolean }
  | { readonly kind: 'notReached'; readonly situation: string }
  | { readonly kind: 'notAnswered'; readonly wanted: number; readonly got: number }
  | { readonly kind: 'tooCostly'; readonly sentence: string }
  | ({ readonly kind: 'otherTimers' } & NonNullable<RunOutcome['otherTimers']>)
  /** There was no time left for it, or no answer to be hoped for. */
  | { readonly kind: 'notRun'; readonly sentence: string };

export interface RunGrade {
  /** Place among the runs of the test, from 0. */
  readonly i: number;
  readonly why: Why | null;
  /** Equal for failures that are equal; null when the run holds. */
  readonly fingerprint: string | null;
  readonly events: number;
  readonly digest: string;
  readonly reached: readonly string[];
}

export function gradeRun(
  test: GradedTest,
  capabilities: Capabilities,
  plan: Plan,
  i: number,
  outcome: RunOutcome,
): RunGrade {
  const why = whyNot(test, capabilities, plan, outcome);
  const { events, digest, situations } = outcome;
  const reached = Object.keys(situations).filter((name) => situations[name]! > 0);
  return { i, why, fingerprint: why && fingerprintOf(why), events, digest, reached };
}

function whyNot(
  test: GradedTest,
  capabilities: Capabilities,
  plan: Plan,
  outcome: RunOutcome,
): Why | null {
  // Of what a server fails to do, what comes first says most.
  if (outcome.isSilent && outcome.failure === null) return { kind: 'silent' };
  if (outcome.isMute && outcome.failure === null) return { kind: 'mute' };
  const [violation] = outcome.violations;
  if (violation !== undefined) return { kind: 'broken', violation };
  if (outcome.failure !== null) return { kind: 'failed', failure: outcome.failure };
  if (outcome.verdict === 'storm') {
    const { events, wakeUps } = outcome;
    const isAwake = events - wakeUps <= plan.eventsMax;
    return { kind: 'storm', most: isAwake ? wakeUps - 1 : plan.eventsMax, isAwake };
  }
  // What did not happen cannot have gone wrong: a server that does nothing breaks no rule.
  for (const { situation, in: where } of wantedOf(test, capabilities)) {
    if (where === 'every' && !(outcome.situations[situation]! > 0)) {
      return { kind: 'notReached', situation };
    }
  }
  const got = outcome.situations['ok-answered'] ?? 0;
  if (got < test.answered) return { kind: 'notAnswered', wanted: test.answered, got };
  if (outcome.otherTimers !== null) return { kind: 'otherTimers', ...outcome.otherTimers };
  const sentence = test.budget === null ? null : test.budget(outcome.cost);
  return sentence === null ? null : { kind: 'tooCostly', sentence };
}

/** What stands for a run that was never made. */
export function runNotMade(i: number, sentence: string): RunGrade {
  const why: Why = { kind: 'notRun', sentence };
  return { i, why, fingerprint: fingerprintOf(why), events: 0, digest: '', reached: [] };
}

function fingerprintOf(why: Why): string {
  switch (why.kind) {
    case 'broken':
      return why.violation.fingerprint;
    case 'failed':
      return why.failure.kind;
    case 'notReached':
      return `notReached/${why.situation}`;
    default:
      return why.kind;
  }
}
