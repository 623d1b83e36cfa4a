/** The options of all commands, as yargs takes them. */
import type { Options } from 'yargs';
import type { Typed } from './parse.ts';

/** What yargs makes of a command line; which of it a command takes, its options say. */
export interface Arguments {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly summary?: boolean;
  readonly color?: boolean;
  readonly sut?: Typed;
  readonly mutant?: Typed;
  readonly reference?: boolean;
  readonly without?: readonly string[];
  readonly trace?: Typed;
  readonly versions?: Typed;
  readonly hangAfter?: Typed;
  readonly profile?: Typed;
  readonly seed?: Typed;
  readonly search?: Typed;
  readonly seeds?: Typed;
  readonly from?: Typed;
  readonly timeBudget?: Typed;
  readonly jobs?: Typed;
  readonly shard?: Typed;
  readonly output?: Typed;
  readonly verify?: Typed;
  readonly isolated?: Typed;
  /** false: --no-corpus. */
  readonly corpus?: Typed | false;
  readonly budget?: Typed;
  /** false: --no-shrink. */
  readonly shrink?: boolean;
  readonly shrinkBudget?: Typed;
  readonly mutants?: Typed;
  readonly only?: readonly string[];
  readonly shape?: Typed;
  readonly stdinOf?: Typed;
  readonly boot?: Typed;
  /** Positional of `init`: where it writes. */
  readonly folder?: Typed;
  readonly suite?: Typed;
  readonly rubric?: Typed;
  readonly secret?: Typed;
  readonly next?: boolean;
  readonly test?: readonly string[];
  readonly hint?: Typed;
  readonly threshold?: Typed;
  readonly reporter?: readonly string[];
  readonly watch?: boolean;
  readonly debug?: boolean;
  readonly runAs?: Typed;
  /** Positional: a scenario or a plan, a file, a kind of list. */
  readonly target?: Typed;
}

const text = (describe: string): Options => ({ type: 'string', requiresArg: true, describe });

/** Every command has these. */
export const COMMON_OPTIONS: Readonly<Record<string, Options>> = {
  json: { type: 'boolean', describe: 'Print one JSON value on stdout' },
  verbose: { type: 'boolean', describe: 'Say more, with stacks' },
  color: { type: 'boolean', describe: 'Colours, or --no-color for none' },
};

/** What is put on the bench, and how it is judged. */
const SELECTION: Readonly<Record<string, Options>> = {
  sut: text(
    'A module that exports createServer, or the folder of a program, in place of the reference',
  ),
  mutant: text('A mutant in place of the reference'),
  without: {
    ...text('Do not judge this property; may be given several times'),
    array: true,
    nargs: 1,
  },
  'hang-after': text('Give up on an implementation that is silent for this long (10s)'),
};

const PROFILE = text('What seeds are drawn from (each draws its own profile)');
const DEBUG: Options = { type: 'boolean', describe: 'No time-outs for answers' };
const TRACE = text('Write the trace of the run to this file');
const VERSIONS = text('Versions that a replay line was made with');

export const RUN_OPTIONS: Readonly<Record<string, Options>> = {
  seed: text('Seed of a generated plan (1)'),
  profile: PROFILE,
  trace: TRACE,
  summary: { type: 'boolean', describe: 'Leave out the timeline' },
  ...SELECTION,
  versions: VERSIONS,
};

export const REPLAY_OPTIONS: Readonly<Record<string, Options>> = {
  seed: text('Seed of the run'),
  profile: PROFILE,
  trace: TRACE,
  reference: { type: 'boolean', describe: 'The reference, whatever was recorded' },
  isolated: text('Feed this server alone with the events of the run; all: each of them'),
  'stdin-of': text('Print what this server of --sut was told, for example n2, line by line'),
  boot: text('With --stdin-of: which of its lives, from 0 (the last)'),
  debug: DEBUG,
  ...SELECTION,
  versions: VERSIONS,
};

export const CAMPAIGN_OPTIONS: Readonly<Record<string, Options>> = {
  seeds: text('How many seeds (1000, or as many as the time budget allows)'),
  from: text('The first seed (1)'),
  search: text('random, or guided: change plans that reached something new (random)'),
  profile: PROFILE,
  'time-budget': text('Begin no seed after this long, for example 60s'),
  jobs: text('Workers (the number of cores)'),
  shard: text('Run every nth seed, for example 2/4'),
  verify: text('Runs to make a second time, beside failures: a number, all or none (a few)'),
  output: text('File for failures as they are found'),
  trace: text('Record failures: a file for the first one, or a folder'),
  corpus: text(
    'Folder of failing plans, run first and added to (.whitewater/corpus); --no-corpus: none',
  ),
  shrink: {
    type: 'boolean',
    describe: 'Shrink the first failures of different kinds; --no-shrink: none',
  },
  'shrink-budget': text('Shrink for so long in all (30s)'),
  ...SELECTION,
};

export const SHRINK_OPTIONS: Readonly<Record<string, Options>> = {
  seed: text('Seed of the run'),
  profile: PROFILE,
  budget: text('Search for so long at most (120s)'),
  output: text('File for the smallest plan; a second call goes on from it'),
  ...SELECTION,
};

export const CHECK_OPTIONS: Readonly<Record<string, Options>> = {
  without: SELECTION['without']!,
};

export const ZOO_OPTIONS: Readonly<Record<string, Options>> = {
  mutants: text('A catalogue of mutants from outside'),
  only: { ...text('One mutant; may be given several times'), array: true, nargs: 1 },
  seeds: text('Random runs for each mutant, at most (10000)'),
  from: text('The first seed (1)'),
  'hang-after': SELECTION['hang-after']!,
  jobs: text('Workers (the number of cores)'),
};

export const CONFORMANCE_OPTIONS: Readonly<Record<string, Options>> = {
  'hang-after': text('Wait this long for an answer (5s)'),
};

export const INIT_OPTIONS: Readonly<Record<string, Options>> = {
  shape: text(
    'event: handlers for events. lab: Make, Start and RPCs, as in well-known labs (event)',
  ),
};

export const DOCTOR_OPTIONS: Readonly<Record<string, Options>> = {
  'hang-after': text('Give up on a program that is silent for this long (5s)'),
};

export const GRADE_OPTIONS: Readonly<Record<string, Options>> = {
  suite: text(
    'labs, milestones, full or deep (that of the rubric, else labs; with --next milestones)',
  ),
  rubric: text('A rubric: points, runs, hints and threshold'),
  secret: text('File with the secret of hidden runs, or the number of an open file descriptor'),
  next: {
    type: 'boolean',
    describe: 'Stop at the first test that fails, and show it on one screen',
  },
  test: { ...text('A test, or several: M1.*; may be given several times'), array: true, nargs: 1 },
  hint: text('How much a failure tells, 0 to 4 (that of the rubric)'),
  threshold: text('Percent of the points below which the exit code is 1 (that of the rubric)'),
  jobs: text('Workers (the number of cores)'),
  reporter: {
    ...text('terminal, json, junit, markdown or github, perhaps with =FILE; several times'),
    array: true,
    nargs: 1,
  },
  watch: { type: 'boolean', describe: 'Grade again whenever a file of the submission changes' },
  debug: DEBUG,
  'run-as': text('User of the system as whom submissions are built and run (needs root)'),
};
