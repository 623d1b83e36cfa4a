import { describe, expect, test } from 'vitest';
import { StateSet } from '../../../sim/explore/state-set.ts';
import { StateWatch } from '../../../sim/explore/state-watch.ts';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import type { Plan } from '../../../sim/kernel/plan.ts';
import { completePlan } from '../../../sim/load-plan.ts';
import { DEFAULT_RUN_OPTIONS, type RunResult, run } from '../../../sim/run.ts';
import { reference } from '../implementations.ts';

function watched(plan: Plan): { keys: number[]; timesMs: number[]; result: RunResult } {
  const states = new StateSet();
  const options = { ...DEFAULT_RUN_OPTIONS, watch: watchInto(states) };
  const result = run(plan, reference, options);
  const { keys, timesMs } = states.read();
  return { keys: [...keys], timesMs: [...timesMs], result };
}

function watchInto(states: StateSet): NonNullable<typeof DEFAULT_RUN_OPTIONS.watch> {
  return (ledgers) => new StateWatch(ledgers, states);
}

/** Three servers of which this one stands first, and wins. */
function firstToStand(node: number): Plan {
  const others = [1, 2, 3].filter((other) => other !== node);
  return completePlan({
    network: { latencyUsMin: 1000, latencyUsMax: 1000 },
    disk: { latencyUsMin: 500, latencyUsMax: 500 },
    timers: [
      { node, timer: 'election', nth: 1, us: 150_000 },
      ...others.map((other) => ({ node: other, timer: 'election', nth: 1, us: 290_000 })),
    ],
    workload: { clients: 0 },
    phases: { chaosUs: 250_000, settle: false },
  });
}

describe('abstract states', () => {
  test('are the same for every naming of the servers', () => {
    const [first, second, third] = [1, 2, 3].map((node) => watched(firstToStand(node)));
    expect(first!.keys.length).toBeGreaterThan(10);
    expect(new Set(second!.keys)).toEqual(new Set(first!.keys));
    expect(new Set(third!.keys)).toEqual(new Set(first!.keys));
  });

  test('of a run change nothing in it', () => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      const plan = generatePlan(seed);
      expect(watched(plan).result).toEqual(run(plan, reference, DEFAULT_RUN_OPTIONS));
    }
  });

  test('are equal for equal runs, and come in order of time', () => {
    const [once, again] = [watched(generatePlan('8')), watched(generatePlan('8'))];
    expect(once.keys).toEqual(again.keys);
    expect(once.timesMs).toEqual([...once.timesMs].sort((a, b) => a - b));
    expect(new Set(once.keys).size).toBe(once.keys.length);
  });

  test('say more when more happens', () => {
    const calm = watched(firstToStand(1));
    const crash = {
      when: { atUs: 200_000 },
      what: { do: 'crash', node: 1, restartUs: null, keep: 'none' },
    } as const;
    const troubled = watched({ ...firstToStand(1), faults: [crash] });
    expect(troubled.keys.filter((key) => !calm.keys.includes(key)).length).toBeGreaterThan(0);
  });
});
