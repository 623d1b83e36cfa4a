/** Writes: how long they take, and what orders them. */
import { describe, expect, test } from 'vitest';
import type { DiskPlan, Plan } from '../../../sim/kernel/plan.ts';
import { append, atFirstStart, completions, crashAt, hardState, one } from './disk-writes.ts';
import { only, planOf, watch } from './probe.ts';

describe('a write', () => {
  test('takes a time between the bounds, evenly', () => {
    const watched = atFirstStart({ latencyUsMin: 200, latencyUsMax: 299 }, (_, out) => {
      for (let id = 1; id <= 4_000; id += 1) out.persist(id, `stream ${id % 400}`, 0, append(id));
    });
    const ends = new Map(completions(watched));
    expect(ends.size).toBe(4_000);
    const took = [...ends].map(([id, t]) => t - (ends.get(id - 400) ?? 0));
    expect(Math.min(...took)).toBe(200);
    expect(Math.max(...took)).toBe(299);
    const mean = took.reduce((sum, us) => sum + us, 0) / took.length;
    expect(Math.abs(mean - 249.5)).toBeLessThan(2);
  });

  test('waits for the one before it in its stream, and for no other stream', () => {
    const watched = atFirstStart({}, (_, out) => {
      out.persist(1, 'a', 0, append(1));
      out.persist(2, 'a', 0, append(1));
      out.persist(3, 'b', 0, hardState(1));
      out.persist(4, 'a', 0, append(1));
    });
    expect(completions(watched)).toEqual([
      [1, 200],
      [3, 200],
      [2, 400],
      [4, 600],
    ]);
  });

  test('with `after` waits for that write of another stream, too', () => {
    const watched = atFirstStart({}, (_, out) => {
      out.persist(1, 'a', 0, append(1));
      out.persist(2, 'a', 0, append(1));
      out.persist(3, 'a', 0, append(1));
      out.persist(4, 'b', 2, hardState(1));
      out.persist(5, 'b', 0, hardState(2));
      out.persist(6, 'a', 4, append(1));
    });
    const expected = [
      [1, 200],
      [2, 400],
      [4, 400],
      [3, 600],
      [5, 600],
      [6, 800],
    ];
    expect(completions(watched)).toEqual(expected);
  });

  test('with `after` a write that is safe already, or never was, waits for nothing', () => {
    const watched = watch(planOf({ cluster: one }), (event, out) => {
      if (event.kind === 'start') out.persist(1, 'a', 0, append(1));
      if (event.kind !== 'persisted' || event.id !== 1) return;
      out.persist(2, 'b', 1, hardState(1));
      out.persist(3, 'c', 99, hardState(1));
    });
    expect(completions(watched)).toEqual([
      [1, 200],
      [2, 400],
      [3, 400],
    ]);
  });

  test('starts at once when its stream has rested', () => {
    const watched = watch(planOf({ cluster: one }), (event, out) => {
      if (event.kind === 'start') {
        out.persist(1, 'a', 0, append(1));
        out.setTimer('later', 5, 5);
      }
      if (event.kind === 'timer') out.persist(2, 'a', 0, append(1));
    });
    expect(completions(watched)).toEqual([
      [1, 200],
      [2, 5_200],
    ]);
  });

  test('may take no time at all, and is told in an event of its own', () => {
    const watched = atFirstStart({ latencyUsMin: 0, latencyUsMax: 0 }, (_, out) => {
      out.persist(1, 'a', 0, append(1));
      out.note('the step goes on');
    });
    const kinds = watched.facts.map(({ k }) => k).filter((k) => k === 'noted' || k === 'persisted');
    expect(kinds).toEqual(['noted', 'persisted']);
    expect(completions(watched)).toEqual([[1, 0]]);
    expect(watched.seen[1]!.event).toEqual({ kind: 'persisted', now: 0, wallClock: 0, id: 1 });
  });
});

describe('the luck of a stream', () => {
  /** When the writes to `log` of each server complete. */
  function logEnds(sections: Partial<Plan>, others: number) {
    const disk = { latencyUsMin: 100, latencyUsMax: 5_000 };
    const watched = watch(planOf({ disk, ...sections }), (event, out) => {
      if (event.kind !== 'start' || event.boot !== 0) return;
      for (let id = 1; id <= 20; id += 1) out.persist(id, 'log', 0, append(1));
      for (let id = 0; id < others; id += 1) out.persist(100 + id, 'hardState', 0, hardState(1));
    });
    const ends = only(watched, 'persisted').filter(({ writeId }) => writeId <= 20);
    return [1, 2, 3].map((node) => ends.filter(({ n }) => n === node).map(({ t }) => t));
  }

  test('is not moved by another stream, another server or a lost message', () => {
    const usual = logEnds({}, 0);
    expect(new Set(usual.map((ends) => ends.join())).size).toBe(3);
    expect(logEnds({}, 3)).toEqual(usual);
    expect(logEnds({ cluster: { ...planOf().cluster, size: 4 } }, 0)).toEqual(usual);
    expect(logEnds({ seed: 'other' }, 0)).not.toEqual(usual);
  });
});

describe('a later life', () => {
  test('hears nothing of the writes of an earlier one, though ids are used again', () => {
    const disk = { latencyUsMin: 10_000, latencyUsMax: 10_000 };
    for (const keep of ['none', 'all'] as const) {
      const watched = watch(
        planOf({ cluster: one, disk, faults: [crashAt(4_000, keep, 2_000)] }),
        (event, out) => {
          if (event.kind === 'start') out.persist(1, 'log', 0, append(event.boot + 1));
        },
      );
      // The write of the first life was due at 10 ms; the second begins at 6 ms.
      expect(completions(watched)).toEqual([[1, 16_000]]);
    }
  });

  test('finds its streams at rest', () => {
    const disk = { latencyUsMin: 10_000, latencyUsMax: 10_000 };
    const watched = watch(
      planOf({ cluster: one, disk, faults: [crashAt(4_000, 'none', 2_000)] }),
      (event, out) => {
        if (event.kind !== 'start') return;
        for (let id = 1; id <= 5 - 4 * event.boot; id += 1) out.persist(id, 'log', 0, append(1));
      },
    );
    expect(completions(watched)).toEqual([[1, 16_000]]);
  });
});

/** Writes one after the other, through the heal at 500 ms: when each was safe, and what it took. */
function writeOn(disk: Partial<DiskPlan>): { t: number; us: number }[] {
  const config = { ...planOf().cluster.config, electionMsMin: 20, electionMsMax: 40 };
  const watched = watch(
    planOf({
      cluster: { size: 1, config: { ...config, heartbeatMs: 8 } },
      disk,
      phases: { chaosUs: 500_000, settle: true },
    }),
    (event, out) => {
      if (event.kind === 'start') out.persist(1, 'log', 0, append(1));
      if (event.kind === 'persisted') out.persist(event.id + 1, 'log', 0, append(1));
    },
  );
  const ends = completions(watched).map(([, t]) => t);
  return ends.slice(1).map((t, i) => ({ t, us: t - ends[i]! }));
}

describe('after the heal', () => {
  test('no write takes longer than a message may', () => {
    const took = writeOn({ latencyUsMin: 1_000, latencyUsMax: 9_000 });
    const chaos = took.filter(({ t }) => t < 500_000).map(({ us }) => us);
    const healed = took.filter(({ t }) => t > 510_000).map(({ us }) => us);
    expect(Math.max(...chaos)).toBeGreaterThan(8_000);
    expect(healed.length).toBeGreaterThan(100);
    expect(Math.max(...healed)).toBeLessThanOrEqual(3_000);
    expect(Math.max(...healed)).toBeGreaterThan(2_900);
    expect(Math.min(...healed)).toBeGreaterThanOrEqual(1_000);
    expect(Math.min(...healed)).toBeLessThan(1_100);
  });

  test('a disk that was always slower than that is as fast as that', () => {
    const took = writeOn({ latencyUsMin: 8_000, latencyUsMax: 9_000 });
    const healed = took.filter(({ t }) => t > 510_000).map(({ us }) => us);
    expect(new Set(healed)).toEqual(new Set([3_000]));
  });
});
