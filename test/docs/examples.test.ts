/** Examples are copied: they must do what they say. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lostAnswer } from '../../examples/lost-answer.ts';
import { createServer } from '../../examples/minimal-raft.ts';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { bundleMutant } from '../../scenarios/mutants/bundle.ts';
import { mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import { SCENARIOS } from '../../scenarios/registry.ts';
import { runScenario } from '../../scenarios/scenario.ts';
import { guarded } from '../../sim/adapters/guarded-server.ts';
import { loadPlan } from '../../sim/load-plan.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, run } from '../../sim/run.ts';
import { REPOSITORY, read } from './documents.ts';

const PASS = { verdict: 'pass', violations: [] };

async function mutant(id: string): Promise<Implementation> {
  return loadBundle(await bundleMutant(mutantOf(id)!, { assertionsOff: true }));
}

it('all have a test', () => {
  const files = ['gallery', 'grading', 'leader-cut-off.yaml', 'lost-answer.ts', 'minimal-raft.ts'];
  expect(readdirSync(join(REPOSITORY, 'examples')).sort()).toEqual(files);
});

describe('the gallery', () => {
  const plans = readdirSync(join(REPOSITORY, 'examples/gallery'));

  it.each(plans)('%s breaks a property with its mutant, and none without', async (file) => {
    const id = file.replace(/\.json$/, '');
    const plan = loadPlan(read(`examples/gallery/${file}`), file);
    expect(run(plan, await mutant(id), DEFAULT_RUN_OPTIONS).verdict).toBe('violation');
    expect(run(plan, REFERENCE, DEFAULT_RUN_OPTIONS)).toMatchObject(PASS);
  });
});

describe('leader-cut-off.yaml', () => {
  const plan = loadPlan(read('examples/leader-cut-off.yaml'), 'leader-cut-off.yaml');

  it('does what its comments say, and all holds', () => {
    const result = run(plan, REFERENCE, DEFAULT_RUN_OPTIONS);
    expect(result).toMatchObject(PASS);
    expect(result.statistics['crashes']).toBeGreaterThanOrEqual(2);
    expect(result.situations).toMatchObject({
      'leader-cut-off': expect.any(Number),
      'own-tail-truncated': expect.any(Number),
      'crash-in-step': expect.any(Number),
    });
    for (const id of ['leader-cut-off', 'own-tail-truncated', 'crash-in-step']) {
      expect([id, result.situations[id]! > 0]).toEqual([id, true]);
    }
  });

  it('catches a bug', async () => {
    const result = run(plan, await mutant('log-check-missing'), DEFAULT_RUN_OPTIONS);
    expect(result.violations[0]).toMatchObject({ property: 'leader-completeness' });
  });
});

describe('lost-answer.ts', () => {
  it('is a scenario that the reference meets', () => {
    const { result, criterion } = runScenario(lostAnswer, REFERENCE);
    expect(criterion).toBeNull();
    expect(result).toMatchObject(PASS);
  });

  it('is not met by the bug that it is about', async () => {
    const { result, passed } = runScenario(lostAnswer, await mutant('log-check-missing'));
    expect(passed).toBe(false);
    expect(result.violations[0]).toMatchObject({ property: 'leader-completeness' });
  });

  it('prints its plan', () => {
    const args = ['--import', 'tsx', 'examples/lost-answer.ts'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: REPOSITORY, encoding: 'utf8' });
    expect(loadPlan(stdout, 'plan.json')).toEqual(lostAnswer.plan);
  });
});

describe('minimal-raft.ts', () => {
  const minimal: Implementation = {
    ...REFERENCE,
    id: 'minimal',
    createServer: guarded(createServer),
    isTrusted: false,
  };

  it.each(SCENARIOS)('breaks no property in $id', ({ plan }) => {
    expect(run(plan, minimal, DEFAULT_RUN_OPTIONS)).toMatchObject(PASS);
  });
});
