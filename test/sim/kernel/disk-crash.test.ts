/** What survives a crash: per stream a prefix, some of an append, and never before its `after`. */
import { describe, expect, test } from 'vitest';
import type { Write } from '../../../core/contract.ts';
import { type Keep, live } from './disk-lives.ts';
import { only, planOf, watch } from './probe.ts';

function append(count: number): Write {
  return {
    kind: 'append',
    entries: Array.from({ length: count }, () => ({ term: 1, command: null })),
  };
}

function hardState(currentTerm: number): Write {
  return { kind: 'hardState', currentTerm, votedFor: 0, commitIndex: 0 };
}

/** Server 1 issues these at its start and crashes before any is safe: what survives, per seed. */
function survivors(writes: readonly (readonly [string, number, Write])[], keep: Keep, seeds = 200) {
  const list = writes.map(([stream, after, write]) => ({ atMs: 0, stream, after, write }));
  const disk = { ...planOf().disk, latencyUsMin: 5_000, latencyUsMax: 5_000 };
  const found: string[] = [];
  for (let seed = 0; seed < seeds; seed += 1) {
    const lives = [{ writes: list, livesUs: 400, keep }];
    const watched = live(lives, { seed: String(seed), disk, phases: shortly });
    const [crash] = only(watched, 'crashed');
    found.push(crash!.survivors.map(({ writeId, kept }) => `${writeId}:${kept}`).join(' '));
  }
  return found;
}

const shortly = { ...planOf().phases, chaosUs: 1_000 };

/** Percent of each outcome. */
function shares(found: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of found.toSorted()) counts[each] = (counts[each] ?? 0) + 100 / found.length;
  return counts;
}

describe('of the writes that are not safe', () => {
  const three = [
    ['log', 0, append(1)],
    ['log', 0, append(1)],
    ['log', 0, append(1)],
  ] as const;

  test('none survives, or all', () => {
    expect(new Set(survivors(three, 'none', 20))).toEqual(new Set(['']));
    expect(new Set(survivors(three, 'all', 20))).toEqual(new Set(['1:-1 2:-1 3:-1']));
  });

  test('a drawn prefix of the stream survives, each length as often', () => {
    const found = shares(survivors(three, 'drawn', 400));
    expect(Object.keys(found)).toEqual(['', '1:-1', '1:-1 2:-1', '1:-1 2:-1 3:-1']);
    for (const percent of Object.values(found)) expect(Math.abs(percent - 25)).toBeLessThan(6);
  });

  test('each stream has its own prefix', () => {
    const found = shares(
      survivors(
        [
          ['a', 0, hardState(1)],
          ['b', 0, append(1)],
        ],
        'drawn',
        400,
      ),
    );
    expect(Object.keys(found)).toEqual(['', '1:-1', '1:-1 2:-1', '2:-1']);
    for (const percent of Object.values(found)) expect(Math.abs(percent - 25)).toBeLessThan(6);
  });

  test('an append that does not survive whole may survive in part', () => {
    const found = shares(
      survivors(
        [
          ['log', 0, append(4)],
          ['log', 0, append(1)],
        ],
        'drawn',
        400,
      ),
    );
    expect(Object.keys(found).sort()).toEqual(['', '1:-1', '1:-1 2:-1', '1:1', '1:2', '1:3']);
    for (const part of ['1:1', '1:2', '1:3']) expect(found[part]).toBeGreaterThan(4);
  });

  test('nothing but an append does, and no append of one entry', () => {
    const entries = [
      { term: 1, command: null },
      { term: 1, command: null },
    ];
    const overwrite: Write = { kind: 'overwrite', index: 1, entries };
    for (const write of [overwrite, append(1), hardState(1)]) {
      expect(new Set(survivors([['log', 0, write]], 'drawn', 60))).toEqual(new Set(['', '1:-1']));
    }
  });

  test('none survives the one that it comes after', () => {
    const writes = [
      ['a', 0, hardState(1)],
      ['b', 1, append(3)],
    ] as const;
    const found = shares(survivors(writes, 'drawn', 400));
    expect(Object.keys(found).sort()).toEqual(['', '1:-1', '1:-1 2:-1', '1:-1 2:1', '1:-1 2:2']);
  });

  test('all survive, in whatever order the streams were first used', () => {
    const writes = [
      ['b', 0, append(1)],
      ['a', 0, hardState(1)],
      ['b', 2, append(1)],
    ] as const;
    expect(new Set(survivors(writes, 'all', 5))).toEqual(new Set(['1:-1 2:-1 3:-1']));
  });
});

test('`after` holds from the first microsecond on, on the fastest disk', () => {
  const what = { do: 'crash', node: 1, restartUs: null, keep: 'drawn' } as const;
  const when = { on: 'write', node: 1, nth: 2, count: 1 } as const;
  const found = new Set<string>();
  for (let seed = 0; seed < 60; seed += 1) {
    const disk = { latencyUsMin: 0, latencyUsMax: 0 };
    const plan = planOf({ seed: String(seed), disk, phases: shortly, faults: [{ when, what }] });
    const watched = watch(plan, (event, out, { node }) => {
      if (event.kind !== 'start' || node !== 1) return;
      out.persist(1, 'a', 0, hardState(1));
      out.persist(2, 'b', 1, append(1));
    });
    const [crash] = only(watched, 'crashed');
    found.add(crash!.survivors.map(({ writeId }) => writeId).join());
  }
  expect([...found].sort()).toEqual(['', '1', '1,2']);
});
