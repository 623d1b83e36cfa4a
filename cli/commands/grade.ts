/** `whitewater grade`: somebody's Raft against a suite of tests. */
import { watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../sim/grading/report.ts';
import { loadSubmission } from '../../sim/grading/submission.ts';
import { ExitCode } from '../exit-code.ts';
import { type GradeRequest, gradeRequestOf } from '../grade-request.ts';
import { gradeOnce } from '../grade-session.ts';
import { interruption } from '../interruption.ts';
import type { Arguments } from '../options.ts';
import { OutputError } from '../output-error.ts';
import { Progress } from '../progress.ts';
import { REPORTERS } from '../reporters/reporters.ts';
import { nextReport, terminalReport } from '../reporters/terminal.ts';
import type { Terminal } from '../terminal.ts';
import { makeFolderOf, reasonOf } from '../writable.ts';

/** The certificate is always written. */
const REPORT = join('.whitewater', 'report.json');

export async function gradeCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const request = gradeRequestOf(args);
  makeFolderOf(REPORT);
  const stop = interruption();
  let exitCode = await grade(request, terminal, stop.signal);
  while (request.isWatched && !stop.signal.aborted) {
    terminal.print('Waiting for a change; Ctrl-C ends it.');
    const { root } = loadSubmission(request.path);
    if (!(await changed(root, stop.signal))) break;
    exitCode = await grade(request, terminal, stop.signal);
  }
  stop.release();
  return stop.signal.aborted && !request.isWatched ? ExitCode.interrupted : exitCode;
}

async function grade(
  request: GradeRequest,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const submission = loadSubmission(request.path);
  const progress = new Progress();
  const report = await gradeOnce(submission, request, {
    signal,
    onPrint: (text) => {
      if (terminal.isVerbose) terminal.warn(text.trimEnd());
    },
    onProgress: (done) => progress.update(() => `${done} of ${request.tests.length} tests`),
  });
  progress.done();
  show(report, request, terminal);
  return report.verdict === 'passed' ? ExitCode.ok : ExitCode.violated;
}

function show(report: Report, request: GradeRequest, terminal: Terminal): void {
  write(REPORT, REPORTERS['json']!(report));
  for (const { name, file } of request.reporters) {
    const text = REPORTERS[name]!(report);
    if (file !== null) write(file, text);
    else terminal.print(text.trimEnd());
  }
  terminal.printJson(report);
  if (request.reporters.some(({ file }) => file === null)) return;
  const { colours } = terminal;
  const text = request.isNext
    ? nextReport(report, nextCommand(report, request), colours)
    : `${terminalReport(report, colours)}Next: ${nextCommand(report, request)}`;
  terminal.print(text.trimEnd());
}

/** The one thing to do now. */
function nextCommand(report: Report, { path, isNext, suite }: GradeRequest): string {
  const failing = report.tests.find(
    ({ status }) => status !== 'passed' && status !== 'notAttempted',
  );
  if (report.error !== null) return `mend that, then whitewater grade ${path} --next`;
  if (failing === undefined) {
    return isNext && suite.name === 'milestones'
      ? `whitewater grade ${path} --suite labs`
      : `whitewater grade ${path} --suite deep`;
  }
  return isNext
    ? `whitewater grade ${path} --next`
    : `whitewater grade ${path} --suite ${suite.name} --test ${failing.id}`;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new OutputError(`Cannot write ${JSON.stringify(file)}: ${reasonOf(error)}.`);
  }
}

const QUIET_MS = 200;

/** False when the user has had enough. */
function changed(folder: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | null = null;
    const watcher = watch(folder, { recursive: true, signal }, (_, name) => {
      if (name === null || /(^|[/\\])(\.git|\.whitewater|node_modules)([/\\]|$)/.test(name)) return;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => {
        watcher.close();
        resolve(true);
      }, QUIET_MS);
    });
    watcher.on('error', () => resolve(false));
    signal.addEventListener('abort', () => resolve(false));
  });
}
