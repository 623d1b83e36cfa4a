/** What a restarted server gets back from its disk. */
import { describe, expect, test } from 'vitest';
import type { Write } from '../../../core/contract.ts';
import {
  append,
  atFirstStart,
  completions,
  crashAt,
  entry,
  hardState,
  images,
} from './disk-writes.ts';
import { at, only, type Script } from './probe.ts';

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
    expect(second).toEqual({ currentTerm: 0, votedFor: 0, firstIndex: 1, commitIndex: 0, entries });
  });

  test('holds the last hard state: term, vote and commit index together', () => {
    const act: Script = (_, out) => {
      out.persist(1, 'a', 0, hardState(3, 2));
      out.persist(2, 'a', 0, hardState(4, 0, 5));
    };
    const [, early] = images(atFirstStart({}, act, { faults: [crashAt(399)] }));
    expect(early).toEqual({
      currentTerm: 3,
      votedFor: 2,
      firstIndex: 1,
      commitIndex: 0,
      entries: [],
    });
    const [, late] = images(atFirstStart({}, act, { faults: [crashAt(401)] }));
    expect(late).toEqual({
      currentTerm: 4,
      votedFor: 0,
      firstIndex: 1,
      commitIndex: 5,
      entries: [],
    });
  });

  test('holds every one of a thousand writes, and what survived of those under way', () => {
    for (const crashUs of [51_001, 51_201, 51_401, 102_701, 153_901]) {
      const watched = atFirstStart(
        {},
        (_, out) => {
          for (let id = 1; id <= 1_000; id += 1) out.persist(id, 'log', 0, append(id));
        },
        { faults: [at(crashUs, { do: 'crash', node: 1, restartUs: 1, keep: 'drawn' })] },
      );
      const safe = completions(watched).length;
      const { length } = only(watched, 'crashed')[0]!.survivors;
      const [, image] = images(watched);
      expect(safe).toBe(Math.floor(crashUs / 200));
      expect(image!.entries.map(({ term }) => term)).toEqual(
        Array.from({ length: safe + length }, (_, i) => i + 1),
      );
    }
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
    expect(first).toEqual({ currentTerm: 2, votedFor: 1, firstIndex: 1, commitIndex: 0, entries });
    expect(second).toEqual({ ...first, entries: [...entries, entry(2)] });
    const prepared = only(watched, 'prepared');
    expect(prepared).toEqual([{ t: 0, k: 'prepared', n: 1, currentTerm: 2, votedFor: 1, entries }]);
  });
});
