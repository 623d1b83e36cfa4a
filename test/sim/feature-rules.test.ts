/** What plans may say about spare servers, operators, servers that are gone, clocks and leases. */
import { describe, expect, test } from 'vitest';
import type { AdminRequest } from '../../core/contract.ts';
import type { ClockPlan, ClusterPlan, Plan } from '../../sim/kernel/plan.ts';
import { completePlan, DEFAULT_PLAN } from '../../sim/load-plan.ts';
import { firstPlanProblem } from '../../sim/plan-rules.ts';

/** The place and the words of the first rule that the default plan, changed like this, breaks. */
function problem(change: Partial<Plan>): string | null {
  const found = firstPlanProblem({ ...DEFAULT_PLAN, ...change });
  return found === null ? null : `${found.path.join('.')}: ${found.expected}; ${found.got}`;
}

function clusterOf(
  change: Partial<ClusterPlan>,
  config: Partial<ClusterPlan['config']> = {},
): ClusterPlan {
  const { cluster } = DEFAULT_PLAN;
  return { ...cluster, ...change, config: { ...cluster.config, ...config } };
}

describe('spare servers', () => {
  test('are at most so many that there are seven servers in all', () => {
    expect(problem({ cluster: clusterOf({ size: 3, spares: 4 }) })).toBeNull();
    expect(problem({ cluster: clusterOf({ size: 3, spares: 5 }) })).toBe(
      'cluster.spares: at most 4 beside 3 servers (7 in all); 5',
    );
  });

  test('are servers of the cluster wherever a plan names one', () => {
    const cluster = clusterOf({ spares: 1 });
    const script = [{ atUs: 0, node: 4, ops: ['get x0'] }];
    const change: Partial<Plan> = {
      cluster,
      phases: { ...DEFAULT_PLAN.phases, core: [1, 2, 4] },
      workload: { ...DEFAULT_PLAN.workload, script },
      faults: [{ when: { atUs: 0 }, what: { do: 'restart', node: 4 } }],
      timers: [{ node: 4, timer: 'election', nth: 1, us: 1 }],
    };
    expect(problem(change)).toBeNull();
    expect(problem({ ...change, phases: { ...DEFAULT_PLAN.phases, core: [1, 5] } })).toBe(
      'phases.core.1: a server of this cluster (1 to 4); 5',
    );
  });

  test('have no log before they know of a cluster', () => {
    const images = [{ node: 4, currentTerm: 1, votedFor: 0, log: [] }];
    expect(problem({ cluster: clusterOf({ spares: 1 }), images })).toBe(
      'images.0.node: a server of the first configuration (1 to 3); 4',
    );
  });

  test('are of the core that nobody names', () => {
    expect(completePlan({ cluster: { spares: 2 } }).phases.core).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('what operators ask for', () => {
  const asking = (request: AdminRequest, node = 0): Partial<Plan> => ({
    operators: [{ requests: [{ atUs: 0, node, request }], timeoutUs: 1 }],
  });
  const change = (voters: number[], learners: number[] = []) =>
    asking({ kind: 'changeMembership', voters, learners });

  test('names servers of this cluster', () => {
    const expected = 'a server of this cluster (1 to 3); 4';
    const request = 'operators.0.requests.0.request';
    expect(problem(change([3, 1], [2]))).toBeNull();
    expect(problem(change([1, 4]))).toBe(`${request}.voters.1: ${expected}`);
    expect(problem(change([1], [2, 4]))).toBe(`${request}.learners.1: ${expected}`);
    expect(problem(asking({ kind: 'transferLeadership', to: 4 }))).toBe(
      `${request}.to: ${expected}`,
    );
    expect(problem(asking({ kind: 'takeSnapshot' }, 4))).toBe(
      `operators.0.requests.0.node: ${expected}`,
    );
  });

  test('names each voter and each learner once, and nobody as both', () => {
    const request = 'operators.0.requests.0.request';
    expect(problem(change([1, 2, 1]))).toBe(`${request}.voters.2: each of them once; 1 again`);
    expect(problem(change([1], [2, 2]))).toBe(`${request}.learners.1: each of them once; 2 again`);
    expect(problem(change([1, 2], [3, 2]))).toBe(
      `${request}.learners.1: a server that is not among the voters; 2`,
    );
  });

  test('is put in order when a plan is loaded', () => {
    const plan = completePlan({
      cluster: { spares: 2 },
      operators: [
        {
          requests: [
            { atUs: 5, request: { kind: 'changeMembership', voters: [3, 1, 2], learners: [5, 4] } },
          ],
        },
      ],
    });
    expect(plan.operators[0]).toEqual({
      requests: [
        {
          atUs: 5,
          node: 0,
          request: { kind: 'changeMembership', voters: [1, 2, 3], learners: [4, 5] },
        },
      ],
      timeoutUs: 2_000_000,
    });
    expect(completePlan(plan)).toEqual(plan);
  });
});

describe('a server that is wiped', () => {
  const wipe = (node: number): Plan['faults'] => [
    { when: { on: 'apply', node: 0, nth: 1, count: 0 }, what: { do: 'wipe', node } },
  ];

  test('is not of the core, since it never runs again', () => {
    expect(problem({ faults: wipe(2) })).toBe(
      'faults.0.what.node: a server that is not of phases.core, since it never runs again; 2',
    );
    expect(problem({ faults: wipe(0) })).toBeNull();
  });

  test('is not of the core that nobody names', () => {
    const faults = [{ when: { atUs: 1 }, what: { do: 'wipe', node: 2 } } as const];
    expect(completePlan({ faults }).phases.core).toEqual([1, 3]);
  });
});

describe('clocks', () => {
  const clock = (change: Partial<ClockPlan>): ClockPlan => ({
    node: 1,
    offsetUs: 0,
    ratePpm: 0,
    jumps: [],
    ...change,
  });

  test('are those of servers of the cluster, one for each', () => {
    expect(problem({ clocks: [clock({}), clock({ node: 2 })] })).toBeNull();
    expect(problem({ clocks: [clock({ node: 4 })] })).toBe(
      'clocks.0.node: a server of this cluster (1 to 3); 4',
    );
    expect(problem({ clocks: [clock({}), clock({ ratePpm: 5 })] })).toBe(
      'clocks.1.node: each of them once; server 1 again',
    );
  });

  test('leave a slow leader time for two heartbeats before a fast follower stands', () => {
    const rates = (slow: number, fast: number) => ({
      clocks: [clock({ ratePpm: slow }), clock({ node: 2, ratePpm: fast })],
    });
    expect(problem(rates(-200_000, 190_000))).toBeNull();
    expect(problem(rates(-250_000, 190_000))).toBe(
      'clocks: clocks at which the slowest heartbeat takes at most half the fastest election timeout; 67 and 126 ms',
    );
    expect(problem(rates(-200_000, 250_000))).toContain('; 63 and 120 ms');
  });

  describe('and a lease', () => {
    const lease = (change: Partial<ClusterPlan['config']> = {}): Partial<Plan> => ({
      cluster: clusterOf({}, { reads: 'lease', checkQuorum: true, clockDriftPpm: 100, ...change }),
    });

    test('it needs voters that do not disturb a leader', () => {
      expect(problem(lease())).toBeNull();
      expect(problem(lease({ checkQuorum: false }))).toBe(
        'cluster.config.checkQuorum: true, since a lease needs voters that do not disturb a leader (reads: lease); false',
      );
      expect(problem(lease({ checkQuorum: false, reads: 'readIndex' }))).toBeNull();
    });

    test('no clock is faster or slower than it allows for', () => {
      for (const ratePpm of [100, -100]) {
        expect(problem({ ...lease(), clocks: [clock({ ratePpm })] })).toBeNull();
      }
      for (const ratePpm of [101, -101]) {
        expect(problem({ ...lease(), clocks: [clock({ ratePpm })] })).toBe(
          `clocks.0.ratePpm: at most 100 faster or slower (clockDriftPpm), which is what leases allow for; ${ratePpm}`,
        );
        const other = lease({ reads: 'readIndex' });
        expect(problem({ ...other, clocks: [clock({ ratePpm })] })).toBeNull();
      }
    });

    test('nobody is made to stand sooner than after the shortest election timeout', () => {
      const elapse = (timer: string): Plan['faults'] => [
        { when: { atUs: 1 }, what: { do: 'elapse', node: 1, timer } },
      ];
      expect(problem({ ...lease(), faults: elapse('heartbeat') })).toBeNull();
      expect(problem({ faults: elapse('election') })).toBeNull();
      expect(problem({ ...lease(), faults: elapse('election') })).toBe(
        'faults.0.what.timer: another timer: a lease holds because nobody stands before electionMsMin; "election"',
      );
      const pin = (timer: string, us: number) => [{ node: 1, timer, nth: 1, us }];
      expect(problem({ ...lease(), timers: pin('election', 150_000) })).toBeNull();
      expect(problem({ ...lease(), timers: pin('heartbeat', 1) })).toBeNull();
      expect(problem({ timers: pin('election', 1) })).toBeNull();
      expect(problem({ ...lease(), timers: pin('election', 149_999) })).toBe(
        'timers.0.us: at least 150000 (electionMsMin): a lease holds because nobody stands sooner; 149999',
      );
    });
  });
});

test('the shortest time of a snapshot is at most the longest', () => {
  const disk = { ...DEFAULT_PLAN.disk, snapshotUsMin: 2, snapshotUsMax: 1 };
  expect(problem({ disk })).toBe('disk.snapshotUsMin: at most 1 (snapshotUsMax); 2');
});

test('a count says which chunk of a snapshot', () => {
  const sent = (count: number): Partial<Plan> => ({
    faults: [{ when: { on: 'snapshotSent', node: 0, nth: 1, count }, what: { do: 'unblock' } }],
  });
  expect(problem(sent(1))).toBeNull();
  expect(problem(sent(2))).toBe('faults.0.when.count: 0 to 1 (on snapshotSent); 2');
});
