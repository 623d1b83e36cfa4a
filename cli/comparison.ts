/** What a replay says about the failure that it is a replay of, as the value that --json prints. */
import type { WrongAction } from '../invariants/conformance/rule.ts';
import type { Violation } from '../invariants/violation.ts';
import type { CorpusEntry } from '../sim/corpus/entry.ts';
import type { Replay } from '../sim/replay.ts';
import type { RunVerdict } from '../sim/run.ts';
import { serverName } from '../sim/timeline/server-name.ts';

/** Two things: the outcome, and where the run goes another way. */
export interface ComparisonReport {
  /** The same failure, another one, or none. */
  readonly outcome: Replay['outcome'];
  /** Fingerprints of the failure then and now; null for none. */
  readonly recordedFailure: string | null;
  readonly replayedFailure: string | null;
  /** False when only a plan was kept: then nothing is known of divergence. */
  readonly hasTrace: boolean;
  /** The first fact that differs; null for none. */
  readonly divergence: {
    readonly step: number;
    readonly atUs: number;
    /** The server whose step it is; 0 between steps. */
    readonly node: number;
    readonly server: string;
    /** The event, what the server did, a fact of the world, or the end. */
    readonly place: 'event' | 'action' | 'world' | 'end';
    readonly recorded: string;
    readonly replayed: string;
  } | null;
  /** The step that divergences are held against: the first wrong action, or where it was seen. */
  readonly causeStep: number | null;
  /** The first wrong action of the recorded run, where a rule names it. */
  readonly firstWrong: { readonly step: number; readonly sentence: string } | null;
  readonly divergesFrom: Replay['divergesFrom'];
  readonly conclusion: Replay['conclusion'];
  readonly sentence: string;
  /** Where nothing failed and that says little: how many of some runs with other luck fail. */
  readonly perturbed: { readonly runs: number; readonly failed: number } | null;
}

interface Ended {
  readonly verdict: RunVerdict | 'hang' | 'died' | 'never-started' | 'bench-failed';
  readonly violations: readonly Violation[];
}

/** The fingerprint of the first violation, or how it failed else; null when nothing did. */
export function failureOf({ verdict, violations }: Ended): string | null {
  if (verdict === 'pass' || verdict === 'excused') return null;
  return violations[0]?.fingerprint ?? verdict;
}

/** Of the replay of a trace. */
export function comparisonOf(replay: Replay, firstWrong: WrongAction | null): ComparisonReport {
  const { outcome, recordedFailure, replayedFailure, causeStep, divergesFrom } = replay;
  const { divergence, conclusion, sentence } = replay;
  return {
    outcome,
    recordedFailure,
    replayedFailure,
    hasTrace: true,
    divergence: divergence && {
      step: divergence.step,
      atUs: divergence.atUs,
      node: divergence.node,
      server: divergence.server,
      place: divergence.place,
      recorded: divergence.recorded,
      replayed: divergence.replayed,
    },
    causeStep,
    firstWrong: firstWrong && {
      step: firstWrong.step,
      sentence: `${serverName(firstWrong.node)} ${firstWrong.sentence} (${firstWrong.section}).`,
    },
    divergesFrom,
    conclusion,
    sentence,
    perturbed: null,
  };
}

/** Of a run of a kept plan; null when the run says nothing. */
export function comparisonWithKept({ failure }: CorpusEntry, part: Ended): ComparisonReport | null {
  if (part.verdict === 'never-started' || part.verdict === 'bench-failed') return null;
  const kept = failure.fingerprint;
  const now = failureOf(part);
  const { firstWrong } = failure;
  const unknown = { divergence: null, causeStep: null, divergesFrom: null, perturbed: null };
  const nothing = { ...unknown, firstWrong, hasTrace: false };
  const failures = { recordedFailure: kept, replayedFailure: now };
  if (now === kept) {
    const sentence = `It still fails in the way that it was kept for: ${kept}.`;
    return { ...failures, ...nothing, outcome: 'same', conclusion: 'still-failing', sentence };
  }
  if (now !== null) {
    const sentence = `It fails in another way, ${now}, than the one that it was kept for: ${kept}.`;
    return { ...failures, ...nothing, outcome: 'another', conclusion: 'other-failure', sentence };
  }
  const sentence = `Nothing fails now. It was kept for ${kept}.`;
  return { ...failures, ...nothing, outcome: 'none', conclusion: 'inconclusive', sentence };
}
