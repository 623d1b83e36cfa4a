import { describe, expect, test } from 'vitest';
import { changedPlan } from '../../../sim/explore/changed-plan.ts';
import { Luck } from '../../../sim/explore/luck.ts';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import type { Plan } from '../../../sim/kernel/plan.ts';
import { completePlan } from '../../../sim/load-plan.ts';

/** A line of plans, each made from the one before it. */
function lineage(seed: string, length: number, first = generatePlan(seed)): Plan[] {
  const plans = [first];
  for (let i = 0; i < length; i += 1) {
    const given = {
      frontierUs: 1_000_000,
      mate: generatePlan(String(1000 + i)),
      luck: new Luck(`${seed}/${i}`),
    };
    plans.push(changedPlan(plans.at(-1)!, `${seed}~${i}`, given));
  }
  return plans.slice(1);
}

const lines = Array.from({ length: 20 }, (_, i) => lineage(String(i + 1), 20));
const all = lines.flat();

describe('a changed plan', () => {
  test('is whole and keeps every rule', () => {
    for (const plan of all) expect(completePlan(plan)).toEqual(plan);
  });

  test('is another plan than the one it was made from', () => {
    for (const line of lines) {
      line.slice(1).forEach((plan, i) => {
        expect(plan).not.toEqual(line[i]);
      });
    }
  });

  test('is the same for the same luck', () => {
    expect(lineage('3', 20)).toEqual(lines[2]);
  });

  test('has as many servers, and not more faults and decisions than make sense', () => {
    for (const [place, line] of lines.entries()) {
      let faults = generatePlan(String(place + 1)).faults.length;
      for (const plan of line) {
        expect(plan.cluster.size).toBe(line[0]!.cluster.size);
        expect(plan.faults.length).toBeLessThanOrEqual(Math.max(24, faults));
        faults = plan.faults.length;
        expect(plan.decisions.length).toBeLessThanOrEqual(16);
      }
    }
  });

  test('asks for more, for less, or at another time, and has other clocks', () => {
    const wishes = (plan: Plan): string[] =>
      plan.operators.flatMap(({ requests }) => requests.map((wish) => JSON.stringify(wish)));
    const membership = Array.from({ length: 10 }, (_, i) => {
      return lineage(`m${i}`, 30, generatePlan(String(i), { profile: 'membership' }));
    });
    const changes = membership.flatMap((line) =>
      line.slice(1).map((plan, i) => {
        const [now, before] = [wishes(plan), wishes(line[i]!)];
        const isSameWorld = JSON.stringify(plan.workload) === JSON.stringify(line[i]!.workload);
        if (!isSameWorld) return 'other';
        if (JSON.stringify(plan.clocks) !== JSON.stringify(line[i]!.clocks)) return 'clocks';
        return now.length === before.length
          ? String(now.join() !== before.join())
          : String(now.length > before.length ? 'more' : 'less');
      }),
    );
    for (const change of ['more', 'less', 'true', 'clocks']) expect(changes).toContain(change);
  });

  test('sometimes keeps its luck, and sometimes has another', () => {
    const steps = lines.flatMap((line) =>
      line.slice(1).map((plan, i) => plan.seed === line[i]!.seed),
    );
    const kept = steps.filter(Boolean).length / steps.length;
    expect(kept).toBeGreaterThan(0.35);
    expect(kept).toBeLessThan(0.7);
  });

  test('differs in each of the things that can be changed, in some case', () => {
    const sections = [
      'cluster',
      'network',
      'disk',
      'workload',
      'phases',
      'faults',
      'decisions',
    ] as const;
    for (const section of sections) {
      const isChanged = lines.some((line) =>
        line.slice(1).some((plan, i) => {
          return JSON.stringify(plan[section]) !== JSON.stringify(line[i]![section]);
        }),
      );
      expect(isChanged, section).toBe(true);
    }
  });

  test('has its timed faults in the chaos phase', () => {
    for (const { faults, phases } of all) {
      for (const { when } of faults) {
        if ('atUs' in when) expect(when.atUs).toBeLessThanOrEqual(phases.chaosUs);
      }
    }
  });
});
