import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, REPOSITORY, whitewater, whitewaterJson } from './whitewater.ts';

const folder = folderWith({});
const cwd = folder.path;
afterAll(folder.remove);

interface Report {
  readonly seeds: number;
  readonly digest: string;
  readonly violationCount: number;
  readonly corpus: null | {
    readonly plans: number;
    readonly stillFail: number;
    readonly failOtherwise: number;
    readonly passNow: number;
    readonly runs: readonly { readonly path: string; readonly replay: string }[];
  };
}

const campaign = (...args: string[]) => whitewaterJson<Report>(['campaign', ...args], { cwd });
const REVOTE = ['--mutant', 'revote-same-term'];

/** The first file of a corpus. */
const firstIn = (corpus: string): string => {
  return join(corpus, readdirSync(join(cwd, corpus)).sort()[0]!);
};

describe('the corpus of a campaign', () => {
  it('is run first by the next one, and counts in nothing else', async () => {
    const first = await campaign('--seeds', '8', ...REVOTE);
    const second = await campaign('--seeds', '8', ...REVOTE);
    expect(first.value.corpus).toMatchObject({ plans: 0 });
    expect(second.code).toBe(1);
    const { plans, stillFail } = second.value.corpus!;
    expect(plans).toBeGreaterThan(0);
    expect(stillFail).toBe(plans);
    const { corpus: _, ...others } = second.value;
    const { seeds, digest, violationCount } = first.value;
    expect(others).toMatchObject({ seeds, digest, violationCount });
    const reference = await campaign('--seeds', '1');
    expect(reference.value.corpus).toMatchObject({ plans: 0 });
  });

  it('fails a campaign whose seeds all hold', async () => {
    await campaign('--seeds', '8', ...REVOTE, '--corpus', 'seeds');
    // Seed 3 holds.
    const { code, value } = await campaign(
      '--from',
      '3',
      '--seeds',
      '1',
      ...REVOTE,
      '--corpus',
      'seeds',
    );
    expect(value.violationCount).toBe(0);
    expect(code).toBe(1);
    const args = ['campaign', '--from', '3', '--seeds', '1', ...REVOTE, '--corpus', 'seeds'];
    const { stdout } = await whitewater(args, { cwd });
    expect(stdout).toMatch(/^corpus +1 plan: 1 still fails$/m);
    expect(stdout).toContain(`  replay: npx whitewater replay ${firstIn('seeds')} --mutant`);
    expect(stdout).toContain('0 of 1 runs failed, and 1 of 1 kept plans.');
  });

  it('leaves nothing behind, and runs nothing, with --no-corpus', async () => {
    rmSync(join(cwd, '.whitewater'), { recursive: true, force: true });
    const { code, value } = await campaign('--seeds', '8', ...REVOTE, '--no-corpus');
    expect(code).toBe(1);
    expect(value.corpus).toBeNull();
    expect(readdirSync(join(cwd, '.whitewater')).join()).toMatch(/^campaign-[^,]*$/);
  });

  it('names what fails otherwise and what passes now', async () => {
    await campaign('--seeds', '8', ...REVOTE, '--corpus', 'mended');
    const path = join(cwd, firstIn('mended'));
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replaceAll('one-vote-per-term', 'log-matching'));
    const otherwise = await campaign('--seeds', '1', ...REVOTE, '--corpus', 'mended');
    expect(otherwise.value.corpus).toMatchObject({ plans: 1, failOtherwise: 1 });
    expect(otherwise.code).toBe(1);
    writeFileSync(path, text.replace(/"mutant": .*,/, '"mutant": null,'));
    const passing = await campaign('--seeds', '1', '--corpus', 'mended');
    expect(passing.value.corpus).toMatchObject({ plans: 1, passNow: 1 });
    expect(passing.code).toBe(0);
    const notJudged = ['--without', 'one-vote-per-term'];
    const skipped = await campaign('--seeds', '1', '--corpus', 'mended', ...notJudged);
    expect(skipped.value.corpus).toMatchObject({ plans: 0 });
  });

  it('loses nothing to a file that is damaged', async () => {
    mkdirSync(join(cwd, 'damaged'));
    writeFileSync(join(cwd, 'damaged/x.json'), '{');
    const args = ['campaign', '--seeds', '1', '--corpus', 'damaged'];
    const { code, stderr } = await whitewater(args, { cwd });
    expect(code).toBe(0);
    expect(stderr).toBe(
      'Skipped: damaged/x.json is no kept plan: it is not JSON, or it is cut off.\n',
    );
    expect(readFileSync(join(cwd, 'damaged/x.json'), 'utf8')).toBe('{');
  });

  it('survives a run that does not come back', async () => {
    const loop = `export { createServer } from '${REPOSITORY}/core/raft-server.ts';`;
    writeFileSync(join(cwd, 'raft.ts'), loop);
    const kept = JSON.parse(readFileSync(join(cwd, firstIn('seeds')), 'utf8'));
    const selection = { sut: 'raft.ts', mutant: null, without: [] };
    mkdirSync(join(cwd, 'hung'));
    writeFileSync(join(cwd, 'hung/kept.json'), JSON.stringify({ ...kept, selection }));
    const mended = await campaign('--seeds', '1', '--sut', './raft.ts', '--corpus', 'hung');
    expect(mended.value.corpus).toMatchObject({ plans: 1, passNow: 1 });
    writeFileSync(
      join(cwd, 'raft.ts'),
      'export const createServer = () => ({ step() { for (;;); } });',
    );
    const more = ['--hang-after', '1s', '--corpus', 'hung'];
    const { code, value } = await campaign('--seeds', '1', '--sut', 'raft.ts', ...more);
    expect(value.corpus).toMatchObject({ plans: 1, failOtherwise: 1 });
    expect(code).toBe(1);
  });
});

describe('a kept plan', () => {
  it('is run and replayed like any plan, with the implementation that it was kept for', async () => {
    const path = firstIn('seeds');
    const replayed = await whitewater(['replay', path], { cwd });
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toContain('It still fails in the way that it was kept for: one-vote');
    const run = await whitewaterJson<{ implementation: string }>(['run', path], { cwd });
    expect(run.code).toBe(1);
    expect(run.value.implementation).toBe('mutant:revote-same-term');
  });

  it('may be tried on another implementation, which says how much that says', async () => {
    const args = ['replay', firstIn('seeds'), '--mutant', 'append-entries-doubled'];
    const { stdout } = await whitewater(args, { cwd });
    expect(stdout).toContain('Nothing fails now. It was kept for one-vote-per-term');
    expect(stdout).toMatch(/Of 20 runs of the plan with other luck 0 fail\./);
  });
});
