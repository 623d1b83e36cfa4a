import { describe, expect, it } from 'vitest';
import { createServer } from '../../core/raft-server.ts';
import { KeyValueStore } from '../../core/state-machine.ts';
import { bundleMutant, bundleReference } from '../../scenarios/mutants/bundle.ts';
import { MUTANTS, mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import type { Mutant } from '../../scenarios/mutants/mutant.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, run } from '../../sim/run.ts';
import { UsageError } from '../../sim/usage-error.ts';

const OFF = { assertionsOff: true };
const ON = { assertionsOff: false };

function mutantWith(replace: string): Mutant {
  const edits = [{ file: 'core/quorum.ts', find: '  let count = 0;\n', replace }];
  return { ...MUTANTS[0]!, id: 'made-up', edits };
}

describe('bundle', () => {
  it('is the same text each time', async () => {
    const mutant = mutantOf('revote-same-term')!;
    expect(await bundleMutant(mutant, OFF)).toEqual(await bundleMutant(mutant, OFF));
  });

  it('is named after the mutant, and hashed', async () => {
    const bundle = await bundleMutant(mutantOf('revote-same-term')!, OFF);
    expect(bundle.id).toBe('mutant:revote-same-term');
    expect(bundle.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(bundle.hash).not.toBe((await bundleReference(OFF)).hash);
  });

  it('stands alone: it imports nothing', async () => {
    const { code } = await bundleReference(ON);
    expect(code).not.toMatch(/^\s*import\b/m);
  });

  it('runs as the core does: same digest', async () => {
    const imported: Implementation = {
      id: 'reference',
      createServer,
      createStateMachine: (expiryMs) => new KeyValueStore(expiryMs),
      isTrusted: true,
    };
    for (const options of [ON, OFF]) {
      const bundled = await loadBundle(await bundleReference(options));
      for (const seed of ['1', '2', '3']) {
        const plan = generatePlan(seed);
        const { digest } = run(plan, imported, DEFAULT_RUN_OPTIONS);
        expect(run(plan, bundled, DEFAULT_RUN_OPTIONS).digest).toBe(digest);
      }
    }
  });

  it('keeps the assertions of the core, or makes them say nothing', async () => {
    const event = { kind: 'timer', name: 'none', now: 0, wallClock: 0 } as const;
    const stepped = async (options: typeof ON): Promise<unknown> => {
      const server = (await loadBundle(await bundleReference(options))).createServer();
      try {
        server.step(event, undefined as never);
        return null;
      } catch (error) {
        return error;
      }
    };
    expect(await stepped(ON)).toMatchObject({ name: 'AssertionError' });
    expect(await stepped(OFF)).toMatchObject({ name: 'TypeError' });
  });

  it('says where a mutant does not parse', async () => {
    const broken = bundleMutant(mutantWith('  let count = ;\n'), OFF);
    await expect(broken).rejects.toThrow(UsageError);
    await expect(broken).rejects.toThrow(/made-up does not build: core\/quorum\.ts:\d+: /);
  });

  it('keeps the lives of servers apart: two loads share no state', async () => {
    const bundle = await bundleReference(OFF);
    const [first, second] = [await loadBundle(bundle), await loadBundle(bundle)];
    expect(first.createServer()).not.toBe(second.createServer());
  });
});
