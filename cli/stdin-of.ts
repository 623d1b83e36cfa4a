/** `whitewater replay PLAN --sut PATH --stdin-of n2`: one server's input, for a debugger. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { KeyValueStore } from '../core/state-machine.ts';
import { programImplementation } from '../sim/adapters/program-implementation.ts';
import { DEFAULT_STDIO_OPTIONS, StdioHost } from '../sim/adapters/stdio-host.ts';
import type { StdioCommand } from '../sim/adapters/stdio-link.ts';
import { SubmissionError } from '../sim/adapters/submission-error.ts';
import { ToldLines } from '../sim/adapters/told-lines.ts';
import { plainText } from '../sim/grading/plain-text.ts';
import { loadSubmission } from '../sim/grading/submission.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { ProgramFailure } from '../sim/protocol/program.ts';
import { DEFAULT_RUN_OPTIONS, type RunResult, run } from '../sim/run.ts';
import { show, UsageError } from '../sim/usage-error.ts';
import { ExitCode } from './exit-code.ts';
import type { Arguments } from './options.ts';
import { writeOwnFile } from './own-file.ts';
import { seedOf, textOf } from './parse.ts';
import { programOf, TRUSTED } from './submitted-program.ts';
import { chosenForReplay } from './targets.ts';
import type { Terminal } from './terminal.ts';

export async function printStdinOf(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const sut = textOf('--sut', args.sut);
  if (sut === null) throw new UsageError('Expected --sut with --stdin-of: whose server was told?');
  const path = textOf('the file to replay', args.target);
  const selection = { sut, mutant: null, without: [] };
  const { plan } = await chosenForReplay(path, seedOf('--seed', args.seed), selection);
  const server = serverOf(textOf('--stdin-of', args.stdinOf)!, plan);
  try {
    const told = new ToldLines(server);
    const submission = loadSubmission(sut);
    const { command, id } = await programOf(submission, TRUSTED);
    const result = runWith(told, command, id, plan);
    const boot = bootOf(textOf('--boot', args.boot), told.lives.length, server);
    const lines = told.lives[boot]!;
    terminal.print(lines.join('\n'));
    terminal.printJson({ server, boot, lives: told.lives.length, ...endOf(result), lines });
    terminal.warn(
      `${server}, life ${boot} of ${told.lives.length} (from 0): ${lines.length} lines.`,
    );
    terminal.warn(endOf(result).end);
    if (submission.manifest.module !== undefined) {
      writeDebugged(command.argv.at(-1)!, submission.root);
      const start = `node --inspect-brk --enable-source-maps ${DEBUGGED}`;
      terminal.warn(`With these lines in ${server}.in, under a debugger: ${start} < ${server}.in`);
    }
    return ExitCode.ok;
  } catch (error) {
    const isTheirs = error instanceof SubmissionError || error instanceof ProgramFailure;
    if (!isTheirs) throw error;
    terminal.warn(`It does not start: ${plainText(error.message)}`);
    return ExitCode.violated;
  }
}

function serverOf(name: string, { cluster }: Plan): string {
  const node = Number(/^n([1-7])$/.exec(name)?.[1] ?? 0);
  const count = cluster.size + cluster.spares;
  if (node >= 1 && node <= count) return name;
  throw new UsageError(`Expected a server from n1 to n${count}, got ${show(name)} (--stdin-of).`);
}

function bootOf(text: string | null, lives: number, server: string): number {
  if (lives === 0) throw new UsageError(`${server} is not started in this run.`);
  if (text === null) return lives - 1;
  const boot = /^[0-9]{1,6}$/.test(text) ? Number(text) : lives;
  if (boot < lives) return boot;
  throw new UsageError(`Expected a life from 0 to ${lives - 1}, got ${show(text)} (--boot).`);
}

/** A module with its kit, as the program that reads such lines: no other tool is needed for it. */
const DEBUGGED = '.whitewater/debug.mjs';

function writeDebugged(bundle: string, root: string): void {
  // A debugger looks for the sources where the submission has them.
  const code = readFileSync(bundle, 'utf8').replace(INLINE_MAP, (_, begin, encoded) => {
    const map = JSON.parse(Buffer.from(encoded, 'base64').toString());
    const placed = JSON.stringify({ ...map, sourceRoot: `${pathToFileURL(root).href}/` });
    return `${begin}${Buffer.from(placed).toString('base64')}`;
  });
  writeOwnFile(DEBUGGED, code);
}

const INLINE_MAP = /(\/\/# sourceMappingURL=data:application\/json;base64,)([\w+/=]+)/;

function runWith(told: ToldLines, command: StdioCommand, id: string, plan: Plan): RunResult {
  const host = new StdioHost(command, DEFAULT_STDIO_OPTIONS);
  try {
    const store = (): KeyValueStore => new KeyValueStore();
    const implementation = programImplementation(id, told.watched(host), store);
    return run(plan, implementation, DEFAULT_RUN_OPTIONS);
  } finally {
    host.close();
  }
}

/** How the run has ended, one sentence. */
function endOf({ verdict, violations, failure, events }: RunResult): { readonly end: string } {
  const [violation] = violations;
  if (failure !== null) {
    return {
      end: `The run ends with ${failure.kind} at n${failure.node}: ${plainText(failure.message)}`,
    };
  }
  if (violation !== undefined) return { end: `The run ends with: ${plainText(violation.detail)}` };
  return { end: `The run ends after ${events} events: ${verdict}.` };
}
