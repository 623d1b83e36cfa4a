import { describe, expect, test } from 'vitest';
import type { InitialImage, Plan } from '../../sim/kernel/plan.ts';
import { completePlan, DEFAULT_PLAN } from '../../sim/load-plan.ts';
import { firstPlanProblem } from '../../sim/plan-rules.ts';
import { planEditorSchema, planSchema } from '../../sim/plan-schema.ts';

/** The place and the words of the first rule that the default plan, changed like this, breaks. */
function problem(change: Partial<Plan>): string | null {
  const found = firstPlanProblem({ ...DEFAULT_PLAN, ...change });
  return found === null ? null : `${found.path.join('.')}: ${found.expected}; ${found.got}`;
}

test('the default plan is whole, and loading it changes nothing', () => {
  expect(planSchema.parse(DEFAULT_PLAN)).toEqual(DEFAULT_PLAN);
  expect(completePlan(DEFAULT_PLAN)).toEqual(DEFAULT_PLAN);
  expect(firstPlanProblem(DEFAULT_PLAN)).toBeNull();
  expect(DEFAULT_PLAN.phases.core).toEqual([1, 2, 3]);
});

test('what is given stands, what is left out is filled in', () => {
  const plan = completePlan({
    cluster: { size: 4 },
    faults: [{ when: { on: 'leader' }, what: { do: 'crash' } }],
  });
  expect(plan.cluster).toEqual({ ...DEFAULT_PLAN.cluster, size: 4 });
  expect(plan.phases.core).toEqual([1, 2, 3, 4]);
  expect(plan.faults).toEqual([
    {
      when: { on: 'leader', node: 0, nth: 1, count: 0 },
      what: { do: 'crash', node: 0, restartUs: null, keep: 'drawn' },
    },
  ]);
});

test('the schema for editors is in step with the program', async () => {
  const path = new URL('../../schemas/plan.schema.json', import.meta.url);
  const text = `${JSON.stringify(planEditorSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(path.pathname);
});

describe('rules between knobs', () => {
  const { config } = DEFAULT_PLAN.cluster;
  const { network, phases, workload } = DEFAULT_PLAN;

  test('a smallest value is at most the largest', () => {
    const cluster = (change: object): Partial<Plan> => ({
      cluster: { ...DEFAULT_PLAN.cluster, config: { ...config, ...change } },
    });
    expect(problem(cluster({ electionMsMin: 400 }))).toBe(
      'cluster.config.electionMsMin: at most 300 (electionMsMax); 400',
    );
    expect(problem(cluster({ heartbeatMs: 75 }))).toBeNull();
    expect(problem(cluster({ heartbeatMs: 76 }))).toBe(
      'cluster.config.heartbeatMs: at most 75 (half electionMsMin); 76',
    );
    expect(problem({ network: { ...network, latencyUsMin: 5_001 } })).toBe(
      'network.latencyUsMin: at most 5000 (latencyUsMax); 5001',
    );
    expect(problem({ disk: { ...DEFAULT_PLAN.disk, latencyUsMin: 2, latencyUsMax: 1 } })).toBe(
      'disk.latencyUsMin: at most 1 (latencyUsMax); 2',
    );
  });

  test('a tail is longer than the usual latency, when there is one', () => {
    expect(problem({ network: { ...network, tailUsMax: 1 } })).toBeNull();
    expect(problem({ network: { ...network, tailPpm: 1, tailUsMax: 1 } })).toBe(
      'network.latencyUsMax: at most 1 (tailUsMax); 5000',
    );
  });

  test.each<[string, Partial<Plan>]>([
    [
      'workload.script.0.node',
      { workload: { ...workload, script: [{ atUs: 0, node: 4, ops: ['get x0'] }] } },
    ],
    ['phases.core.1', { phases: { ...phases, core: [1, 4] } }],
    [
      'faults.0.when.node',
      { faults: [{ when: { on: 'apply', node: 4, nth: 1, count: 0 }, what: { do: 'unblock' } }] },
    ],
    ['faults.0.what.node', { faults: [{ when: { atUs: 0 }, what: { do: 'restart', node: 4 } }] }],
    [
      'faults.0.what.links.0.1',
      { faults: [{ when: { atUs: 0 }, what: { do: 'block', links: [[1, 4]], forUs: null } }] },
    ],
    [
      'decisions.0.match.to',
      {
        decisions: [
          {
            match: { from: 1, to: 4, kind: 'x', term: null, nth: 1 },
            drop: true,
            delayUs: null,
            duplicateUs: null,
          },
        ],
      },
    ],
    ['timers.0.node', { timers: [{ node: 4, timer: 'election', nth: 1, us: 1 }] }],
    ['images.0.node', { images: [{ node: 4, currentTerm: 0, votedFor: 0, log: [] }] }],
    ['images.0.votedFor', { images: [{ node: 1, currentTerm: 1, votedFor: 4, log: [] }] }],
  ])('every server is one of the cluster: %s', (path, change) => {
    expect(problem(change)).toBe(`${path}: a server of this cluster (1 to 3); 4`);
  });

  test('a core names each server once', () => {
    expect(problem({ phases: { ...phases, core: [2, 1, 2] } })).toBe(
      'phases.core.2: each of them once; 2 again',
    );
  });

  test('the last phase needs clients for its operations', () => {
    expect(problem({ workload: { ...workload, clients: 0 } })).toBe(
      'workload.clients: at least 1 client, for the 10 trafficOperations; 0',
    );
    expect(
      problem({ workload: { ...workload, clients: 0 }, phases: { ...phases, settle: false } }),
    ).toBeNull();
  });

  test('a count fits the fact that it refines', () => {
    const counted = (on: 'write' | 'senders' | 'apply', count: number): Partial<Plan> => ({
      faults: [{ when: { on, node: 0, nth: 1, count }, what: { do: 'unblock' } }],
    });
    expect(problem(counted('write', 2))).toBeNull();
    expect(problem(counted('write', 3))).toBe('faults.0.when.count: 0 to 2 (on write); 3');
    expect(problem(counted('senders', 0))).toBe('faults.0.when.count: 1 to 6 (on senders); 0');
    expect(problem(counted('apply', 1))).toBe('faults.0.when.count: 0 (on apply); 1');
  });

  test('a fault at a time names its server', () => {
    expect(problem({ faults: [{ when: { atUs: 1 }, what: { do: 'restart', node: 0 } }] })).toBe(
      'faults.0.what.node: a server, since a fault at a time has no fact that names one; 0',
    );
  });

  const decide = (to: number, kind: string): Partial<Plan> => {
    const match = { from: 1, to, kind, term: null, nth: 1 };
    return { decisions: [{ match, drop: true, delayUs: null, duplicateUs: null }] };
  };

  test('a pinned decision is about a link', () => {
    expect(problem(decide(2, 'AppendEntries'))).toBeNull();
    expect(problem(decide(1, 'AppendEntries'))).toBe(
      'decisions.0.match.to: another server than 1 (from); 1',
    );
  });

  test('a kind that is almost a known one is a slip; others may be those of other servers', () => {
    const kinds =
      'RequestVote, RequestVoteResponse, AppendEntries, AppendEntriesResponse, ' +
      'InstallSnapshot, InstallSnapshotResponse, TimeoutNow';
    const expected = `one of ${kinds}, or a kind that is not almost one of them`;
    for (const kind of ['AppendEntires', 'appendEntries', 'RequestVotes', 'TimeoutNow2']) {
      expect(problem(decide(2, kind))).toBe(`decisions.0.match.kind: ${expected}; "${kind}"`);
    }
    for (const kind of ['append_entries', 'RequestVoteReply', 'PreVote', 'x']) {
      expect(problem(decide(2, kind))).toBeNull();
    }
    const interfere = {
      do: 'interfere',
      node: 1,
      direction: 'both',
      kind: 'RequestVoteRespons',
      how: 'drop',
      delayUs: 0,
      forUs: null,
    } as const;
    const change = { faults: [{ when: { atUs: 1 }, what: interfere }] };
    expect(problem(change)).toMatch(/^faults\.0\.what\.kind: one of RequestVote, .+Respons"$/);
    expect(firstPlanProblem({ ...DEFAULT_PLAN, ...change })!.nearest).toBe('RequestVoteResponse');
  });

  test('a draw of a timer is pinned once', () => {
    const pin = { node: 1, timer: 'election', nth: 1, us: 1 };
    expect(problem({ timers: [pin, { ...pin, node: 2 }, { ...pin, nth: 2 }] })).toBeNull();
    expect(problem({ timers: [pin, { ...pin, nth: 2 }, { ...pin, us: 2 }] })).toBe(
      'timers.2.nth: each of them once; election 1 of server 1 again',
    );
  });

  test('a stream need not exist yet', () => {
    const stall = { do: 'stall', node: 1, stream: 'no such stream', forUs: 1 } as const;
    const fail = { do: 'failWrites', node: 1, stream: 'no such stream', forUs: 0 } as const;
    const faults = [stall, fail].map((what) => ({ when: { atUs: 1 }, what }));
    expect(problem({ faults })).toBeNull();
  });

  test('links join two different servers, each once', () => {
    const blocked = (links: readonly (readonly [number, number])[]): Partial<Plan> => ({
      faults: [{ when: { atUs: 1 }, what: { do: 'block', links, forUs: 1 } }],
    });
    expect(
      problem(
        blocked([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toBeNull();
    expect(problem(blocked([[2, 2]]))).toBe(
      'faults.0.what.links.0: a link between two different servers; [2, 2]',
    );
    expect(
      problem(
        blocked([
          [1, 2],
          [1, 2],
        ]),
      ),
    ).toBe('faults.0.what.links.1: each of them once; [1, 2] again');
  });
});

describe('initial images are disks that Raft could have left behind', () => {
  const image = (node: number, currentTerm: number, ...log: [number, string | null][]) =>
    ({
      node,
      currentTerm,
      votedFor: 0,
      log: log.map(([term, op]) => ({ term, op })),
    }) satisfies InitialImage;

  test('terms do not fall, nor pass the current one', () => {
    expect(problem({ images: [image(1, 3, [1, null], [3, 'put x0 1']), image(2, 3)] })).toBeNull();
    expect(problem({ images: [image(1, 3, [2, null], [1, null])] })).toBe(
      'images.0.log.1.term: a term from 2 (the entry before) to 3 (currentTerm); 1',
    );
    expect(problem({ images: [image(1, 3, [4, null])] })).toContain('to 3 (currentTerm); 4');
  });

  test('one image for a server', () => {
    expect(problem({ images: [image(1, 1), image(1, 2)] })).toBe(
      'images.1.node: each of them once; server 1 again',
    );
  });

  test('equal index and term mean an equal log up to there (§5.3)', () => {
    const long = image(1, 3, [1, null], [2, 'put x0 1'], [3, null]);
    expect(problem({ images: [long, image(2, 3, [1, null], [3, 'put x0 2'])] })).toBeNull();
    expect(problem({ images: [long, image(2, 2, [1, null], [2, 'put x0 2'])] })).toContain(
      'images.1.log.1: the log of another image up to index 2',
    );
    expect(problem({ images: [long, image(2, 3, [2, null], [2, 'put x0 1'])] })).toContain(
      'images.1.log.1: the log of another image up to index 2',
    );
  });

  test('an entry has a leader, and a leader has voters (§5.2)', () => {
    const made = image(1, 2, [1, null], [2, null]);
    expect(problem({ images: [made, image(2, 2)] })).toBeNull();
    expect(problem({ images: [made, image(2, 1)] })).toBe(
      'images.0.log.1.term: a term that the currentTerm of a majority of the 3 servers has reached, which has elected its leader (§5.2); 2, which 1 of them has reached',
    );
    const four = { ...DEFAULT_PLAN.cluster, size: 4 };
    expect(problem({ cluster: four, images: [made, image(2, 2)] })).toContain('2 of them have');
    expect(problem({ cluster: four, images: [made, image(2, 2), image(3, 2)] })).toBeNull();
  });
});

describe('operations are ones of the key-value store', () => {
  const { workload } = DEFAULT_PLAN;
  const asked = (op: string) =>
    problem({ workload: { ...workload, script: [{ atUs: 0, node: 1, ops: [op] }] } });

  test.each([
    'put x0 7',
    'put x0 a b',
    'get x0',
    'cas x0 1 2',
    'range x0 x9',
    'putttl x0 50 7',
    'register',
  ])('%s', (op) => {
    expect(asked(op)).toBeNull();
  });

  test.each([
    ['put x0', 'put KEY VALUE'],
    ['get x0 x1', 'get KEY'],
    ['cas x0 1', 'cas KEY EXPECTED NEW'],
    ['range x0', 'range FROM TO'],
    ['putttl x0 -5 1', 'putttl KEY MS VALUE (MS a whole number from 1)'],
    ['putttl x0 1e3 1', 'putttl KEY MS VALUE (MS a whole number from 1)'],
    ['register now', 'register'],
  ])('not %s', (op, form) => {
    expect(asked(op)).toBe(`workload.script.0.ops.0: ${form}; ${JSON.stringify(op)}`);
  });

  test('a name that is almost one was probably meant', () => {
    const script = [{ atUs: 0, node: 1, ops: ['get x0', 'cass x0 1 2'] }];
    const found = firstPlanProblem({ ...DEFAULT_PLAN, workload: { ...workload, script } })!;
    expect(found.path).toEqual(['workload', 'script', 0, 'ops', 1]);
    expect(found.nearest).toBe('cas');
    expect(asked('increment x0')).toContain('one of put KEY VALUE, get KEY,');
  });

  test('in images, too', () => {
    const log = [{ term: 1, op: 'cas x0' }];
    const images = [1, 2].map((node) => ({ node, currentTerm: 1, votedFor: 0, log }));
    expect(problem({ images })).toBe('images.0.log.0.op: cas KEY EXPECTED NEW; "cas x0"');
  });
});
