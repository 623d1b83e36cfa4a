/** Clocks that are ahead, fast or slow, and wall clocks that jump. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Clock, inTrueTime } from '../../../sim/kernel/clock.ts';
import type { ClockPlan } from '../../../sim/kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../../sim/run.ts';
import { reference } from '../implementations.ts';
import { at, only, planOf, type Script, ticking, type Watched, watch } from './probe.ts';

function clockOf(change: Partial<ClockPlan>): ClockPlan {
  return { node: 1, offsetUs: 0, ratePpm: 0, jumps: [], ...change };
}

/** [now, wallClock] of each event of a server but its first. */
function shown({ seen }: Watched, node = 1): [number, number][] {
  return seen.flatMap(({ event, ...me }) =>
    me.node === node && event.kind !== 'start' ? [[event.now, event.wallClock]] : [],
  );
}

/** Server 1 is sent a message every 100 ms by server 2, whose clock is true. */
const everyTenth = ticking(100, (out, nth, { node }) => {
  if (node === 2) out.send(1, { kind: 'RequestVoteResponse', term: nth, voteGranted: false });
});
const instant = { latencyUsMin: 0, latencyUsMax: 0 };

function told(clock: Partial<ClockPlan>, chaosUs = 500_000): [number, number][] {
  const script: Script = (event, out, me) => {
    if (me.node === 2) everyTenth(event, out, me);
  };
  const plan = planOf({ clocks: [clockOf(clock)], network: instant, phases: { chaosUs } });
  return shown(watch(plan, script));
}

describe('a clock', () => {
  test('that is true shows the time of the world, twice', () => {
    const expected = [100, 200, 300, 400].map((ms) => [ms, ms]);
    expect(told({})).toEqual(expected);
    expect(told({ node: 3, offsetUs: 5_000, ratePpm: 500_000 })).toEqual(expected);
  });

  test('that is ahead shows so much more', () => {
    expect(told({ offsetUs: 7_001_500 })).toEqual(
      [7_101, 7_201, 7_301, 7_401].map((ms) => [ms, ms]),
    );
  });

  test.each([
    [100_000, [110, 220, 330, 440]],
    [-100_000, [90, 180, 270, 360]],
    [500_000, [150, 300, 450, 600]],
    [-500_000, [50, 100, 150, 200]],
    [1, [100, 200, 300, 400]],
    [-1, [99, 199, 299, 399]],
  ])('that is %i ppm fast shows what has passed for it', (ratePpm, expected) => {
    expect(told({ ratePpm })).toEqual(expected.map((ms) => [ms, ms]));
  });

  test('of the wall jumps, the other never does', () => {
    const jumps = [
      { atUs: 350_000, byUs: -180_000 },
      { atUs: 200_000, byUs: 50_000 },
    ];
    expect(told({ jumps })).toEqual([
      [100, 100],
      [200, 250],
      [300, 350],
      [400, 270],
    ]);
  });

  test('of the wall never shows less than 0', () => {
    expect(told({ jumps: [{ atUs: 150_000, byUs: -230_000 }] })).toEqual([
      [100, 100],
      [200, 0],
      [300, 70],
      [400, 170],
    ]);
  });

  test('is the same for every kind of event, and runs on while its server is paused or down', () => {
    const script: Script = (event, out, { node, boot }) => {
      if (node !== 1 || event.kind !== 'start') return;
      if (boot === 0) {
        out.persist(1, 'log', 0, { kind: 'truncateFrom', index: 1 });
        out.takeSnapshot(1);
      }
    };
    const request: Script = (event, out, me) => script(event, out, me);
    const plan = planOf({
      clocks: [clockOf({ offsetUs: 1_000_000, ratePpm: 500_000 })],
      disk: {
        latencyUsMin: 10_000,
        latencyUsMax: 10_000,
        snapshotUsMin: 20_000,
        snapshotUsMax: 20_000,
      },
      workload: { script: [{ atUs: 200_000, node: 1, ops: ['get x0'] }] },
      operators: [
        {
          requests: [{ atUs: 400_000, node: 1, request: { kind: 'takeSnapshot' } }],
          timeoutUs: 1_000,
        },
      ],
      faults: [
        at(100_000, { do: 'pause', node: 1, forUs: 200_000 }),
        at(310_000, { do: 'crash', node: 1, restartUs: 40_000, keep: 'all' }),
      ],
    });
    const { seen } = watch(plan, request);
    const events = seen.flatMap(({ node, event }) => (node === 1 ? [[event.kind, event.now]] : []));
    expect(events.slice(0, 5)).toEqual([
      ['start', 1_000],
      ['persisted', 1_015],
      ['snapshotTaken', 1_030],
      ['request', 1_450],
      ['start', 1_525],
    ]);
    expect(events[5]![0]).toBe('admin');
    expect(events[5]![1]).toBeGreaterThanOrEqual(1_600);
    expect(events[5]![1]).toBeLessThanOrEqual(1_603);
  });
});

describe('a timer', () => {
  const firedAt = (ratePpm: number, minMs: number, maxMs: number, pins = false) => {
    const script: Script = (event, out) => {
      if (event.kind === 'start') out.setTimer('t', minMs, maxMs);
    };
    const timers = pins ? [{ node: 1, timer: 't', nth: 1, us: 100_000 }] : [];
    const watched = watch(
      planOf({ cluster: { size: 1 }, clocks: [clockOf({ ratePpm })], timers }),
      script,
    );
    return only(watched, 'fired')[0]!.t;
  };

  test.each([
    [0, 150_000],
    [500_000, 100_000],
    [-500_000, 300_000],
    [-250_000, 200_000],
    [300_000, 115_385],
  ])('at %i ppm runs out when so much time has passed for its server', (ratePpm, us) => {
    expect(firedAt(ratePpm, 150, 150)).toBe(us);
  });

  test('is drawn as it was, in its own time', () => {
    const trueUs = firedAt(0, 150, 300);
    expect(firedAt(500_000, 150, 300)).toBe(Math.ceil(trueUs / 1.5));
    expect(firedAt(-500_000, 150, 300)).toBe(trueUs * 2);
  });

  test('that is pinned is pinned in its own time', () => {
    expect(firedAt(0, 150, 300, true)).toBe(100_000);
    expect(firedAt(-500_000, 150, 300, true)).toBe(200_000);
  });
});

describe('time that passes for a server', () => {
  const rate = fc.integer({ min: -500_000, max: 500_000 });
  const time = fc.oneof(fc.nat(10_000_000), fc.nat(1_000_000_000_000));

  /** Exact, with numbers as large as need be. */
  function passed(atUs: number, ratePpm: number): bigint {
    return (BigInt(atUs) * BigInt(1_000_000 + ratePpm)) / 1_000_000n;
  }

  test('is exact, whatever its rate and however long', () => {
    fc.assert(
      fc.property(rate, time, (ratePpm, atUs) => {
        const clock = new Clock([clockOf({ ratePpm })], 1);
        expect(BigInt(clock.now(atUs))).toBe(passed(atUs, ratePpm) / 1_000n);
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  test('has passed at the first moment at which it has, and not before', () => {
    fc.assert(
      fc.property(rate, time, time, (ratePpm, atUs, localUs) => {
        const clock = new Clock([clockOf({ ratePpm })], 1);
        const endUs = clock.after(atUs, localUs);
        const target = passed(atUs, ratePpm) + BigInt(localUs);
        expect(passed(endUs, ratePpm) >= target).toBe(true);
        expect(endUs <= atUs || passed(endUs - 1, ratePpm) < target).toBe(true);
      }),
      { numRuns: 2_000, seed: 2 },
    );
  });

  test('that no time has to pass on is there already: nothing happens before now', () => {
    fc.assert(
      fc.property(rate, time, (ratePpm, atUs) => {
        const clock = new Clock([clockOf({ ratePpm })], 1);
        expect(clock.after(atUs, 0)).toBe(atUs);
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });
});

describe('the cluster in true time', () => {
  const timing = (clocks: readonly ClockPlan[]) => {
    const { electionMsMin, electionMsMax, heartbeatMs } = inTrueTime({
      clocks,
      cluster: planOf().cluster,
    });
    return [electionMsMin, electionMsMax, heartbeatMs];
  };

  test('is what the servers are told where all clocks are true', () => {
    const plan = planOf();
    expect(inTrueTime(plan)).toBe(plan.cluster.config);
    expect(timing([clockOf({ offsetUs: 5 })])).toEqual([150, 300, 50]);
  });

  test('has the earliest timeout of the fastest and the latest of the slowest', () => {
    const clocks = [clockOf({ ratePpm: 100_000 }), clockOf({ node: 2, ratePpm: -70_000 })];
    expect(timing(clocks)).toEqual([136, 323, 54]);
    expect(timing(clocks.slice(0, 1))).toEqual([136, 300, 50]);
    expect(timing(clocks.slice(1))).toEqual([150, 323, 54]);
  });
});

describe('a cluster whose clocks differ', () => {
  const phases = { chaosUs: 1_500_000, settle: true, trafficOperations: 5 };
  const workload = { clients: 2 };

  test('elects, settles and serves all the same', () => {
    const clocks = [
      clockOf({ ratePpm: 150_000, offsetUs: 77_000_000 }),
      clockOf({ node: 2, ratePpm: -150_000, jumps: [{ atUs: 900_000, byUs: -800_000 }] }),
    ];
    for (let seed = 0; seed < 10; seed += 1) {
      const plan = planOf({ clocks, phases, workload, seed: String(seed) });
      const result = run(plan, reference, DEFAULT_RUN_OPTIONS);
      expect([seed, result.verdict, result.reason]).toEqual([seed, 'pass', null]);
    }
  });

  test('does the same as one with true clocks where they only say that they are true', () => {
    const plan = planOf({ phases, workload });
    const clocks = [1, 2, 3].map((node) => clockOf({ node }));
    const digest = (one: typeof plan) => run(one, reference, DEFAULT_RUN_OPTIONS).digest;
    expect(digest({ ...plan, clocks })).toBe(digest(plan));
    const fast = clocks.map((clock) => ({ ...clock, ratePpm: 50_000 }));
    expect(digest({ ...plan, clocks: fast })).not.toBe(digest(plan));
  });
});
