/** `whitewater replay`: the same run again, with the story. */
import { UsageError } from '../../sim/usage-error.ts';
import { ExitCode } from '../exit-code.ts';
import { isolate, isolatedOf, isolationText } from '../isolated-replay.ts';
import type { Arguments } from '../options.ts';
import { durationMsOf, seedOf, textOf, versionsOf } from '../parse.ts';
import { selectionFor } from '../recorded-selection.ts';
import type { Selection } from '../replay-line.ts';
import { selectionOf, specOf } from '../selection.ts';
import { exitCodeOf, runInWorker } from '../single-run.ts';
import { singleText } from '../single-text.ts';
import { chosenForReplay, versionWarnings } from '../targets.ts';
import type { Terminal } from '../terminal.ts';
import { FOR_EVER_MS, HANG_MS } from '../worker-lane.ts';
import { assertWritableFile } from '../writable.ts';

export async function replayCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  if (args.stdinOf !== undefined) {
    return (await import('../stdin-of.ts')).printStdinOf(args, terminal);
  }
  if (args.boot !== undefined) throw new UsageError('Expected --stdin-of with --boot.');
  const seed = seedOf('--seed', args.seed);
  const made = versionsOf('--versions', args.versions);
  const isDebugged = args.debug ?? false;
  const patientMs = isDebugged ? FOR_EVER_MS : HANG_MS;
  const hangMs = durationMsOf('--hang-after', args.hangAfter) ?? patientMs;
  const trace = textOf('--trace', args.trace);
  const typed = selectionOf(args);
  const path = textOf('the file to replay', args.target);
  const chosen = await chosenForReplay(path, seed, typed);
  const isolated = isolatedOf(args, chosen.plan.cluster.size);
  const header = chosen.recorded?.header ?? null;
  const selection = args.reference === true ? referenceOf(typed) : selectionFor(chosen, typed);
  if (trace !== null) assertWritableFile(trace);
  for (const warning of versionWarnings(made, chosen)) terminal.warn(warning);
  const spec = await specOf(selection, isDebugged);
  if (header !== null && header.implementation.hash !== spec.hash) {
    terminal.warn('The implementation is not the one that the trace was recorded with.');
  }
  const withStory = !terminal.isJson;
  const onReference = args.reference === true && chosen.target.kind === 'file';
  const target = onReference ? { ...chosen.target, onReference } : chosen.target;
  const request = { ...chosen, target, selection, spec, hangMs, trace, withStory };
  const { report: ran, lines } = await runInWorker(request, terminal);
  const isolation = isolated === null ? null : await isolate(isolated, request, terminal);
  const report = { ...ran, isolation };
  if (withStory && lines !== null) {
    const { storyOf } = await import('../story.ts');
    const { isVerbose } = terminal;
    terminal.print(`${storyOf(lines, { isWhole: isVerbose, isDetailed: isVerbose })}\n`);
  }
  if (isolation !== null) terminal.print(`${isolationText(isolation)}\n`);
  terminal.print(singleText(report, terminal.colours));
  terminal.printJson(report);
  if (terminal.isVerbose && report.stack !== null) terminal.warn(report.stack);
  const hasFailed = exitCodeOf(report) === ExitCode.ok && isolation?.finding != null;
  return hasFailed ? ExitCode.violated : exitCodeOf(report);
}

function referenceOf(typed: Selection): Selection {
  if (typed.sut === null && typed.mutant === null) return typed;
  throw new UsageError('Expected one of --reference, --mutant and --sut, got several.');
}
