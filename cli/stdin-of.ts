/** `whitewater replay PLAN --sut PATH --stdin-of n2`: one server's input, for a debugger. */
import { KeyValueStore } from '../core/state-machine.ts';
import { programImplementation } from '../sim/adapters/program-implementation.ts';
import { DEFAULT_STDIO_OPTIONS, StdioHost } from '../sim/adapters/stdio-host.ts';
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
    const result = await runWith(told, sut, plan);
    const boot = bootOf(textOf('--boot', args.boot), told.lives.length, server);
    const lines = told.lives[boot]!;
    terminal.print(lines.join('\n'));
    terminal.printJson({ server, boot, lives: told.lives.length, ...endOf(result), lines });
    terminal.warn(
      `${server}, life ${boot} of ${told.lives.length} (from 0): ${lines.length} lines.`,
    );
    terminal.warn(endOf(result).end);
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

async function runWith(told: ToldLines, sut: string, plan: Plan): Promise<RunResult> {
  const spec = await programOf(loadSubmission(sut), TRUSTED);
  const host = new StdioHost(spec.command, DEFAULT_STDIO_OPTIONS);
  try {
    const store = (): KeyValueStore => new KeyValueStore();
    const implementation = programImplementation(spec.id, told.watched(host), store);
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
