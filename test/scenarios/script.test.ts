import { describe, expect, it } from 'vitest';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { RunRecord } from '../../scenarios/run-record.ts';
import { type Script, script } from '../../scenarios/script.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { planSchema } from '../../sim/plan-schema.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../sim/run.ts';

function recordOf(plan: Plan): RunRecord {
  const record = new RunRecord(plan.cluster.size + plan.cluster.spares, plan.cluster.size);
  const { verdict, violations } = run(plan, REFERENCE, {
    ...DEFAULT_RUN_OPTIONS,
    recorder: record,
  });
  expect({ verdict, violations }).toEqual({ verdict: 'pass', violations: [] });
  return record;
}

describe('a script', () => {
  it('is a plan in which nothing is left to luck', () => {
    const plan = script({ size: 3 }).plan();
    expect(plan.network).toEqual({
      latencyUsMin: 1000,
      latencyUsMax: 1000,
      tailPpm: 0,
      tailUsMax: 0,
      lossPpm: 0,
      duplicatePpm: 0,
      graveyardPpm: 0,
    });
    expect(plan.disk).toEqual({
      latencyUsMin: 200,
      latencyUsMax: 200,
      noticeUsMax: 0,
      failPpm: 0,
      snapshotUsMin: 0,
      snapshotUsMax: 0,
    });
    expect(plan.workload.clients).toBe(0);
    expect(plan.phases).toMatchObject({ chaosUs: 500_000, core: [1, 2, 3], settle: false });
    expect(planSchema.parse(plan)).toEqual(plan);
  });

  it('takes knobs as they are', () => {
    const plan = script({
      size: 5,
      seed: '7',
      electionMs: [50, 100],
      heartbeatMs: 10,
      batchEntriesMax: 1,
      inflightMax: 2,
      backtracking: 'decrement',
      latencyMs: [0.5, 3],
      diskMs: 4,
      settle: true,
      network: { lossPpm: 9 },
      workload: { clients: 2 },
      phases: { core: [1, 2, 3], rest: 'cut', inFlight: 'drop' },
    }).plan();
    expect(plan.seed).toBe('7');
    expect(plan.cluster.config).toEqual({
      electionMsMin: 50,
      electionMsMax: 100,
      heartbeatMs: 10,
      batchEntriesMax: 1,
      inflightMax: 2,
      backtracking: 'decrement',
      groupCommit: false,
      applyBatchMax: 1_000_000,
      persistCommitIndex: false,
      preVote: false,
      checkQuorum: false,
      reads: 'log',
      clockDriftPpm: 0,
      membership: 'joint',
      snapshotEntries: 0,
      trailingEntries: 0,
      snapshotChunkMax: 1_000_000,
      logTime: false,
    });
    expect(plan.network).toMatchObject({ latencyUsMin: 500, latencyUsMax: 3000, lossPpm: 9 });
    expect(plan.disk).toEqual({
      latencyUsMin: 4000,
      latencyUsMax: 4000,
      noticeUsMax: 0,
      failPpm: 0,
      snapshotUsMin: 0,
      snapshotUsMax: 0,
    });
    expect(plan.workload.clients).toBe(2);
    expect(plan.phases).toMatchObject({ core: [1, 2, 3], rest: 'cut', inFlight: 'drop' });
    expect(plan.phases).toMatchObject({ settle: true, trafficOperations: 10 });
  });

  it('takes what servers and their hosts may be asked to do', () => {
    const plan = script({
      size: 3,
      groupCommit: true,
      applyBatchMax: 2,
      persistCommitIndex: true,
      stateMachine: 'durable',
      noticeMsMax: 5,
      restartAfterHaltMs: 20,
    }).plan();
    expect(plan.cluster.config).toMatchObject({
      groupCommit: true,
      applyBatchMax: 2,
      persistCommitIndex: true,
    });
    expect(plan.cluster).toMatchObject({ stateMachine: 'durable', restartAfterHaltUs: 20_000 });
    expect(plan.disk.noticeUsMax).toBe(5000);
    expect(planSchema.parse(plan)).toEqual(plan);
  });

  it('takes all that Raft may be asked to do besides', () => {
    const plan = script({
      size: 3,
      spares: 2,
      preVote: true,
      checkQuorum: true,
      reads: 'lease',
      clockDriftPpm: 100,
      membership: 'singleServer',
      snapshotEntries: 3,
      trailingEntries: 1,
      snapshotChunkMax: 8,
      snapshotMs: [1, 4],
      logTime: true,
      sessions: true,
      sessionExpiryMs: 900,
      clocks: [{ node: 4, offsetMs: 5, ratePpm: -90, jumps: [{ atMs: 10, byMs: -2 }] }],
      workload: { clients: 2, casPpm: 3, ttlPpm: 4, rangePpm: 5 },
    }).plan();
    expect(plan.cluster).toMatchObject({ size: 3, spares: 2, sessionExpiryMs: 900 });
    expect(plan.cluster.config).toMatchObject({
      preVote: true,
      checkQuorum: true,
      reads: 'lease',
      clockDriftPpm: 100,
      membership: 'singleServer',
      snapshotEntries: 3,
      trailingEntries: 1,
      snapshotChunkMax: 8,
      logTime: true,
    });
    expect(plan.disk).toMatchObject({ snapshotUsMin: 1000, snapshotUsMax: 4000 });
    expect(plan.workload).toMatchObject({ sessions: true, casPpm: 3, ttlPpm: 4, rangePpm: 5 });
    expect(plan.clocks).toEqual([
      { node: 4, offsetUs: 5000, ratePpm: -90, jumps: [{ atUs: 10_000, byUs: -2000 }] },
    ]);
    expect(plan.phases.core).toEqual([1, 2, 3, 4, 5]);
    expect(planSchema.parse(plan)).toEqual(plan);
  });

  it('ends half a second after the last time that was said, or when it says', () => {
    const story = script({ size: 1 }).at(300).elapse(1).at(200).elapse(1);
    expect(story.plan().phases.chaosUs).toBe(800_000);
    expect(story.until(400).plan().phases.chaosUs).toBe(400_000);
    expect(() => story.until(299).plan()).toThrow('until() at 300 ms or later, got 299 ms');
  });
});

describe('when', () => {
  it('is a time for all that follows', () => {
    const { faults, workload } = script({ size: 3 })
      .at(1.5)
      .crash(1)
      .restart(1)
      .after(10)
      .pause(2, 30)
      .request(3, 'put x 1', 'get x')
      .plan();
    expect(faults).toEqual([
      { when: { atUs: 1500 }, what: { do: 'crash', node: 1, restartUs: null, keep: 'none' } },
      { when: { atUs: 1500 }, what: { do: 'restart', node: 1 } },
      { when: { atUs: 11_500 }, what: { do: 'pause', node: 2, forUs: 30_000 } },
    ]);
    expect(workload.script).toEqual([{ atUs: 11_500, node: 3, ops: ['put x 1', 'get x'] }]);
  });

  it('is a fact for one thing', () => {
    const story = script({ size: 3 })
      .when('leader', { nth: 2, count: 3 })
      .isolate()
      .when('senders', { node: 2 })
      .crash(0, { keep: 'all', restartMs: 5 });
    expect(story.plan().faults).toEqual([
      {
        when: { on: 'leader', node: 0, nth: 2, count: 3 },
        what: { do: 'isolate', node: 0, direction: 'both', peers: 0, forUs: null },
      },
      {
        when: { on: 'senders', node: 2, nth: 1, count: 1 },
        what: { do: 'crash', node: 0, restartUs: 5000, keep: 'all' },
      },
    ]);
    expect(() => story.heal()).toThrow('Expected at() or when() before unblock, got none.');
  });

  it('must be said', () => {
    expect(() => script({ size: 3 }).crash(1)).toThrow('Expected at() or when() before crash');
    expect(() => script({ size: 3 }).request(1, 'get x')).toThrow('Expected at() before request()');
    expect(() => script({ size: 3 }).when('commit').request(1, 'get x')).toThrow('at()');
  });

  it('names a server that there is', () => {
    expect(() => script({ size: 3 }).at(1).crash(4).plan()).toThrow('a server of this cluster');
    expect(() => script({ size: 3 }).at(1).crash().plan()).toThrow('a fault at a time has no fact');
  });
});

describe('operators', () => {
  it('ask one thing after the other, each on its own', () => {
    const plan = script({ size: 3, spares: 1, operatorTimeoutMs: 900 })
      .at(200)
      .takeSnapshot()
      .transferLeadership(2, { by: 2 })
      .at(100)
      .changeMembership([2, 3, 4], { learners: [1], node: 3 })
      .plan();
    expect(plan.operators).toEqual([
      {
        requests: [
          {
            atUs: 100_000,
            node: 3,
            request: { kind: 'changeMembership', voters: [2, 3, 4], learners: [1] },
          },
          { atUs: 200_000, node: 0, request: { kind: 'takeSnapshot' } },
        ],
        timeoutUs: 900_000,
      },
      {
        requests: [{ atUs: 200_000, node: 0, request: { kind: 'transferLeadership', to: 2 } }],
        timeoutUs: 900_000,
      },
    ]);
    expect(planSchema.parse(plan)).toEqual(plan);
    expect(() => script({ size: 3 }).takeSnapshot(1)).toThrow('at() before takeSnapshot()');
  });

  it('may lose a server for good', () => {
    const options = { size: 3, phases: { core: [1, 3] } };
    const { faults } = script(options).at(1).wipe(2).when('configuration').wipe().plan();
    expect(faults.map(({ what }) => what)).toEqual([
      { do: 'wipe', node: 2 },
      { do: 'wipe', node: 0 },
    ]);
  });
});

describe('links', () => {
  it('are cut one way, or both ways between groups', () => {
    const { faults } = script({ size: 3 })
      .at(1)
      .cut(1, 'all')
      .partition([1, 2], 3, { forMs: 7 })
      .isolate(2, { direction: 'in', forMs: 8 })
      .heal()
      .plan();
    expect(faults.map(({ what }) => what)).toEqual([
      {
        do: 'block',
        links: [
          [1, 2],
          [1, 3],
        ],
        forUs: null,
      },
      {
        do: 'block',
        links: [
          [1, 3],
          [2, 3],
          [3, 1],
          [3, 2],
        ],
        forUs: 7000,
      },
      { do: 'isolate', node: 2, direction: 'in', peers: 0, forUs: 8000 },
      { do: 'unblock' },
    ]);
  });
});

describe('messages', () => {
  it('are matched on each link and kind apart', () => {
    const { decisions } = script({ size: 3 })
      .drop({ from: [1, 2], to: [2, 3] })
      .plan();
    expect(decisions).toHaveLength(3 * 7);
    expect(decisions[0]).toEqual({
      match: { from: 1, to: 2, kind: 'RequestVote', term: null, nth: 0 },
      drop: true,
      delayUs: null,
      duplicateUs: null,
    });
  });

  it('go to spares, too', () => {
    const { faults, decisions } = script({ size: 2, spares: 1 })
      .drop({ from: 1, to: 'all', kind: 'InstallSnapshot' })
      .at(1)
      .cut(1, 'all')
      .plan();
    expect(decisions.map(({ match }) => [match.to, match.kind])).toEqual([
      [2, 'InstallSnapshot'],
      [3, 'InstallSnapshot'],
    ]);
    expect(faults[0]!.what).toMatchObject({
      links: [
        [1, 2],
        [1, 3],
      ],
    });
  });

  it('are delayed, doubled, or let pass', () => {
    const one = { from: 1, to: 2, kind: 'AppendEntries', term: 3, nth: 4 } as const;
    const { decisions } = script({ size: 2 }).delay(one, 5).duplicate(one, 6).pass(one).plan();
    expect(decisions.map(({ drop, delayUs, duplicateUs }) => [drop, delayUs, duplicateUs])).toEqual(
      [
        [false, 5000, null],
        [false, null, 6000],
        [false, null, null],
      ],
    );
    expect(new Set(decisions.map(({ match }) => JSON.stringify(match))).size).toBe(1);
  });

  it('are decided about by the first line that matches', () => {
    const plan = script({ size: 2, quietTimers: true, quietHeartbeats: true })
      .pass({ from: 1, to: 2, kind: 'AppendEntries', nth: 2 })
      .drop({ from: 1, to: 2, kind: 'AppendEntries' })
      .at(100)
      .elapse(1)
      .at(200)
      .heartbeat(1)
      .at(300)
      .heartbeat(1)
      .plan();
    const copies = recordOf(plan)
      .messagesSent('AppendEntries')
      .map((message) => message.copies);
    expect(copies).toEqual([0, 1, 0]);
  });

  it('are no longer dropped once the cluster is healed', () => {
    const plan = script({ size: 2, quietTimers: true, settle: true })
      .drop({ from: 'all', to: 'all' })
      .at(100)
      .elapse(1)
      .plan();
    expect(recordOf(plan).leaders().length).toBeGreaterThan(0);
  });
});

describe('images', () => {
  it('hold equal entries at equal places', () => {
    const { images } = script({ size: 2 })
      .image(1, { log: [1, 1, [2, null], [2, 'put y 5']] })
      .image(2, { log: [1], term: 7, votedFor: 2 })
      .plan();
    expect(images).toEqual([
      {
        node: 1,
        currentTerm: 2,
        votedFor: 0,
        log: [
          { term: 1, op: 'put x1 1' },
          { term: 1, op: 'put x2 1' },
          { term: 2, op: null },
          { term: 2, op: 'put y 5' },
        ],
      },
      { node: 2, currentTerm: 7, votedFor: 2, log: [{ term: 1, op: 'put x1 1' }] },
    ]);
  });

  it('must be possible', () => {
    const impossible = script({ size: 2 })
      .image(1, { log: [[1, 'put x 1'], 2] })
      .image(2, { log: [1, 2] });
    expect(() => impossible.plan()).toThrow('Log Matching');
  });
});

describe('quiet timers', () => {
  it('run out only where the script says so', () => {
    const plan = script({ size: 3, quietTimers: true })
      .at(1000)
      .elapse(2)
      .at(2000)
      .crash(2)
      .at(3000)
      .elapse(3)
      .at(3100)
      .elapse(3)
      .until(5000)
      .plan();
    const record = recordOf(plan);
    const stood = record.claims.filter(({ role }) => role === 'candidate');
    expect(stood.map(({ node, term, atUs }) => [node, term, atUs])).toEqual([
      [2, 1, 1_000_000],
      [3, 2, 3_000_000],
    ]);
    expect(record.leaders().map(({ node }) => node)).toEqual([2, 3]);
  });

  it('get going again in a script that settles', () => {
    const plan = script({ size: 3, quietTimers: true, settle: true }).until(1000).plan();
    const record = recordOf(plan);
    expect(record.leaders()[0]!.atUs).toBeGreaterThan(1_000_000);
  });

  it('leave a timer alone that the script says something about', () => {
    const plan = script({ size: 1, quietTimers: true }).timer(1, 'election', 1, 42).plan();
    expect(recordOf(plan).claims[1]).toMatchObject({ role: 'candidate', atUs: 42_000 });
  });

  it('can be those of heartbeats', () => {
    const plan = script({ size: 2, quietTimers: true, quietHeartbeats: true })
      .at(100)
      .elapse(1)
      .at(900)
      .heartbeat(1)
      .until(1500)
      .plan();
    const times = recordOf(plan)
      .messagesSent('AppendEntries')
      .map(({ atUs }) => Math.floor(atUs / 100_000));
    expect(times).toEqual([1, 9]);
  });
});

describe('faults of disk and network', () => {
  const what = (story: Script) => {
    const plan = story.plan();
    expect(planSchema.parse(plan)).toEqual(plan);
    return plan.faults.map((fault) => fault.what);
  };
  const story = () => script({ size: 3 }).at(10);

  it('take little to say, and mean what the plan says', () => {
    expect(what(story().stall(1, { forMs: 20 }).slow(1, { factor: 3, forMs: 20 }))).toEqual([
      { do: 'stall', node: 1, stream: null, forUs: 20_000 },
      { do: 'slow', node: 1, factor: 3, forUs: 20_000 },
    ]);
    expect(what(story().failWrites(2).clog(2, { forMs: 5 }).exhume(2))).toEqual([
      { do: 'failWrites', node: 2, stream: null, forUs: 0 },
      { do: 'clog', node: 2, direction: 'both', forUs: 5000 },
      { do: 'exhume', node: 2, of: 'any', count: 1, withinUs: 1000 },
    ]);
    expect(what(story().interfere(3, { kind: 'RequestVote', how: 'drop' }).outrun(3))).toEqual([
      {
        do: 'interfere',
        node: 3,
        direction: 'both',
        kind: 'RequestVote',
        how: 'drop',
        delayUs: 0,
        forUs: null,
      },
      { do: 'outrun', node: 3, restartUs: null },
    ]);
  });

  it('can be told more', () => {
    expect(
      what(
        story().stall(1, { stream: 'log', forMs: 20 }).failWrites(1, { stream: 'log', forMs: 3 }),
      ),
    ).toEqual([
      { do: 'stall', node: 1, stream: 'log', forUs: 20_000 },
      { do: 'failWrites', node: 1, stream: 'log', forUs: 3000 },
    ]);
    expect(
      what(
        story()
          .exhume(2, { of: 'earlierReign', count: 4, withinMs: 2 })
          .outrun(2, { restartMs: 7 }),
      ),
    ).toEqual([
      { do: 'exhume', node: 2, of: 'earlierReign', count: 4, withinUs: 2000 },
      { do: 'outrun', node: 2, restartUs: 7000 },
    ]);
    expect(what(story().isolate(3, { direction: 'in', peers: 1, forMs: 5 }))).toEqual([
      { do: 'isolate', node: 3, direction: 'in', peers: 1, forUs: 5000 },
    ]);
  });
});
