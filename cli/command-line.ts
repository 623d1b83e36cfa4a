/** The command line: which commands there are, and what becomes of their errors. */
import type { Argv, Options } from 'yargs';
import { HarnessError } from '../sim/adapters/harness-error.ts';
import { nearestName, show, UsageError, unexpected } from '../sim/usage-error.ts';
import { ExitCode } from './exit-code.ts';
import {
  type Arguments,
  CAMPAIGN_OPTIONS,
  CHECK_OPTIONS,
  COMMON_OPTIONS,
  CONFORMANCE_OPTIONS,
  DOCTOR_OPTIONS,
  GRADE_OPTIONS,
  INIT_OPTIONS,
  REPLAY_OPTIONS,
  RUN_OPTIONS,
  SHRINK_OPTIONS,
  ZOO_OPTIONS,
} from './options.ts';
import { OutputError } from './output-error.ts';
import { packageVersion } from './package-version.ts';
import { openTerminal, type Terminal } from './terminal.ts';

type Handler = (args: Arguments, terminal: Terminal) => Promise<ExitCode>;

interface CommandSpec {
  /** Name and positionals. */
  readonly usage: string;
  readonly describe: string;
  /** What the positional is. */
  readonly target: string | null;
  readonly options: Readonly<Record<string, Options>>;
  /** Loads the command: most of the program is of no use to the others. */
  readonly load: () => Promise<Handler>;
}

const COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'run [target]',
    describe: 'One run of a scenario, a plan file or a seed, as a timeline',
    target: 'A scenario (see `whitewater list scenarios`) or a plan file',
    options: RUN_OPTIONS,
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  {
    usage: 'campaign',
    describe: 'Many seeds, looking for one that breaks a property',
    target: null,
    options: CAMPAIGN_OPTIONS,
    load: async () => (await import('./commands/campaign.ts')).campaignCommand,
  },
  {
    usage: 'replay [target]',
    describe: 'The same run again, with the story',
    target: 'A plan file or a trace',
    options: REPLAY_OPTIONS,
    load: async () => (await import('./commands/replay.ts')).replayCommand,
  },
  {
    usage: 'shrink [target]',
    describe: 'The smallest plan that fails in the same way',
    target: 'A plan file, a kept plan or a trace',
    options: SHRINK_OPTIONS,
    load: async () => (await import('./commands/shrink.ts')).shrinkCommand,
  },
  {
    usage: 'check <target>',
    describe: 'Judge a trace without the implementation',
    target: 'A trace',
    options: CHECK_OPTIONS,
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  {
    usage: 'list <target>',
    describe: 'What there is: scenarios, invariants, mutants, faults, profiles, situations, suites',
    target: 'scenarios, invariants, mutants, faults, profiles, situations or suites',
    options: {},
    load: async () => (await import('./commands/list.ts')).listCommand,
  },
  {
    usage: 'init <target> [folder]',
    describe: 'A folder to begin a Raft of your own in: starter, kit, manifest',
    target: 'ts, python or go',
    options: INIT_OPTIONS,
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  {
    usage: 'doctor [target]',
    describe: 'Can the bench build, start and repeat a submission, and what to do if not',
    target: 'Its folder, or a module (.)',
    options: DOCTOR_OPTIONS,
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    usage: 'conformance <target..>',
    describe: 'Does a program of any language speak the protocol, and what is wrong if not',
    target:
      'The command that starts it, for example: python3 raft.py (in quotes if it has options)',
    options: CONFORMANCE_OPTIONS,
    load: async () => (await import('./commands/conformance.ts')).conformanceCommand,
  },
  {
    usage: 'grade <target>',
    describe: "Grade somebody's Raft: which tests hold, and why others do not",
    target: 'A folder with whitewater.yaml, or a .ts or .js module',
    options: GRADE_OPTIONS,
    load: async () => (await import('./commands/grade.ts')).gradeCommand,
  },
  {
    usage: 'zoo',
    describe: 'The exam of the bench itself: every mutant must be caught',
    target: null,
    options: ZOO_OPTIONS,
    load: async () => (await import('./commands/zoo.ts')).zooCommand,
  },
];

/** Runs one command line and returns its exit code. Throws nothing. */
export async function runCommandLine(words: readonly string[]): Promise<ExitCode> {
  const terminal = openTerminal({
    json: words.includes('--json'),
    verbose: words.includes('--verbose'),
    color: words.includes('--no-color') ? false : words.includes('--color') ? true : null,
  });
  try {
    refuseUnknownCommand(words);
    return await parse(words, terminal);
  } catch (error) {
    const isGrade = words.find((word) => !word.startsWith('-')) === 'grade';
    if (isGrade && error instanceof UsageError) {
      (await import('./stale-reports.ts')).removeStaleReports(words);
    }
    return reportError(error, terminal);
  }
}

async function parse(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { default: yargs } = await import('yargs');
  let exitCode: ExitCode = ExitCode.ok;
  const parser = yargs()
    .scriptName('whitewater')
    .usage('$0 COMMAND\n\nA deterministic simulation and fault-injection bench for Raft.')
    .locale('en')
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
    })
    .exitProcess(false)
    .strict()
    .help()
    .version(packageVersion())
    .demandCommand(1, 'Expected a command; `whitewater --help` lists them.')
    // A handler still runs after a failure that does not throw.
    .fail((message, error) => {
      throw error ?? new UsageError(message);
    })
    .options(COMMON_OPTIONS)
    .wrap(Math.min(100, process.stdout.columns ?? 100));
  for (const command of COMMANDS) {
    addCommand(parser, command, async (args) => {
      exitCode = await (await command.load())(args, terminal);
    });
  }
  try {
    await parser.parseAsync([...words]);
  } catch (error) {
    throw isFromYargs(error) ? rewritten(error, words) : error;
  }
  return exitCode;
}

function addCommand(
  parser: Argv,
  { usage, describe, target, options }: CommandSpec,
  handler: (args: Arguments) => Promise<void>,
): void {
  parser.command(
    usage,
    describe,
    (command: Argv) => {
      if (target !== null) command.positional('target', { type: 'string', describe: target });
      return command.options(options);
    },
    (args) => handler(args as unknown as Arguments),
  );
}

function isFromYargs(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'YError' || error.constructor === UsageError);
}

const nameOf = (command: CommandSpec): string => command.usage.split(' ')[0]!;

/** Before yargs takes it for a stray argument. */
function refuseUnknownCommand(words: readonly string[]): void {
  const names = COMMANDS.map(nameOf);
  // yargs takes what is behind it for no command, and says nothing.
  if (words.includes('--')) throw new UsageError('Expected a command and its options, got "--".');
  const first = words.find((word) => !word.startsWith('-'));
  if (first === undefined || words.some((word) => names.includes(word))) return;
  const expected = `a command (${names.join(', ')})`;
  throw unexpected({ expected, got: show(first), where: '', nearest: nearestName(first, names) });
}

/** What yargs says, in the words of this program. Our own errors pass. */
function rewritten(error: Error, words: readonly string[]): Error {
  const { message } = error;
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(message)?.[1];
  if (unknown !== undefined) return unknownArgument(unknown, words);
  const empty = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (empty !== undefined) return new UsageError(`Expected a value behind --${empty}.`);
  if (message.startsWith('Not enough non-option arguments')) {
    const command = COMMANDS.find((candidate) => words.includes(nameOf(candidate)));
    const target = command?.target ?? 'more';
    const expected = `${target[0]!.toLowerCase()}${target.slice(1)}`;
    return new UsageError(`Expected ${expected} behind the command, got nothing.`);
  }
  return error.name === 'YError' ? new UsageError(message.split('\n')[0]!) : error;
}

function unknownArgument(name: string, words: readonly string[]): UsageError {
  const isOption = words.some((word) => /^--?[^-]/.test(word) && word.includes(name));
  if (!isOption) return new UsageError(`Expected no further argument, got ${show(name)}.`);
  const command = COMMANDS.find((candidate) => words.includes(nameOf(candidate)));
  const valid = Object.keys({ ...COMMON_OPTIONS, ...command?.options, help: 0 });
  const nearest = nearestName(name, valid);
  const of = command === undefined ? 'whitewater' : `\`${nameOf(command)}\``;
  return unexpected({
    expected: `an option of ${of}`,
    got: show(`--${name}`),
    where: '',
    nearest: nearest === null ? null : `--${nearest}`,
  });
}

/** One sentence on stderr; a stack only when it was asked for. */
function reportError(error: unknown, terminal: Terminal): ExitCode {
  const isUsage = error instanceof UsageError;
  const isHarness = error instanceof HarnessError || error instanceof OutputError;
  const exitCode = isUsage ? ExitCode.usage : ExitCode.bench;
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  const sentence = isUsage || isHarness ? message : `The bench failed: ${message}`;
  terminal.warn(sentence);
  if (terminal.isVerbose) terminal.warn(cause instanceof Error ? cause.stack! : (stack ?? ''));
  else if (!isUsage && !isHarness) terminal.warn('Add --verbose for the stack.');
  terminal.printJson({ error: sentence, exitCode });
  return exitCode;
}
