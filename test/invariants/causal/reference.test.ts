import { describe, expect, it } from 'vitest';
import { CausalJudge } from '../../../invariants/causal/causal-judge.ts';
import { REFERENCE } from '../../../scenarios/implementations.ts';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import { inTrueTime } from '../../../sim/kernel/clock.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../../sim/run.ts';
import { paperFacts } from './paper-facts.ts';

const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1));

describe('the reference, judged by causality alone', () => {
  it('is never accused, whatever the plan', () => {
    const counts = { acknowledged: 0, leaders: 0, crashes: 0 };
    for (const seed of SEEDS) {
      const plan = generatePlan(seed, { profile: 'figure-2' });
      const { size, spares } = plan.cluster;
      const { electionMsMax } = inTrueTime(plan);
      const judge = new CausalJudge({
        size: size + spares,
        members: size,
        electionMsMax,
        durability: 'explicit',
        claims: true,
        disabled: new Set(),
        stopAtFirst: false,
      });
      run(plan, REFERENCE, { ...DEFAULT_RUN_OPTIONS, recorder: paperFacts(judge) });
      expect([seed, judge.violations, judge.excuse]).toEqual([seed, [], null]);
      const { acknowledged, leaders, crashes } = judge.statistics;
      counts.acknowledged += acknowledged!;
      counts.leaders += leaders!;
      counts.crashes += crashes!;
    }
    expect(counts.acknowledged).toBeGreaterThan(500);
    expect(counts.leaders).toBeGreaterThan(40);
    expect(counts.crashes).toBeGreaterThan(10);
  });
});
