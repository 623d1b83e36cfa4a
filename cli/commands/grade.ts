/** `whitewater grade`: somebody's Raft against a suite of tests. */
import { statSync, watch, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { plainText } from '../../sim/grading/plain-text.ts';
import type { Report, TestReport } from '../../sim/grading/report.ts';
import {
  loadSubmission,
  type Submission,
  unreadableSubmission,
} from '../../sim/grading/submission.ts';
import { UsageError } from '../../sim/usage-error.ts';
import { ExitCode } from '../exit-code.ts';
import { type GradeRequest, gradeRequestOf } from '../grade-request.ts';
import { gradeOnce, refusedReport, unfinishedReport } from '../grade-session.ts';
import { interruption } from '../interruption.ts';
import type { Arguments } from '../options.ts';
import { OutputError } from '../output-error.ts';
import { writeOwnFile } from '../own-file.ts';
import { Progress } from '../progress.ts';
import { REPORTERS } from '../reporters/reporters.ts';
import { nextReport, terminalReport } from '../reporters/terminal.ts';
import { REPORT } from '../stale-reports.ts';
import { assertReach } from '../system-user.ts';
import type { Terminal } from '../terminal.ts';
import { reasonOf } from '../writable.ts';

const ENDING = 'Interrupted: ends with what there is; Ctrl-C once more ends it at once.';

export async function gradeCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const request = gradeRequestOf(args);
  const stop = interruption(
    `Ended at once: ${REPORT} says that the grading did not come to its end.`,
  );
  stop.signal.addEventListener('abort', () => terminal.warn(ENDING));
  let exitCode = await grade(request, terminal, stop.signal);
  while (request.isWatched && !stop.signal.aborted) {
    terminal.print('Waiting for a change; Ctrl-C ends it.');
    if (!(await changed(watchedFolder(request.path), stop.signal))) break;
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
  const report = await gradedReport(request, terminal, signal);
  writeFiles(report, request);
  show(report, request, terminal);
  if (signal.aborted) terminal.warn(interruptedWords(report, request));
  return report.verdict === 'passed' ? ExitCode.ok : ExitCode.violated;
}

/** What was done of it, and where that stands. */
function interruptedWords({ tests }: Report, request: GradeRequest): string {
  const isWhole = ({ failures }: TestReport): boolean =>
    failures.every(({ fingerprint }) => fingerprint !== 'notRun');
  const whole = `${tests.filter(isWhole).length} of ${request.tests.length} tests`;
  return `Interrupted: ${whole} were made to their end, the others count as failed. The report: ${REPORT}`;
}

async function gradedReport(
  request: GradeRequest,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Report> {
  const { path, user, tests } = request;
  const [submission, problem] = submitted(path);
  if (problem !== null) return refusedReport(submission, request, problem);
  if (user !== null) assertReach(submission, user);
  const reporters = request.reporters.filter(({ file }) => file === null || isPlain(file));
  writeFiles(unfinishedReport(submission, request), { ...request, reporters });
  const progress = new Progress();
  const report = await gradeOnce(submission, request, {
    signal,
    onPrint: (text) => {
      if (!terminal.isVerbose) return;
      for (const line of text.trimEnd().split('\n')) terminal.warn(`build│ ${plainText(line)}`);
    },
    onProgress: (done) => progress.update(() => `${done} of ${tests.length} tests`),
  });
  progress.done();
  return report;
}

/** A folder that was handed in is graded, whatever is in it. Throws a UsageError if there is none. */
function submitted(path: string): readonly [Submission, problem: string | null] {
  try {
    return [loadSubmission(path), null];
  } catch (error) {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    if (!(error instanceof UsageError && isFolder)) throw error;
    return [unreadableSubmission(path), error.message];
  }
}

/** What is written there can be written over. */
function isPlain(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() !== false;
}

function watchedFolder(path: string): string {
  return statSync(path).isDirectory() ? path : dirname(path);
}

function writeFiles(report: Report, { reporters }: GradeRequest): void {
  writeOwnFile(REPORT, REPORTERS['json']!(report));
  for (const { name, file } of reporters) if (file !== null) write(file, REPORTERS[name]!(report));
}

function show(report: Report, request: GradeRequest, terminal: Terminal): void {
  const shown = request.reporters.filter(({ file }) => file === null);
  for (const { name } of shown) terminal.print(REPORTERS[name]!(report).trimEnd());
  terminal.printJson(report);
  if (shown.length > 0) return;
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
  if (report.error !== null) return `mend that, then npx whitewater grade ${path} --next`;
  if (failing === undefined) {
    return isNext && suite.name === 'milestones'
      ? `npx whitewater grade ${path} --suite labs`
      : `npx whitewater grade ${path} --suite deep`;
  }
  return isNext
    ? `npx whitewater grade ${path} --next`
    : `npx whitewater grade ${path} --suite ${suite.name} --test ${failing.id}`;
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
