/**
 * After a campaign with failures: the first few of different kinds are shrunk, and what comes of it
 * takes the place of the bigger plans that were kept. Nothing of it is part of the report: how far
 * a search gets depends on the machine.
 */
import type { Failure, NamedRun } from '../sim/campaign/task.ts';
import type { Corpus } from '../sim/corpus/corpus.ts';
import type { CorpusFailure } from '../sim/corpus/entry.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { corpusSelection } from './corpus-selection.ts';
import { interruption } from './interruption.ts';
import type { KeptFailures } from './kept-failures.ts';
import type { Arguments } from './options.ts';
import { durationMsOf } from './parse.ts';
import { Progress } from './progress.ts';
import { replayLine, type Selection } from './replay-line.ts';
import { shrinkInWorker } from './shrink-lane.ts';
import { grouped } from './table.ts';
import type { Terminal } from './terminal.ts';
import type { WorkerOptions } from './worker-lane.ts';

/** So many different failures are shrunk. */
const FAILURES_MAX = 3;
const BUDGET_MS = 30_000;
/** A candidate that hangs is one of many. */
const HANG_MS_MAX = 2_000;

export interface AutoShrinkRequest {
  readonly failures: readonly Failure[];
  /** What a seed means in this campaign. */
  readonly planOf: (run: NamedRun) => Plan;
  readonly corpus: Corpus;
  readonly kept: KeptFailures;
  readonly workers: WorkerOptions;
  readonly selection: Selection;
}

/**
 * How long to shrink, 0 for not at all. With --json only when a budget is given: nobody reads the
 * stories. Throws a UsageError.
 */
export function shrinkBudgetOf({ shrink, shrinkBudget }: Arguments, terminal: Terminal): number {
  const budgetMs = durationMsOf('--shrink-budget', shrinkBudget);
  if (shrink === false) return 0;
  return budgetMs ?? (terminal.isJson ? 0 : BUDGET_MS);
}

/** Ctrl-C ends it. */
export async function autoShrink(
  request: AutoShrinkRequest,
  budgetMs: number,
  terminal: Terminal,
): Promise<void> {
  if (budgetMs === 0) return;
  const stop = interruption();
  await shrinkEach(request, { budgetMs, signal: stop.signal }, terminal);
  stop.release();
}

async function shrinkEach(
  request: AutoShrinkRequest,
  { budgetMs, signal }: { readonly budgetMs: number; readonly signal: AbortSignal },
  terminal: Terminal,
): Promise<void> {
  const { workers } = request;
  const progress = new Progress();
  const patient = { ...workers, hangMs: Math.min(HANG_MS_MAX, workers.hangMs) };
  for (const failure of worthShrinking(request)) {
    if (signal.aborted) break;
    const plan = request.planOf(failure);
    const shrunk = await shrinkInWorker(
      {
        plan,
        workers: patient,
        budgetMs: budgetMs / FAILURES_MAX,
        signal,
        onProgress: ({ runs, events }) =>
          progress.update(
            () =>
              `shrinking seed ${failure.seed}: ${grouped(runs)} runs, ${grouped(events)} events`,
          ),
      },
      terminal,
    );
    if (shrunk === null || shrunk.failure !== fingerprintOf(failure)) continue;
    const kept = { ...failureOf(failure), step: shrunk.events };
    const path = request.kept.add(kept, shrunk.plan);
    progress.done();
    if (path !== null) await tell(path, shrunk.plan, shrunk, failure, request, terminal);
  }
  progress.done();
}

/** Of each kind of failure the run with the fewest events, unless a smaller one is kept already. */
function worthShrinking({ failures, corpus, selection }: AutoShrinkRequest): Failure[] {
  const smallest = new Map<string, Failure>();
  for (const failure of failures) {
    if (failure.kind !== 'violation' && failure.kind !== 'exception') continue;
    const key = fingerprintOf(failure);
    const known = smallest.get(key);
    if (known === undefined || (failure.events ?? 0) < (known.events ?? 0)) {
      smallest.set(key, failure);
    }
  }
  const identity = { selection: corpusSelection(selection) };
  return [...smallest.values()]
    .filter((failure) => corpus.wants({ ...identity, failure: failureOf(failure) }))
    .slice(0, FAILURES_MAX);
}

function fingerprintOf({ violation, kind }: Failure): string {
  return violation?.fingerprint ?? kind;
}

function failureOf(failure: Failure): CorpusFailure {
  const { kind, violation, events } = failure;
  if (kind === 'nondeterminism') throw new Error('no plan shows nondeterminism');
  return {
    kind,
    property: violation?.property ?? null,
    fingerprint: fingerprintOf(failure),
    step: violation?.step ?? events ?? 0,
    firstWrong: null,
  };
}

async function tell(
  path: string,
  plan: Plan,
  { events, eventsBefore }: { readonly events: number; readonly eventsBefore: number },
  failure: Failure,
  { workers, selection }: AutoShrinkRequest,
  terminal: Terminal,
): Promise<void> {
  const { runInWorker } = await import('./single-run.ts');
  const target = { kind: 'file', path, seed: null } as const;
  const spec = workers.specs[0]!;
  const { hangMs } = workers;
  const request = { plan, target, selection, spec, hangMs, trace: null, withStory: true };
  const { lines } = await runInWorker({ ...request, recorded: null, kept: null }, terminal);
  const what = failure.violation?.property ?? failure.kind;
  const sizes = `${grouped(eventsBefore)} events, ${grouped(events)} when shrunk`;
  terminal.print(`\n${terminal.colours.red(what)} of seed ${failure.seed}: ${sizes}`);
  if (lines !== null) {
    const { storyOf } = await import('./story.ts');
    terminal.print(storyOf(lines, { isWhole: false, isDetailed: false }));
  }
  terminal.print(`  replay: ${terminal.colours.cyan(replayLine(target, selection))}`);
}
