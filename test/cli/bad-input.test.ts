import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, whitewater } from './whitewater.ts';

const folder = folderWith({
  'torn.yaml': 'cluster: {size: 3',
  'typo.yaml': 'cluster: {sise: 3}',
  'eight.yaml': 'cluster: {size: 8}',
  'version.yaml': 'versions: {schema: 99, generator: 1, engine: 1}',
  'empty.ndjson': '',
  'words.txt': 'hello\n',
  'mutants.yaml': '- id: x\n',
});
afterAll(folder.remove);

const SEED = 'Expected a seed (a decimal integer from 0 to 18446744073709551615), got';

/** What was typed, and how the one sentence begins. */
const TABLE: readonly (readonly [typed: string, sentence: string])[] = [
  ['run --seed 1e3', `${SEED} "1e3".`],
  ['run --seed -1', `${SEED} "-1".`],
  ['run --seed abc', `${SEED} "abc".`],
  ['run --seed 18446744073709551616', `${SEED} "18446744073709551616".`],
  ['campaign --from 0x10', `${SEED} "0x10".`],
  ['replay --seed 1.0', `${SEED} "1.0".`],
  ['run --seed 1 --seed 2', 'Expected --seed once, got it 2 times.'],
  ['run --seed', 'Expected a value behind --seed.'],
  ['', 'Expected a command'],
  ['rum', 'Expected a command (run, campaign, replay, shrink, check, list, '],
  ['run --sed 3', 'Expected an option of `run`, got "--sed". Did you mean "--seed"?'],
  [
    'campaign --time-bugdet 3s',
    'Expected an option of `campaign`, got "--time-bugdet". Did you mean "--time-budget"?',
  ],
  ['check x --seed 1', 'Expected an option of `check`, got "--seed".'],
  [
    'run leader-failur',
    'Expected a scenario or a plan file, got "leader-failur". Did you mean "leader-failure"?',
  ],
  ['run leader-failure more', 'Expected no further argument, got "more".'],
  [
    'run --mutant revote-same-trem',
    'Expected a mutant (see `whitewater list mutants`), got "revote-same-trem". Did you mean "revote-same-term"?',
  ],
  [
    'run --without election-safty',
    'Expected a property (see `whitewater list invariants`), got "election-safty". Did you mean "election-safety"?',
  ],
  ['run --mutant revote-same-term --sut x.ts', 'Expected --sut or --mutant, got both'],
  ['run --sut nowhere.ts', 'There is no file "nowhere.ts".'],
  ['run --sut .', 'Expected whitewater.yaml in ".", which says how servers are started, got none.'],
  ['run --versions 1', 'Expected versions as a replay line has them'],
  [
    'run --trace nowhere/trace.ndjson',
    'Cannot write "nowhere/trace.ndjson": there is no such folder.',
  ],
  ['run torn.yaml', 'Expected a plan in JSON or YAML, got something else (torn.yaml:'],
  ['run typo.yaml', 'Expected '],
  ['run eight.yaml', 'Expected '],
  ['run version.yaml', 'Expected a plan of schema version'],
  ['replay', 'Expected a plan, a trace or --seed, got nothing.'],
  ['replay nowhere.ndjson', 'There is no file "nowhere.ndjson".'],
  ['replay words.txt', 'Expected '],
  ['check', 'Expected a trace behind the command, got nothing.'],
  ['-- run', 'Expected a command and its options, got "--".'],
  ['run -- leader-failure', 'Expected a command and its options, got "--".'],
  ['check nowhere.ndjson', 'There is no file "nowhere.ndjson".'],
  ['check empty.ndjson', 'This is not a trace'],
  ['check words.txt', 'This is not a trace'],
  [
    'list mutant',
    'Expected one of scenarios, invariants, mutants, faults, profiles, situations, suites, program-situations, got "mutant". Did you mean "mutants"?',
  ],
  ['campaign --seeds 0', 'Expected a whole number from 1 to'],
  ['campaign --seeds 1.5', 'Expected a whole number from 1 to'],
  ['campaign --jobs many', 'Expected a whole number from 1 to'],
  [
    'campaign --from 18446744073709551615',
    'Expected seeds up to 18446744073709551615, got 1000 seeds from 18446744073709551615 on, where there is 1.',
  ],
  [
    'campaign --from 18446744073709551610 --seeds 7',
    'Expected seeds up to 18446744073709551615, got 7 seeds from 18446744073709551610 on, where there are 6.',
  ],
  ['campaign --from 18446744073709551610 --time-budget 1s', 'Expected seeds up to'],
  ['zoo --from 18446744073709551610', 'Expected seeds up to'],
  ['campaign --verify some', 'Expected a number of runs, all or none, got "some" (--verify).'],
  ['campaign --verify 0', 'Expected a number of runs, all or none'],
  ['campaign --corpus words.txt', 'Expected a folder of plans, got "words.txt"'],
  ['campaign --output words.txt', 'Cannot write "words.txt": there is something in it already.'],
  ['replay --seed 1 --isolated 0', 'Expected a server from 1 to'],
  ['replay --seed 1 --reference --mutant revote-same-term', 'Expected one of --reference'],
  ['campaign --shard 3/2', 'Expected a shard i/n'],
  ['campaign --seeds 3 --shard 4/4', 'Shard 4/4 of 3 seeds is empty.'],
  ['campaign --time-budget 60', 'Expected a time from'],
  ['campaign --output nowhere/x', 'Cannot write "nowhere/x": there is no such folder.'],
  ['shrink --seed 2 --output nowhere/x', 'Cannot write "nowhere/x": there is no such folder.'],
  ['campaign --output .', 'Cannot write ".": it is a folder.'],
  ['zoo --only revote-same-trem', 'Expected a mutant'],
  ['zoo --mutants nowhere.yaml', 'There is no file "nowhere.yaml".'],
  ['zoo --mutants mutants.yaml', 'Expected '],
];

describe('bad input is one sentence on stderr and exit code 2', () => {
  it.concurrent.each(TABLE)('whitewater %s', async (typed, sentence) => {
    const words = typed.split(' ').filter((word) => word !== '');
    const { code, stdout, stderr } = await whitewater(words, { cwd: folder.path });
    expect(stderr.startsWith(sentence), stderr).toBe(true);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('is a value, too, with --json', async () => {
    const { code, stdout, stderr } = await whitewater(['run', '--seed', 'x', '--json']);
    expect(JSON.parse(stdout)).toEqual({ error: stderr.trim(), exitCode: 2 });
    expect(code).toBe(2);
  });
});
