/** Runs one plan in a worker, for `run` and `replay`, and reports what came of it. */
import type { Violation } from '../invariants/violation.ts';
import type { ImplementationSpec } from '../scenarios/implementations.ts';
import type { LaneResult } from '../sim/campaign/lane.ts';
import { blameFor } from '../sim/campaign/losses.ts';
import type { CorpusEntry } from '../sim/corpus/entry.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import type { RunVerdict } from '../sim/run.ts';
import type { Trace } from '../sim/trace/format.ts';
import { VERSIONS } from '../sim/versions.ts';
import { type ComparisonReport, comparisonOf, comparisonWithKept } from './comparison.ts';
import { ExitCode } from './exit-code.ts';
import { sourcePlacesOf, withPlaces } from './failure-places.ts';
import { namedPlan } from './named-plans.ts';
import { packageVersion } from './package-version.ts';
import { replayLine, type Selection, type Target } from './replay-line.ts';
import type { Terminal } from './terminal.ts';
import { openPerturbedLane, openSingleLane } from './worker-lane.ts';
import type { SingleReply } from './worker-task.ts';
import { writeTrace } from './write-trace.ts';

export interface SingleRequest {
  readonly plan: Plan;
  /** How the user names the run. */
  readonly target: Target;
  readonly selection: Selection;
  readonly spec: ImplementationSpec;
  readonly hangMs: number;
  /** Where the trace goes; null for nowhere. */
  readonly trace: string | null;
  /** The trace comes back as lines. */
  readonly withStory: boolean;
  readonly recorded: Trace | null;
  readonly kept: CorpusEntry | null;
}

/**
 * What --json prints. `hang` and `died` are failures of the implementation; `never-started`: it was
 * not put to the test; `bench-failed`: nothing is said about it.
 */
export interface SingleReport {
  readonly verdict: RunVerdict | 'hang' | 'died' | 'never-started' | 'bench-failed';
  readonly scenario: string | null;
  /** What the scenario shows. */
  readonly claim: string | null;
  /** It was asked whether that was seen. */
  readonly hasCriterion: boolean;
  readonly seed: string;
  /** What happened, where it takes a sentence. */
  readonly detail: string | null;
  /** What is missing of what the scenario claims. */
  readonly missing: string | null;
  readonly violations: readonly Violation[];
  readonly events: number | null;
  readonly virtualUs: number | null;
  readonly digest: string | null;
  readonly situations: Readonly<Record<string, number>>;
  readonly statistics: Readonly<Record<string, number>>;
  readonly stack: string | null;
  /** How it compares with the recorded run. */
  readonly comparison: ComparisonReport | null;
  readonly replay: string;
  readonly trace: string | null;
  readonly implementation: string;
  readonly versions: Readonly<Record<string, number | string>>;
}

export interface SingleRun {
  readonly report: SingleReport;
  readonly lines: readonly string[] | null;
}

export async function runInWorker(request: SingleRequest, terminal: Terminal): Promise<SingleRun> {
  const { plan, target, selection, spec, hangMs, trace, recorded } = request;
  const options = { specs: [spec], without: selection.without, hangMs };
  const lane = openSingleLane(options, terminal);
  const named = target.kind === 'scenario' ? namedPlan(target.id) : null;
  const isRecorded = trace !== null || request.withStory;
  const answer = await lane.run({
    kind: 'single',
    implementation: 0,
    plan,
    scenario: named?.id ?? null,
    isRecorded,
    recorded,
  });
  await lane.close();
  const ended = await placed(partOf(answer, request), selection.sut);
  const part = await compared(ended, request, terminal);
  const lines = answer.kind === 'done' ? answer.reply.lines : null;
  if (trace !== null && lines !== null) writeTrace(trace, lines);
  const report: SingleReport = {
    ...part,
    scenario: named?.id ?? null,
    claim: named?.claim ?? null,
    hasCriterion: named?.isScenario ?? false,
    seed: plan.seed,
    replay: replayLine(target, selection),
    trace: lines === null ? null : trace,
    implementation: spec.id,
    versions: { whitewater: packageVersion(), ...VERSIONS },
  };
  return { report, lines };
}

async function placed(part: Part, sut: string | null): Promise<Part> {
  return part.stack === null ? part : withPlaces(part, await sourcePlacesOf(sut));
}

/** Another way that finds nothing says little: then runs with other luck say more. */
async function compared(
  part: Part,
  { plan, target, selection, spec, hangMs, kept, recorded }: SingleRequest,
  terminal: Terminal,
): Promise<Part> {
  const isKept = kept !== null && target.seed === null;
  const comparison = isKept ? comparisonWithKept(kept, part) : part.comparison;
  if (comparison?.conclusion !== 'inconclusive') return { ...part, comparison };
  const without = recorded?.header.judged.disabled ?? selection.without;
  const lane = openPerturbedLane({ specs: [spec], without, hangMs }, terminal);
  const answer = await lane.run({ kind: 'perturbed', implementation: 0, plan });
  await lane.close();
  if (answer.kind === 'lost') return { ...part, comparison };
  const { runs, failed } = answer.reply;
  return { ...part, comparison: { ...comparison, perturbed: { runs, failed } } };
}

export function exitCodeOf({ verdict, missing }: SingleReport): ExitCode {
  switch (verdict) {
    case 'pass':
    case 'excused':
      return missing === null ? ExitCode.ok : ExitCode.violated;
    case 'never-started':
    case 'bench-failed':
      return ExitCode.bench;
    default:
      return ExitCode.violated;
  }
}

/** What a run came to, whatever its name is. */
export type Part = Omit<
  SingleReport,
  | 'scenario'
  | 'claim'
  | 'hasCriterion'
  | 'seed'
  | 'replay'
  | 'trace'
  | 'implementation'
  | 'versions'
>;

const NOTHING: Omit<Part, 'verdict' | 'detail' | 'stack'> = {
  missing: null,
  violations: [],
  events: null,
  virtualUs: null,
  digest: null,
  situations: {},
  statistics: {},
  comparison: null,
};

export function partOf(
  answer: LaneResult<SingleReply>,
  request: Pick<SingleRequest, 'plan' | 'spec' | 'hangMs'>,
): Part {
  if (answer.kind === 'lost') return partOfLoss(answer, request);
  const { result, missing, replay, firstWrong, failure } = answer.reply;
  if (failure !== null) {
    const { kind, detail, stack } = failure;
    const verdict = kind === 'start' ? 'never-started' : 'bench-failed';
    return { ...NOTHING, verdict, detail, stack };
  }
  const { verdict, reason, violations, exception, failure: own, ...counts } = result!;
  const { events, virtualUs, digest, situations, statistics } = counts;
  const thrown =
    exception && `Server ${exception.node} threw at event ${exception.event}: ${reason}.`;
  const failed = own && `${own.kind} of n${own.node} at event ${own.event}: ${own.message}`;
  const detail = failed ?? thrown ?? reason;
  // A program has no stack of ours.
  const stack = own === null ? (exception?.stack ?? null) : null;
  const comparison = replay && comparisonOf(replay, firstWrong);
  const ran = { events, virtualUs, digest, situations, statistics };
  return { verdict, detail, missing, violations, ...ran, stack, comparison };
}

function partOfLoss(
  loss: Extract<LaneResult<SingleReply>, { kind: 'lost' }>,
  { plan, spec, hangMs }: Pick<SingleRequest, 'plan' | 'spec' | 'hangMs'>,
): Part {
  const task = { kind: 'seeds', implementation: 0, positions: [0], seeds: [plan.seed] } as const;
  const blame = blameFor(loss, task, hangMs, spec.kind === 'foreign');
  if (blame.kind === 'start') {
    return { ...NOTHING, verdict: 'never-started', detail: blame.detail, stack: blame.stack };
  }
  const { detail, stack } = blame.failure;
  if (blame.kind === 'bench') return { ...NOTHING, verdict: 'bench-failed', detail, stack };
  const verdict = blame.failure.kind === 'hang' ? 'hang' : 'died';
  return { ...NOTHING, verdict, detail, stack, events: blame.failure.events };
}
