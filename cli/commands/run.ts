/** `whitewater run`: one run of a scenario, a plan file or a seed, as a timeline. */
import type { ExitCode } from '../exit-code.ts';
import type { Arguments } from '../options.ts';
import { durationMsOf, seedOf, textOf, versionsOf } from '../parse.ts';
import { selectionFor } from '../recorded-selection.ts';
import { selectionOf, specOf } from '../selection.ts';
import { exitCodeOf, runInWorker } from '../single-run.ts';
import { singleText } from '../single-text.ts';
import { chosenForRun, versionWarnings } from '../targets.ts';
import type { Terminal } from '../terminal.ts';
import { HANG_MS } from '../worker-lane.ts';
import { assertWritableFile } from '../writable.ts';

export async function runCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const seed = seedOf('--seed', args.seed);
  const made = versionsOf('--versions', args.versions);
  const hangMs = durationMsOf('--hang-after', args.hangAfter) ?? HANG_MS;
  const trace = textOf('--trace', args.trace);
  const typed = selectionOf(args);
  const name = textOf('the name of what to run', args.target);
  const chosen = await chosenForRun(name, seed, typed);
  const selection = selectionFor(chosen, typed);
  if (trace !== null) assertWritableFile(trace);
  for (const warning of versionWarnings(made, chosen)) terminal.warn(warning);
  const spec = await specOf(selection);
  const withStory = !terminal.isJson && !(args.summary ?? false);
  const request = { ...chosen, selection, spec, hangMs, trace, withStory };
  const { report, lines } = await runInWorker(request, terminal);
  if (withStory && lines !== null) {
    const { storyOf } = await import('../story.ts');
    const story = storyOf(lines, { isWhole: true, isDetailed: terminal.isVerbose });
    terminal.print(`${story}\n`);
  }
  terminal.print(singleText(report, terminal.colours));
  terminal.printJson(report);
  if (terminal.isVerbose && report.stack !== null) terminal.warn(report.stack);
  return exitCodeOf(report);
}
