/** State machines that survive a crash in part, and redirects that clients follow or not. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../sim/kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../../sim/run.ts';
import { reference } from '../implementations.ts';
import { at, only, planOf, type Script, watch } from './probe.ts';

const durable = { ...planOf().cluster, size: 1, stateMachine: 'durable' as const };

/** Applies `put x0 i` at i ms, on and on, from where the host's state machine stands. */
const applying: Script = (() => {
  let next = 1;
  return (event, out) => {
    if (event.kind === 'start') next = (event.applied ?? 0) + 1;
    if (event.kind === 'timer') {
      out.apply(next, { term: 1, command: { clientId: 9, seq: next, op: `put x${next} ${next}` } });
      next += 1;
    }
    if (event.kind === 'start' || event.kind === 'timer') out.setTimer('t', 1, 1);
  };
})();

/** Crashes at 10.5 ms and 10 ms later, twice more. */
function threeCrashes(sections: Partial<Plan>) {
  const crash = { do: 'crash', node: 1, restartUs: 1, keep: 'none' } as const;
  const faults = [10_500, 20_500, 30_500].map((us) => at(us, crash));
  return watch(
    planOf({ cluster: durable, phases: { chaosUs: 35_000 }, faults, ...sections }),
    applying,
  );
}

describe('a durable state machine', () => {
  test('holds some prefix of what was applied, and never less than after an earlier crash', () => {
    const found = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const watched = threeCrashes({ seed: String(seed) });
      const starts = only(watched, 'started').map(({ applied }) => applied);
      expect(starts[0]).toBe(0);
      let [kept, applied, life] = [0, 0, 0];
      for (const fact of watched.facts) {
        if (fact.k === 'applied') applied = fact.index;
        if (fact.k !== 'crashed') continue;
        life += 1;
        expect(starts[life]).toBeGreaterThanOrEqual(kept);
        expect(starts[life]).toBeLessThanOrEqual(applied);
        if (starts[life] === kept) found.add('none');
        else found.add(starts[life] === applied ? 'all' : 'some');
        kept = starts[life]!;
      }
    }
    expect([...found].toSorted()).toEqual(['all', 'none', 'some']);
  });

  test('is told to the server, and holds what it says', () => {
    let held = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const script: Script = (event, out, life) => {
        if (event.kind !== 'request') {
          applying(event, out, life);
          return;
        }
        for (const { id, command } of event.requests) {
          out.apply(1_000, { term: 1, command });
          out.respond(id, 'ok', 0);
        }
      };
      const ops = Array.from({ length: 40 }, (_, i) => `get x${i + 1}`);
      const crash = at(10_500, { do: 'crash', node: 1, restartUs: 1, keep: 'none' });
      const workload = { script: [{ atUs: 10_600, node: 1, ops }] };
      const plan = planOf({ cluster: durable, workload, faults: [crash], seed: String(seed) });
      const watched = watch(plan, script);
      const told = watched.seen.flatMap(({ event }) => (event.kind === 'start' ? [event] : []))[1]!;
      expect(told.applied).toBe(only(watched, 'started')[1]!.applied);
      const values = only(watched, 'returned').map(({ value }) => value);
      expect(values.slice(0, told.applied!)).toEqual(
        Array.from({ length: told.applied! }, (_, i) => `${i + 1}`),
      );
      expect(new Set(values.slice(told.applied!))).toEqual(new Set([values[39]]));
      expect(values[39]).not.toBe('40');
      held += told.applied!;
    }
    expect(held).toBeGreaterThan(20);
  });

  test('answers nobody while it is built again', () => {
    const op = 'put x0 1';
    const script: Script = (event, out) => {
      if (event.kind !== 'request') return;
      const [request] = event.requests;
      out.apply(1, { term: 1, command: request!.command });
    };
    const plan = planOf({
      cluster: durable,
      workload: { script: [{ atUs: 1_000, node: 1, ops: [op] }] },
      faults: [at(5_000, { do: 'crash', node: 1, restartUs: 1_000, keep: 'none' })],
    });
    for (let seed = 0; seed < 10; seed += 1) {
      const watched = watch({ ...plan, seed: String(seed) }, script);
      expect(only(watched, 'returned').map(({ outcome }) => outcome)).toEqual(['info']);
      expect(only(watched, 'applied').length).toBe(1);
      expect(only(watched, 'responded')).toEqual([]);
    }
  });

  test('a volatile one is empty, and says nothing of what was applied', () => {
    const watched = threeCrashes({ cluster: { ...durable, stateMachine: 'volatile' } });
    expect(only(watched, 'started').map(({ applied }) => applied)).toEqual([0, 0, 0, 0]);
    const starts = watched.seen.flatMap(({ event }) => (event.kind === 'start' ? [event] : []));
    expect(starts.map(({ applied }) => applied)).toEqual([null, null, null, null]);
  });

  test('moves nothing else', () => {
    const disk = { latencyUsMin: 100, latencyUsMax: 900 };
    const crash = at(2_000_000, { do: 'crash', node: 1, restartUs: 1_000, keep: 'drawn' });
    const eventsUntilCrash = (stateMachine: 'volatile' | 'durable') => {
      const cluster = { ...planOf().cluster, stateMachine };
      const phases = { ...planOf().phases, chaosUs: 1_999_999 };
      const plan = planOf({ cluster, disk, phases, workload: { clients: 2 }, faults: [crash] });
      return run(plan, reference, DEFAULT_RUN_OPTIONS).events;
    };
    expect(eventsUntilCrash('durable')).toBe(eventsUntilCrash('volatile'));
  });
});

describe('redirects', () => {
  /** Server 3 answers; the others point at it. */
  const pointing: Script = (event, out, { node }) => {
    if (event.kind !== 'request') return;
    for (const { id } of event.requests) out.respond(id, node === 3 ? 'ok' : 'redirect', 3);
  };
  const servedBy = (followRedirects: boolean) => {
    const workload = { clients: 3, followRedirects };
    const watched = watch(planOf({ cluster: { size: 5 }, workload }), pointing);
    const attempts = only(watched, 'requested').map(({ n }) => n);
    return attempts.filter((node) => node === 3).length / attempts.length;
  };

  test('are followed, and remembered', () => {
    expect(servedBy(true)).toBeGreaterThan(0.9);
  });

  test('are ignored when the plan says so: any server is tried, each time', () => {
    expect(servedBy(false)).toBeLessThan(0.3);
    expect(servedBy(false)).toBeGreaterThan(0.1);
  });
});
