import { describe, expect, it } from 'vitest';
import { countOf, durationMsOf, shardOf, versionsOf } from '../../cli/parse.ts';
import { replayLine } from '../../cli/replay-line.ts';
import { columns, grouped } from '../../cli/table.ts';
import { colourLevel } from '../../cli/terminal.ts';
import { UsageError } from '../../sim/usage-error.ts';
import { VERSIONS } from '../../sim/versions.ts';

describe('options', () => {
  it.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
  ])('take a time: %s', (text, ms) => {
    expect(durationMsOf('--time-budget', text)).toBe(ms);
  });

  it.each(['', '0s', '60', '1.5s', '-1s', '9999h', '1d'])('refuse the time %j', (text) => {
    expect(() => durationMsOf('--time-budget', text)).toThrow(UsageError);
  });

  it('take counts and shards', () => {
    expect(countOf('--seeds', '1000', 1000)).toBe(1000);
    expect(() => countOf('--seeds', '1001', 1000)).toThrow(UsageError);
    expect(shardOf('--shard', '2/4')).toEqual({ index: 2, of: 4 });
    expect(() => shardOf('--shard', '0/4')).toThrow(UsageError);
    expect(versionsOf('--versions', '1.2.3')).toEqual({ schema: 1, generator: 2, engine: 3 });
  });
});

describe('a replay line', () => {
  const { schema, generator, engine } = VERSIONS;
  const versions = `--versions ${schema}.${generator}.${engine}`;
  const plain = { sut: null, mutant: null, without: [] };

  it('names the run, what it ran, how it was judged, and the versions', () => {
    const mutant = { ...plain, mutant: 'revote-same-term', without: ['log-matching'] };
    expect(replayLine({ kind: 'seed', seed: '17' }, mutant)).toBe(
      `npx whitewater replay --seed 17 --mutant revote-same-term --without log-matching ${versions}`,
    );
    expect(replayLine({ kind: 'scenario', id: 'figure-8', seed: null }, plain)).toBe(
      `npx whitewater run figure-8 ${versions}`,
    );
  });

  it('can be copied into a shell whatever the path', () => {
    const sut = { ...plain, sut: "my raft's.ts" };
    const target = { kind: 'file', path: 'a plan.yaml', seed: '3' } as const;
    expect(replayLine(target, sut)).toBe(
      `npx whitewater replay 'a plan.yaml' --seed 3 --sut 'my raft'\\''s.ts' ${versions}`,
    );
  });
});

describe('colours', () => {
  it.each([
    ['the flag beats all', true, { NO_COLOR: '1', FORCE_COLOR: '0' }, false, 1],
    ['--no-color too', false, { FORCE_COLOR: '3' }, true, 0],
    ['FORCE_COLOR beats NO_COLOR', null, { FORCE_COLOR: '2', NO_COLOR: '1' }, false, 2],
    ['FORCE_COLOR can say no', null, { FORCE_COLOR: '0' }, true, 0],
    ['NO_COLOR beats a terminal', null, { NO_COLOR: '1' }, true, 0],
    ['an empty NO_COLOR says nothing', null, { NO_COLOR: '' }, true, 1],
    ['a dumb terminal has none', null, { TERM: 'dumb' }, true, 0],
    ['a log in CI has them', null, { GITHUB_ACTIONS: 'true' }, false, 1],
    ['a pipe has none', null, {}, false, 0],
  ])('%s', (_, flag, environment, isTty, level) => {
    expect(colourLevel(flag, environment, isTty)).toBe(level);
  });
});

describe('tables', () => {
  it('have plain columns', () => {
    expect(
      columns([
        ['a', '1'],
        ['bcd', '22'],
      ]),
    ).toBe('a    1\nbcd  22');
    expect(grouped(1234567)).toBe('1,234,567');
    expect(grouped(123)).toBe('123');
  });
});
