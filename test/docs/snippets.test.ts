/** What the documentation tells readers to write or to type is accepted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CAMPAIGN_OPTIONS,
  CHECK_OPTIONS,
  COMMON_OPTIONS,
  REPLAY_OPTIONS,
  RUN_OPTIONS,
  SHRINK_OPTIONS,
  ZOO_OPTIONS,
} from '../../cli/options.ts';
import { PROPERTIES } from '../../invariants/properties.ts';
import { DIRECTED } from '../../scenarios/directed/registry.ts';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { MUTANTS } from '../../scenarios/mutants/catalogue.ts';
import { loadMutants } from '../../scenarios/mutants/catalogue-file.ts';
import { packageRoot, readCoreSources } from '../../scenarios/mutants/core-sources.ts';
import { SCENARIOS } from '../../scenarios/registry.ts';
import { loadPlan } from '../../sim/load-plan.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../sim/run.ts';
import { whitewater } from '../cli/whitewater.ts';
import { blocksOf, PAGES, read } from './documents.ts';

const OPTIONS: Readonly<Record<string, object>> = {
  run: RUN_OPTIONS,
  campaign: CAMPAIGN_OPTIONS,
  replay: REPLAY_OPTIONS,
  shrink: SHRINK_OPTIONS,
  check: CHECK_OPTIONS,
  list: {},
  zoo: ZOO_OPTIONS,
};
const NAMES: Readonly<Record<string, readonly string[]>> = {
  mutant: MUTANTS.map(({ id }) => id),
  without: PROPERTIES.map(({ id }) => id),
  run: [...SCENARIOS, ...DIRECTED].map(({ id }) => id),
};
/** These stand for names of the reader's. */
const PLACEHOLDER = /^(\[?[A-Z|]+\]?|your-.*|.*[./].*)$/;

describe.each(PAGES)('the command lines of %s', (page) => {
  const lines = [...read(page).matchAll(/(?:npx|[`$ ]) ?whitewater (\w+)([^`\n#>…\\]*)/g)]
    .map(([, command, rest]) => ({ command: command!, words: rest!.trim().split(/\s+/) }))
    .filter(({ command }) => command in OPTIONS);

  it('have options that there are', () => {
    const unknown = lines.flatMap(({ command, words }) => {
      const known = Object.keys({ ...COMMON_OPTIONS, ...OPTIONS[command], help: 0 });
      const options = words.flatMap((word) => /^\[?--(?:no-)?([\w-]+)/.exec(word)?.[1] ?? []);
      return options.filter((name) => !known.includes(name)).map((name) => `${command} --${name}`);
    });
    expect(unknown).toEqual([]);
  });

  it('have names that there are', () => {
    const unknown = lines.flatMap(({ command, words }) => {
      const named = words.flatMap((word, i) => {
        const kind = /^--(mutant|without)$/.exec(words[i - 1] ?? '')?.[1];
        if (kind !== undefined) return [[kind, word] as const];
        return command === 'run' && i === 0 && !/^(\[?-.*)?$/.test(word)
          ? [['run', word] as const]
          : [];
      });
      return named.filter(
        ([kind, name]) => !NAMES[kind]!.includes(name) && !PLACEHOLDER.test(name),
      );
    });
    expect(unknown).toEqual([]);
  });
});

describe('the plans of docs/plans.md', () => {
  const plans = blocksOf('docs/plans.md').filter(({ language }) => language === 'yaml');

  it.each(plans)('are plans, in which all holds: $text', ({ text }) => {
    const result = run(loadPlan(text, 'plan.yaml'), REFERENCE, DEFAULT_RUN_OPTIONS);
    expect(result).toMatchObject({ verdict: 'pass', violations: [] });
  });
});

describe('the mutants of README.md', () => {
  const [block] = blocksOf('README.md').filter(({ language }) => language === 'yaml');

  it('fit the core', () => {
    const mutants = loadMutants(block!.text, 'bugs.yaml', readCoreSources(packageRoot()));
    expect(mutants.map(({ id }) => id)).toEqual(['vote-for-everybody']);
  });
});

describe('the module of docs/bring-your-own.md', () => {
  const [block] = blocksOf('docs/bring-your-own.md').filter(({ language }) => language === 'ts');

  it('is put to the test, and found to do nothing', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'whitewater-docs-'));
    writeFileSync(join(cwd, 'raft.ts'), block!.text);
    const { code, stdout } = await whitewater(['run', '--sut', 'raft.ts'], { cwd });
    rmSync(cwd, { recursive: true });
    expect(stdout).toContain('leader-election-liveness');
    expect(code).toBe(1);
  });
});
