/** `whitewater shrink`: the smallest plan that fails in the same way. */
import type { Plan } from '../../sim/kernel/plan.ts';
import { UsageError } from '../../sim/usage-error.ts';
import { ExitCode } from '../exit-code.ts';
import { interruption } from '../interruption.ts';
import type { Arguments } from '../options.ts';
import { durationMsOf, seedOf, textOf } from '../parse.ts';
import { Progress } from '../progress.ts';
import { selectionFor } from '../recorded-selection.ts';
import { replayLine, type Selection } from '../replay-line.ts';
import { selectionOf, specOf } from '../selection.ts';
import { shrinkInWorker } from '../shrink-lane.ts';
import { outputFor, planToResume, saver, writeOthers, writePlan } from '../shrink-output.ts';
import { shrinkReport, shrunkText } from '../shrink-report.ts';
import { runInWorker } from '../single-run.ts';
import { grouped } from '../table.ts';
import { type Chosen, chosenForReplay } from '../targets.ts';
import type { Terminal } from '../terminal.ts';
import type { WorkerOptions } from '../worker-lane.ts';
import { assertWritableFile, makeFolderOf } from '../writable.ts';

const BUDGET_MS = 120_000;
/** Candidates that hang are many: a healthy one takes some ms. */
const HANG_MS = 3_000;

export async function shrinkCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const seed = seedOf('--seed', args.seed);
  const budgetMs = durationMsOf('--budget', args.budget) ?? BUDGET_MS;
  const hangMs = durationMsOf('--hang-after', args.hangAfter) ?? HANG_MS;
  const path = textOf('the file to shrink', args.target);
  const typed = selectionOf(args);
  const chosen = await chosenForReplay(path, seed, typed);
  const selection = selectionWith(chosen, selectionFor(chosen, typed));
  const output = textOf('--output', args.output) ?? outputFor(path, seed, selection);
  if (path === output) throw new UsageError('Expected another file behind --output, got the same.');
  // A folder that is typed has to be there, as for the files of other commands.
  if (args.output === undefined) makeFolderOf(output);
  assertWritableFile(output);
  const spec = await specOf(selection);
  const workers: WorkerOptions = { specs: [spec], without: selection.without, hangMs };
  const resumed = await planToResume(output, chosen.plan, workers, terminal);
  const progress = new Progress();
  const stop = interruption();
  const save = saver(output);
  const shrunk = await shrinkInWorker(
    {
      plan: resumed ?? chosen.plan,
      workers,
      budgetMs,
      signal: stop.signal,
      onProgress: (now) => {
        save(now);
        progress.update(() => `${grouped(now.runs)} runs, ${grouped(now.events)} events left`);
      },
    },
    terminal,
  );
  stop.release();
  progress.done();
  const interrupted = stop.signal.aborted;
  if (shrunk === null) return notFailing(interrupted, terminal);
  writePlan(output, shrunk.plan);
  const others = writeOthers(shrunk, output);
  const replay = replayLine({ kind: 'file', path: output, seed: null }, selection);
  const report = shrinkReport(shrunk, {
    interrupted,
    output,
    replay,
    others,
    implementation: spec.id,
  });
  if (!terminal.isJson)
    await printStory(shrunk.plan, output, selection, { hangMs, spec }, terminal);
  terminal.print(shrunkText(report, terminal.colours));
  terminal.printJson(report);
  return interrupted ? ExitCode.interrupted : ExitCode.violated;
}

/** A trace is judged as it was recorded. */
function selectionWith({ recorded }: Chosen, selection: Selection): Selection {
  return recorded === null ? selection : { ...selection, without: recorded.header.judged.disabled };
}

async function printStory(
  plan: Plan,
  output: string,
  selection: Selection,
  host: { readonly hangMs: number; readonly spec: Awaited<ReturnType<typeof specOf>> },
  terminal: Terminal,
): Promise<void> {
  const target = { kind: 'file', path: output, seed: null } as const;
  const request = { plan, target, selection, ...host, trace: null, withStory: true };
  const { lines } = await runInWorker({ ...request, recorded: null, kept: null }, terminal);
  if (lines === null) return;
  const { storyOf } = await import('../story.ts');
  const { isVerbose } = terminal;
  terminal.print(`${storyOf(lines, { isWhole: isVerbose, isDetailed: isVerbose })}\n`);
}

function notFailing(interrupted: boolean, terminal: Terminal): ExitCode {
  const sentence = interrupted ? 'Interrupted before the first run.' : 'The plan does not fail.';
  terminal.print(sentence);
  terminal.printJson({ failure: null, interrupted, detail: sentence });
  return interrupted ? ExitCode.interrupted : ExitCode.ok;
}
