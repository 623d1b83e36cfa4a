import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copied, folderWith, whitewater, whitewaterJson } from './whitewater.ts';

const folder = folderWith({});
const cwd = folder.path;
afterAll(folder.remove);

/** For several campaigns, on a machine that may be busy. */
const PATIENCE_MS = 180_000;

interface Report {
  readonly seeds: number;
  readonly from: string;
  readonly lastSeed: string;
  readonly isPrefix: boolean;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly violations: readonly {
    readonly seed: string;
    readonly property: string;
    readonly digest: string;
    readonly replay: string;
  }[];
  readonly violationCount: number;
  readonly excused: number;
  readonly digest: string;
  readonly situations: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, unknown>>;
  readonly canary: { readonly caughtAt: string | null };
  readonly verified: number;
  readonly benchFailures: readonly unknown[];
  readonly interrupted: boolean;
}

const campaign = (...args: string[]) => whitewaterJson<Report>(['campaign', ...args], { cwd });

/** What depends on the seeds alone. */
function lasting({ seeds, events, violations, excused, digest, situations }: Report) {
  return { seeds, events, violations, excused, digest, situations };
}

describe('a campaign of the same seeds', () => {
  let one: Awaited<ReturnType<typeof campaign>>;
  let three: Report;
  let shards: readonly Report[];

  beforeAll(async () => {
    const seeds = ['--from', '100', '--seeds', '16', '--no-corpus'];
    one = await campaign(...seeds, '--jobs', '1', '--verify', 'all');
    three = (await campaign(...seeds, '--jobs', '3', '--verify', '2')).value;
    const parts = ['1/3', '2/3', '3/3'].map((shard) =>
      campaign(...seeds, '--jobs', '1', '--verify', 'none', '--shard', shard),
    );
    shards = (await Promise.all(parts)).map(({ value }) => value);
  }, PATIENCE_MS);

  it('reports the same whatever the number of workers', () => {
    expect(one.code).toBe(0);
    expect(lasting(three)).toEqual(lasting(one.value));
  });

  it('reports the same in shards', () => {
    expect(shards.map((shard) => shard.seeds)).toEqual([6, 5, 5]);
    const sum = shards.reduce((total, { digest }) => total + BigInt(`0x${digest}`), 0n);
    expect(BigInt.asUintN(64, sum)).toBe(BigInt(`0x${one.value.digest}`));
    const events = shards.reduce((total, shard) => total + shard.events, 0);
    expect(events).toBe(one.value.events);
  });

  it('makes as many runs a second time as it is told', () => {
    expect([one.value.verified, three.verified]).toEqual([16, 2]);
    expect(shards.map(({ verified }) => verified)).toEqual([0, 0, 0]);
  });
});

describe('a campaign of a mutant', () => {
  let failing: Awaited<ReturnType<typeof campaign>>;

  beforeAll(async () => {
    const args = ['--seeds', '10', '--mutant', 'revote-same-term', '--no-corpus'];
    failing = await campaign(...args, '--output', 'found.ndjson', '--trace', 'traces/');
  }, PATIENCE_MS);

  it('finds a mutant, and each failure has a line that reproduces it', async () => {
    const { code, value } = failing;
    expect(code).toBe(1);
    expect(value.violationCount).toBe(value.violations.length);
    expect(value.violationCount).toBeGreaterThan(3);
    const seeds = value.violations.map(({ seed }) => Number(seed));
    expect(seeds).toEqual([...seeds].sort((a, b) => a - b));
    const last = value.violations.at(-1)!;
    const again = await copied(`${last.replay} --json`, { cwd });
    const replayed = JSON.parse(again.stdout) as { digest: string; violations: unknown };
    expect(again.code).toBe(1);
    expect(replayed.digest).toBe(last.digest);
    expect(replayed.violations).toMatchObject([{ property: last.property }]);
    const lines = readFileSync(join(cwd, 'found.ndjson'), 'utf8').trimEnd().split('\n');
    const [header, ...found] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(header!['format']).toBe('whitewater/campaign');
    expect(
      found
        .slice(0, -1)
        .map((line) => line['seed'])
        .sort(),
    ).toEqual(value.violations.map(({ seed }) => seed).sort());
    expect(found.at(-1)).toHaveProperty('summary');
  });

  it('records failures into a folder', async () => {
    const { value } = failing;
    expect(readdirSync(join(cwd, 'traces')).sort()).toEqual(
      value.violations.map(({ seed }) => `seed-${seed}.ndjson`).sort(),
    );
    const { code } = await whitewater(
      ['check', `traces/seed-${value.violations[0]!.seed}.ndjson`],
      { cwd },
    );
    expect(code).toBe(1);
  });
});

describe('campaign', () => {
  it('prints what happened, with nothing failed', async () => {
    const { code, value } = await campaign('--seeds', '8');
    expect(code).toBe(0);
    expect(value).toMatchObject({
      seeds: 8,
      from: '1',
      lastSeed: '8',
      violations: [],
      benchFailures: [],
      interrupted: false,
    });
    const plain = { search: 'random', states: null, generations: null, pool: null };
    expect(value).toMatchObject({ ...plain, changedPlans: null });
    expect(value.eventsPerSecond).toBeGreaterThan(0);
    expect(value.situations['leader-elected']).toBeGreaterThan(0);
    expect(value.canary.caughtAt).not.toBeNull();
    // Positions 0, 1, 3 and 7.
    expect(value.verified).toBe(4);
    expect(Object.keys(value.versions)).toEqual(['whitewater', 'schema', 'generator', 'engine']);
  });

  it('leaves failures in .whitewater, where nobody has named a file', async () => {
    const args = ['campaign', '--seeds', '2', '--mutant', 'revote-same-term', '--no-shrink'];
    const { stdout } = await whitewater(args, { cwd });
    const [, path] = /Failures are in (\S+\.ndjson)\./.exec(stdout) ?? [];
    expect(path).toMatch(/^\.whitewater\/campaign-/);
    expect(existsSync(join(cwd, path!))).toBe(true);
  });

  it('runs the first seeds only when its time is over', async () => {
    const { code, value } = await campaign('--time-budget', '500ms', '--from', '10');
    expect(code).toBe(0);
    expect(value.isPrefix).toBe(true);
    expect(Number(value.lastSeed)).toBe(10 + value.seeds - 1);
  });

  it('says before it begins that nothing will be kept', async () => {
    const place = folderWith({ '.whitewater': 'a file where the folder belongs' });
    const args = ['campaign', '--seeds', '8', '--mutant', 'revote-same-term', '--no-shrink'];
    const { code, stderr, stdout } = await whitewater(args, { cwd: place.path });
    place.remove();
    expect(code).toBe(1);
    const sentences = stderr.split('\n').filter((line) => !line.includes(' seeds, '));
    expect(sentences.slice(0, 2)).toEqual([
      'Failures are kept in no file (a part of its path is a file): name one with --output.',
      'Failing plans are not kept (a part of its path is a file): name a folder with --corpus.',
    ]);
    expect(stdout).toContain('of 8 runs failed');
    expect(stderr).not.toContain('ENOTDIR');
  });

  it('still reports when it cannot write what it was asked for', async () => {
    const args = ['campaign', '--seeds', '8', '--mutant', 'revote-same-term', '--no-shrink'];
    const { code, stderr, stdout } = await whitewater([...args, '--trace', '/dev/full'], { cwd });
    expect(stdout).toContain('of 8 runs failed');
    expect(stderr).toContain('Cannot write the trace /dev/full: the disk is full.\n');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(3);
  });

  const endless = ['campaign', '--seeds', '1000000', '--mutant', 'follower-commit-regresses'];

  it('ends on Ctrl-C with what it has', async () => {
    const path = join(cwd, 'interrupted');
    const when = () => existsSync(path) && readFileSync(path, 'utf8').includes('"replay"');
    const signal = { name: 'SIGINT', when } as const;
    const args = [...endless, '--json', '--output', 'interrupted'];
    const { code, stdout } = await whitewater(args, { cwd, signal });
    expect(code).toBe(130);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ interrupted: true, isPrefix: true });
    expect(report.violationCount).toBeGreaterThan(0);
    expect(report.violations[0]!.replay).toContain('--mutant follower-commit-regresses');
  });

  it('has left what it found when it is killed', async () => {
    const path = join(cwd, 'killed');
    const when = () => existsSync(path) && readFileSync(path, 'utf8').includes('"replay"');
    const signal = { name: 'SIGKILL', when } as const;
    await whitewater([...endless, '--output', 'killed'], { cwd, signal });
    const [header, failure] = readFileSync(path, 'utf8').split('\n');
    expect(JSON.parse(header!)).toMatchObject({ format: 'whitewater/campaign' });
    expect(JSON.parse(failure!)).toHaveProperty('replay');
  });
});

describe('zoo', () => {
  it('examines mutants, in the order of the catalogue', async () => {
    const ids = ['entries-shifted-by-one', 'revote-same-term', 'revote-same-term'];
    const args = ['zoo', '--seeds', '20', ...ids.flatMap((id) => ['--only', id])];
    const { code, value } = await whitewaterJson<{
      killed: number;
      total: number;
      mutants: readonly { id: string; by: readonly { property: string }[] }[];
    }>(args);
    expect(code).toBe(0);
    expect(value).toMatchObject({ killed: 2, total: 2 });
    const [first, second] = value.mutants;
    expect([first!.id, second!.id]).toEqual(['revote-same-term', 'entries-shifted-by-one']);
    expect(first!.by.map(({ property }) => property)).toContain('one-vote-per-term');
  });

  it('goes on with the next mutant when one takes its worker down outside of any server', async () => {
    const find = 'return Math.floor(memberCount / 2) + 1;';
    const edit = (replace: string) => [{ file: 'core/quorum.ts', find, replace }];
    const broken = `${find}\n}\nthrow new Error('broken');\nfunction rest() {`;
    const mutants = [
      { id: 'broken', edits: edit(broken) },
      { id: 'sound', edits: edit('return 1;') },
    ];
    const path = join(cwd, 'broken.json');
    writeFileSync(path, JSON.stringify({ mutants }));
    const args = ['zoo', '--mutants', path, '--seeds', '5', '--jobs', '1'];
    const { code, value } = await whitewaterJson<object>(args);
    expect(code).toBe(3);
    expect(value).toMatchObject({ killed: 1, total: 2, missed: [], unknown: ['broken'] });
  });
});
