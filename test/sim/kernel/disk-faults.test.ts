/** Stalled and slow disks, writes that fail, and notices that come late and out of order. */
import { describe, expect, test } from 'vitest';
import type { Outbox } from '../../../core/contract.ts';
import type { Fault, Plan } from '../../../sim/kernel/plan.ts';
import { append, atFirstStart, completions, crashAt, hardState, images } from './disk-writes.ts';
import {
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

/** Each write takes a millisecond. */
const disk = { latencyUsMin: 1_000, latencyUsMax: 1_000 };

const anyEvent = { kind: 'timer', now: 0, wallClock: 0, name: '' } as const;
const anyLife = { node: 1, boot: 0 };

/** Three appends to the log, and three to another stream. */
const six: Script = (_, out) => {
  for (const id of [1, 2, 3]) out.persist(id, 'log', 0, append(id));
  for (const id of [4, 5, 6]) out.persist(id, 'other', 0, hardState(id));
};

/** [id, ms] of what failed. */
function failures(watched: Watched): (number | string)[][] {
  return only(watched, 'persistFailed').map(({ writeId, t, error }) => [writeId, t / 1_000, error]);
}

function done(watched: Watched): number[][] {
  return completions(watched).map(([id, us]) => [id, us / 1_000]);
}

const settle: Partial<Plan> = {
  cluster: {
    ...planOf().cluster,
    size: 1,
    config: { ...planOf().cluster.config, electionMsMin: 20, electionMsMax: 40, heartbeatMs: 8 },
  },
  phases: { ...planOf().phases, core: [1], chaosUs: 10_000, settle: true },
};

describe('a stall', () => {
  const stall = (atUs: number, forUs: number, stream: string | null = null): Fault =>
    at(atUs, { do: 'stall', node: 1, stream, forUs });

  test('stops the work of a disk, which goes on afterwards where it was', () => {
    const watched = atFirstStart(disk, six, { faults: [stall(1_500, 5_000)] });
    expect(done(watched)).toEqual([
      [1, 1],
      [4, 1],
      [2, 7],
      [5, 7],
      [3, 8],
      [6, 8],
    ]);
  });

  test('of one stream leaves the others alone', () => {
    const watched = atFirstStart(disk, six, { faults: [stall(1_500, 5_000, 'log')] });
    expect(done(watched)).toEqual([
      [1, 1],
      [4, 1],
      [5, 2],
      [6, 3],
      [2, 7],
      [3, 8],
    ]);
  });

  test('holds up what another stream has ordered after it', () => {
    const act: Script = (_, out) => {
      out.persist(1, 'log', 0, append(1));
      out.persist(2, 'other', 1, hardState(1));
      out.persist(3, 'other', 0, hardState(2));
    };
    const watched = atFirstStart(disk, act, { faults: [stall(500, 5_000, 'log')] });
    expect(done(watched)).toEqual([
      [1, 6],
      [2, 6],
      [3, 6],
    ]);
  });

  test('holds for streams that are new, and for the next life', () => {
    const act: Script = (event, out, { boot }) => {
      if (event.kind === 'start') out.setTimer('t', 3, 3);
      else if (event.kind === 'timer') out.persist(1, `new ${boot}`, 0, append(1));
    };
    const plan = planOf({ cluster: { size: 1 }, disk });
    const faults = [stall(1_000, 20_000), crashAt(5_000, 'none', 1_000)];
    expect(done(watch({ ...plan, faults }, act))).toEqual([[1, 22]]);
  });

  test('that begins within another one lasts until both are over', () => {
    const faults = [stall(500, 5_000), stall(2_000, 1_000), stall(3_000, 4_000)];
    const watched = atFirstStart(disk, (_, out) => out.persist(1, 'log', 0, append(1)), { faults });
    // Half a millisecond of work was left.
    expect(done(watched)).toEqual([[1, 7.5]]);
  });

  test('ends with the heal', () => {
    const watched = atFirstStart(disk, six, { ...settle, faults: [stall(1_500, 900_000)] });
    expect(done(watched).slice(2)).toEqual([
      [2, 11],
      [5, 11],
      [3, 12],
      [6, 12],
    ]);
  });

  test('loses nothing: a crash finds unfinished what was unfinished', () => {
    const faults = [stall(1_500, 5_000), crashAt(4_000)];
    const watched = atFirstStart(disk, six, { faults });
    expect(only(watched, 'crashed')[0]!.survivors).toEqual([]);
    expect(images(watched)[1]!.entries.length).toBe(1);
  });
});

describe('a slow disk', () => {
  const write: Script = ticking(10, (out, nth) => out.persist(nth, 'log', 0, append(nth)));
  const slow = at(25_000, { do: 'slow', node: 1, factor: 7, forUs: 20_000 });
  const latencies = (sections: Partial<Plan>) => {
    const plan = planOf({ cluster: { size: 1 }, disk, phases: { chaosUs: 75_000 }, ...sections });
    return done(watch(plan, write)).map(([id, ms]) => ms! - id! * 10);
  };

  test('takes a multiple of the time, for a time', () => {
    expect(latencies({ faults: [slow] })).toEqual([1, 1, 7, 7, 1, 1, 1]);
  });

  test('is as fast as before once it is healed, also for what is under way', () => {
    const phases = { ...settle.phases!, chaosUs: 31_000 };
    const healed = latencies({ ...settle, phases, faults: [slow] });
    expect(healed.slice(0, 7)).toEqual([1, 1, 2, 1, 1, 1, 1]);
  });
});

describe('a write that fails', () => {
  const fail = (forUs = 0, stream: string | null = null): Fault =>
    at(0, { do: 'failWrites', node: 1, stream, forUs });
  const IO = 'input/output error';
  const FULL = 'no space left on device';
  /** The faults of time 0 strike after the first start: server 1 writes at its first tick. */
  const later = (act: (out: Outbox) => void): Script =>
    ticking(10, (out, nth, { boot }) => {
      if (nth === 1 && boot === 0) act(out);
    });
  const watchOne = (act: (out: Outbox) => void, faults: Fault[], sections: Partial<Plan> = {}) =>
    watch(planOf({ cluster: { size: 1 }, disk, faults, ...sections }), later(act));

  test('takes along what stands behind it in its stream, in order of issue', () => {
    const watched = watchOne((out) => six(anyEvent, out, anyLife), [fail(0, 'log')]);
    expect(failures(watched)).toEqual([
      [1, 11, IO],
      [2, 11, IO],
      [3, 11, IO],
    ]);
    expect(done(watched)).toEqual([
      [4, 11],
      [5, 12],
      [6, 13],
    ]);
  });

  test('takes along what is ordered after it, and what stands behind that', () => {
    const act = (out: Outbox): void => {
      out.persist(1, 'a', 0, append(1));
      out.persist(2, 'b', 0, append(2));
      out.persist(3, 'b', 1, append(3));
      out.persist(4, 'c', 3, append(4));
      out.persist(5, 'b', 0, append(5));
      out.persist(6, 'd', 2, append(6));
    };
    const watched = watchOne(act, [fail(0, 'a'), crashAt(50_000)]);
    expect(failures(watched).map(([id]) => id)).toEqual([1, 3, 4, 5]);
    expect(done(watched)).toEqual([
      [2, 11],
      [6, 11],
    ]);
    expect(images(watched)[1]!.entries.map(({ term }) => term)).toEqual([2, 6]);
  });

  test('is the first one that is issued, of the stream that is meant, or of any', () => {
    const act = (out: Outbox): void => six(anyEvent, out, anyLife);
    expect(failures(watchOne(act, [fail(0, 'other')])).map(([id]) => id)).toEqual([4, 5, 6]);
    expect(failures(watchOne(act, [fail(), fail(0, 'other')])).length).toBe(6);
    expect(failures(watchOne(act, [fail(0, 'nobody')]))).toEqual([]);
  });

  test('is each one for a time, when the disk is full', () => {
    const act: Script = ticking(1, (out, nth) => out.persist(nth, 'log', 0, hardState(nth)));
    const faults = [at(2_500, { do: 'failWrites', node: 1, stream: null, forUs: 3_000 } as const)];
    const phases = { ...planOf().phases, chaosUs: 9_500 };
    const quick = { ...planOf().disk, latencyUsMin: 100, latencyUsMax: 100 };
    const watched = watch(planOf({ cluster: { size: 1 }, disk: quick, phases, faults }), act);
    expect(failures(watched)).toEqual([
      [3, 3.1, FULL],
      [4, 4.1, FULL],
      [5, 5.1, FULL],
    ]);
    expect(done(watched).map(([id]) => id)).toEqual([1, 2, 6, 7, 8, 9]);
  });

  test('is told to a server before it can know what else has failed, and writes go on from there', () => {
    const script: Script = (event, out, life) => {
      later((to) => six(anyEvent, to, anyLife))(event, out, life);
      if (event.kind === 'persistFailed' && event.id === 1) {
        out.persist(7, 'log', 0, append(7));
        // What is ordered after a write that has failed fails.
        out.persist(8, 'new', 2, append(8));
      }
    };
    const faults = [fail(0, 'log'), crashAt(50_000)];
    const watched = watch(planOf({ cluster: { size: 1 }, disk, faults }), script);
    expect(failures(watched).map(([id]) => id)).toEqual([1, 2, 3, 8]);
    // The stream is free at once.
    expect(done(watched)).toContainEqual([7, 12]);
    expect(images(watched)[1]!.entries.map(({ term }) => term)).toEqual([7]);
  });

  test('takes along what is written before the server is told', () => {
    const pause = at(10_500, { do: 'pause', node: 1, forUs: 3_000 });
    // It comes while server 1 is paused, before the write has failed.
    const network = { latencyUsMin: 1_800, latencyUsMax: 1_800 };
    const plan = planOf({
      cluster: { size: 2 },
      disk,
      network,
      faults: [fail(0, 'log'), pause, crashAt(50_000)],
    });
    const watched = watch(plan, (event, out, { node, boot }) => {
      if (event.kind === 'start') out.setTimer('t', 10 - node + 1, 10 - node + 1);
      if (event.kind === 'timer' && node === 2) out.send(1, mark(1));
      if (event.kind === 'timer' && node === 1 && boot === 0) out.persist(1, 'log', 0, append(1));
      if (event.kind === 'message') out.persist(2, 'log', 0, append(2));
    });
    expect(failures(watched)).toEqual([
      [1, 13.5, IO],
      [2, 13.5, IO],
    ]);
    expect(images(watched).at(-1)).toBeNull();
  });

  test('never survives a crash, nor what rests on it', () => {
    const act = (out: Outbox): void => {
      out.persist(1, 'a', 0, append(1));
      out.persist(2, 'b', 0, append(2));
      out.persist(3, 'a', 0, append(3));
      out.persist(4, 'b', 3, append(4));
    };
    const watched = watchOne(act, [fail(0, 'a'), crashAt(10_500, 'all')]);
    expect(only(watched, 'crashed')[0]!.survivors).toEqual([{ writeId: 2, kept: -1 }]);
    expect(images(watched)[1]!.entries.map(({ term }) => term)).toEqual([2]);
  });

  test('succeeds once the heal is there, and a server that does not know of it yet starts again', () => {
    const phases = { ...settle.phases!, chaosUs: 10_500 };
    const act = (out: Outbox): void => six(anyEvent, out, anyLife);
    const healed = watchOne(act, [fail(0, 'log')], { ...settle, phases });
    expect(failures(healed)).toEqual([]);
    expect(done(healed).map(([id]) => id)).toEqual([1, 4, 2, 5, 3, 6]);
    // The first of three failures makes server 1 lose time; the heal finds the other two untold.
    const pausing: Fault = {
      when: { on: 'action', node: 1, nth: 9, count: 0 },
      what: { do: 'pause', node: 1, forUs: 900_000 },
    };
    const script: Script = (event, out, life) => {
      later(act)(event, out, life);
      if (event.kind === 'persistFailed') out.note('failed');
    };
    const plan = planOf({ ...settle, disk, faults: [fail(0, 'log'), pausing] });
    const watched = watch({ ...plan, phases: { ...phases, chaosUs: 12_000 } }, script);
    expect(failures(watched).map(([id]) => id)).toEqual([1]);
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['paused', 11],
      ['resumed', 12],
      ['crashed', 12],
      ['started', 12],
    ]);
  });

  test('is not drawn after the heal, and no notice is late', () => {
    const act: Script = ticking(10, (out, nth) => out.persist(nth, 'log', 0, append(nth)));
    const bad = { ...disk, noticeUsMax: 900_000, failPpm: 1_000_000 };
    const phases = { ...settle.phases!, chaosUs: 55_000 };
    const watched = watch(planOf({ ...settle, disk: bad, phases }), act);
    expect(failures(watched).map(([id]) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(done(watched).slice(0, 2)).toEqual([
      [6, 61],
      [7, 71],
    ]);
  });

  test('is drawn, and what is drawn moves no other stream', () => {
    const script: Script = ticking(10, (out, nth) => {
      out.persist(2 * nth - 1, 'log', 0, append(nth));
      out.persist(2 * nth, 'hard', 0, hardState(nth));
    });
    const drawn = { latencyUsMin: 100, latencyUsMax: 900, noticeUsMax: 0 };
    const timesOf = (failPpm: number) => {
      const watched = watch(planOf({ cluster: { size: 1 }, disk: { ...drawn, failPpm } }), script);
      return [...only(watched, 'persisted'), ...only(watched, 'persistFailed')]
        .map(({ writeId, t }) => [writeId, t] as const)
        .toSorted(([a], [b]) => a - b);
    };
    const watched = watch(
      planOf({ cluster: { size: 1 }, disk: { ...drawn, failPpm: 250_000 } }),
      script,
    );
    const failed = failures(watched).length;
    expect(failed).toBeGreaterThan(30);
    expect(failed).toBeLessThan(70);
    expect(timesOf(250_000)).toEqual(timesOf(0));
    expect(timesOf(0).length).toBe(198);
  });
});

describe('a late notice', () => {
  const late = { ...disk, noticeUsMax: 20_000 };
  const many: Script = (_, out) => {
    for (let id = 1; id <= 9; id += 1) out.persist(id, 'log', 0, append(id));
  };

  test('comes after the write is durable, within its time, and out of order', () => {
    const lateness: number[] = [];
    let isMixed = false;
    for (let seed = 0; seed < 40; seed += 1) {
      const watched = atFirstStart(late, many, { seed: String(seed) });
      const told = done(watched);
      expect(told.map(([id]) => id).toSorted((a, b) => a! - b!)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
      isMixed ||= told.some(([id], i) => i > 0 && id! < told[i - 1]![0]!);
      lateness.push(...told.map(([id, ms]) => ms! - id!));
    }
    expect(isMixed).toBe(true);
    expect(Math.min(...lateness)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...lateness)).toBeGreaterThan(15);
    expect(Math.max(...lateness)).toBeLessThanOrEqual(20);
  });

  test('moves no latency', () => {
    const drawn = { latencyUsMin: 100, latencyUsMax: 9_000 };
    const firstOf = (noticeUsMax: number) => {
      const watched = atFirstStart({ ...drawn, noticeUsMax }, many, { faults: [crashAt(30_000)] });
      const { survivors } = only(watched, 'crashed')[0]!;
      return images(watched)[1]!.entries.length - survivors.filter(({ kept }) => kept >= 0).length;
    };
    expect(firstOf(100_000)).toBe(firstOf(0));
    expect(firstOf(0)).toBeGreaterThan(1);
  });

  test('follows the notice of what the write is ordered after', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const act: Script = (_, out) => {
        out.persist(1, 'log', 0, append(1));
        out.persist(2, 'hard', 1, hardState(1));
      };
      const told = done(atFirstStart(late, act, { seed: String(seed) }));
      expect(told.map(([id]) => id)).toEqual([1, 2]);
    }
  });

  test('that a crash forestalls: the write is there, and is named', () => {
    const watched = atFirstStart({ ...late, noticeUsMax: 900_000 }, many, {
      seed: '7',
      faults: [crashAt(4_500)],
    });
    const told = done(watched).map(([id]) => id);
    const { survivors } = only(watched, 'crashed')[0]!;
    expect(
      [...told, ...survivors.map(({ writeId }) => writeId)].toSorted((a, b) => a! - b!),
    ).toEqual([1, 2, 3, 4]);
    expect(survivors.every(({ kept }) => kept === -1)).toBe(true);
    expect(survivors.length).toBeGreaterThan(0);
    expect(images(watched)[1]!.entries.map(({ term }) => term)).toEqual([1, 2, 3, 4]);
  });

  test('comes at once after the heal', () => {
    const watched = atFirstStart({ ...late, noticeUsMax: 900_000 }, many, settle);
    const told = done(watched);
    expect(told.length).toBe(9);
    expect(Math.max(...told.map(([, ms]) => ms!))).toBe(10);
  });
});

describe('a server that halts', () => {
  const halting: Script = (event, out) => {
    if (event.kind === 'start') out.setTimer('t', 10, 10);
    else out.halt('enough');
  };
  const livesWith = (restartAfterHaltUs: number | null, chaosUs = 25_000) => {
    const cluster = { ...planOf().cluster, size: 1, restartAfterHaltUs };
    return lives(watch(planOf({ cluster, phases: { chaosUs } }), halting), 1);
  };

  test('stays down, or starts again when the plan says so', () => {
    const first = [
      ['started', 0],
      ['halted', 10],
      ['crashed', 10],
    ];
    expect(livesWith(null)).toEqual(first);
    expect(livesWith(3_000)).toEqual([...first, ['started', 13], ['halted', 23], ['crashed', 23]]);
  });
});
