/** Timers: durations, what replaces and ends them, and when their luck changes. */
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../sim/kernel/clock.ts';
import { EventQueue } from '../../../sim/kernel/event-queue.ts';
import type { Fault, Plan } from '../../../sim/kernel/plan.ts';
import { Timers } from '../../../sim/kernel/timers.ts';
import { at, only, planOf, type Script, watch } from './probe.ts';

const solo = { cluster: { ...planOf().cluster, size: 1 } };

/** [timer, ms] of all that ran out. */
function fires(script: Script, sections: Partial<Plan> = {}): (string | number)[][] {
  const watched = watch(planOf({ ...solo, ...sections }), script);
  return only(watched, 'fired').map(({ timer, t }) => [timer, t / 1_000]);
}

/** Sets the timer again whenever it runs out: the durations, in microseconds. */
function durations(name: string, minMs: number, maxMs: number, sections: Partial<Plan> = {}) {
  const phases = { ...planOf().phases, chaosUs: 4_000_000 };
  const times = fires(
    (event, out) => {
      if (event.kind === 'start' || event.kind === 'timer') out.setTimer(name, minMs, maxMs);
    },
    { phases, ...sections },
  ).map(([, ms]) => Math.round((ms as number) * 1_000));
  return times.map((us, i) => us - (times[i - 1] ?? 0));
}

function elapse(atMs: number, timer: string): Fault {
  return at(atMs * 1_000, { do: 'elapse', node: 1, timer });
}

describe('a duration', () => {
  test('is drawn in microseconds from the range, evenly', () => {
    const drawn = durations('t', 1, 3);
    expect(drawn.length).toBeGreaterThan(1_800);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1_000);
    expect(Math.min(...drawn)).toBeLessThan(1_010);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(3_000);
    expect(Math.max(...drawn)).toBeGreaterThan(2_990);
    const low = drawn.filter((us) => us < 2_000).length / drawn.length;
    expect(Math.abs(low - 0.5)).toBeLessThan(0.05);
    expect(drawn.some((us) => us % 1_000 !== 0)).toBe(true);
  });

  test('is exact for a range of one, and may be nothing', () => {
    expect(new Set(durations('t', 7, 7))).toEqual(new Set([7_000]));
    const once: Script = (event, out) => {
      if (event.kind === 'start') out.setTimer('t', 0, 0);
    };
    expect(fires(once)).toEqual([['t', 0]]);
  });

  test('is the luck of a name on a server, and of no other', () => {
    const usual = durations('a', 10, 20);
    const two: Script = (event, out) => {
      if (event.kind === 'start') out.setTimer('b', 3, 5);
      if (event.kind === 'start') out.setTimer('a', 10, 20);
      else if (event.kind === 'timer' && event.name === 'b') out.setTimer('b', 3, 5);
      else if (event.kind === 'timer') out.setTimer('a', 10, 20);
    };
    const times = fires(two, { cluster: { ...planOf().cluster, size: 3 } });
    // The first three to run out are those of the three servers.
    const firsts = times.filter(([name]) => name === 'a').map(([, ms]) => ms);
    expect(firsts).toContain(usual[0]! / 1_000);
    expect(new Set(firsts.slice(0, 3)).size).toBe(3);
    const alone = fires(two).filter(([name]) => name === 'a');
    expect(alone[1]![1]).toBe((usual[0]! + usual[1]!) / 1_000);
    expect(durations('b', 10, 20)[0]).not.toBe(usual[0]);
    expect(durations('a', 10, 20, { seed: 'other' })[0]).not.toBe(usual[0]);
  });
});

/** Server 1 sets or cancels `t` at these ms. */
function sets(
  ...plan: readonly (readonly [ms: number, minMs: number, maxMs: number] | number)[]
): Script {
  return (event, out) => {
    if (event.kind === 'timer' && event.name === 't') return;
    if (event.kind === 'start' || event.kind === 'timer') out.setTimer('clock', 1, 1);
    for (const each of plan) {
      if (typeof each === 'number' && each === event.now) out.cancelTimer('t');
      else if (typeof each !== 'number' && each[0] === event.now)
        out.setTimer('t', each[1], each[2]);
    }
  };
}

/** When `t` runs out. */
function firesOf(script: Script, sections: Partial<Plan> = {}) {
  return fires(script, sections)
    .filter(([name]) => name === 't')
    .map(([, ms]) => ms as number);
}

describe('setting a timer again', () => {
  test('replaces it: it runs out once, later or earlier', () => {
    expect(firesOf(sets([1, 20, 20], [10, 20, 20], [25, 20, 20]))).toEqual([45]);
    expect(firesOf(sets([1, 200, 200], [10, 20, 20]))).toEqual([30]);
    expect(firesOf(sets([1, 200, 200], [10, 20, 20], [15, 50, 50]))).toEqual([65]);
    expect(firesOf(sets([1, 20, 20], [30, 20, 20]))).toEqual([21, 50]);
  });

  test('keeps the luck until it has run out', () => {
    const [first, second] = firesOf(sets([0, 100, 200], [300, 100, 200]));
    expect(first).not.toBe(second! - 300);
    expect(firesOf(sets([0, 100, 200], [50, 100, 200], [99, 100, 200]))).toEqual([99 + first!]);
    expect(firesOf(sets([0, 100, 200], 50, [70, 100, 200]))).toEqual([70 + first!]);
    // The same share of another range.
    const share = (first! - 100) / 100;
    expect(firesOf(sets([0, 100, 200], [50, 0, 300]))[0]).toBeCloseTo(50 + 300 * share, 1);
    expect(firesOf(sets([0, 100, 200], [50, 0, 0], [300, 100, 200]))).toEqual([50, second]);
  });

  test('costs one place in the queue, however often', () => {
    const queue = new EventQueue();
    const timers = new Timers(planOf(), 1, new Clock([], 1), queue);
    for (let ms = 1; ms <= 500; ms += 1) timers.set('t', ms, ms);
    expect(queue.length).toBe(1);
    timers.cancel('t');
    timers.set('t', 900, 900);
    expect(queue.length).toBe(1);
  });

  test('leaves no more than one behind, when it is set to run out earlier', () => {
    const queue = new EventQueue();
    const timers = new Timers(planOf(), 1, new Clock([], 1), queue);
    const take = () => {
      const item = queue.pop()!;
      return timers.take(item.id, item.stamp);
    };
    timers.set('t', 100, 100);
    timers.set('t', 50, 50);
    expect(take()).toBe('t');
    timers.set('t', 200, 200);
    expect([queue.nowUs, queue.length]).toEqual([50_000, 2]);
    expect(take()).toBeNull();
    expect([queue.nowUs, queue.length]).toEqual([100_000, 1]);
    expect(take()).toBe('t');
    expect([queue.nowUs, queue.length]).toEqual([250_000, 0]);
  });
});

describe('cancelling a timer', () => {
  test('stops it until it is set again', () => {
    expect(firesOf(sets([1, 20, 20], 10))).toEqual([]);
    expect(firesOf(sets([1, 20, 20], 10, [15, 20, 20]))).toEqual([35]);
    expect(firesOf(sets([1, 20, 20], 10, [40, 20, 20]))).toEqual([60]);
  });

  test('does nothing to one that does not run', () => {
    expect(firesOf(sets(5, [10, 20, 20], 40))).toEqual([30]);
  });
});

describe('making a timer run out', () => {
  test('fires it now, once, and renews its luck', () => {
    const usual = firesOf(sets([0, 100, 200], [300, 100, 200]));
    const faults = [elapse(40.5, 't')];
    expect(firesOf(sets([0, 100, 200], [300, 100, 200]), { faults })).toEqual([40.5, usual[1]]);
    expect(firesOf(sets([0, 100, 200], [60, 400, 400]), { faults })).toEqual([40.5, 460]);
    expect(firesOf(sets([0, 100, 200], [60, 20, 20]), { faults })).toEqual([40.5, 80]);
  });

  test('does nothing to one that does not run, or that nobody knows', () => {
    const faults = [elapse(5.5, 't'), elapse(50.5, 't'), elapse(6.5, 'never heard of')];
    expect(firesOf(sets([10, 20, 20]), { faults })).toEqual([30]);
  });

  test('does nothing to a server that is down or paused', () => {
    const crash = { do: 'crash', node: 1, restartUs: null, keep: 'none' } as const;
    const down = [at(20_000, crash), elapse(30, 't')];
    expect(firesOf(sets([1, 100, 100]), { faults: down })).toEqual([]);
    const paused = [at(20_500, { do: 'pause', node: 1, forUs: 50_000 }), elapse(30, 't')];
    expect(firesOf(sets([1, 100, 100]), { faults: paused })).toEqual([101]);
  });
});

describe('a pinned duration', () => {
  const pins = [
    { node: 1, timer: 't', nth: 2, us: 7_777 },
    { node: 1, timer: 't', nth: 3, us: 0 },
    { node: 2, timer: 't', nth: 1, us: 1 },
    { node: 1, timer: 'other', nth: 1, us: 1 },
  ];

  test('replaces the nth draw, whatever the range, and moves no other', () => {
    const usual = durations('t', 100, 200);
    const pinned = durations('t', 100, 200, { timers: pins });
    expect(pinned.slice(0, 5)).toEqual([usual[0], 7_777, 0, usual[3], usual[4]]);
  });

  test('counts what ran out, not what was set', () => {
    const timers = [{ node: 1, timer: 't', nth: 1, us: 30_000 }, ...pins];
    const script = sets([1, 100, 200], [10, 100, 200], [20, 100, 200], [60, 100, 200]);
    expect(firesOf(script, { timers })).toEqual([50, 67.777]);
  });

  test('the last of several for the same draw counts', () => {
    const timers = [
      { node: 1, timer: 't', nth: 1, us: 30_000 },
      { node: 1, timer: 't', nth: 1, us: 40_000 },
    ];
    expect(firesOf(sets([1, 100, 200]), { timers })).toEqual([41]);
  });
});

describe('a crash', () => {
  test('ends all timers, and the next life starts with the same luck', () => {
    const [first] = firesOf(sets([0, 100, 200]));
    const what = { do: 'crash', node: 1, restartUs: 30_000, keep: 'none' } as const;
    const faults = [at(50_000, what)];
    expect(firesOf(sets([0, 100, 200]), { faults })).toEqual([]);
    expect(firesOf(sets([0, 100, 200], [90, 100, 200]), { faults })).toEqual([90 + first!]);
  });

  test('leaves nothing in the queue that a timer of the next life could take for its own', () => {
    const what = { do: 'crash', node: 1, restartUs: 1_000, keep: 'none' } as const;
    const script: Script = (event, out) => {
      if (event.kind === 'start') out.setTimer('t', 100, 100);
    };
    expect(firesOf(script, { faults: [at(50_000, what)] })).toEqual([151]);
  });
});
