import { describe, expect, it } from 'vitest';
import { Conformance } from '../../invariants/conformance/conformance.ts';
import type { WrongAction } from '../../invariants/conformance/rule.ts';
import { RULES, ruleOf } from '../../invariants/conformance/rules.ts';
import { DIRECTED } from '../../scenarios/directed/registry.ts';
import { bundleMutant, bundleReference } from '../../scenarios/mutants/bundle.ts';
import { MUTANTS, mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import type { Mutant } from '../../scenarios/mutants/mutant.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { type Implementation, run } from '../../sim/run.ts';
import { BREAKERS } from './rule-breakers.ts';

const BUNDLING = { assertionsOff: true };
const SEEDS_CLEAN = 40;
const SEEDS_PROFILE = 12;
const SEEDS_LEGAL = 6;
const SEEDS_WRONG = 40;

interface Watched {
  readonly conformance: Conformance;
  /** The step of the first violation; Infinity for none. */
  readonly failedAt: number;
}

function watch(plan: Plan, implementation: Implementation): Watched {
  const conformance = new Conformance(plan);
  const { violations } = run(plan, implementation, {
    recorder: conformance,
    disabled: new Set(),
    stopAtFirst: false,
  });
  return { conformance, failedAt: violations[0]?.step ?? Number.POSITIVE_INFINITY };
}

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

/**
 * Bugs that no rule names: what is wrong is only in the memory of a server, in its state machine, or
 * in what it does not do.
 */
const SILENT: readonly string[] = [
  'match-regresses',
  'snapshot-state-never-left',
  'new-leader-ignores-uncommitted-config',
  'retry-applied-twice',
  'dedup-wrong-cached-response',
  'precandidate-keeps-leader',
  'prevote-refusal-term-ignored',
  'transfer-given-up-says-rejected',
];

/** Of all directed schedules. */
const fired = new Set<string>();

describe.each(DIRECTED)('$id', ({ mutant, plan }) => {
  const hasFinding = !SILENT.includes(mutant);

  it(`${hasFinding ? 'names a wrong action' : 'names nothing'} on ${mutant}`, async () => {
    const { conformance, failedAt } = watch(plan, await implementationOf(mutantOf(mutant)));
    const { first, findings } = conformance;
    for (const { rule } of findings) fired.add(rule);
    expect(first !== null).toBe(hasFinding);
    if (first !== null) expect(first.step).toBeLessThanOrEqual(failedAt);
  });

  it('names none on the core as it is', async () => {
    expect(watch(plan, await implementationOf(null)).conformance.findings).toEqual([]);
  });
});

const HIGHER_TERM = {
  rule: 'higher-term-heeded',
  plans: null,
  edits: mutantOf('higher-term-in-answer-ignored')!.edits,
};

describe('rules', () => {
  it.each([...BREAKERS, HIGHER_TERM])('$rule fires', async ({ rule, plans, edits }) => {
    const mutant = { ...MUTANTS[0]!, id: `breaks-${rule}`, edits };
    const implementation = await implementationOf(mutant);
    const found: WrongAction[] = [];
    for (let seed = 1; seed <= SEEDS_WRONG && found.every((it) => it.rule !== rule); seed += 1) {
      const isPlan = plans !== null && typeof plans === 'object';
      const plan = isPlan ? plans : generatePlan(String(seed), { profile: plans });
      found.push(...watch(plan, implementation).conformance.findings);
    }
    expect(found.map((it) => it.rule)).toContain(rule);
    fired.add(rule);
  });

  it('have all fired', () => {
    expect(RULES.map(({ id }) => id).filter((id) => !fired.has(id))).toEqual([]);
  });

  it('have names of their own, a section, a demand and a reason', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { id, section, sentence, reason } of RULES) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(section).toMatch(/§/);
      expect(sentence).toMatch(/^[A-Z].*[^.]\.$/);
      expect(reason).toMatch(/^[A-Z].*[^.]\.$/);
    }
    expect(ruleOf('one-vote-per-term')?.section).toMatch(/§5.2/);
    expect(ruleOf('no-such-rule')).toBeUndefined();
  });
});

describe('random runs', () => {
  const profiles = [null, 'membership', 'snapshots', 'leases', 'sessions'] as const;
  it.each(profiles)(
    'show no wrong action of the core (%s)',
    { timeout: 120_000 },
    async (profile) => {
      const implementation = await implementationOf(null);
      const last = profile === null ? SEEDS_CLEAN : SEEDS_PROFILE;
      for (let seed = 1; seed <= last; seed += 1) {
        const { conformance } = watch(generatePlan(String(seed), { profile }), implementation);
        expect({ seed, findings: conformance.findings }).toEqual({ seed, findings: [] });
      }
    },
  );

  const legal = MUTANTS.filter((mutant) => mutant.legal !== undefined);
  it.each(legal)('show no wrong action of $id', { timeout: 120_000 }, async (mutant) => {
    const implementation = await implementationOf(mutant);
    for (let seed = 1; seed <= SEEDS_LEGAL; seed += 1) {
      const { conformance } = watch(generatePlan(String(seed)), implementation);
      expect({ seed, findings: conformance.findings }).toEqual({ seed, findings: [] });
    }
  });
});

describe('what is said', () => {
  async function saidOf(directed: string): Promise<WrongAction> {
    const { mutant, plan } = DIRECTED.find(({ id }) => id === directed)!;
    return watch(plan, await implementationOf(mutantOf(mutant))).conformance.first!;
  }

  it('has values in the words of the paper', async () => {
    const [directed] = DIRECTED.filter(({ mutant }) => mutant === 'log-check-index-only');
    expect(await saidOf(directed!.id)).toMatchObject({
      rule: 'vote-up-to-date',
      section: '§5.4.1, Figure 2 (RequestVote 2)',
      node: 3,
      sentence:
        'gave its vote of term 3 to S1, whose last entry (index 4, term 1) is behind its own (index 3, term 2)',
    });
  });

  it('is bounded', async () => {
    const implementation = await implementationOf(mutantOf('redirect-to-self'));
    const { findings } = watch(generatePlan('1'), implementation).conformance;
    const bySelf = findings.filter(({ node, rule }) => node === 1 && rule === 'redirect-elsewhere');
    expect(bySelf.length).toBeLessThanOrEqual(3);
  });
});
