/** What a restarted server gets back from its disk. */
import { describe, expect, test } from 'vitest';
import type { DurableImage, Write } from '../../../core/contract.ts';
import type { Snapshot } from '../../../core/messages.ts';
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

const blank = {
  currentTerm: 0,
  votedFor: 0,
  firstIndex: 1,
  commitIndex: 0,
  entries: [],
  snapshot: null,
};

function compactTo(index: number): Write {
  return { kind: 'compactTo', index };
}

/** Server 1 makes these writes one after the other, and crashes: the image at its next start. */
function imageAfter(writes: readonly Write[]): DurableImage | null {
  const act: Script = (_, out) => {
    writes.forEach((write, i) => {
      out.persist(i + 1, 'log', 0, write);
    });
  };
  return images(atFirstStart({}, act, { faults: [crashAt(5_000)] }))[1]!;
}

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
    expect(second).toEqual({ ...blank, entries });
  });

  test('holds the last hard state: term, vote and commit index together', () => {
    const act: Script = (_, out) => {
      out.persist(1, 'a', 0, hardState(3, 2));
      out.persist(2, 'a', 0, hardState(4, 0, 5));
    };
    const [, early] = images(atFirstStart({}, act, { faults: [crashAt(399)] }));
    expect(early).toEqual({ ...blank, currentTerm: 3, votedFor: 2 });
    const [, late] = images(atFirstStart({}, act, { faults: [crashAt(401)] }));
    expect(late).toEqual({ ...blank, currentTerm: 4, commitIndex: 5 });
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
    expect(first).toEqual({ ...blank, currentTerm: 2, votedFor: 1, entries });
    expect(second).toEqual({ ...first, entries: [...entries, entry(2)] });
    const prepared = only(watched, 'prepared');
    expect(prepared).toEqual([{ t: 0, k: 'prepared', n: 1, currentTerm: 2, votedFor: 1, entries }]);
  });
});

describe('a log that is compacted', () => {
  test.each<[string, Write[], number, readonly number[]]>([
    ['loses the entries through the index', [append(1, 2, 3), compactTo(2)], 3, [3]],
    ['is empty and goes on behind its end', [append(1, 2), compactTo(2), append(4)], 3, [4]],
    ['begins behind an index beyond its end', [append(1, 2), compactTo(9)], 10, []],
    ['grows from there', [append(1), compactTo(9), append(2), append(3)], 10, [2, 3]],
    ['of a disk that never had one begins there too', [compactTo(3), append(7)], 4, [7]],
    ['never gets back what is gone', [append(1, 2, 3), compactTo(2), compactTo(1)], 3, [3]],
    ['keeps all at index 0', [append(1, 2), compactTo(0)], 1, [1, 2]],
  ])('%s', (_, writes, firstIndex, terms) => {
    expect(imageAfter(writes)).toEqual({ ...blank, firstIndex, entries: terms.map(entry) });
  });

  test.each<[string, Write, readonly number[]]>([
    ['truncated at its indexes', { kind: 'truncateFrom', index: 4 }, [3]],
    ['truncated before its begin', { kind: 'truncateFrom', index: 1 }, []],
    ['truncated behind its end', { kind: 'truncateFrom', index: 6 }, [3, 4, 5]],
    ['overwritten at its indexes', { kind: 'overwrite', index: 4, entries: [entry(8)] }, [3, 8, 5]],
    [
      'overwritten only where it still is',
      { kind: 'overwrite', index: 2, entries: [entry(7), entry(8)] },
      [8, 4, 5],
    ],
    ['overwritten not at all', { kind: 'overwrite', index: 1, entries: [entry(7)] }, [3, 4, 5]],
  ])('is %s', (_, write, terms) => {
    const image = imageAfter([append(1, 2, 3, 4, 5), compactTo(2), write]);
    expect(image).toEqual({ ...blank, firstIndex: 3, entries: terms.map(entry) });
  });
});

describe('a snapshot on disk', () => {
  const snapshotAt = (lastIncludedIndex: number): Snapshot => ({
    lastIncludedIndex,
    lastIncludedTerm: 1,
    configuration: { voters: [1], newVoters: null, learners: [] },
    data: `through ${lastIncludedIndex}`,
  });
  const act: Script = (_, out) => {
    out.persist(1, 'log', 0, append(1, 1, 1));
    out.persist(2, 'snapshot', 1, { kind: 'snapshot', snapshot: snapshotAt(2) });
    out.persist(3, 'log', 2, compactTo(2));
    out.persist(4, 'snapshot', 0, { kind: 'snapshot', snapshot: snapshotAt(3) });
  };
  const whole = { ...blank, entries: [entry(1), entry(1), entry(1)] };
  const compacted = { ...blank, firstIndex: 3, entries: [entry(1)] };

  test.each<[string, number, DurableImage | null]>([
    ['is not there before it is safe', 199, null],
    [
      'is there as a whole, before the log is compacted',
      201,
      { ...whole, snapshot: snapshotAt(2) },
    ],
    ['gives way to the next one', 401, { ...compacted, snapshot: snapshotAt(3) }],
  ])('%s', (_, crashUs, image) => {
    expect(images(atFirstStart({}, act, { faults: [crashAt(crashUs)] }))[1]).toEqual(image);
  });

  test('survives a crash whole or not at all, and the compaction never without it', () => {
    const found = new Set<string>();
    for (let seed = 0; seed < 200; seed += 1) {
      const faults = [at(100, { do: 'crash', node: 1, restartUs: 1_000, keep: 'drawn' })];
      const [, image] = images(atFirstStart({}, act, { seed: String(seed), faults }));
      found.add(`${image?.snapshot?.data ?? 'none'}, from ${image?.firstIndex ?? 1}`);
    }
    expect([...found].sort()).toEqual([
      'none, from 1',
      'through 2, from 1',
      'through 2, from 3',
      'through 3, from 1',
      'through 3, from 3',
    ]);
  });
});
