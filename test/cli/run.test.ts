import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { VERSIONS } from '../../sim/versions.ts';
import { copied, folderWith, whitewater, whitewaterJson } from './whitewater.ts';

const folder = folderWith({
  'three.yaml': 'cluster: {size: 3}\nworkload: {clients: 2}\nphases: {chaosUs: 1000000}\n',
});
const cwd = folder.path;
afterAll(folder.remove);

interface Report {
  readonly verdict: string;
  readonly scenario: string | null;
  readonly missing: string | null;
  readonly events: number;
  readonly digest: string;
  readonly violations: readonly {
    readonly property: string;
    readonly fingerprint: string;
    readonly step: number;
  }[];
  readonly replay: string;
  readonly versions: Readonly<Record<string, unknown>>;
  readonly comparison: { readonly conclusion: string } | null;
}

const json = (...args: string[]) => whitewaterJson<Report>(args, { cwd });

const OTHER_GENERATOR = `${VERSIONS.schema}.99.${VERSIONS.engine}`;

describe('run', () => {
  it('runs a scenario, and says what it shows', async () => {
    const { code, stdout } = await whitewater(['run', 'leader-failure'], { cwd });
    expect(stdout).toContain('When the leader dies the others elect a new one');
    expect(stdout).toContain('All properties held, and the scenario showed what it claims.');
    expect(code).toBe(0);
  });

  it('prints a line per event under a heading, and leaves them out on request', async () => {
    const [timeline, summary] = await Promise.all([
      whitewater(['run', 'leader-failure'], { cwd }),
      whitewater(['run', 'leader-failure', '--summary'], { cwd }),
    ]);
    const { events } = (await json('run', 'leader-failure')).value;
    const lines = timeline.stdout
      .split('\n')
      .filter((line) => /^ *\d+ +\d+\.\d{3} S\d /.test(line));
    expect(timeline.stdout).toMatch(/^ event +ms on +role, term/);
    expect(lines).toHaveLength(events);
    expect(lines[0]).toMatch(/^ {5}1 +0\.000 S1 +down +starts/);
    expect(summary.stdout).toMatch(/^run +scenario leader-failure/);
  });

  it('runs the same seed the same way, and another one another way', async () => {
    const [first, again, other] = await Promise.all([
      json('run', '--seed', '7'),
      json('run', '--seed', '007'),
      json('run', '--seed', '8'),
    ]);
    expect(first.code).toBe(0);
    expect(first.value.verdict).toBe('pass');
    expect(first.value.events).toBeGreaterThan(100);
    expect(again.value).toEqual(first.value);
    expect(other.value.digest).not.toBe(first.value.digest);
    expect(Object.keys(first.value.versions)).toEqual([
      'whitewater',
      'schema',
      'generator',
      'engine',
    ]);
  });

  it('runs a plan file', async () => {
    const { code, value } = await json('run', 'three.yaml');
    expect(value).toMatchObject({ verdict: 'pass', scenario: null });
    expect(value.replay).toMatch(/^npx whitewater replay three\.yaml --versions /);
    expect(code).toBe(0);
  });

  it('prints colours only where they are wanted', async () => {
    const colour = '\u001b[';
    const run = ['run', 'leader-failure'];
    expect((await whitewater(run)).stdout).not.toContain(colour);
    const forced = { env: { FORCE_COLOR: '1' } };
    expect((await whitewater(run, forced)).stdout).toContain(colour);
    expect((await whitewater([...run, '--no-color'], forced)).stdout).not.toContain(colour);
  });
});

describe('a failure', () => {
  it('prints one line that reproduces it', async () => {
    const { code, value } = await json('run', '--seed', '2', '--mutant', 'revote-same-term');
    expect(code).toBe(1);
    expect(value.verdict).toBe('violation');
    expect(value.violations[0]!.property).toBe('one-vote-per-term');
    const again = await copied(`${value.replay} --json`, { cwd });
    expect(again.code).toBe(1);
    const { verdict, digest, violations } = JSON.parse(again.stdout) as Report;
    expect({ verdict, digest, violations }).toEqual({
      verdict: value.verdict,
      digest: value.digest,
      violations: value.violations,
    });
  });

  it('is told as a story, with the sentence of the property', async () => {
    const args = ['replay', '--seed', '2', '--mutant', 'revote-same-term'];
    const { code, stdout } = await whitewater(args, { cwd });
    expect(stdout).toContain(
      'WRONG: S1 gave its vote of term 1 to S2, after it had given it to S1.',
    );
    expect(stdout).toContain('A server votes for at most one candidate in a term');
    expect(stdout).toMatch(
      /\n {2}replay: npx whitewater replay --seed 2 --mutant revote-same-term/,
    );
    expect(code).toBe(1);
  });

  it('is not found without the property, unless another one finds it', async () => {
    const args = ['run', '--seed', '2', '--mutant', 'revote-same-term'];
    const { value } = await json(...args, '--without', 'one-vote-per-term');
    expect(value.violations.map(({ property }) => property)).not.toContain('one-vote-per-term');
    expect(value.replay).toContain('--without one-vote-per-term');
  });

  it('says which version differs when the line is older', async () => {
    const { stderr } = await whitewater(['replay', '--seed', '2', '--versions', OTHER_GENERATOR]);
    expect(stderr).toMatch(/^It was made with generator version 99; this is version \d+\.\n$/);
  });
});

describe('a trace', () => {
  const trace = join(cwd, 'trace.ndjson');

  it('is written, judged without the implementation, and replayed', async () => {
    const seed = ['--seed', '2', '--mutant', 'revote-same-term'];
    const made = await json('run', ...seed, '--trace', trace);
    expect(existsSync(trace)).toBe(true);
    const [judged, replayed, clean] = await Promise.all([
      json('check', trace),
      json('replay', trace),
      json('replay', trace, '--mutant', 'follower-commit-regresses'),
    ]);
    expect(judged.code).toBe(1);
    expect(judged.value.digest).toBe(made.value.digest);
    expect(judged.value.violations).toEqual(made.value.violations);
    // The trace names its mutant.
    expect(replayed.code).toBe(1);
    expect(replayed.value.comparison!.conclusion).toBe('reproduced');
    expect(replayed.value.digest).toBe(made.value.digest);
    const { step } = made.value.violations[0]!;
    expect(replayed.value.comparison).toMatchObject({
      outcome: 'same',
      divergence: null,
      firstWrong: { step, sentence: expect.stringMatching(/^S\d gave its vote of term \d+ to S/) },
    });
    expect(clean.stderr).toContain('not the one that the trace was recorded with');
  });

  it('is replayed on the reference, with both things said', async () => {
    const { code, stdout } = await whitewater(['replay', trace, '--reference'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^outcome +no failure, recorded one-vote-per-term\//m);
    expect(stdout).toMatch(
      /^divergence +at event \d+ \([\d.]+ ms\), not before the first wrong action at event \d+: S\d .*; now S\d .*$/m,
    );
    expect(stdout).toMatch(/^first wrong +event \d+: S\d gave its vote of term/m);
    expect(stdout).toMatch(/^Fixed: it goes another way at event /m);
  });

  it('that was edited is refused', async () => {
    const digest = /"digest":"[0-9a-f]{16}"/;
    const seed = /"plan":\{(.*?)"seed":"2"/;
    const edits: readonly [RegExp, string][] = [
      [digest, '"digest":"0123456789abcdef"'],
      [seed, '"plan":{$1"seed":"3"'],
    ];
    for (const [find, replace] of edits) {
      const text = readFileSync(trace, 'utf8');
      expect(text).toMatch(find);
      const path = join(cwd, 'forged.ndjson');
      writeFileSync(path, text.replace(find, replace));
      const [replayed, checked] = await Promise.all([
        whitewater(['replay', path], { cwd }),
        whitewater(['check', path], { cwd }),
      ]);
      expect(replayed).toEqual(checked);
      expect(replayed.stderr).toMatch(/^This trace was edited/);
      expect(replayed.code).toBe(2);
    }
  });

  it('whose place is full is one sentence, exit code 3', async () => {
    const args = ['run', '--seed', '2', '--summary'];
    const { code, stderr } = await whitewater([...args, '--trace', '/dev/full'], { cwd });
    expect(stderr).toBe('Cannot write the trace /dev/full: the disk is full.\n');
    expect(code).toBe(3);
  });

  it('that is no trace any more is refused by check', async () => {
    const edited = join(cwd, 'edited.ndjson');
    writeFileSync(edited, readFileSync(trace, 'utf8').replace('"k":"fired"', '"k":"started"'));
    const { code, stderr } = await whitewater(['check', edited], { cwd });
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('list', () => {
  it.each(['scenarios', 'invariants', 'mutants', 'faults', 'situations', 'program-situations'])(
    'lists %s by unique names',
    async (kind) => {
      const { code, value } = await whitewaterJson<readonly { id: string }[]>(['list', kind]);
      expect(code).toBe(0);
      expect(value.length).toBeGreaterThan(5);
      expect(new Set(value.map(({ id }) => id)).size).toBe(value.length);
      const { stdout } = await whitewater(['list', kind]);
      for (const { id } of value) expect(stdout).toContain(id);
    },
  );
});
