/** `whitewater campaign`: many seeds, looking for one that breaks a property. */

import { availableParallelism } from 'node:os';
import { runCampaign } from '../../sim/campaign/campaign.ts';
import { type SeedRange, sizeOf } from '../../sim/campaign/seed-range.ts';
import type { Tally } from '../../sim/campaign/tally.ts';
import { type NamedRun, planOfRun } from '../../sim/campaign/task.ts';
import type { Isolate } from '../../sim/campaign/verify.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { VERSIONS } from '../../sim/versions.ts';
import { autoShrink, shrinkBudgetOf } from '../auto-shrink.ts';
import { rangeOf } from '../campaign-range.ts';
import { exitCodeOf, failureReport, reportOf } from '../campaign-report.ts';
import { campaignText } from '../campaign-text.ts';
import { CANARY, CANARY_SEEDS } from '../canary.ts';
import { ChangedPlans } from '../changed-plans.ts';
import { runCorpus } from '../corpus-runs.ts';
import { ExitCode } from '../exit-code.ts';
import { sourcePlacesOf } from '../failure-places.ts';
import { checkTracePath, writeTraces } from '../failure-traces.ts';
import { interruption } from '../interruption.ts';
import { Isolation } from '../isolation.ts';
import { KeptFailures, openCorpus } from '../kept-failures.ts';
import type { Arguments } from '../options.ts';
import { countOf, durationMsOf, sampleOf, textOf } from '../parse.ts';
import { Progress } from '../progress.ts';
import type { Selection } from '../replay-line.ts';
import { ResultsFile } from '../results-file.ts';
import { searchOf } from '../search.ts';
import { profileFor } from '../seed-profile.ts';
import { assertFitting, mutantSpec, selectionOf, specOf } from '../selection.ts';
import { grouped } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { HANG_MS, laneOptions, type WorkerOptions } from '../worker-lane.ts';

const JOBS_MAX = 256;

export async function campaignCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const range = rangeOf(args);
  const search = searchOf(args);
  const timeBudgetMs = durationMsOf('--time-budget', args.timeBudget);
  const jobs = countOf('--jobs', args.jobs, JOBS_MAX) ?? availableParallelism();
  const hangMs = durationMsOf('--hang-after', args.hangAfter) ?? HANG_MS;
  const selection = selectionOf(args);
  const shrinkMs = shrinkBudgetOf(args, terminal);
  const sample = sampleOf('--verify', args.verify);
  const trace = textOf('--trace', args.trace);
  if (trace !== null) checkTracePath(trace);
  const results = openResults(args, range, selection);
  const corpus = openCorpus(args, terminal);
  const spec = await specOf(selection);
  const profile = await profileFor(selection);
  assertFitting(spec, profile);
  const places = spec.kind === 'foreign' ? await sourcePlacesOf(selection.sut) : null;
  const canary = await mutantSpec(CANARY);
  const implementation = { id: spec.id, hash: spec.hash };
  const kept = corpus && new KeptFailures(corpus, { implementation, selection });
  warnOfLosses(results, kept, terminal);
  const { without } = selection;
  const planOf: PlanOf = (run) => planOfRun(run, profile);
  const workers: WorkerOptions = { specs: [spec, canary], without, profile, hangMs };
  const isolation =
    spec.kind === 'foreign' ? new Isolation(workers, selection.sut, terminal) : null;
  const changed = new ChangedPlans();
  const progress = new Progress();
  const stop = interruption();
  const { signal } = stop;
  const runs = corpus && (await runCorpus({ corpus, selection, workers, jobs, signal }, terminal));
  const outcome = await runCampaign({
    range,
    search,
    profile,
    timeBudgetMs,
    jobs,
    lane: laneOptions(workers, terminal),
    isForeign: spec.kind === 'foreign',
    isolate: isolation && isolateWith(isolation, planOf),
    sample,
    canary: { id: CANARY, seeds: CANARY_SEEDS },
    signal,
    onFailure: (failure) => {
      changed.keep(failure);
      results.add(failureReport(failure, selection, places));
      kept?.addFailure(failure, planOf);
    },
    onProgress: (tally) => progress.update(() => progressLine(tally, range)),
  });
  isolation?.close();
  for (const failure of outcome.tally.benchFailures.list) changed.keep(failure);
  stop.release();
  progress.done();
  const request = { range, selection, implementation: spec.id, canary: CANARY, places };
  const ran = corpus && { folder: corpus.folder, runs: runs! };
  const report = reportOf({ ...request, corpus: ran }, outcome);
  const found = outcome.tally.failures.list;
  const unwritten = trace && (await writeTraces(found, trace, { workers, planOf }, terminal));
  if (results.isWritten) results.add({ summary: { ...report, violations: [] } });
  terminal.print(campaignText(report, terminal.colours));
  if (results.isWritten) terminal.print(`\nFailures are in ${results.path}.`);
  printKept(kept, terminal);
  for (const problem of [results.problem, changed.problem, unwritten]) {
    if (problem !== null) terminal.warn(problem);
  }
  terminal.printJson(report);
  const failures = outcome.isInterrupted ? [] : outcome.tally.failures.list;
  const kind = { failures, planOf, workers, selection };
  if (corpus !== null) await autoShrink({ ...kind, corpus, kept: kept! }, shrinkMs, terminal);
  return unwritten === null ? exitCodeOf(report) : ExitCode.bench;
}

/** What a run of this campaign is made of. */
type PlanOf = (run: NamedRun) => Plan;

/** Before the run: results that cannot be written are no results. */
function openResults(args: Arguments, range: SeedRange, selection: Selection): ResultsFile {
  const header = { format: 'whitewater/campaign', versions: VERSIONS, range, selection };
  const output = textOf('--output', args.output);
  return output === null ? ResultsFile.unnamed(header) : ResultsFile.named(output, header);
}

function isolateWith(isolation: Isolation, planOf: PlanOf): Isolate {
  return async (made) => {
    const plans = [...made.before, made].map((run) => planOf(run));
    const report = await isolation.check({ plans, node: null });
    return report?.sentences ?? null;
  };
}

/** Nobody has asked for these files, so a campaign goes on without them. */
function warnOfLosses(results: ResultsFile, kept: KeptFailures | null, terminal: Terminal): void {
  if (results.obstacle !== null) {
    terminal.warn(`Failures are kept in no file (${results.obstacle}): name one with --output.`);
  }
  const obstacle = kept?.obstacle ?? null;
  if (obstacle !== null) {
    terminal.warn(`Failing plans are not kept (${obstacle}): name a folder with --corpus.`);
  }
}

function printKept(kept: KeptFailures | null, terminal: Terminal): void {
  if (kept === null) return;
  if (kept.paths.length > 0) {
    terminal.print(`Failing plans are kept for later campaigns: ${kept.paths.join(', ')}.`);
  }
  if (kept.problem !== null) terminal.warn(kept.problem);
}

function progressLine(tally: Tally, range: SeedRange): string {
  const size = sizeOf(range);
  const of = Number.isFinite(size) ? ` of ${grouped(size)}` : '';
  const failures = tally.failureCount === 0 ? '' : `, ${grouped(tally.failureCount)} failed`;
  return `${grouped(tally.seeds)}${of} seeds, ${grouped(tally.events)} events${failures}`;
}
