import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleMutant } from '../../scenarios/mutants/bundle.ts';
import { mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import { loadPlan } from '../../sim/load-plan.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../sim/run.ts';
import { copied, folderWith, REPOSITORY, whitewater, whitewaterJson } from './whitewater.ts';

/** Loops as soon as it is asked for a vote. */
const HANGING = `
import { createServer as create } from ${JSON.stringify(join(REPOSITORY, 'core/raft-server.ts'))};
export function createServer() {
  const server = create();
  return {
    step(event, out) {
      if (event.kind === 'message' && event.body.kind === 'RequestVote') for (;;);
      server.step(event, out);
    },
  };
}
`;

/** A run of three servers, with nothing in it that is out of the ordinary. */
const CALM = JSON.stringify({ cluster: { size: 3 } });

const folder = folderWith({ 'hanging.ts': HANGING, 'calm.json': CALM, 'text.json': 'no plan' });
const cwd = folder.path;
afterAll(folder.remove);

interface Report {
  readonly failure: string | null;
  readonly events: number;
  readonly eventsBefore: number;
  readonly runs: number;
  readonly isMinimal: boolean;
  readonly interrupted: boolean;
  readonly output: string;
  readonly replay: string;
}

const shrink = (...args: string[]) => whitewaterJson<Report>(['shrink', ...args], { cwd });
const MUTANT = 'new-leader-drops-tail';
const DROPS = ['--mutant', MUTANT];
/** One of the first seeds on which it fails. */
const SEED = await failingSeed();

async function failingSeed(): Promise<string> {
  const bundle = await bundleMutant(mutantOf(MUTANT)!, { assertionsOff: true });
  const implementation = await loadBundle(bundle);
  for (let seed = 1; seed <= 100; seed += 1) {
    const plan = generatePlan(String(seed));
    const { violations, events } = run(plan, implementation, DEFAULT_RUN_OPTIONS);
    const isWanted = violations[0]?.property === 'leader-completeness';
    if (isWanted && events > 100 && events < 1_500) return String(seed);
  }
  throw new Error('it does not fail');
}

describe('whitewater shrink', () => {
  it('writes a plan that fails in the same way, and a line that replays it', async () => {
    const { code, value } = await shrink('--seed', SEED, ...DROPS, '--output', 'small.json');
    expect(code).toBe(1);
    expect(value).toMatchObject({ isMinimal: true, interrupted: false, output: 'small.json' });
    expect(value.failure).toMatch(/^leader-completeness\//);
    expect(value.events).toBeLessThan(value.eventsBefore / 3);
    const plan = loadPlan(readFileSync(join(cwd, 'small.json'), 'utf8'), 'small.json');
    expect(plan.workload.clients).toBe(0);
    const replayed = await copied(value.replay, { cwd });
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toContain('leader-completeness');
    const { value: again } = await whitewaterJson<{ violations: { fingerprint: string }[] }>(
      ['run', 'small.json', ...DROPS],
      { cwd },
    );
    expect(again.violations[0]!.fingerprint).toBe(value.failure);
    // Nothing else is left behind.
    expect(readdirSync(cwd).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('goes on from what an earlier call has left', async () => {
    const out = ['--output', 'resumed.json'];
    const { value: first } = await shrink('--seed', SEED, ...DROPS, ...out, '--budget', '30ms');
    const { value, stderr } = await shrink('--seed', SEED, ...DROPS, ...out);
    expect(stderr).toContain('Going on from resumed.json');
    expect(value.eventsBefore).toBe(first.events);
    expect(value.events).toBeLessThanOrEqual(first.events);
    expect(value.isMinimal).toBe(true);
  });

  it('tells the story and what is left', async () => {
    const { code, stdout } = await whitewater(
      ['shrink', '--seed', SEED, ...DROPS, '--output', 'told.json'],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/events +\d+ before, \d+ now/);
    expect(stdout).toContain('nothing that is left can go by itself');
    expect(stdout).toContain('  replay: npx whitewater replay told.json --mutant');
  });

  it('takes traces and kept plans, with the implementation that they name', async () => {
    const line = ['replay', '--seed', SEED, ...DROPS, '--trace', 'trace.ndjson'];
    await whitewater(line, { cwd });
    const traced = await shrink('trace.ndjson');
    expect(traced.code).toBe(1);
    expect(traced.value.output).toBe('trace.shrunk.json');
    await whitewater(
      ['campaign', '--from', SEED, '--seeds', '1', ...DROPS, '--corpus', 'kept', '--json'],
      { cwd },
    );
    const [name] = readdirSync(join(cwd, 'kept'));
    const kept = await shrink(join('kept', name!), '--output', 'from-kept.json');
    expect(kept.code).toBe(1);
    expect(kept.value.replay).toContain('--mutant new-leader-drops-tail');
  });

  it('has nothing to do for a plan that does not fail', async () => {
    const { code, value } = await shrink('calm.json', '--output', 'nothing.json');
    expect(code).toBe(0);
    expect(value.failure).toBeNull();
    expect(existsSync(join(cwd, 'nothing.json'))).toBe(false);
  });

  it('refuses what it cannot read, and to overwrite what is no plan of this failure', async () => {
    const cases: readonly (readonly string[])[] = [
      [],
      ['nowhere.json'],
      ['text.json'],
      ['--seed', '2', '--budget', 'soon'],
      ['--seed', '2', '--mutant', 'no-such-mutant'],
      ['--seed', SEED, ...DROPS, '--output', 'text.json'],
    ];
    for (const args of cases) {
      const { code, stderr } = await whitewater(['shrink', ...args], { cwd });
      expect([args, code]).toEqual([args, 2]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    expect(readFileSync(join(cwd, 'text.json'), 'utf8')).toBe('no plan');
  });

  it('shrinks a run that hangs', async () => {
    const sut = ['--sut', 'hanging.ts', '--hang-after', '300ms', '--budget', '20s'];
    const { code, value } = await shrink('calm.json', ...sut, '--output', 'hang.json');
    expect(code).toBe(1);
    expect(value.failure).toBe('hang');
    expect(value.events).toBeLessThan(8);
  });

  it('ends on Ctrl-C with the smallest plan so far', async () => {
    const path = join(cwd, 'stopped.json');
    // Every candidate that still fails costs a second.
    const args = ['shrink', 'calm.json', '--sut', 'hanging.ts', '--hang-after', '1s'];
    // Before the first run an empty file shows for a moment that one can be written there.
    const when = () => existsSync(path) && readFileSync(path, 'utf8') !== '';
    const signal = { name: 'SIGINT', when } as const;
    const { code, stdout } = await whitewater([...args, '--output', 'stopped.json', '--json'], {
      cwd,
      signal,
    });
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ failure: 'hang', interrupted: true });
    expect(() => loadPlan(readFileSync(path, 'utf8'), path)).not.toThrow();
  });
});

describe('a campaign with failures', () => {
  const campaign = ['campaign', '--from', SEED, '--seeds', '4', ...DROPS];
  const stepsIn = (corpus: string): number[] => {
    return readdirSync(join(cwd, corpus)).map((name) => {
      const text = readFileSync(join(cwd, corpus, name), 'utf8');
      return (JSON.parse(text) as { failure: { step: number } }).failure.step;
    });
  };

  it('keeps shrunk plans, and reports what it would report without them', async () => {
    const whole = await whitewater([...campaign, '--corpus', 'plain', '--no-shrink'], { cwd });
    const shrunk = await whitewater([...campaign, '--corpus', 'shrunk'], { cwd });
    expect(whole.code).toBe(1);
    expect(shrunk.code).toBe(1);
    const digestOf = ({ stdout }: { stdout: string }) => /digest +([0-9a-f]{16})/.exec(stdout)?.[1];
    expect(digestOf(shrunk)).toBe(digestOf(whole));
    expect(digestOf(shrunk)).toBeDefined();
    expect(Math.min(...stepsIn('shrunk'))).toBeLessThan(Math.min(...stepsIn('plain')));
    const line = /replay: (npx whitewater replay shrunk\/.*)$/m.exec(shrunk.stdout)?.[1];
    expect((await copied(line!, { cwd })).code).toBe(1);
    // The next one finds nothing that is smaller.
    const again = await whitewater([...campaign, '--corpus', 'shrunk'], { cwd });
    expect(again.stdout).not.toContain('when shrunk');
  });

  it('shrinks with --json only when a budget is given', async () => {
    rmSync(join(cwd, 'json'), { recursive: true, force: true });
    const before = await whitewaterJson<object>([...campaign, '--corpus', 'json'], { cwd });
    expect(before.code).toBe(1);
    const bigger = Math.min(...stepsIn('json'));
    rmSync(join(cwd, 'json'), { recursive: true });
    const budget = ['--corpus', 'json', '--shrink-budget', '30s'];
    expect((await whitewaterJson<object>([...campaign, ...budget], { cwd })).code).toBe(1);
    expect(Math.min(...stepsIn('json'))).toBeLessThan(bigger);
  });
});
