import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../invariants/properties.ts';
import { DIRECTED } from '../../scenarios/directed/registry.ts';
import { bundleMutant, bundleReference } from '../../scenarios/mutants/bundle.ts';
import { MUTANTS, mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import { isKillable, type Mutant } from '../../scenarios/mutants/mutant.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import {
  DEFAULT_RUN_OPTIONS,
  type Implementation,
  type RunOptions,
  type RunResult,
  run,
} from '../../sim/run.ts';

/** The core's own assertions say nothing: only the bench may find the bug. */
const BUNDLING = { assertionsOff: true };
/** Every property that breaks counts, not only the first. */
const OPTIONS: RunOptions = { ...DEFAULT_RUN_OPTIONS, stopAtFirst: false };
const UNRELATED_COUNT = 3;

/** Mutants that need something rare to go wrong, of every theme: an ordinary run passes on them. */
const RARE: readonly Mutant[] = [
  'stale-vote-reply-counted',
  'log-check-index-only',
  'waiting-ack-survives-term-change',
  'match-regresses',
  'timer-reset-on-any-rv',
  'pending-dropped-silently',
  'vote-lower-term-granted',
].map(mutantNamed);

/** The first three of these that break other properties than this mutant. */
function unrelatedTo(mutant: Mutant): readonly Mutant[] {
  return RARE.filter(({ breaks }) => breaks.every((id) => !mutant.breaks.includes(id))).slice(
    0,
    UNRELATED_COUNT,
  );
}

function mutantNamed(id: string): Mutant {
  const mutant = mutantOf(id);
  if (mutant === null) throw new Error(`There is no mutant ${id}.`);
  return mutant;
}

/** Each is bundled once, when it is first needed. */
const implementations = new Map<string, Promise<Implementation>>();

function implementationOf(mutant: Mutant | null): Promise<Implementation> {
  const id = mutant?.id ?? 'reference';
  const known = implementations.get(id);
  if (known !== undefined) return known;
  const bundle = mutant === null ? bundleReference(BUNDLING) : bundleMutant(mutant, BUNDLING);
  const implementation = bundle.then(loadBundle);
  implementations.set(id, implementation);
  return implementation;
}

/** `null` is the core as it is. */
async function runOn(mutant: Mutant | null, plan: Plan): Promise<RunResult> {
  return run(plan, await implementationOf(mutant), OPTIONS);
}

describe('directed schedules', () => {
  it('have names of their own', () => {
    const ids = DIRECTED.map(({ id }) => id);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are for mutants that can be killed', () => {
    const hopeless = DIRECTED.filter(({ mutant }) => !isKillable(mutantNamed(mutant)));
    expect(hopeless.map(({ id }) => id)).toEqual([]);
  });

  it('leave out no mutant that can be killed', () => {
    const missing = MUTANTS.filter(
      (mutant) => isKillable(mutant) && DIRECTED.every((it) => it.mutant !== mutant.id),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it('tell a story, and cite the paper', () => {
    const untold = DIRECTED.filter(({ story }) => !/§|Figure/.test(story) || !/[.]$/.test(story));
    expect(untold.map(({ id }) => id)).toEqual([]);
  });
});

describe.each(DIRECTED)('$id', (directed) => {
  const { plan } = directed;
  const mutant = mutantNamed(directed.mutant);

  it(`breaks a property on ${mutant.id}`, async () => {
    const result = await runOn(mutant, plan);
    expect(result.exception).toBeNull();
    expect(result.verdict).toBe('violation');
    const broken = result.violations.map(({ property }) => property);
    const expected = mutant.breaks.length > 0 ? mutant.breaks : PROPERTIES.map(({ id }) => id);
    expect(broken.filter((id) => expected.includes(id))).not.toEqual([]);
  });

  it('breaks none on the core as it is', async () => {
    expect(await runOn(null, plan)).toMatchObject({ verdict: 'pass', violations: [] });
  });

  it(`breaks none on ${unrelatedTo(mutant)
    .map(({ id }) => id)
    .join(', ')}`, async () => {
    const unrelated = unrelatedTo(mutant);
    expect(unrelated).toHaveLength(UNRELATED_COUNT);
    for (const other of unrelated) {
      const { verdict, violations } = await runOn(other, plan);
      expect({ id: other.id, verdict, violations }).toEqual({
        id: other.id,
        verdict: 'pass',
        violations: [],
      });
    }
  });

  it('is the same run twice', async () => {
    for (const each of [mutant, null]) {
      expect((await runOn(each, plan)).digest).toBe((await runOn(each, plan)).digest);
    }
  });
});
