/** What a campaign came to, as the value that --json prints; the text report is made from it. */
import { SITUATIONS } from '../invariants/all-situations.ts';
import type { CampaignOutcome } from '../sim/campaign/campaign.ts';
import { FLOOR_SEEDS_MIN, type Floor } from '../sim/campaign/floors.ts';
import type { SeedRange } from '../sim/campaign/seed-range.ts';
import type { Tally } from '../sim/campaign/tally.ts';
import type { Failure, NamedRun } from '../sim/campaign/task.ts';
import type { SourcePlaces } from '../sim/isolation/source-places.ts';
import { VERSIONS } from '../sim/versions.ts';
import { changedPlanPath } from './changed-plans.ts';
import type { CorpusRun } from './corpus-runs.ts';
import { ExitCode } from './exit-code.ts';
import { withPlaces } from './failure-places.ts';
import { packageVersion } from './package-version.ts';
import { replayLine, type Selection, type Target } from './replay-line.ts';

/** What was asked for. */
export interface CampaignRequest {
  readonly range: SeedRange;
  readonly selection: Selection;
  /** Of the implementation: `reference`, `mutant:ID` or a hash. */
  readonly implementation: string;
  readonly canary: string;
  /** Of a foreign implementation, for stacks; null for ours. */
  readonly places: SourcePlaces | null;
  /** null: no plans are kept, and none were run. */
  readonly corpus: { readonly folder: string; readonly runs: readonly CorpusRun[] } | null;
}

export type CampaignReport = ReturnType<typeof reportOf>;
export type FailureReport = ReturnType<typeof failureReport>;

export function reportOf(request: CampaignRequest, outcome: CampaignOutcome) {
  const { range, selection, implementation, canary } = request;
  const { tally, elapsedMs } = outcome;
  const { from, shard } = range;
  const { termMax: _, ...statistics } = tally.statistics;
  return {
    seeds: tally.seeds,
    from,
    lastSeed: outcome.lastSeed,
    isPrefix: outcome.isPrefix,
    profile: selection.profile ?? null,
    shard: `${shard.index}/${shard.of}`,
    events: tally.events,
    eventsPerSecond: Math.round(tally.events / Math.max(0.001, elapsedMs / 1000)),
    elapsedMs: Math.round(elapsedMs),
    medianEvents: tally.medianEvents,
    virtualSeconds: Math.round(tally.virtualUs / 1e6),
    twoLeadersShare: shareOf(tally.twoLeaders, tally.seeds),
    faults: tally.faults,
    violations: tally.failures.list.map((failure) =>
      failureReport(failure, selection, request.places),
    ),
    violationCount: tally.failureCount,
    failedRuns: tally.failedRuns,
    corpus: corpusReport(request.corpus),
    excused: tally.excusedCount,
    excuses: tally.excuses.list.map(({ reason }) => reason).slice(0, 5),
    digest: tally.digest.toString(),
    search: outcome.search === null ? 'random' : 'guided',
    states: outcome.search?.states ?? null,
    generations: outcome.search?.generations ?? null,
    pool: outcome.search?.pool ?? null,
    changedPlans: outcome.search?.changed ?? null,
    situations: inOrder(tally),
    statistics,
    floors: outcome.floors,
    floorsEnforced: areFloorsEnforced(request, outcome),
    canary: { mutant: canary, caughtAt: outcome.canaryCaughtAt },
    verified: outcome.verified,
    isolated: outcome.isolated,
    benchFailures: tally.benchFailures.list.map((failure) => {
      const { seed, detail, stack } = failure;
      return { seed, detail, stack, replay: replayLine(targetOf(failure, 'seed'), selection) };
    }),
    startFailure: outcome.startFailure && withPlaces(outcome.startFailure, request.places),
    gaveUp: outcome.isGivenUp,
    interrupted: outcome.isInterrupted,
    implementation,
    sut: selection.sut,
    versions: { whitewater: packageVersion(), ...VERSIONS },
  };
}

function corpusReport(corpus: CampaignRequest['corpus']) {
  if (corpus === null) return null;
  const { folder, runs } = corpus;
  const count = (outcome: CorpusRun['outcome']): number => {
    return runs.filter((run) => run.outcome === outcome).length;
  };
  return {
    folder,
    plans: runs.length,
    stillFail: count('same'),
    failOtherwise: count('another'),
    passNow: count('none'),
    runs,
  };
}

/** One failure: what a results file has one of in each line. */
export function failureReport(failure: Failure, selection: Selection, places: SourcePlaces | null) {
  const { seed, kind, violation, events, digest } = failure;
  const { detail, stack } = withPlaces(failure, places);
  return {
    seed,
    property: violation?.property ?? null,
    kind,
    rule: violation?.rule ?? null,
    section: violation?.section ?? null,
    sentence: violation?.sentence ?? null,
    detail,
    node: violation?.node ?? null,
    atUs: violation?.atUs ?? null,
    step: violation?.step ?? events,
    fingerprint: violation?.fingerprint ?? null,
    stack,
    events,
    digest,
    replay: replayLine(targetOf(failure, kind === 'nondeterminism' ? 'twice' : 'seed'), selection),
  };
}

/** How a failing run is made again: by its seed, or by the file of a plan that no seed generates. */
function targetOf({ seed, plan }: NamedRun, kind: 'seed' | 'twice'): Target {
  return plan === undefined
    ? { kind, seed }
    : { kind: 'file', path: changedPlanPath(plan), seed: null };
}

/**
 * An interrupted campaign says so before all else. A failure of the bench weighs more than a
 * violation, which it may have made up; a vacuous campaign less, which has still found one.
 */
export function exitCodeOf(report: CampaignReport): ExitCode {
  if (report.interrupted) return ExitCode.interrupted;
  if (report.startFailure !== null || report.benchFailures.length > 0) return ExitCode.bench;
  if (report.canary.caughtAt === null) return ExitCode.bench;
  if (report.corpus?.runs.some((run) => run.outcome === 'unknown')) return ExitCode.bench;
  if (report.violationCount + corpusFailures(report) > 0) return ExitCode.violated;
  if (report.floorsEnforced && brokenFloors(report).length > 0) return ExitCode.bench;
  return ExitCode.ok;
}

/** How many kept plans fail, in the same way or in another one. */
export function corpusFailures({ corpus }: CampaignReport): number {
  return corpus === null ? 0 : corpus.stillFail + corpus.failOtherwise;
}

export function brokenFloors(report: CampaignReport): readonly Floor[] {
  return report.floors.filter((floor) => !floor.holds);
}

/** Of mutants, foreign implementations, single profiles and changed plans nobody knows what they reach. */
function areFloorsEnforced(request: CampaignRequest, outcome: CampaignOutcome): boolean {
  const { sut, mutant, profile } = request.selection;
  const { tally, search } = outcome;
  if (search !== null || profile !== undefined) return false;
  return sut === null && mutant === null && tally.seeds >= FLOOR_SEEDS_MIN;
}

/** All situations that some plan might have led to, those that were never reached included. */
function inOrder({ situations, features }: Tally): Record<string, number> {
  const possible = SITUATIONS.filter(({ needs }) => {
    return needs === null || (features[needs] ?? 0) > 0;
  });
  return Object.fromEntries(possible.map(({ id }) => [id, situations[id] ?? 0]));
}

function shareOf(count: number, all: number): number {
  return all === 0 ? 0 : Math.round((1000 * count) / all) / 1000;
}
