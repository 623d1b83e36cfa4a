/** Writes: how long they take, what orders them, what a restarted server gets back. */
import { describe, expect, test } from 'vitest';
import type { DurableImage, Write } from '../../../core/contract.ts';
import type { Entry } from '../../../core/messages.ts';
import type { DiskPlan, Fault, Plan } from '../../../sim/kernel/plan.ts';
import { at, only, planOf, type Script, type Watched, watch } from './probe.ts';

const one = { size: 1 };

function entry(term: number): Entry {
  return { term, command: null };
}

function hardState(currentTerm: number, votedFor = 0): Write {
  return { kind: 'hardState', currentTerm, votedFor };
}

function append(...terms: number[]): Write {
  return { kind: 'append', entries: terms.map(entry) };
}

/** [id, time] of the completions. */
function completions(watched: Watched): [number, number][] {
  return only(watched, 'persisted').map(({ writeId, t }) => [writeId, t]);
}

function images({ seen }: Watched): (DurableImage | null)[] {
  return seen.flatMap(({ event }) => (event.kind === 'start' ? [event.image] : []));
}

/** One server; in its first life it does this at its start. */
function atFirstStart(disk: Partial<DiskPlan>, act: Script, sections: Partial<Plan> = {}): Watched {
  return watch(planOf({ cluster: one, disk, ...sections }), (event, out, me) => {
    if (event.kind === 'start' && me.boot === 0) act(event, out, me);
  });
}

function crashAt(atUs: number, keep: 'none' | 'all' = 'none', restartUs = 1_000): Fault {
  return at(atUs, { do: 'crash', node: 1, restartUs, keep });
}

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

describe('the image that a start brings', () => {
  test('is null while nothing was ever safe', () => {
    const watched = atFirstStart({}, (_, out) => out.persist(1, 'a', 0, append(1)), {
      faults: [crashAt(199)],
    });
    expect(images(watched)).toEqual([null, null]);
  });

  test.each<[string, Write[], readonly number[]]>([
    ['append', [append(1, 1), append(2)], [1, 1, 2]],
    ['truncateFrom', [append(1, 2, 3, 4), { kind: 'truncateFrom', index: 3 }], [1, 2]],
    ['truncateFrom all', [append(1, 2), { kind: 'truncateFrom', index: 1 }], []],
    ['truncateFrom beyond', [append(1, 2), { kind: 'truncateFrom', index: 4 }], [1, 2]],
    [
      'overwrite keeps the tail',
      [append(1, 1, 1, 1), { kind: 'overwrite', index: 2, entries: [entry(2), entry(3)] }],
      [1, 2, 3, 1],
    ],
    [
      'overwrite grows the log',
      [append(1, 1), { kind: 'overwrite', index: 2, entries: [entry(2), entry(3)] }],
      [1, 2, 3],
    ],
  ])('holds what was written: %s', (_, writes, terms) => {
    const act: Script = (__, out) => {
      writes.forEach((write, i) => {
        out.persist(i + 1, 'log', 0, write);
      });
    };
    const [first, second] = images(atFirstStart({}, act, { faults: [crashAt(5_000)] }));
    expect(first).toBeNull();
    const entries = terms.map(entry);
    expect(second).toEqual({ currentTerm: 0, votedFor: 0, firstIndex: 1, entries });
  });

  test('holds the last hard state, term and vote together', () => {
    const act: Script = (_, out) => {
      out.persist(1, 'a', 0, hardState(3, 2));
      out.persist(2, 'a', 0, hardState(4, 0));
    };
    const [, early] = images(atFirstStart({}, act, { faults: [crashAt(399)] }));
    expect(early).toEqual({ currentTerm: 3, votedFor: 2, firstIndex: 1, entries: [] });
    const [, late] = images(atFirstStart({}, act, { faults: [crashAt(401)] }));
    expect(late).toEqual({ currentTerm: 4, votedFor: 0, firstIndex: 1, entries: [] });
  });

  test('is that of the plan at the first boot, and grows from there', () => {
    const log = [
      { term: 1, op: null },
      { term: 2, op: 'put x0 1' },
    ];
    const plan = { images: [{ node: 1, currentTerm: 2, votedFor: 1, log }] };
    const act: Script = (_, out) => out.persist(1, 'log', 0, append(2));
    const watched = atFirstStart({}, act, { ...plan, faults: [crashAt(5_000)] });
    const [first, second] = images(watched);
    const entries = [entry(1), { term: 2, command: { clientId: 0, seq: 20_002, op: 'put x0 1' } }];
    expect(first).toEqual({ currentTerm: 2, votedFor: 1, firstIndex: 1, entries });
    expect(second).toEqual({ ...first, entries: [...entries, entry(2)] });
    const prepared = only(watched, 'prepared');
    expect(prepared).toEqual([{ t: 0, k: 'prepared', n: 1, currentTerm: 2, votedFor: 1, entries }]);
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

test('after the heal no write takes longer than a message may', () => {
  const config = { ...planOf().cluster.config, electionMsMin: 20, electionMsMax: 40 };
  const watched = watch(
    planOf({
      cluster: { size: 1, config: { ...config, heartbeatMs: 8 } },
      disk: { latencyUsMin: 1_000, latencyUsMax: 9_000 },
      phases: { chaosUs: 500_000, settle: true },
    }),
    (event, out) => {
      if (event.kind === 'start') out.persist(1, 'log', 0, append(1));
      if (event.kind === 'persisted') out.persist(event.id + 1, 'log', 0, append(1));
    },
  );
  const ends = completions(watched).map(([, t]) => t);
  const took = ends.slice(1).map((t, i) => ({ t, us: t - ends[i]! }));
  const chaos = took.filter(({ t }) => t < 500_000).map(({ us }) => us);
  const healed = took.filter(({ t }) => t > 510_000).map(({ us }) => us);
  expect(Math.max(...chaos)).toBeGreaterThan(8_000);
  expect(healed.length).toBeGreaterThan(100);
  expect(Math.max(...healed)).toBeLessThanOrEqual(3_000);
  expect(Math.max(...healed)).toBeGreaterThan(2_900);
  expect(Math.min(...healed)).toBeGreaterThanOrEqual(1_000);
  expect(Math.min(...healed)).toBeLessThan(1_100);
});
