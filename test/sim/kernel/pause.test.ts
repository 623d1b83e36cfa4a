/** A paused server keeps memory and sockets, and loses time. */
import { describe, expect, test } from 'vitest';
import type { Write } from '../../../core/contract.ts';
import type { Fault } from '../../../sim/kernel/plan.ts';
import { arrivals, at, lives, mark, only, planOf, type Script, ticking, watch } from './probe.ts';

const idle: Script = () => {};
const write: Write = { kind: 'append', entries: [{ term: 1, command: null }] };

function crash(atMs: number, node: number, restartMs: number | null): Fault {
  const restartUs = restartMs === null ? null : restartMs * 1_000;
  return at(atMs * 1_000, { do: 'crash', node, restartUs, keep: 'none' });
}

function pause(atMs: number, node: number, forMs: number): Fault {
  return at(atMs * 1_000, { do: 'pause', node, forUs: forMs * 1_000 });
}

describe('a pause', () => {
  test('defers everything, keeps its order, and loses nothing but time', () => {
    const workload = { script: [{ atUs: 24_000, node: 1, ops: ['get x0'] }] };
    const disk = { latencyUsMin: 8_000, latencyUsMax: 8_000 };
    const watched = watch(
      planOf({ workload, disk, faults: [pause(15, 1, 30)] }),
      (event, out, { node }) => {
        if (event.kind === 'start' && node === 1) {
          out.setTimer('t', 20, 20);
          for (let id = 1; id <= 6; id += 1) out.persist(id, 'a', 0, write);
        }
        if (event.kind === 'start' && node === 2) out.setTimer('send', 22, 22);
        if (event.kind === 'timer' && event.name === 'send') {
          out.send(1, mark(1));
          out.send(1, mark(2));
        }
      },
    );
    const events = watched.seen
      .filter(({ node, event }) => node === 1 && event.kind !== 'start')
      .map(({ event }) => [event.kind, event.now]);
    expect(events).toEqual([
      ['persisted', 8],
      ['persisted', 45],
      ['timer', 45],
      ['message', 45],
      ['message', 45],
      ['persisted', 45],
      ['request', 45],
      ['persisted', 45],
      ['persisted', 45],
      ['persisted', 48],
    ]);
    expect(arrivals(watched).map(({ body }) => body.term)).toEqual([1, 2]);
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['paused', 15],
      ['resumed', 45],
    ]);
  });

  test('does not let a timer run out that a deferred message sets again', () => {
    const watched = watch(planOf({ faults: [pause(15, 1, 30)] }), (event, out, { node }) => {
      if (event.kind === 'start' && node === 1) out.setTimer('t', 20, 20);
      if (event.kind === 'start' && node === 2) out.setTimer('send', 17, 17);
      if (event.kind === 'timer' && node === 2) out.send(1, mark(1));
      if (event.kind === 'message') out.setTimer('t', 20, 20);
    });
    const fired = only(watched, 'fired').filter(({ n }) => n === 1);
    expect(fired.map(({ t }) => t / 1_000)).toEqual([65]);
  });

  test('of a paused or dead server does nothing', () => {
    const faults = [pause(10, 1, 30), pause(20, 1, 100), crash(5, 2, 20), pause(10, 2, 1_000)];
    const watched = watch(planOf({ faults }), idle);
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['paused', 10],
      ['resumed', 40],
    ]);
    expect(lives(watched, 2)).toEqual([
      ['started', 0],
      ['crashed', 5],
      ['started', 25],
    ]);
  });

  test('ends with a crash: what was deferred is lost, and its end does not end a later pause', () => {
    const faults = [pause(10, 1, 30), crash(20, 1, 5), pause(35, 1, 50)];
    const watched = watch(
      planOf({ faults }),
      ticking(8, (out, nth, { node }) => {
        if (node === 2) out.send(1, mark(nth));
      }),
    );
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['paused', 10],
      ['crashed', 20],
      ['started', 25],
      ['paused', 35],
      ['resumed', 85],
    ]);
    const arrived = arrivals(watched).map(({ body, t }) => [body.term, t / 1_000]);
    // The third was sent to the first life and got by the second.
    expect(arrived.slice(0, 5)).toEqual([
      [1, 9],
      [3, 25],
      [4, 33],
      [5, 85],
      [6, 85],
    ]);
  });

  test('hands over what was deferred once, also when another follows', () => {
    const watched = watch(
      planOf({ faults: [pause(10, 1, 30), pause(60, 1, 30)] }),
      ticking(8, (out, nth, { node }) => {
        if (node === 2 && nth <= 12) out.send(1, mark(nth));
      }),
    );
    const terms = arrivals(watched).map(({ body }) => body.term);
    expect(terms).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test('is not ended by the restart of an earlier crash', () => {
    const restart = { do: 'restart', node: 1 } as const;
    const faults = [
      crash(10, 1, 100),
      at(15_000, restart),
      crash(20, 1, 50),
      at(25_000, restart),
      pause(30, 1, 120),
    ];
    const watched = watch(planOf({ faults }), idle);
    expect(lives(watched, 1).slice(-2)).toEqual([
      ['paused', 30],
      ['resumed', 150],
    ]);
  });

  test('has nothing to do with links that were freed', () => {
    const unblock = at(5_000, { do: 'unblock' });
    const watched = watch(planOf({ faults: [unblock, pause(10, 1, 20)] }), idle);
    expect(only(watched, 'blocked').length).toBe(1);
    expect(lives(watched, 1).at(-1)).toEqual(['resumed', 30]);
  });
});
