import { describe, expect, test } from 'vitest';
import { type Candidate, GuidedSearch } from '../../../sim/explore/guided-search.ts';
import { StateSet } from '../../../sim/explore/state-set.ts';
import { StateWatch } from '../../../sim/explore/state-watch.ts';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../../sim/run.ts';
import { reference } from '../implementations.ts';

const states = new StateSet();

function runAndLearn(search: GuidedSearch, candidates: readonly Candidate[]): void {
  for (const candidate of candidates) {
    states.clear();
    const watch: typeof DEFAULT_RUN_OPTIONS.watch = (ledgers) => new StateWatch(ledgers, states);
    const { events } = run(candidate.plan, reference, { ...DEFAULT_RUN_OPTIONS, watch });
    search.learn(candidate, states.read(), events);
  }
}

function searched(name: string, generations: number): { search: GuidedSearch; all: Candidate[] } {
  const search = new GuidedSearch(name, (nth) => String(Number(name) + nth));
  const all: Candidate[] = [];
  for (let i = 0; i < generations; i += 1) {
    const generation = search.nextGeneration(20);
    all.push(...generation);
    runAndLearn(search, generation);
  }
  return { search, all };
}

describe('a guided search', () => {
  const { search, all } = searched('100', 4);

  test('begins with the plans of the seeds', () => {
    all.slice(0, 20).forEach((candidate, i) => {
      const name = String(100 + i);
      expect(candidate).toEqual({ position: i, name, plan: generatePlan(name), isFresh: true });
    });
  });

  test('goes on with fresh seeds, each once and in order, and with changed plans', () => {
    const fresh = all.filter(({ isFresh }) => isFresh).map(({ name }) => name);
    expect(fresh).toEqual(fresh.map((_, i) => String(100 + i)));
    const changed = all.filter(({ isFresh }) => !isFresh);
    expect(changed.length).toBeGreaterThan(20);
    expect(changed[0]!.name).toMatch(/^100~1\.\d+$/);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(search.count).toBe(80);
    expect(search.freshCount).toBe(fresh.length);
  });

  test('counts states, and keeps the plans that reached new ones', () => {
    expect(search.states).toBeGreaterThan(300);
    expect(search.pool).toBeGreaterThan(10);
    expect(search.generations).toBe(4);
  });

  test('is the same again, and another one under another name', () => {
    expect(searched('100', 4).all).toEqual(all);
    const other = searched('200', 2).all;
    expect(other.map(({ plan }) => plan)).not.toEqual(all.slice(0, 40).map(({ plan }) => plan));
  });

  test('without anything learnt runs fresh seeds only', () => {
    const blind = new GuidedSearch('7', (nth) => String(7 + nth));
    blind.nextGeneration(10);
    expect(blind.nextGeneration(10).every(({ isFresh }) => isFresh)).toBe(true);
  });
});
