/** Servers as processes: what they are told, and what crashes, restarts and halts do to them. */
import { describe, expect, test } from 'vitest';
import type { StartEvent, Write } from '../../../core/contract.ts';
import type { Fault, Plan } from '../../../sim/kernel/plan.ts';
import {
  arrivals,
  at,
  lives,
  mark,
  only,
  planOf,
  type Script,
  ticking,
  type Watched,
  watch,
} from './probe.ts';

const idle: Script = () => {};
const write: Write = { kind: 'append', entries: [{ term: 1, command: null }] };

function starts({ seen }: Watched): StartEvent[] {
  return seen.flatMap(({ event }) => (event.kind === 'start' ? [event] : []));
}

function crash(atMs: number, node: number, restartMs: number | null): Fault {
  const restartUs = restartMs === null ? null : restartMs * 1_000;
  return at(atMs * 1_000, { do: 'crash', node, restartUs, keep: 'none' });
}

describe('a start', () => {
  test('tells who and where the server is, and nothing about the run', () => {
    const watched = watch(planOf(), idle);
    expect(starts(watched).map(({ seed: _, ...rest }) => rest)).toEqual(
      [1, 2, 3].map((self) => ({
        kind: 'start',
        now: 0,
        wallClock: 0,
        self,
        index: self - 1,
        members: [1, 2, 3],
        boot: 0,
        image: null,
        applied: null,
        config: planOf().cluster.config,
      })),
    );
  });

  test('counts the lives, and has a seed of its own for each, which the run decides', () => {
    const faults = [crash(10, 2, 5), crash(30, 2, 5), crash(40, 1, 5)];
    const seedsOf = (sections: Partial<Plan>) => {
      const events = starts(watch(planOf({ faults, ...sections }), idle));
      expect(events.map(({ self, boot }) => [self, boot])).toEqual([
        [1, 0],
        [2, 0],
        [3, 0],
        [2, 1],
        [2, 2],
        [1, 1],
      ]);
      return events.map(({ seed }) => seed);
    };
    const seeds = seedsOf({});
    expect(new Set(seeds).size).toBe(6);
    for (const seed of seeds) expect(seed).toMatch(/^[0-9a-f]{8}$/);
    expect(seedsOf({})).toEqual(seeds);
    expect(seedsOf({ seed: 'other' }).some((seed) => seeds.includes(seed))).toBe(false);
  });

  test('comes with the time, in whole milliseconds rounded down', () => {
    const watched = watch(planOf({ faults: [crash(10.999, 1, 5)] }), idle);
    const { now, wallClock } = starts(watched)[3]!;
    expect([now, wallClock]).toEqual([15, 15]);
  });
});

describe('a crash', () => {
  test('ends a life until the restart, if there is one', () => {
    const watched = watch(planOf({ faults: [crash(10, 1, 20), crash(10, 2, null)] }), idle);
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['crashed', 10],
      ['started', 30],
    ]);
    expect(lives(watched, 2)).toEqual([
      ['started', 0],
      ['crashed', 10],
    ]);
  });

  test('loses what arrives while the server is down, and no more', () => {
    const network = { latencyUsMin: 6_000, latencyUsMax: 6_000 };
    const watched = watch(
      planOf({ network, faults: [crash(25, 2, 20)] }),
      ticking(10, (out, nth, { node }) => {
        if (node === 1) out.send(2, mark(nth));
      }),
    );
    const arrived = arrivals(watched).map(({ body, t }) => [body.term, t / 1_000]);
    // Sent at 20 and 30, due while it was down; sent at 40 to the first life, got by the second.
    expect(arrived.slice(0, 3)).toEqual([
      [1, 16],
      [4, 46],
      [5, 56],
    ]);
  });

  test('of a server that is down changes nothing, not even its restart', () => {
    const faults = [crash(10, 1, 30), crash(20, 1, 5), crash(60, 2, null), crash(70, 2, 1)];
    const watched = watch(planOf({ faults }), idle);
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['crashed', 10],
      ['started', 40],
    ]);
    expect(lives(watched, 2)).toEqual([
      ['started', 0],
      ['crashed', 60],
    ]);
  });

  test('is not undone by the restart of an earlier crash', () => {
    const faults = [
      crash(10, 1, 30),
      at(20_000, { do: 'restart', node: 1 }),
      crash(30, 1, 100),
      at(35_000, { do: 'restart', node: 2 }),
    ];
    const watched = watch(planOf({ faults }), idle);
    expect(lives(watched, 1).map(([, ms]) => ms)).toEqual([0, 10, 20, 30, 130]);
    expect(lives(watched, 2)).toEqual([['started', 0]]);
  });

  test('lets the next life begin its write ids anew', () => {
    const script: Script = (event, out) => {
      if (event.kind === 'start') for (let id = 1; id <= 3; id += 1) out.persist(id, 'a', 0, write);
    };
    const watched = watch(planOf({ cluster: { size: 1 }, faults: [crash(10, 1, 5)] }), script);
    expect(only(watched, 'persisted').map(({ writeId }) => writeId)).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('forgets the state machine', () => {
    const script = [
      { atUs: 1_000, node: 1, ops: ['put x0 7', 'get x0'] },
      { atUs: 30_000, node: 1, ops: ['get x0'] },
    ];
    let index = 0;
    const watched = watch(
      planOf({ cluster: { size: 1 }, workload: { script }, faults: [crash(10, 1, 5)] }),
      (event, out) => {
        if (event.kind !== 'request') return;
        for (const { id, command } of event.requests) {
          index += 1;
          out.apply(index, { term: 1, command });
          out.respond(id, 'ok', 0);
        }
      },
    );
    expect(only(watched, 'responded').map(({ value }) => value)).toEqual([null, '7', null]);
  });
});

describe('a halt', () => {
  test('is a crash that keeps every write; what comes after it is ignored', () => {
    const watched = watch(planOf({ cluster: { size: 2 } }), (event, out, { node }) => {
      if (event.kind !== 'start' || node !== 1) return;
      out.persist(1, 'a', 0, write);
      out.send(2, mark(1));
      out.halt('damaged');
      out.send(2, mark(2));
      out.note('still here');
    });
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['halted', 0],
      ['crashed', 0],
    ]);
    expect(only(watched, 'crashed')[0]!.survivors).toEqual([{ writeId: 1, kept: -1 }]);
    expect(arrivals(watched).map(({ body }) => body.term)).toEqual([1]);
    expect(only(watched, 'noted')).toEqual([]);
  });

  test('is not undone before the heal, but by a restart', () => {
    const halting: Script = (event, out, { node, boot }) => {
      if (event.kind === 'start' && node === 1 && boot === 0) out.halt('damaged');
    };
    const alone = watch(planOf(), halting);
    expect(starts(alone).length).toBe(3);
    const faults = [at(500_000, { do: 'restart' as const, node: 1 })];
    const restarted = starts(watch(planOf({ faults }), halting));
    expect(restarted.map(({ self, boot, now }) => [self, boot, now])[3]).toEqual([1, 1, 500]);
  });
});
