import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { copied, folderWith, whitewater, whitewaterJson } from './whitewater.ts';

const folder = folderWith({});
const cwd = folder.path;
afterAll(folder.remove);

interface Report {
  readonly seeds: number;
  readonly lastSeed: string;
  readonly digest: string;
  readonly search: string;
  readonly states: number | null;
  readonly generations: number | null;
  readonly pool: number | null;
  readonly changedPlans: number | null;
  readonly violations: readonly {
    readonly seed: string;
    readonly digest: string;
    replay: string;
  }[];
  readonly interrupted: boolean;
  readonly elapsedMs: number;
  readonly eventsPerSecond: number;
}

const campaign = (...args: string[]) =>
  whitewaterJson<Report>(['campaign', '--no-corpus', ...args], { cwd });

const MUTANT = ['--mutant', 'log-check-index-only'];
/** A generation, and a part of the next one. */
const GUIDED = ['--search', 'guided', '--from', '300', '--seeds', '200', ...MUTANT];

describe('campaign --search guided', () => {
  it('is the same for every number of workers', async () => {
    const [one, three] = await Promise.all([
      campaign(...GUIDED, '--jobs', '1'),
      campaign(...GUIDED, '--jobs', '3'),
    ]);
    const { elapsedMs: _, eventsPerSecond: __, ...report } = one.value;
    expect(three.value).toMatchObject(report);
    expect(report).toMatchObject({ seeds: 200, search: 'guided', generations: 3 });
    expect(report.states).toBeGreaterThan(1000);
    expect(report.pool).toBeGreaterThan(50);
    expect(report.changedPlans).toBeGreaterThan(30);
    expect(report.lastSeed).toBe(String(299 + 200 - report.changedPlans!));
    const failure = report.violations.find(({ seed }) => seed.startsWith('300~'))!;
    expect(failure.replay).toContain('.whitewater/plans/');
    const { code, stdout } = await copied(`${failure.replay} --json`, { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).digest).toBe(failure.digest);
  });

  it('keeps what it had when it is interrupted', async () => {
    const results = join(cwd, 'results.ndjson');
    const when = () => existsSync(results) && readFileSync(results, 'utf8').includes('\n');
    const { code, stdout } = await whitewater(
      [
        'campaign',
        '--search',
        'guided',
        ...MUTANT,
        '--seeds',
        '100000',
        '--no-corpus',
        '--json',
      ].concat(['--output', results]),
      { cwd, signal: { name: 'SIGINT', when } },
    );
    expect(code).toBe(130);
    const report = JSON.parse(stdout) as Report;
    expect(report.interrupted).toBe(true);
    expect(report.seeds).toBeGreaterThan(0);
    expect(report.seeds).toBeLessThan(100_000);
    expect(report.violations.length).toBeGreaterThan(0);
  });

  it('ends when the time is over', async () => {
    const { value } = await campaign('--search', 'guided', '--time-budget', '1s');
    expect(value.seeds).toBeGreaterThan(0);
    expect(value.search).toBe('guided');
  });
});

describe('campaign', () => {
  it('knows two ways to search', async () => {
    const { code, stderr } = await whitewater(['campaign', '--search', 'gided'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('Expected one of random, guided, got "gided". Did you mean "guided"?');
  });

  it.each([
    ['--profile', 'tiny'],
    ['--shard', '1/2'],
  ])('is one search, over all profiles: not with %s', async (option, value) => {
    const args = ['campaign', '--search', 'guided', option, value];
    const { code, stderr } = await whitewater(args, { cwd });
    expect(stderr).toContain(`Expected --search guided without ${option}`);
    expect(code).toBe(2);
  });
});
