/**
 * `whitewater doctor`: is everything there to grade this submission? One line for each thing that was
 * looked at, and what to do where something is wrong. What comes after a failure is not tried.
 */
import { KeyValueStore } from '../../core/state-machine.ts';
import { type SelfCheck, selfTest } from '../../sim/adapters/self-test.ts';
import { DEFAULT_STDIO_OPTIONS, StdioHost } from '../../sim/adapters/stdio-host.ts';
import type { StdioCommand, StdioPatience } from '../../sim/adapters/stdio-link.ts';
import { SubmissionError } from '../../sim/adapters/submission-error.ts';
import { plainText } from '../../sim/grading/plain-text.ts';
import { loadSubmission, type Submission } from '../../sim/grading/submission.ts';
import type { Ready } from '../../sim/protocol/capabilities.ts';
import { ProgramFailure } from '../../sim/protocol/program.ts';
import { UsageError } from '../../sim/usage-error.ts';
import { nameFindings } from '../doctor-names.ts';
import { toolFindings } from '../doctor-tools.ts';
import { ExitCode } from '../exit-code.ts';
import type { Finding } from '../finding.ts';
import type { Arguments } from '../options.ts';
import { durationMsOf, textOf } from '../parse.ts';
import { missingFileWords, programOf, TRUSTED } from '../submitted-program.ts';
import type { Terminal } from '../terminal.ts';

export async function doctorCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const path = textOf('the submission', args.target) ?? '.';
  const eventMs = durationMsOf('--hang-after', args.hangAfter) ?? 5_000;
  const findings: Finding[] = [];
  const say = (...found: readonly Finding[]): void => {
    for (const finding of found) {
      findings.push(finding);
      terminal.print(lineOf(finding, terminal));
    }
  };
  say(...toolFindings());
  await examine(path, eventMs, say);
  const failed = findings.filter(({ state }) => state === 'wrong').length;
  terminal.print(failed === 0 ? '\nReady. Next: npx whitewater grade . --next' : '');
  terminal.printJson({ findings, failed });
  return failed === 0 ? ExitCode.ok : ExitCode.violated;
}

function lineOf({ state, what, advice }: Finding, { colours }: Terminal): string {
  const mark = { right: colours.green('✓'), wrong: colours.red('✗'), absent: '-' }[state];
  return `${mark} ${what}${advice === null ? '' : `\n    ${advice}`}`;
}

type Say = (...found: readonly Finding[]) => void;

async function examine(path: string, eventMs: number, say: Say): Promise<void> {
  const submission = loaded(path, say);
  if (submission === null) return;
  say(...nameFindings(submission));
  try {
    const { command } = await programOf(submission, TRUSTED);
    const { build: argv, module } = submission.manifest;
    const built = argv?.join(' ') ?? module;
    if (built !== undefined) say({ state: 'right', what: `Build: ${built}`, advice: null });
    start(submission, command, eventMs, say);
  } catch (error) {
    if (!(error instanceof SubmissionError)) throw error;
    say({ state: 'wrong', what: plainText(error.message), advice: 'Mend this first.' });
  }
}

function loaded(path: string, say: Say): Submission | null {
  try {
    const submission = loadSubmission(path);
    const { module, run } = submission.manifest;
    const what = module === undefined ? `runs ${run!.join(' ')}` : `is the module ${module}`;
    say({
      state: 'right',
      what: `Submission: ${plainText(submission.name)} ${what}`,
      advice: null,
    });
    return submission;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const advice = '`npx whitewater init ts|python|go` writes a folder to begin with.';
    say({ state: 'wrong', what: error.message, advice });
    return null;
  }
}

function start(submission: Submission, command: StdioCommand, eventMs: number, say: Say): void {
  let host: StdioHost | null = null;
  try {
    const patience = { eventMs, helloMs: Math.max(eventMs, 30_000) };
    host = new StdioHost(command, { ...DEFAULT_STDIO_OPTIONS, patience });
    say({ state: 'right', what: `Start and greeting: ${readyWords(host.ready)}`, advice: null });
    const checks = selfTest(host, () => new KeyValueStore());
    say(...checks.map(findingOf));
    if (checks[0]!.problem !== null && remembers(host.ready, command, patience)) say(OUTLIVES);
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    const missing = missingFileWords(submission);
    const said = missing ?? `${error.kind}: it ${error.message}`;
    const what = `Start and greeting: ${plainText(said)}`;
    say({ state: 'wrong', what, advice: missing === null ? lastLine(error.log) : null });
  } finally {
    host?.close();
  }
}

const OUTLIVES: Finding = {
  state: 'wrong',
  what: 'With a process for each life the same events do get the same answers.',
  advice:
    'So a variable outside of the server (of a module, a class or a package) outlives its reset: make it a field.',
};

/** Does the program repeat itself once no process begins a second life? */
function remembers(
  { capabilities }: Ready,
  command: StdioCommand,
  patience: StdioPatience,
): boolean {
  if (!capabilities.reset) return false;
  const host = new StdioHost(command, { ...DEFAULT_STDIO_OPTIONS, patience, lives: 'process' });
  try {
    return selfTest(host, () => new KeyValueStore())[0]!.problem === null;
  } finally {
    host.close();
  }
}

/** "my-raft; durability explicit, claims, snapshots" */
function readyWords({ name, capabilities }: Ready): string {
  const { durability, electionMs, heartbeatMs } = capabilities;
  const can = Object.entries(capabilities).filter(([, value]) => value === true);
  const timers = `elections ${electionMs.join(' to ')} ms, heartbeats ${heartbeatMs} ms`;
  const declared = [`durability ${durability}`, ...can.map(([field]) => field), timers];
  return `${plainText(name) || 'no name'}; ${declared.join(', ')}`;
}

function lastLine(log: readonly string[]): string | null {
  const line = log.findLast((one) => one.trim() !== '');
  return line === undefined ? null : `Its last line of log: ${plainText(line)}`;
}

/** A program that failed by itself, as the self-test says it. */
const FAILURE = /^n[1-7]: [A-Z]+: /;

/** What a Raft that is not written yet cannot do is no fault of the installation. */
function findingOf({ name, sentence, problem }: SelfCheck): Finding {
  if (problem === null) return { state: 'right', what: sentence, advice: null };
  const isYetToCome = (name === 'commits' || name === 'applies') && !FAILURE.test(problem);
  const advice = `${isYetToCome ? 'Not yet: ' : ''}${plainText(problem)}`;
  return { state: isYetToCome ? 'absent' : 'wrong', what: sentence, advice };
}
