/** A shrunk plan still fails in the same way, stands alone, and has nothing left to take away. */
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleMutant } from '../../scenarios/mutants/bundle.ts';
import { mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import { script } from '../../scenarios/script.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { completePlan, loadPlan } from '../../sim/load-plan.ts';
import { firstPlanProblem } from '../../sim/plan-rules.ts';
import { failureOf } from '../../sim/replay.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, run } from '../../sim/run.ts';
import { happenings, withHappenings } from '../../sim/shrink/items.ts';
import { type Probe, tryPlan } from '../../sim/shrink/probe.ts';
import { type Shrunk, shrink } from '../../sim/shrink/shrink.ts';
import { amnesiac, reference, thrower } from './implementations.ts';

const MUTANTS = [
  'duplicate-vote-counted',
  'new-leader-drops-tail',
  'restart-resumes-leadership',
  'revote-same-term',
  'log-check-missing',
  'truncate-on-every-ae',
  'conflict-not-truncated',
  'term-not-persisted-on-ae',
  'acknowledged-on-append',
  'pending-keyed-by-index',
  'answered-twice',
] as const;

/** A generated plan on which it fails, one of those that end soon. */
function failingPlan(implementation: Implementation): Plan {
  for (let seed = 1; seed <= 400; seed += 1) {
    const plan = generatePlan(String(seed));
    const result = run(plan, implementation, DEFAULT_RUN_OPTIONS);
    if (failureOf(result) !== null && result.events < 1_500) return plan;
  }
  throw new Error(`${implementation.id} does not fail`);
}

const probeOf = (implementation: Implementation): Probe => {
  return async (plan, isObserved) => tryPlan(plan, implementation, new Set(), isObserved);
};

/** As far as so many runs go: no clock is asked. */
async function shrunkBy(
  plan: Plan,
  implementation: Implementation,
  runsMax = Infinity,
): Promise<Shrunk | null> {
  let runs = 0;
  const probe = probeOf(implementation);
  const counting: Probe = (candidate, isObserved) => {
    runs += 1;
    return probe(candidate, isObserved);
  };
  const isOver = (): boolean => runs >= runsMax;
  return shrink(plan, counting, { isOver, onProgress: () => {} });
}

const failureOn = (plan: Plan, implementation: Implementation): string | null => {
  return failureOf(run(plan, implementation, DEFAULT_RUN_OPTIONS));
};

/** Every plan that has one fault, request, command, decision, timer, clock, wish or image less. */
function* withOneLess(plan: Plan): Generator<readonly [string, Plan]> {
  for (const item of happenings(plan)) {
    const rest = happenings(plan).filter(
      ({ list, place }) => list !== item.list || place !== item.place,
    );
    yield [`${item.list}[${item.place}]`, withHappenings(plan, rest)];
  }
  for (const list of ['decisions', 'timers', 'images', 'clocks'] as const) {
    for (let place = 0; place < plan[list].length; place += 1) {
      const rest = (plan[list] as readonly unknown[]).filter((_, i) => i !== place);
      yield [`${list}[${place}]`, { ...plan, [list]: rest } as Plan];
    }
  }
  const { script } = plan.workload;
  for (let place = 0; place < script.length; place += 1) {
    const { ops } = script[place]!;
    for (let op = 0; op < ops.length; op += 1) {
      const shorter = { ...script[place]!, ops: ops.filter((_, i) => i !== op) };
      const rest = script.flatMap((request, i) => {
        if (i !== place) return [request];
        return shorter.ops.length === 0 ? [] : [shorter];
      });
      yield [
        `script[${place}].ops[${op}]`,
        { ...plan, workload: { ...plan.workload, script: rest } },
      ];
    }
  }
}

describe.each(MUTANTS)('a failure of %s', (id) => {
  let made: ReturnType<typeof make>;
  beforeAll(() => {
    made = make();
  });
  const make = async () => {
    const implementation = await loadBundle(
      await bundleMutant(mutantOf(id)!, { assertionsOff: true }),
    );
    const plan = failingPlan(implementation);
    const shrunk = (await shrunkBy(plan, implementation))!;
    return { implementation, plan, shrunk };
  };

  it('fails in the same way when it is shrunk, as a plan of its own', async () => {
    const { implementation, plan, shrunk } = await made;
    expect(shrunk.failure).toBe(failureOn(plan, implementation));
    const file = loadPlan(JSON.stringify(shrunk.plan), 'shrunk.json');
    expect(file).toEqual(shrunk.plan);
    const result = run(file, implementation, DEFAULT_RUN_OPTIONS);
    expect(failureOf(result)).toBe(shrunk.failure);
    expect(result.events).toBe(shrunk.events);
    expect(shrunk.events).toBeLessThanOrEqual(shrunk.eventsBefore);
  });

  it('has nothing left that can go by itself', async () => {
    const { implementation, shrunk } = await made;
    expect(shrunk.isMinimal).toBe(true);
    const spare: string[] = [];
    for (const [what, less] of withOneLess(shrunk.plan)) {
      if (firstPlanProblem(less) !== null) continue;
      if (failureOn(less, implementation) === shrunk.failure) spare.push(what);
    }
    expect(spare).toEqual([]);
  });

  it('says nothing about the reference', async () => {
    const { shrunk } = await made;
    const { verdict } = run(shrunk.plan, reference, DEFAULT_RUN_OPTIONS);
    expect(['pass', 'excused']).toContain(verdict);
  });
});

describe('a shrink', () => {
  it('is the same whenever it is made, also when it is cut short', async () => {
    const plan = failingPlan(amnesiac);
    for (const runsMax of [Infinity, 40, 7]) {
      const first = await shrunkBy(plan, amnesiac, runsMax);
      expect(await shrunkBy(plan, amnesiac, runsMax)).toEqual(first);
    }
  });

  it('gives what it has when its budget is used up', async () => {
    const plan = failingPlan(amnesiac);
    const early = (await shrunkBy(plan, amnesiac, 12))!;
    expect(early.isMinimal).toBe(false);
    expect(early.runs).toBeLessThanOrEqual(13);
    expect(failureOn(early.plan, amnesiac)).toBe(early.failure);
    const late = (await shrunkBy(plan, amnesiac))!;
    expect(late.events).toBeLessThanOrEqual(early.events);
    // What is smallest already stays.
    const again = (await shrunkBy(late.plan, amnesiac))!;
    expect(again.events).toBeLessThanOrEqual(late.events);
  });

  it('comes to nothing for a plan that does not fail', async () => {
    expect(await shrunkBy(generatePlan('1'), reference)).toBeNull();
  });

  it('keeps the kind of a failure without a fingerprint', async () => {
    const shrunk = (await shrunkBy(generatePlan('1'), thrower))!;
    expect(shrunk.failure).toBe('exception');
    // One server, or a majority, and one election.
    expect(shrunk.events).toBeLessThan(10);
    expect(failureOn(shrunk.plan, thrower)).toBe('exception');
  });

  it('takes away what operators ask, spare servers, clocks and options', async () => {
    const full = script({
      size: 3,
      spares: 2,
      preVote: true,
      checkQuorum: true,
      reads: 'lease',
      clockDriftPpm: 5_000,
      snapshotEntries: 7,
      trailingEntries: 3,
      snapshotChunkMax: 9,
      snapshotMs: [1, 8],
      logTime: true,
      sessions: true,
      sessionExpiryMs: 700,
      clocks: [
        { node: 2, offsetMs: 3, ratePpm: 400, jumps: [{ atMs: 7, byMs: 50 }] },
        { node: 5, ratePpm: -80 },
      ],
      workload: { clients: 3, casPpm: 9, ttlPpm: 9, rangePpm: 9 },
    })
      .at(20)
      .changeMembership([1, 2, 3, 4], { learners: [5], node: 2 })
      .at(30)
      .takeSnapshot(1)
      .at(40)
      .transferLeadership(3, { by: 2 })
      .plan();
    const probe: Probe = async ({ operators, cluster: { config } }) => {
      const asked = operators.flatMap(({ requests }) => requests);
      const isChanged = asked.some(({ request }) => request.kind === 'changeMembership');
      const failure = isChanged && config.snapshotEntries > 0 ? 'it' : null;
      return { failure, detail: null, events: 100, virtualUs: 50_000, observed: null };
    };
    const { plan } = (await shrink(full, probe, { isOver: () => false, onProgress: () => {} }))!;
    expect(plan.operators).toMatchObject([
      { requests: [{ node: 0, request: { kind: 'changeMembership', learners: [] } }] },
    ]);
    expect(plan.operators[0]!.requests).toHaveLength(1);
    expect(plan.clocks).toEqual([]);
    const { size, spares, config, sessionExpiryMs } = plan.cluster;
    expect({ size, spares, sessionExpiryMs }).toEqual({ size: 1, spares: 0, sessionExpiryMs: 0 });
    expect(config).toEqual({ ...completePlan({}).cluster.config, snapshotEntries: 1 });
    expect(plan.workload).toMatchObject({ clients: 0, sessions: false, casPpm: 0, ttlPpm: 0 });
    expect(plan.disk).toMatchObject({ snapshotUsMin: 0, snapshotUsMax: 0 });
  });

  it('does not slip to another failure, and tells of it', async () => {
    const faults = [1, 2, 3, 4, 5, 6].map((ms) => ({
      when: { atUs: ms * 1_000 },
      what: { do: 'pause', node: 1, forUs: 7 } as const,
    }));
    const start = completePlan({ faults, workload: { clients: 1 } });
    // Fails in one way with enough faults, and in another one without.
    const probe: Probe = async (candidate) => ({
      failure: candidate.faults.length >= 3 ? 'one way' : 'another way',
      detail: null,
      events: 10 + candidate.faults.length,
      virtualUs: 1_000,
      observed: null,
    });
    const shrunk = (await shrink(start, probe, { isOver: () => false, onProgress: () => {} }))!;
    expect(shrunk.failure).toBe('one way');
    expect(shrunk.plan.faults.length).toBe(3);
    expect(shrunk.others.map(({ failure }) => failure)).toEqual(['another way']);
  });
});
