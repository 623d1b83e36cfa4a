/** `whitewater campaign`: many seeds, looking for one that breaks a property. */
import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runCampaign } from '../../sim/campaign/campaign.ts';
import { type SeedRange, sizeOf, WHOLE } from '../../sim/campaign/seed-range.ts';
import type { Tally } from '../../sim/campaign/tally.ts';
import { UsageError } from '../../sim/usage-error.ts';
import { VERSIONS } from '../../sim/versions.ts';
import { type CampaignReport, exitCodeOf, failureReport, reportOf } from '../campaign-report.ts';
import { campaignText } from '../campaign-text.ts';
import { CANARY, CANARY_SEEDS } from '../canary.ts';
import type { ExitCode } from '../exit-code.ts';
import { interruption } from '../interruption.ts';
import type { Arguments } from '../options.ts';
import { countOf, durationMsOf, seedOf, shardOf, textOf } from '../parse.ts';
import { Progress } from '../progress.ts';
import type { Selection } from '../replay-line.ts';
import { ResultsFile } from '../results-file.ts';
import { mutantSpec, selectionOf, specOf } from '../selection.ts';
import { grouped } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { HANG_MS, laneOptions, openSingleLane, type WorkerOptions } from '../worker-lane.ts';
import { assertWritableFile, makeFolderOf } from '../writable.ts';
import { writeTrace } from '../write-trace.ts';

const SEEDS_DEFAULT = 1000;
const SEEDS_MAX = 1_000_000_000;
const JOBS_MAX = 256;
/** Into a folder go the traces of so many failures. */
const TRACES_MAX = 20;

export async function campaignCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const range = rangeOf(args);
  const timeBudgetMs = durationMsOf('--time-budget', args.timeBudget);
  const jobs = countOf('--jobs', args.jobs, JOBS_MAX) ?? availableParallelism();
  const hangMs = durationMsOf('--hang-after', args.hangAfter) ?? HANG_MS;
  const selection = selectionOf(args);
  const trace = textOf('--trace', args.trace);
  if (trace !== null) checkTracePath(trace);
  const results = openResults(args, range, selection);
  const spec = await specOf(selection);
  const canary = await mutantSpec(CANARY);
  const workers: WorkerOptions = { specs: [spec, canary], without: selection.without, hangMs };
  const progress = new Progress();
  const stop = interruption();
  const outcome = await runCampaign({
    range,
    timeBudgetMs,
    jobs,
    lane: laneOptions(workers, terminal),
    isForeign: spec.kind === 'foreign',
    canary: { id: CANARY, seeds: CANARY_SEEDS },
    signal: stop.signal,
    onFailure: (failure) => results.add(failureReport(failure, selection)),
    onProgress: (tally) => progress.update(() => progressLine(tally, range)),
  });
  stop.release();
  progress.done();
  const request = { range, selection, implementation: spec.id, canary: CANARY };
  const report = reportOf(request, outcome);
  if (trace !== null) await writeTraces(report, trace, workers, terminal);
  if (results.isWritten) results.add({ summary: { ...report, violations: [] } });
  terminal.print(campaignText(report, terminal.colours));
  if (results.isWritten) terminal.print(`\nFailures are in ${results.path}.`);
  if (results.problem !== null) terminal.warn(results.problem);
  terminal.printJson(report);
  return exitCodeOf(report);
}

function rangeOf(args: Arguments): SeedRange {
  const seeds = countOf('--seeds', args.seeds, SEEDS_MAX);
  const hasBudget = args.timeBudget !== undefined;
  const range: SeedRange = {
    from: seedOf('--from', args.from) ?? '1',
    count: seeds ?? (hasBudget ? null : SEEDS_DEFAULT),
    shard: shardOf('--shard', args.shard) ?? WHOLE,
  };
  if (sizeOf(range) > 0) return range;
  const { index, of } = range.shard;
  throw new UsageError(`Shard ${index}/${of} of ${seeds} seeds is empty.`);
}

/** Before the run: results that cannot be written are no results. */
function openResults(args: Arguments, range: SeedRange, selection: Selection): ResultsFile {
  const header = { format: 'whitewater/campaign', versions: VERSIONS, range, selection };
  const output = textOf('--output', args.output);
  return output === null ? ResultsFile.unnamed(header) : ResultsFile.named(output, header);
}

function checkTracePath(path: string): void {
  if (isFolder(path)) makeFolderOf(join(path, 'trace'));
  assertWritableFile(isFolder(path) ? join(path, 'writable.tmp') : path);
}

function isFolder(path: string): boolean {
  return path.endsWith('/') || (existsSync(path) && statSync(path).isDirectory());
}

const RECORDED_RUN = {
  kind: 'single',
  implementation: 0,
  scenario: null,
  isRecorded: true,
  recorded: null,
} as const;

/** Failures once more, recorded: the first into a file, or each into a folder. */
async function writeTraces(
  report: CampaignReport,
  path: string,
  workers: WorkerOptions,
  terminal: Terminal,
): Promise<void> {
  const { generatePlan } = await import('../../sim/generate/generate-plan.ts');
  const lane = openSingleLane(workers, terminal);
  const failures = report.violations.slice(0, isFolder(path) ? TRACES_MAX : 1);
  for (const { seed } of failures) {
    const plan = generatePlan(seed);
    const result = await lane.run({ ...RECORDED_RUN, plan });
    if (result.kind === 'lost' || result.reply.lines === null) continue;
    const file = isFolder(path) ? join(path, `seed-${seed}.ndjson`) : path;
    writeTrace(file, result.reply.lines);
    terminal.warn(`Wrote the trace of seed ${seed} to ${file}.`);
  }
  await lane.close();
}

function progressLine(tally: Tally, range: SeedRange): string {
  const size = sizeOf(range);
  const of = Number.isFinite(size) ? ` of ${grouped(size)}` : '';
  const failures = tally.failureCount === 0 ? '' : `, ${grouped(tally.failureCount)} failed`;
  return `${grouped(tally.seeds)}${of} seeds, ${grouped(tally.events)} events${failures}`;
}
