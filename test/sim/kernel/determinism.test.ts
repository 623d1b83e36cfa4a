/** A run is a function of (plan, implementation), and of all of the plan. */
import { describe, expect, test } from 'vitest';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import type { FaultAction, FaultTrigger, Plan } from '../../../sim/kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS, type RunResult, run } from '../../../sim/run.ts';
import { FactRecords } from '../../../sim/trace/fact-records.ts';
import { reference } from '../implementations.ts';
import { at, planOf } from './probe.ts';

function digestOf(plan: Plan): string {
  return run(plan, reference, DEFAULT_RUN_OPTIONS).digest;
}

/** A busy plan in which every knob matters. */
const busy: Plan = planOf({
  seed: '11',
  network: {
    latencyUsMin: 500,
    latencyUsMax: 9_000,
    tailPpm: 150_000,
    tailUsMax: 900_000,
    lossPpm: 20_000,
    duplicatePpm: 20_000,
  },
  disk: { latencyUsMin: 300, latencyUsMax: 3_000 },
  workload: {
    clients: 3,
    intervalUs: 15_000,
    keys: 3,
    readPpm: 300_000,
    batchMax: 3,
    timeoutUs: 250_000,
    lossPpm: 20_000,
    script: [{ atUs: 900_000, node: 2, ops: ['put x0 s', 'get x1'] }],
  },
  cluster: { size: 5 },
  phases: { chaosUs: 2_000_000, settle: true, trafficOperations: 20, core: [2, 3, 4, 5] },
  faults: [
    at(400_000, { do: 'crash', node: 2, restartUs: 200_000, keep: 'drawn' }),
    at(700_000, { do: 'isolate', node: 1, direction: 'both', peers: 0, forUs: 300_000 }),
    at(1_100_000, { do: 'pause', node: 3, forUs: 200_000 }),
    at(1_300_000, {
      do: 'block',
      links: [
        [1, 4],
        [2, 4],
      ],
      forUs: 300_000,
    }),
    at(1_500_000, { do: 'elapse', node: 5, timer: 'election' }),
    {
      when: { on: 'write', node: 0, nth: 40, count: 1 },
      what: { do: 'crash', node: 0, restartUs: 50_000, keep: 'drawn' },
    },
  ],
  decisions: [
    {
      match: { from: 1, to: 2, kind: 'RequestVote', term: null, nth: 1 },
      drop: false,
      delayUs: 20_000,
      duplicateUs: null,
    },
  ],
  timers: [{ node: 4, timer: 'election', nth: 1, us: 160_000 }],
  images: [{ node: 1, currentTerm: 2, votedFor: 1, log: [{ term: 1, op: null }] }],
});

const usual = digestOf(busy);

describe('the same plan', () => {
  test('gives the same result, again and again', () => {
    const first = run(busy, reference, DEFAULT_RUN_OPTIONS);
    expect(first.verdict).toBe('pass');
    expect(first.digest).toMatch(/^[0-9a-f]{16}$/);
    expect(run(busy, reference, DEFAULT_RUN_OPTIONS)).toEqual(first);
    expect(run(JSON.parse(JSON.stringify(busy)) as Plan, reference, DEFAULT_RUN_OPTIONS)).toEqual(
      first,
    );
  });

  test('of any seed, whatever ran before it', () => {
    const seeds = Array.from({ length: 12 }, (_, i) => String(1_000 + i));
    const forth = seeds.map((seed) => digestOf(generatePlan(seed)));
    const back = seeds.toReversed().map((seed) => digestOf(generatePlan(seed)));
    expect(back.toReversed()).toEqual(forth);
    expect(new Set(forth).size).toBe(seeds.length);
  });

  test('with and without a recorder, for trusted servers and for copied bodies', () => {
    class Counting extends FactRecords {
      count = 0;
      protected override take(): void {
        this.count += 1;
      }
    }
    const recorder = new Counting();
    const plan = generatePlan('77');
    const digest = digestOf(plan);
    expect(run(plan, reference, { ...DEFAULT_RUN_OPTIONS, recorder }).digest).toBe(digest);
    expect(recorder.count).toBeGreaterThan(100);
    const foreign = { ...reference, isTrusted: false };
    expect(run(plan, foreign, DEFAULT_RUN_OPTIONS).digest).toBe(digest);
  });

  test('also when other runs go on in the middle of it', () => {
    const results: RunResult[] = [];
    /** Starts another run at every so many steps, down to the third run in a run in a run. */
    class Interrupting extends FactRecords {
      private readonly depth: number;

      constructor(depth: number) {
        super();
        this.depth = depth;
      }

      protected override take(): void {}

      override stepEnded(node: number): void {
        super.stepEnded(node);
        if (this.steps % 997 === 500 && this.depth < 2) interrupted(this.depth + 1);
      }
    }
    const interrupted = (depth: number): RunResult => {
      const plan = generatePlan(String(3_000 + depth));
      const recorder = new Interrupting(depth);
      const result = run(plan, reference, { ...DEFAULT_RUN_OPTIONS, recorder });
      results.push(result);
      return result;
    };
    interrupted(0);
    expect(results.length).toBeGreaterThan(3);
    const digests = [0, 1, 2].map((depth) => digestOf(generatePlan(String(3_000 + depth))));
    expect(new Set(results.map(({ digest }) => digest))).toEqual(new Set(digests));
  });
});

type Section = 'cluster' | 'network' | 'disk' | 'workload' | 'phases';

/** `busy`, but for these knobs of one section. */
function but<S extends Section>(section: S, knobs: Partial<Plan[S]>): Plan {
  return { ...busy, [section]: { ...busy[section], ...knobs } };
}

function withConfig(knobs: Partial<Plan['cluster']['config']>): Plan {
  return but('cluster', { config: { ...busy.cluster.config, ...knobs } });
}

/** `busy`, but for this about its nth fault. */
function fault(nth: number, what: Partial<FaultAction>, when: object = {}): Plan {
  const faults = busy.faults.map((each, i) =>
    i === nth
      ? { when: { ...each.when, ...when }, what: { ...each.what, ...what } as FaultAction }
      : each,
  );
  return { ...busy, faults };
}

function trigger(knobs: Partial<FaultTrigger>): Plan {
  return fault(5, {}, knobs);
}

describe('another', () => {
  const [decision] = busy.decisions;
  const [timer] = busy.timers;
  const [image] = busy.images;
  const { script } = busy.workload;
  test.each<[string, Plan]>([
    ['seed', { ...busy, seed: '12' }],
    ['size', but('cluster', { size: 6 })],
    ['electionMsMin', withConfig({ electionMsMin: 151 })],
    ['electionMsMax', withConfig({ electionMsMax: 301 })],
    ['heartbeatMs', withConfig({ heartbeatMs: 49 })],
    ['batchEntriesMax', withConfig({ batchEntriesMax: 1 })],
    ['inflightMax', withConfig({ inflightMax: 1 })],
    ['backtracking', withConfig({ backtracking: 'decrement' })],
    ['groupCommit', withConfig({ groupCommit: true })],
    ['applyBatchMax', withConfig({ applyBatchMax: 1 })],
    ['persistCommitIndex', withConfig({ persistCommitIndex: true })],
    ['stateMachine', but('cluster', { stateMachine: 'durable' })],
    ['graveyardPpm', but('network', { graveyardPpm: 20_000 })],
    ['noticeUsMax', but('disk', { noticeUsMax: 5_000 })],
    ['failPpm', but('disk', { failPpm: 5_000 })],
    ['followRedirects', but('workload', { followRedirects: false })],
    ['latencyUsMin', but('network', { latencyUsMin: 501 })],
    ['latencyUsMax', but('network', { latencyUsMax: 9_001 })],
    ['tailPpm', but('network', { tailPpm: 151_000 })],
    ['tailUsMax', but('network', { tailUsMax: 899_000 })],
    ['lossPpm', but('network', { lossPpm: 25_000 })],
    ['duplicatePpm', but('network', { duplicatePpm: 25_000 })],
    ['disk latencyUsMin', but('disk', { latencyUsMin: 301 })],
    ['disk latencyUsMax', but('disk', { latencyUsMax: 3_001 })],
    ['clients', but('workload', { clients: 2 })],
    ['intervalUs', but('workload', { intervalUs: 15_001 })],
    ['keys', but('workload', { keys: 4 })],
    ['readPpm', but('workload', { readPpm: 330_000 })],
    ['batchMax', but('workload', { batchMax: 2 })],
    ['timeoutUs', but('workload', { timeoutUs: 240_000 })],
    ['client lossPpm', but('workload', { lossPpm: 30_000 })],
    ['script time', but('workload', { script: [{ ...script[0]!, atUs: 900_001 }] })],
    ['script node', but('workload', { script: [{ ...script[0]!, node: 3 }] })],
    ['script op', but('workload', { script: [{ ...script[0]!, ops: ['put x0 t', 'get x1'] }] })],
    ['chaosUs', but('phases', { chaosUs: 2_000_001 })],
    ['core', but('phases', { core: [1, 3, 4, 5] })],
    ['rest', but('phases', { rest: 'cut' })],
    ['inFlight', but('phases', { inFlight: 'hurry' })],
    ['trafficOperations', but('phases', { trafficOperations: 60 })],
    ['settle', but('phases', { settle: false })],
    ['time of a fault', fault(0, {}, { atUs: 400_001 })],
    ['node of a fault', fault(0, { node: 3 })],
    ['restart', fault(0, { restartUs: 200_001 })],
    ['keep', fault(5, { keep: 'none' })],
    ['direction', fault(1, { direction: 'in' })],
    ['peers', fault(1, { peers: 1 })],
    ['length of an isolation', fault(1, { forUs: 300_001 })],
    ['length of a pause', fault(2, { forUs: 200_001 })],
    ['links', fault(3, { links: [[1, 4]] })],
    ['length of a block', fault(3, { forUs: null })],
    ['timer to elapse', fault(4, { timer: 'heartbeat' })],
    ['fact of a trigger', trigger({ on: 'action', count: 0 })],
    ['nth of a trigger', trigger({ nth: 41 })],
    ['count of a trigger', trigger({ count: 2 })],
    ['node of a trigger', trigger({ node: 1 })],
    ['pinned message', { ...busy, decisions: [{ ...decision!, delayUs: 20_001 }] }],
    ['pinned drop', { ...busy, decisions: [{ ...decision!, drop: true }] }],
    ['pinned duplicate', { ...busy, decisions: [{ ...decision!, duplicateUs: 1_000 }] }],
    ['pinned timer', { ...busy, timers: [{ ...timer!, us: 160_001 }] }],
    ['image', { ...busy, images: [{ ...image!, currentTerm: 3 }] }],
    ['vote of an image', { ...busy, images: [{ ...image!, votedFor: 2 }] }],
    ['log of an image', { ...busy, images: [{ ...image!, log: [] }] }],
    ['eventsMax', { ...busy, eventsMax: 600 }],
  ])('%s gives another digest', (_, plan) => {
    expect(digestOf(plan)).not.toBe(usual);
  });

  /** The second leader does this to itself when it has made two entries. */
  const suffers = (what: FaultAction, section: Partial<Plan> = {}): Plan => {
    const when = { on: 'leader', node: 0, nth: 2, count: 2 } as const;
    return { ...busy, ...section, faults: [...busy.faults, { when, what }] };
  };
  const usually = digestOf(suffers({ do: 'unblock' }));
  const exhume = { do: 'exhume', node: 0, of: 'any', count: 5, withinUs: 9_000 } as const;
  const clog = { do: 'clog', node: 0, direction: 'both', forUs: 200_000 } as const;
  const interfere = {
    do: 'interfere',
    node: 0,
    direction: 'both',
    kind: 'AppendEntries',
    how: 'delay',
    delayUs: 90_000,
    forUs: null,
  } as const;
  const stall = { do: 'stall', node: 0, stream: null, forUs: 200_000 } as const;
  const slow = { do: 'slow', node: 0, factor: 10, forUs: 200_000 } as const;
  const fail = { do: 'failWrites', node: 0, stream: null, forUs: 0 } as const;
  const outrun = { do: 'outrun', node: 0, restartUs: null } as const;
  test.each<[string, FaultAction, FaultAction[]]>([
    [
      'exhume',
      exhume,
      [
        { ...exhume, count: 4 },
        { ...exhume, withinUs: 8_000 },
      ],
    ],
    [
      'clog',
      clog,
      [
        { ...clog, direction: 'in' },
        { ...clog, forUs: 190_000 },
      ],
    ],
    [
      'interfere',
      interfere,
      [
        { ...interfere, direction: 'in' },
        { ...interfere, kind: 'AppendEntriesResponse' },
        { ...interfere, how: 'drop' },
        { ...interfere, delayUs: 80_000 },
        { ...interfere, forUs: 100_000 },
      ],
    ],
    [
      'stall',
      stall,
      [
        { ...stall, stream: 'hardState' },
        { ...stall, forUs: 190_000 },
      ],
    ],
    [
      'slow',
      slow,
      [
        { ...slow, factor: 9 },
        { ...slow, forUs: 30_000 },
      ],
    ],
    [
      'failWrites',
      fail,
      [
        { ...fail, stream: 'hardState' },
        { ...fail, forUs: 1_000_000 },
      ],
    ],
    ['outrun', outrun, [{ ...outrun, restartUs: 10_000 }]],
  ])('%s gives another digest, each of its knobs too, and always the same', (_, what, others) => {
    const plans = [what, ...others].map((each) => suffers(each));
    const digests = plans.map(digestOf);
    expect(new Set([usually, ...digests]).size).toBe(digests.length + 1);
    const foreign = { ...reference, isTrusted: false };
    for (const [i, plan] of plans.entries()) {
      expect(run(plan, foreign, DEFAULT_RUN_OPTIONS).digest).toBe(digests[i]);
    }
  });

  test('time until a server that halted starts again gives another digest', () => {
    const halting = (restartAfterHaltUs: number | null) =>
      digestOf(suffers(fail, { cluster: { ...busy.cluster, restartAfterHaltUs } }));
    expect(new Set([halting(null), halting(5_000), halting(9_000)]).size).toBe(3);
  });

  test('version in the plan does not: a run is what this program makes of it', () => {
    expect(digestOf({ ...busy, versions: { schema: 9, generator: 9, engine: 9 } })).toBe(usual);
  });
});
