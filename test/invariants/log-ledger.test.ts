/** The tree of logs against plain arrays. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogImage } from '../../invariants/ledgers/log-image.ts';
import { type LogId, LogLedger } from '../../invariants/ledgers/log-ledger.ts';

interface Pair {
  readonly term: number;
  readonly payload: number;
}

const pair = fc.record({
  term: fc.integer({ min: 1, max: 3 }),
  // A command, a no-op, or a configuration.
  payload: fc.integer({ min: -3, max: 2 }),
});
const logs = fc.array(fc.array(pair, { maxLength: 6 }), { minLength: 2, maxLength: 12 });

function intern(ledger: LogLedger, log: readonly Pair[]): LogId {
  return log.reduce((id, { term, payload }) => ledger.child(id, term, payload), 0);
}

function prefixLength(a: readonly Pair[], b: readonly Pair[]): number {
  let length = 0;
  while (length < Math.min(a.length, b.length)) {
    const [x, y] = [a[length]!, b[length]!];
    if (x.term !== y.term || x.payload !== y.payload) break;
    length += 1;
  }
  return length;
}

describe('the ledger of logs', () => {
  test('gives equal ids to equal prefixes, and only to them', () => {
    fc.assert(
      fc.property(logs, (arrays) => {
        const ledger = new LogLedger();
        const ids = arrays.map((log) => intern(ledger, log));
        for (let a = 0; a < arrays.length; a += 1) {
          for (let b = 0; b < arrays.length; b += 1) {
            const common = prefixLength(arrays[a]!, arrays[b]!);
            for (let index = 0; index <= 6; index += 1) {
              const x = ledger.ancestorAt(ids[a]!, index);
              const y = ledger.ancestorAt(ids[b]!, index);
              expect(x).toBe(index > arrays[a]!.length ? -1 : x);
              if (x >= 0 && y >= 0) expect(x === y).toBe(index <= common);
            }
          }
        }
      }),
    );
  });

  test('remembers what it was given', () => {
    fc.assert(
      fc.property(logs, (arrays) => {
        const ledger = new LogLedger();
        for (const log of arrays) {
          const id = intern(ledger, log);
          expect(ledger.indexOf(id)).toBe(log.length);
          const entries = log.map((_, i) => ledger.ancestorAt(id, i + 1));
          expect(
            entries.map((at) => ({ term: ledger.termOf(at), payload: ledger.payloadOf(at) })),
          ).toEqual(log);
        }
      }),
    );
  });

  test('knows the newest configuration of every log, and the ones before it', () => {
    fc.assert(
      fc.property(logs, (arrays) => {
        const ledger = new LogLedger();
        for (const log of arrays) {
          const id = intern(ledger, log);
          const held = log.flatMap(({ payload }, i) => (payload < 0 ? [[i + 1, ~payload]] : []));
          const chain: number[][] = [];
          let era = ledger.eraOf(id);
          for (; era !== 0; era = ledger.eras.previousOf(era)) {
            chain.unshift([ledger.eras.firstIndexOf(era), ledger.eras.configurationOf(era)]);
            expect(ledger.eras.firstOf(era)).toBe(ledger.ancestorAt(id, chain[0]![0]!));
          }
          expect(chain).toEqual(held);
          expect(ledger.configurationOf(id)).toBe(held.at(-1)?.[1] ?? 0);
        }
      }),
    );
  });

  test('finds rivals: same index and term, another log', () => {
    fc.assert(
      fc.property(logs, (arrays) => {
        const ledger = new LogLedger();
        const ids = arrays.map((log) => intern(ledger, log));
        const all = arrays.flatMap((log) => log.map((_, i) => log.slice(0, i + 1)));
        for (let a = 0; a < arrays.length; a += 1) {
          const log = arrays[a]!;
          if (log.length === 0) continue;
          const hasRival = all.some((other) => {
            const isSamePlace =
              other.length === log.length && other.at(-1)!.term === log.at(-1)!.term;
            return isSamePlace && prefixLength(other, log) < log.length;
          });
          expect(ledger.rivalOf(ids[a]!) !== 0).toBe(hasRival);
        }
      }),
    );
  });

  test('compares logs as voters do', () => {
    const ledger = new LogLedger();
    const short = intern(ledger, [{ term: 2, payload: 0 }]);
    const long = intern(ledger, [
      { term: 1, payload: 0 },
      { term: 1, payload: 1 },
    ]);
    expect(ledger.isUpToDate(short, long)).toBe(true);
    expect(ledger.isUpToDate(long, short)).toBe(false);
    expect(ledger.isUpToDate(long, 0)).toBe(true);
    expect(ledger.isUpToDate(0, long)).toBe(false);
    expect(ledger.isUpToDate(long, long)).toBe(true);
    expect(ledger.find(1, 2)).toBe(short);
    expect(ledger.find(2, 2)).toBe(-1);
  });
});

describe('the image of a log', () => {
  test('follows an array through appends, truncations and replacements', () => {
    const write = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), entry: pair }),
      fc.record({ kind: fc.constant('cut' as const), last: fc.nat(6) }),
      fc.record({ kind: fc.constant('become' as const), log: fc.array(pair, { maxLength: 8 }) }),
    );
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        const ledger = new LogLedger();
        const image = new LogImage();
        let array: Pair[] = [];
        for (const step of writes) {
          if (step.kind === 'push') {
            array = [...array, step.entry];
            image.push(ledger.child(image.tip, step.entry.term, step.entry.payload));
          } else if (step.kind === 'cut') {
            array = array.slice(0, step.last);
            image.cut(step.last);
          } else {
            const tip = intern(ledger, step.log);
            expect(image.commonPrefixWith(ledger, tip)).toBe(prefixLength(array, step.log));
            array = step.log;
            image.become(ledger, tip);
          }
          expect(image.last).toBe(array.length);
          for (let index = 0; index <= array.length; index += 1) {
            expect(image.at(index)).toBe(intern(ledger, array.slice(0, index)));
          }
          expect(image.at(array.length + 1)).toBe(-1);
        }
      }),
    );
  });

  test('agrees with another as far as their arrays do', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 9 }), fc.array(pair, { maxLength: 9 }), (a, b) => {
        const ledger = new LogLedger();
        const [x, y] = [new LogImage(), new LogImage()];
        x.become(ledger, intern(ledger, a));
        y.become(ledger, intern(ledger, b));
        expect(x.commonPrefix(y)).toBe(prefixLength(a, b));
      }),
    );
  });
});
