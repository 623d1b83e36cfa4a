/** The course of a run: chaos, heal, quiet, traffic, end. */
import { describe, expect, test } from 'vitest';
import type { PhasesPlan, Plan, WorkloadPlan } from '../../../sim/kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../../sim/run.ts';
import { reference } from '../implementations.ts';
import {
  arrivals,
  at,
  type FlatFact,
  lives,
  mark,
  only,
  planOf,
  ticking,
  watch,
  watchImplementation,
} from './probe.ts';

const ELECTION_US = { min: 150_000, max: 300_000 };
const CHAOS_US = 500_000;
const clients: Partial<WorkloadPlan> = { clients: 3, intervalUs: 20_000 };

function settling(phases: Partial<PhasesPlan> = {}, sections: Partial<Plan> = {}): Plan {
  const workload = { ...planOf().workload, ...clients };
  const all = { ...planOf().phases, chaosUs: CHAOS_US, settle: true, ...phases };
  return planOf({ workload, phases: all, ...sections });
}

/** When each phase began. */
function beginnings(watched: { facts: readonly FlatFact[] }): Record<string, number> {
  return Object.fromEntries(only(watched, 'phaseBegan').map(({ phase, t }) => [phase, t]));
}

describe('phases', () => {
  const watched = watchImplementation(settling({ trafficOperations: 25 }), reference);
  const { heal, quiet, traffic, end } = beginnings(watched);

  test('follow each other: chaos, heal, quiet, traffic, end', () => {
    const names = only(watched, 'phaseBegan').map(({ phase }) => phase);
    expect(names).toEqual(['chaos', 'heal', 'quiet', 'traffic', 'end']);
    expect(only(watched, 'phaseBegan')[0]!.t).toBe(0);
    expect(heal).toBe(CHAOS_US);
    expect(quiet).toBe(CHAOS_US + ELECTION_US.max);
    expect(watched.result.virtualUs).toBe(end);
    expect(watched.result.verdict).toBe('pass');
  });

  test('quiet lasts twenty election timeouts from the convergence on', () => {
    // This cluster has converged before.
    expect(traffic! - quiet!).toBe(21 * ELECTION_US.min);
  });

  test('in heal and quiet no client begins anything', () => {
    const between = only(watched, 'invoked').filter(({ t }) => t >= heal! && t < traffic!);
    expect(between).toEqual([]);
    const before = only(watched, 'invoked').filter(({ t }) => t < heal!).length;
    expect(before).toBeGreaterThan(40);
  });

  test('from quiet on the whole is looked at once per election timeout', () => {
    const looks = only(watched, 'inspected').map(({ t }) => t);
    expect(looks[0]).toBe(quiet);
    for (const [i, t] of looks.entries()) expect(t).toBe(quiet! + i * ELECTION_US.min);
    expect(end! - looks.at(-1)!).toBe(0);
  });

  test('when quiet ends the state machines are shown', () => {
    const shown = only(watched, 'stateInspected');
    expect(shown.map(({ n, t }) => [n, t])).toEqual([1, 2, 3].map((n) => [n, traffic]));
    expect(new Set(shown.map(({ contents }) => JSON.stringify(contents))).size).toBe(1);
    expect(shown[0]!.contents.length).toBeGreaterThan(0);
    for (const { n, index } of shown) {
      const applied = only(watched, 'applied').filter((fact) => fact.n === n && fact.t < traffic!);
      expect(index).toBe(applied.at(-1)!.index);
    }
  });

  test('traffic has so many operations, and then every client reads every key', () => {
    const returned = only(watched, 'returned').filter(({ t }) => t > traffic!);
    expect(returned.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(25 + 3 * 2);
    const last = only(watched, 'inspected').findLast(({ t }) => t < end!)!.t;
    for (const clientId of [1, 2, 3]) {
      const ops = only(watched, 'invoked').filter((fact) => fact.clientId === clientId);
      const reads = ops.filter(({ op }) => op.startsWith('get '));
      expect(reads.map(({ op }) => op)).toEqual(['get x0', 'get x1']);
      expect(reads[0]!.t).toBeGreaterThan(traffic!);
      expect(ops.slice(-2)).toEqual(reads);
      expect(ops.at(-1)!.t).toBeLessThan(last + ELECTION_US.min);
      const ok = returned.filter((fact) => fact.clientId === clientId);
      expect(ok.at(-1)!.outcome).toBe('ok');
    }
  });

  test('in traffic nothing gets lost, and clients ask about as often as before', () => {
    const workload = { ...clients, clients: 10, intervalUs: 4_000_000, lossPpm: 500_000 };
    const plan = settling(
      { trafficOperations: 60 },
      { workload: { ...planOf().workload, ...workload } },
    );
    const slow = watchImplementation(plan, reference);
    const began = beginnings(slow)['traffic']!;
    const invoked = only(slow, 'invoked').filter(({ t }) => t >= began);
    const keys = new Set(invoked.map(({ clientId, seq }) => `${clientId}.${seq}`));
    const ends = only(slow, 'returned').filter(({ clientId, seq }) =>
      keys.has(`${clientId}.${seq}`),
    );
    expect(ends.length).toBeGreaterThan(60);
    for (const { outcome } of ends) expect(outcome).toBe('ok');
    for (let client = 1; client <= 10; client += 1) {
      const times = invoked.filter(({ clientId }) => clientId === client).map(({ t }) => t);
      for (const [i, t] of times.slice(1).entries()) {
        expect(t - times[i]!).toBeGreaterThanOrEqual(2_000_000);
      }
    }
  });

  test('reads of other times do not count as the last ones', () => {
    const workload = { ...planOf().workload, ...clients, readPpm: 500_000 };
    const reading = watchImplementation(
      settling({ trafficOperations: 10 }, { workload }),
      reference,
    );
    for (const client of [1, 2, 3]) {
      const ops = only(reading, 'invoked').filter(({ clientId }) => clientId === client);
      expect(ops.slice(-2).map(({ op }) => op)).toEqual(['get x0', 'get x1']);
      expect(ops.at(-1)!.t).toBeGreaterThan(beginnings(reading)['traffic']!);
    }
  });

  test('without settling the run stops after the chaos', () => {
    const short = watchImplementation(settling({ settle: false }), reference);
    expect(beginnings(short)).toEqual({ chaos: 0, end: CHAOS_US });
    expect(only(short, 'inspected')).toEqual([]);
    expect(short.result.virtualUs).toBe(CHAOS_US);
  });

  test('without clients there is no traffic to wait for', () => {
    const idle = settling({ trafficOperations: 0 }, { workload: planOf().workload });
    const quietRun = watchImplementation(idle, reference);
    const began = beginnings(quietRun);
    expect(began['end']).toBe(began['traffic']! + ELECTION_US.min);
    expect(quietRun.result.verdict).toBe('pass');
  });
});

describe('the core', () => {
  const sizeFive = { cluster: { ...planOf().cluster, size: 5 } };
  const down = { do: 'crash', node: 1, restartUs: null, keep: 'drawn' } as const;
  const core = [1, 2, 5];

  test('is up after the heal, and the rest is dead', () => {
    const faults = [at(100_000, down), at(200_000, { ...down, node: 3 })];
    const plan = settling({ core, rest: 'dead' }, { ...sizeFive, faults });
    const watched = watchImplementation(plan, reference);
    expect(watched.result.verdict).toBe('pass');
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['crashed', 100],
      ['started', 500],
    ]);
    expect(lives(watched, 2)).toEqual([['started', 0]]);
    expect(lives(watched, 3)).toEqual([
      ['started', 0],
      ['crashed', 200],
    ]);
    expect(lives(watched, 4)).toEqual([
      ['started', 0],
      ['crashed', 500],
    ]);
    const { heal, traffic } = beginnings(watched);
    expect(only(watched, 'blocked').map(({ t, links }) => [t, links])).toEqual([[heal, []]]);
    const asked = only(watched, 'requested').filter(({ t }) => t > traffic!);
    expect(new Set(asked.map(({ n }) => n)).size).toBeGreaterThan(0);
    for (const { n } of asked) expect(core).toContain(n);
    for (const { core: told } of only(watched, 'phaseBegan')) expect(told).toEqual(core);
    expect(only(watched, 'stateInspected').map(({ n }) => n)).toEqual(core);
  });

  test('or cut off, both ways, among themselves too; what is down among them stays down', () => {
    const faults = [at(200_000, { ...down, node: 3 })];
    const plan = settling({ core, rest: 'cut' }, { ...sizeFive, faults });
    const watched = watchImplementation(plan, reference);
    expect(watched.result.verdict).toBe('pass');
    expect(lives(watched, 3)).toEqual([
      ['started', 0],
      ['crashed', 200],
    ]);
    expect(lives(watched, 4)).toEqual([['started', 0]]);
    const { heal, traffic } = beginnings(watched);
    const links: number[] = [];
    for (let from = 1; from <= 5; from += 1) {
      for (let to = 1; to <= 5; to += 1) {
        if (from !== to && [from, to].some((node) => node === 3 || node === 4)) {
          links.push(8 * from + to);
        }
      }
    }
    expect(only(watched, 'blocked').map((fact) => [fact.t, fact.links])).toEqual([[heal, links]]);
    const crossing = arrivals(watched).filter(({ n, from, t }) => {
      return t > heal! && (n === 4 || from === 4);
    });
    expect(crossing).toEqual([]);
    for (const { n } of only(watched, 'requested').filter(({ t }) => t > traffic!)) {
      expect(core).toContain(n);
    }
  });

  test('that is too small is excused, and one that could go on is not', () => {
    const judged = (phases: Partial<PhasesPlan>, implementation = reference) =>
      run(settling(phases, sizeFive), implementation, DEFAULT_RUN_OPTIONS);
    const small = judged({ core: [1, 2], rest: 'dead' });
    expect(small.verdict).toBe('excused');
    expect(small.reason).toMatch(/^Nobody can be elected/);
    const alone = judged({ core: [1], rest: 'dead' });
    expect(alone.reason).toMatch(/ of the 5 servers S1 is up, and does not reach 2 others whose /);
    const lazy = { ...reference, createServer: () => ({ step: () => {} }) };
    const { verdict, violations, virtualUs } = judged({}, lazy);
    expect([verdict, violations[0]?.property]).toEqual(['violation', 'leader-election-liveness']);
    expect(virtualUs).toBeGreaterThan(50 * ELECTION_US.max);
    expect(virtualUs).toBeLessThan(55 * ELECTION_US.max);
  });
});

test('nobody is left to settle when all were wiped, and the run is excused', () => {
  const wiping = [1, 2, 3].map((node) => at(node * 10, { do: 'wipe', node }));
  const phases = { ...planOf().phases, chaosUs: CHAOS_US, settle: true, core: [] };
  const watched = watchImplementation(planOf({ faults: wiping, phases }), reference);
  expect(watched.result.verdict).toBe('excused');
  expect(watched.result.reason).toMatch(/^Nobody is left to settle: every server/);
  expect(only(watched, 'phaseBegan').map(({ phase }) => phase)).toEqual(['chaos', 'heal', 'end']);
});

describe('messages in flight at the heal', () => {
  /** Everybody sends to everybody every 50 ms; it takes up to a second. */
  function flight(phases: Partial<PhasesPlan>, sections: Partial<Plan> = {}) {
    const network = { ...planOf().network, tailPpm: 1_000_000, tailUsMax: 1_000_000 };
    const plan = settling(phases, { network, workload: planOf().workload, ...sections });
    const watched = watch(
      plan,
      ticking(50, (out, nth, { node }) => {
        for (const to of [1, 2, 3]) if (to !== node && nth < 10) out.send(to, mark(nth));
      }),
    );
    return arrivals(watched).map(({ n, from, body, t }) => ({
      link: `${from}>${n}`,
      nth: body.term,
      t,
    }));
  }
  const undisturbed = flight({ settle: false, chaosUs: 2_000_000 });

  test('drop: are lost', () => {
    const early = undisturbed.filter(({ t }) => t < CHAOS_US);
    expect(early.length).toBeLessThan(undisturbed.length);
    expect(flight({ inFlight: 'drop' })).toEqual(early);
  });

  test('hurry: come within one election timeout, in time or at its end', () => {
    const limitUs = CHAOS_US + ELECTION_US.min;
    const hurried = flight({ inFlight: 'hurry' });
    const key = ({ link, nth, t }: (typeof hurried)[number]) => `${link} ${nth} ${t}`;
    const expected = undisturbed.map((message) => ({
      ...message,
      t: Math.min(message.t, limitUs),
    }));
    expect(hurried.map(key).sort()).toEqual(expected.map(key).sort());
    expect(hurried.filter(({ t }) => t === limitUs).length).toBeGreaterThan(3);
    expect(hurried.filter(({ t }) => t > CHAOS_US && t < limitUs).length).toBeGreaterThan(3);
  });

  test('hurry: only within the core', () => {
    for (const rest of ['dead', 'cut'] as const) {
      const late = flight({ inFlight: 'hurry', core: [1, 2], rest }).filter(
        ({ t }) => t >= CHAOS_US,
      );
      expect(new Set(late.map(({ link }) => link))).toEqual(new Set(['1>2', '2>1']));
    }
  });

  test('that had arrived at a paused server are heard at once', () => {
    const faults = [at(10_000, { do: 'pause', node: 3, forUs: 5_000_000 })];
    const heard = flight({ inFlight: 'drop' }, { faults }).filter(({ link }) => link.endsWith('3'));
    const waiting = undisturbed.filter(({ link, t }) => link.endsWith('3') && t < CHAOS_US);
    expect(heard).toEqual(waiting.map((message) => ({ ...message, t: CHAOS_US })));
  });
});

test('a storm is more events than the plan allows', () => {
  const plan = planOf({ eventsMax: 500 });
  const { result } = watch(plan, (event, out, { node }) => {
    if (node === 1 && event.kind !== 'message') out.setTimer('again', 0, 0);
  });
  expect(result).toMatchObject({ verdict: 'storm', events: 501, virtualUs: 0 });
  const calm = watch(plan, (event, out, { node }) => {
    // Three starts and 497 fires are just allowed.
    if (node === 1 && event.now < 497) out.setTimer('again', 1, 1);
  });
  expect(calm.result).toMatchObject({ verdict: 'pass', events: 500 });
});

test('a leader that is cut off from its majority for good has not settled, and owes no read', () => {
  const base = planOf();
  const config = { ...base.cluster.config, reads: 'readIndex' as const };
  const plan = planOf({
    cluster: { ...base.cluster, size: 2, config },
    // S1 leads from the start on.
    timers: [
      { node: 1, timer: 'election', nth: 1, us: 50_000 },
      { node: 2, timer: 'election', nth: 1, us: 900_000 },
    ],
    faults: [at(480_000, { do: 'crash', node: 2, restartUs: null, keep: 'all' })],
    // All that it has is committed; only the read waits for a majority.
    workload: {
      clients: 1,
      intervalUs: 90_000_000,
      script: [{ atUs: 490_000, node: 1, ops: ['get x0'] }],
    },
    phases: { chaosUs: CHAOS_US, settle: true, core: [1], trafficOperations: 1 },
  });
  const { verdict, violations, reason } = run(plan, reference, DEFAULT_RUN_OPTIONS);
  expect([verdict, violations]).toEqual(['excused', []]);
  expect(reason).toMatch(
    /^Nobody can be elected: of the 2 servers S1 is up, and does not reach another one whose log is not newer than its own\.$/,
  );
});
