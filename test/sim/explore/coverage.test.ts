import { describe, expect, test } from 'vitest';
import { Coverage } from '../../../sim/explore/coverage.ts';
import { Luck } from '../../../sim/explore/luck.ts';
import { frontierUsOf, Pool } from '../../../sim/explore/pool.ts';
import { type RunStates, StateSet } from '../../../sim/explore/state-set.ts';
import { completePlan } from '../../../sim/load-plan.ts';

function states(...keys: number[]): RunStates {
  return { keys: Int32Array.from(keys), timesMs: Uint32Array.from(keys, (_, i) => 10 * (i + 1)) };
}

describe('the states of a run', () => {
  test('come once each, in order, with the time of their first coming', () => {
    const set = new StateSet();
    for (const [key, atMs] of [
      [7, 1],
      [-5, 2],
      [7, 3],
      [7 + 16_384, 4],
    ] as const) {
      set.add(key, atMs);
    }
    expect(set.read()).toEqual({
      keys: Int32Array.of(7, -5, 7 + 16_384),
      timesMs: Uint32Array.of(1, 2, 4),
    });
  });

  test('of the run before are forgotten', () => {
    const set = new StateSet();
    set.add(7, 1);
    set.clear();
    set.add(8, 2);
    set.add(7, 3);
    expect([...set.read().keys]).toEqual([8, 7]);
  });

  test('are bounded', () => {
    const set = new StateSet();
    for (let key = 0; key < 10_000; key += 1) set.add(key * 16_384, key);
    expect(set.read().keys).toHaveLength(4096);
    expect(set.read().keys[4095]).toBe(4095 * 16_384);
  });
});

describe('coverage', () => {
  test('counts runs by state, and tells which states are new', () => {
    const coverage = new Coverage();
    expect(coverage.add(Int32Array.of(1, 2, 3))).toEqual([0, 1, 2]);
    expect(coverage.add(Int32Array.of(3, 4))).toEqual([1]);
    expect(coverage.states).toBe(4);
    expect([1, 3, 9].map((key) => coverage.countOf(key))).toEqual([1, 2, 0]);
  });
});

describe('the pool', () => {
  const plan = completePlan({});

  test('chooses rare states more often, and plans that were chosen less often', () => {
    const coverage = new Coverage();
    const pool = new Pool();
    const rare = states(1);
    const common = states(2);
    pool.add({ position: 0, plan, events: 1 }, rare, coverage.add(rare.keys));
    pool.add({ position: 1, plan, events: 1 }, common, coverage.add(common.keys));
    for (let i = 0; i < 99; i += 1) coverage.add(common.keys);
    pool.settle(coverage);
    const share = (): number => {
      const luck = new Luck('pool');
      return Array.from({ length: 1000 }, () => pool.choose(luck)).filter(
        (one) => one.position === 0,
      ).length;
    };
    expect(share()).toBeGreaterThan(950);
    pool.choose(new Luck('first')).chosen += 999;
    pool.settle(coverage);
    expect(share()).toBeLessThan(200);
  });

  test('keeps the most interesting ones, in the order in which they came', () => {
    const coverage = new Coverage();
    const pool = new Pool();
    for (let position = 0; position < 300; position += 1) {
      const reached = states(position);
      pool.add({ position, plan, events: 1 }, reached, coverage.add(reached.keys));
      // The first ones become common.
      if (position < 50) coverage.add(reached.keys);
    }
    pool.settle(coverage);
    expect(pool.size).toBe(256);
    const luck = new Luck('x');
    const positions = new Set(Array.from({ length: 5000 }, () => pool.choose(luck).position));
    expect(Math.min(...positions)).toBeGreaterThanOrEqual(44);
  });

  test('remembers when the rarest state was reached', () => {
    const coverage = new Coverage();
    const pool = new Pool();
    const reached = states(1, 2, 3);
    pool.add({ position: 0, plan, events: 1 }, reached, coverage.add(reached.keys));
    coverage.add(Int32Array.of(1, 3));
    expect(frontierUsOf(pool.choose(new Luck('x')), coverage)).toBe(20_000);
  });
});
