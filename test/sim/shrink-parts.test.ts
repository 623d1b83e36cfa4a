/** The parts of the shrinker: lists, servers, and decisions that follow their messages. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { script } from '../../scenarios/script.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { failureOf } from '../../sim/replay.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../sim/run.ts';
import { happenings, withHappenings } from '../../sim/shrink/items.ts';
import { minimizeList } from '../../sim/shrink/minimize-list.ts';
import { choices, withoutNodes } from '../../sim/shrink/nodes.ts';
import { type ObservedRun, RunObserver } from '../../sim/shrink/observed-run.ts';
import { pinned } from '../../sim/shrink/pin.ts';
import { aims, repaired } from '../../sim/shrink/repair.ts';
import { amnesiac, reference } from './implementations.ts';

describe('minimizeList', () => {
  it('finds what is needed, whatever is needed', async () => {
    const needs = fc.uniqueArray(fc.nat(40), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(needs, fc.nat(40), async (needed, size) => {
        const items = Array.from({ length: Math.max(size, ...needed, 0) + 1 }, (_, i) => i);
        const holds = async (rest: readonly number[]): Promise<boolean> => {
          return needed.every((item) => rest.includes(item));
        };
        const kept = await minimizeList(items, holds);
        expect([...kept]).toEqual([...needed].sort((a, b) => a - b));
      }),
    );
  });

  it('leaves nothing that can go by itself when items need each other', async () => {
    const table = fc.array(fc.boolean(), { minLength: 256, maxLength: 256 });
    await fc.assert(
      fc.asyncProperty(table, async (good) => {
        const items = [0, 1, 2, 3, 4, 5, 6, 7];
        const codeOf = (rest: readonly number[]): number => {
          return rest.reduce((code, item) => code | (1 << item), 0);
        };
        const holds = async (rest: readonly number[]): Promise<boolean> => good[codeOf(rest)]!;
        const kept = await minimizeList(items, holds);
        for (const item of kept) {
          expect(await holds(kept.filter((other) => other !== item))).toBe(false);
        }
        if (kept.length < items.length) expect(await holds(kept)).toBe(true);
      }),
    );
  });
});

describe('withoutNodes', () => {
  const plan = script({ size: 5 })
    .image(2, { term: 1, votedFor: 5 })
    .drop({ from: 2, to: 5, kind: 'AppendEntries' })
    .drop({ from: 2, to: 4, kind: 'AppendEntries' })
    .at(10)
    .elapse(2)
    .partition([2, 4], [3, 5])
    .isolate(4)
    .when('leader')
    .crash()
    .at(20)
    .request(5, 'put x 1')
    .plan();

  it('lets the others move up, and drops what is about those that are gone', () => {
    const smaller = withoutNodes(plan, [1, 4]);
    expect(smaller.cluster.size).toBe(3);
    expect(smaller.phases.core).toEqual([1, 2, 3]);
    // S2, S3, S5 are S1, S2, S3 now.
    expect(smaller.decisions.map(({ match: { from, to } }) => [from, to])).toEqual([[1, 3]]);
    expect(smaller.workload.script.map(({ node }) => node)).toEqual([3]);
    expect(smaller.images).toMatchObject([{ node: 1, votedFor: 3 }]);
    expect(smaller.faults.map(({ what }) => what)).toMatchObject([
      { do: 'elapse', node: 1 },
      {
        do: 'block',
        links: [
          [1, 2],
          [1, 3],
          [2, 1],
          [3, 1],
        ],
      },
      { do: 'crash', node: 0 },
    ]);
  });

  it('lets operators ask for those that are left', () => {
    const { cluster, operators, clocks, phases } = withoutNodes(
      script({
        size: 3,
        spares: 2,
        clocks: [
          { node: 2, offsetMs: 1 },
          { node: 5, ratePpm: 7 },
        ],
      })
        .at(10)
        .changeMembership([1, 2, 4], { learners: [5], node: 2 })
        .transferLeadership(2)
        .takeSnapshot(3)
        .changeMembership([2, 4])
        .plan(),
      [2, 4],
    );
    // S1, S3, S5 are S1, S2, S3 now: S3 is spare.
    expect(cluster).toMatchObject({ size: 2, spares: 1 });
    expect(phases.core).toEqual([1, 2, 3]);
    expect(clocks).toMatchObject([{ node: 3, ratePpm: 7 }]);
    expect(operators[0]!.requests.map(({ node, request }) => ({ node, ...request }))).toEqual([
      { node: 0, kind: 'changeMembership', voters: [1], learners: [3] },
      { node: 2, kind: 'takeSnapshot' },
    ]);
  });

  it('makes plans that keep the rules, whoever goes', () => {
    const counts = [1, 2, 3, 4].map((count) => [...choices(5, count)].length);
    expect(counts).toEqual([5, 10, 10, 5]);
    for (const gone of [...choices(5, 2), ...choices(5, 4)]) {
      const smaller = withoutNodes(plan, gone);
      expect(() => run(smaller, reference, DEFAULT_RUN_OPTIONS)).not.toThrow();
    }
  });
});

describe('happenings', () => {
  const plan = script({ size: 3, clocks: [{ node: 1, jumps: [{ atMs: 15, byMs: 9 }] }] })
    .at(10)
    .crash(1)
    .takeSnapshot(2)
    .at(20)
    .request(1, 'put x 1')
    .transferLeadership(3, { by: 2 })
    .plan();

  it('are faults, requests, wishes of operators and jumps of clocks, by time', () => {
    expect(happenings(plan).map(({ list, place }) => `${list} ${place}`)).toEqual([
      'faults 0',
      'operators 0',
      'jumps 0',
      'script 0',
      'operators 1',
    ]);
    expect(withHappenings(plan, happenings(plan))).toEqual(plan);
  });

  it('go one by one', () => {
    const without = (gone: number): Plan => {
      return withHappenings(
        plan,
        happenings(plan).filter((_, place) => place !== gone),
      );
    };
    expect(without(0).faults).toEqual([]);
    expect(without(1).operators).toEqual(plan.operators.slice(1));
    expect(without(2).clocks).toEqual([{ ...plan.clocks[0], jumps: [] }]);
    expect(without(3).workload.script).toEqual([]);
    expect(without(4).operators).toEqual(plan.operators.slice(0, 1));
  });
});

function observe(plan: Plan, implementation = reference): ObservedRun {
  const recorder = new RunObserver();
  run(plan, implementation, { ...DEFAULT_RUN_OPTIONS, recorder });
  return recorder.observed;
}

describe('a pinned run', () => {
  it('fails as the drawn one did, message by message', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const plan = generatePlan(String(seed));
      const recorder = new RunObserver();
      const result = run(plan, amnesiac, { ...DEFAULT_RUN_OPTIONS, recorder });
      if (failureOf(result) === null || recorder.observed.healedUs !== null) continue;
      const said = pinned(plan, recorder.observed, result.virtualUs, {
        timers: 'far',
        latencyUs: 1_000,
        decisions: 'all',
        diskUs: null,
        triggers: 'kept',
        clients: 'scripted',
        heal: 'scripted',
      });
      expect(said.workload.clients).toBe(0);
      expect(said.network).toMatchObject({ lossPpm: 0, tailPpm: 0, duplicatePpm: 0 });
      const again = run(said, amnesiac, DEFAULT_RUN_OPTIONS);
      expect(failureOf(again)).toBe(failureOf(result));
      return;
    }
    expect.unreachable('no seed failed');
  });
});

describe('a decision', () => {
  const story = () => script({ size: 3, quietTimers: true, quietHeartbeats: true });

  it('follows its message when an earlier election is taken out', () => {
    const plan = story()
      .drop({ from: 2, to: 3, kind: 'AppendEntries', term: 2, nth: 1 })
      .at(100)
      .elapse(1)
      .at(200)
      .elapse(2)
      .plan();
    const wanted = aims(plan, observe(plan));
    expect([...wanted.values()]).toMatchObject([{ from: 2, to: 3, term: 2, nth: 1 }]);
    const shorter = { ...plan, faults: plan.faults.slice(1) };
    const mended = repaired(shorter, wanted, observe(shorter));
    expect(mended.plan.decisions).toMatchObject([
      { match: { from: 2, to: 3, kind: 'AppendEntries', term: 1, nth: 1 }, drop: true },
    ]);
    const { sends } = observe(mended.plan);
    const lost = sends.filter(({ copies }) => copies === 0);
    expect(lost).toMatchObject([{ from: 2, to: 3, kind: 'AppendEntries', term: 1 }]);
  });

  it('stays as it is when it is about every message', () => {
    const plan = story().drop({ from: 2, to: 3, kind: 'AppendEntries' }).at(100).elapse(2).plan();
    const wanted = aims(plan, observe(plan));
    expect(repaired(plan, wanted, observe(plan)).plan).toEqual(plan);
  });
});
