import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkHistory, DEFAULT_CHECK } from '../../../invariants/linearizability/check-history.ts';
import type { Operation } from '../../../invariants/linearizability/history.ts';
import { carryOut, isLinearizable } from './brute-force.ts';

/** "1-4 put x 1 -> ok": called at 1, returned at 4. "2- put x 1 -> info" was never answered. */
function history(...lines: readonly string[]): Operation[] {
  return lines.map((line, i) => {
    const [, from, to, op, outcome, value] = /^(\d+)-(\d*) (.*) -> (ok|fail|info)(?: (.*))?$/.exec(
      line,
    )!;
    return {
      name: `#${i + 1}`,
      op: op!,
      invokedUs: Number(from),
      returnedUs: to === '' ? Number.POSITIVE_INFINITY : Number(to),
      outcome: outcome as Operation['outcome'],
      value: value ?? null,
    };
  });
}

function verdictOf(operations: readonly Operation[]): string {
  return checkHistory(operations, DEFAULT_CHECK).verdict;
}

const good: Record<string, string[]> = {
  'nothing at all': [],
  'a read of what was written before': ['1-2 put x 1 -> ok', '3-4 get x -> ok 1'],
  'reads beside a write, in any order that stays': [
    '1-9 put x 1 -> ok',
    '2-3 get x -> ok',
    '4-5 get x -> ok 1',
  ],
  'two writes at once, seen in either order': [
    '1-5 put x 1 -> ok',
    '1-5 put x 2 -> ok',
    '6-7 get x -> ok 1',
  ],
  'a return and a call at the same moment: nobody knows which was first': [
    '1-3 put x 1 -> ok',
    '3-4 get x -> ok',
  ],
  'a write of which nobody knows, seen much later': [
    '1- put x 1 -> info',
    '2-3 put x 2 -> ok',
    '4-5 get x -> ok 2',
    '6-7 get x -> ok 1',
  ],
  'a write of which nobody knows, never seen': ['1- put x 1 -> info', '2-3 get x -> ok'],
  'a read that nobody got': ['1- get x -> info', '2-3 put x 1 -> ok'],
  'a write that failed, not seen': ['1-2 put x 1 -> fail', '3-4 get x -> ok'],
  'swaps one after the other': [
    '1-2 put x 1 -> ok',
    '3-4 cas x 1 2 -> ok swapped',
    '5-6 cas x 1 3 -> ok found 2',
    '7-8 get x -> ok 2',
    '9-10 cas y 1 2 -> ok missing',
  ],
  'a swap of which nobody knows made another one fail': [
    '1-2 put x 1 -> ok',
    '3- cas x 1 2 -> info',
    '4-5 cas x 1 3 -> ok found 2',
  ],
  'a chain of swaps of which nobody knows, seen at its end': [
    '1-2 put x 0 -> ok',
    '3- cas x 0 1 -> info',
    '3- cas x 1 2 -> info',
    '3- cas x 2 3 -> info',
    '4-5 get x -> ok 3',
  ],
  'a value that ended, of which nobody knows that it was written': [
    '1- putttl x 5 1 -> info',
    '2-3 put x 2 -> ok',
    '4-5 get x -> ok',
  ],
  'a range that saw one write and not the other': [
    '1-9 put x 1 -> ok',
    '1-9 put y 2 -> ok',
    '2-3 range a z -> ok [["y","2"]]',
  ],
  'keys that nobody binds together, each in an order of its own': [
    '1-9 put x 1 -> ok',
    '1-9 put y 1 -> ok',
    '2-3 get x -> ok 1',
    '4-5 get y -> ok',
  ],
  'a value whose time is up': [
    '1-2 putttl x 5 1 -> ok',
    '3-4 get x -> ok 1',
    '5-6 get x -> ok',
    '7-8 cas x 1 2 -> ok missing',
  ],
  'a value that ended under a range': [
    '1-2 putttl x 5 1 -> ok',
    '1-2 put y 2 -> ok',
    '3-4 range a z -> ok [["y","2"]]',
  ],
};

const bad: Record<string, string[]> = {
  'stale read': ['1-2 put x 1 -> ok', '3-4 put x 2 -> ok', '5-6 get x -> ok 1'],
  'lost update': ['1-2 put x 1 -> ok', '3-4 get x -> ok'],
  'read of the future': ['1-2 get x -> ok 1', '3-4 put x 1 -> ok'],
  'read of nothing': ['1-2 get x -> ok 7'],
  'reads that go back': ['1-9 put x 1 -> ok', '2-3 get x -> ok 1', '4-5 get x -> ok'],
  'a write that failed and was seen': ['1-2 put x 1 -> fail', '3-4 get x -> ok 1'],
  'a swap that lies': ['1-2 put x 1 -> ok', '3-4 cas x 1 2 -> ok found 1'],
  'a swap that cannot have happened': ['1-2 put x 1 -> ok', '3-4 cas x 2 3 -> ok swapped'],
  'two swaps of one value': [
    '1-2 put x 1 -> ok',
    '3-9 cas x 1 2 -> ok swapped',
    '3-9 cas x 1 3 -> ok swapped',
  ],
  'a swap that happened twice': [
    '1-2 put x 1 -> ok',
    '3- cas x 1 2 -> info',
    '4-5 get x -> ok 2',
    '6-7 put x 1 -> ok',
    '8-9 get x -> ok 2',
  ],
  'two readers that see two writes in two orders': [
    '1-20 put x 1 -> ok',
    '1-20 put x 2 -> ok',
    '2-3 get x -> ok 1',
    '4-5 get x -> ok 2',
    '6-7 get x -> ok 1',
  ],
  'ranges that see two keys in two orders': [
    '1-20 put x 1 -> ok',
    '1-20 put y 2 -> ok',
    '2-9 range a z -> ok [["x","1"]]',
    '2-9 range a z -> ok [["y","2"]]',
  ],
  'a range that is older than what was read before': [
    '1-2 put x 1 -> ok',
    '3-4 put y 2 -> ok',
    '5-6 range a z -> ok [["x","1"]]',
  ],
  'keys in an order that a range forbids': [
    '1-20 put x 1 -> ok',
    '1-20 put y 2 -> ok',
    '2-3 range a z -> ok [["x","1"]]',
    '4-5 get y -> ok 2',
    '6-7 range a z -> ok [["x","1"]]',
  ],
  'a value that came back after its time': [
    '1-2 putttl x 5 1 -> ok',
    '3-4 get x -> ok',
    '5-6 get x -> ok 1',
  ],
  'a value that ended before one was written that may end': [
    '1-2 put x 2 -> ok',
    '3-4 get x -> ok',
    '5- putttl x 5 1 -> info',
  ],
  'a value that ended and had no end': ['1-2 put x 1 -> ok', '3-4 get x -> ok'],
  'a write that answers': ['1-2 put x 1 -> ok 1'],
  'a range that is none': ['1-2 range a z -> ok nonsense'],
  'a range out of order': [
    '1-2 put x 1 -> ok',
    '1-2 put y 2 -> ok',
    '3-4 range a z -> ok [["y","2"],["x","1"]]',
  ],
};

describe('a good history', () => {
  test.each(Object.entries(good))('%s', (_, lines) => {
    const operations = history(...lines);
    expect(checkHistory(operations, DEFAULT_CHECK)).toMatchObject({
      verdict: 'linearizable',
      anomaly: [],
    });
    expect(isLinearizable(operations)).toBe(true);
  });
});

describe('a bad history', () => {
  test.each(Object.entries(bad))('%s', (_, lines) => {
    const operations = history(...lines);
    const { verdict, anomaly } = checkHistory(operations, DEFAULT_CHECK);
    expect(verdict).toBe('not-linearizable');
    expect(isLinearizable(operations)).toBe(false);
    expect(anomaly.length).toBeGreaterThan(0);
    for (const operation of anomaly) expect(operations).toContain(operation);
  });
});

describe('the anomaly', () => {
  const noise = (from: number): string[] =>
    Array.from({ length: 40 }, (_, i) => {
      const at = from + 10 * i;
      return i % 2 === 0
        ? `${at}-${at + 15} put ${i % 4 === 0 ? 'x' : 'y'} n${from + i} -> ok`
        : `${at}-${at + 3} get z -> ok`;
    });

  test('is what cannot be ordered, and no more', () => {
    const operations = history(
      ...noise(1_000),
      '2000-2001 put x a -> ok',
      '2002-2003 put x b -> ok',
      '2004-2005 get x -> ok a',
      ...noise(3_000),
    );
    const { anomaly } = checkHistory(operations, DEFAULT_CHECK);
    expect(anomaly.map(({ op }) => op)).toEqual(['put x a', 'put x b', 'get x']);
  });

  test('keeps what explains a value, so that it is no riddle', () => {
    const { anomaly } = checkHistory(
      history('1-2 put x 1 -> ok', '3-4 cas x 1 2 -> ok swapped', '5-6 get x -> ok 1'),
      DEFAULT_CHECK,
    );
    expect(anomaly.map(({ op }) => op)).toEqual(['put x 1', 'cas x 1 2', 'get x']);
  });
});

describe('where the beginning is not known', () => {
  const unknown = { ...DEFAULT_CHECK, initial: 'unknown' } as const;

  test('the first answer may be any, and binds those that follow', () => {
    const first = ['1-2 get x -> ok 7', '3-4 cas y 1 2 -> ok swapped', '5-6 get y -> ok 2'];
    expect(checkHistory(history(...first), unknown).verdict).toBe('linearizable');
    const then = history(...first, '7-8 get x -> ok');
    // It may have been a value that ends.
    expect(checkHistory(then, unknown).verdict).toBe('linearizable');
    const other = history(...first, '7-8 get x -> ok 8');
    expect(checkHistory(other, unknown).verdict).toBe('not-linearizable');
  });
});

describe('the budget', () => {
  /** Many writes at once of values that are read in an order that takes long to find. */
  function hard(count: number): Operation[] {
    const writes = Array.from({ length: count }, (_, i) => `1-900 put x ${i} -> ok`);
    const reads = Array.from({ length: count }, (_, i) => {
      const at = 1_000 + 10 * i;
      return `${at}-${at + 5} get x -> ok ${(i * 7) % count}`;
    });
    return history(...writes, ...reads);
  }

  test('is kept, and then nobody knows', () => {
    const judged = checkHistory(hard(24), { ...DEFAULT_CHECK, stepsMax: 200 });
    expect(judged.verdict).toBe('unknown');
    expect(judged.steps).toBeLessThanOrEqual(201);
  });

  test('is not needed for more open operations than can be told apart', () => {
    expect(checkHistory(hard(60), DEFAULT_CHECK).verdict).toBe('unknown');
  });
});

/** Operations of three clients on a real store, with answers that are then perhaps changed. */
const randomHistory = fc
  .record({
    operations: fc.array(
      fc.record({
        client: fc.nat(2),
        kind: fc.constantFrom('get', 'put', 'cas', 'putttl', 'range', 'get', 'put', 'cas'),
        key: fc.nat(1),
        expected: fc.nat(5),
        thinkUs: fc.nat(6),
        takesUs: fc.integer({ min: 1, max: 20 }),
        /** When it takes effect, as a share of its time. */
        luck: fc.nat(10),
        fate: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'info', 'lost', 'fail'),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    lie: fc.option(fc.record({ at: fc.nat(5), value: fc.nat(5) })),
  })
  .map(({ operations, lie }) => {
    const clocks = [0, 0, 0];
    const planned = operations.map((one, i) => {
      const invokedUs = clocks[one.client]! + one.thinkUs;
      const returnedUs = invokedUs + one.takesUs;
      clocks[one.client] = returnedUs + 1;
      const key = `k${one.key}`;
      const args: Record<string, string> = {
        get: key,
        put: `${key} ${i}`,
        cas: `${key} ${one.expected} ${i}`,
        putttl: `${key} 5 ${i}`,
        range: 'k0 k1',
      };
      const op = `${one.kind} ${args[one.kind]}`;
      const effectUs = invokedUs + (one.takesUs * one.luck) / 10;
      return { op, invokedUs, returnedUs, effectUs, fate: one.fate, name: `#${i}` };
    });
    let store: Parameters<typeof carryOut>[1] = new Map();
    const answers = new Map<string, string | null>();
    for (const one of [...planned].sort((a, b) => a.effectUs - b.effectUs)) {
      if (one.fate === 'lost' || one.fate === 'fail') continue;
      const { answer, next } = carryOut(one.op, store);
      store = next;
      answers.set(one.name, answer);
    }
    return planned.map(({ op, invokedUs, returnedUs, fate, name }, i): Operation => {
      const outcome = fate === 'ok' ? 'ok' : fate === 'fail' ? 'fail' : 'info';
      const isLie = lie !== null && lie.at === i && op.startsWith('get');
      const value = isLie ? String(lie.value) : (answers.get(name) ?? null);
      return {
        name,
        op,
        invokedUs,
        returnedUs: outcome === 'ok' ? returnedUs : Number.POSITIVE_INFINITY,
        outcome,
        value: outcome === 'ok' ? value : null,
      };
    });
  });

describe('against every order of every subset', () => {
  const found = { yes: 0, no: 0 };

  test('the verdict is the same', () => {
    fc.assert(
      fc.property(randomHistory, (operations) => {
        const expected = isLinearizable(operations);
        if (expected) found.yes += 1;
        else found.no += 1;
        // A write that may end and was never answered explains an absence more than once.
        const isLenient = operations.some(
          ({ op, outcome }) => op.startsWith('putttl') && outcome === 'info',
        );
        if (isLenient && !expected) return;
        expect(verdictOf(operations)).toBe(expected ? 'linearizable' : 'not-linearizable');
      }),
      { numRuns: 3_000 },
    );
    expect(found.yes).toBeGreaterThan(300);
    expect(found.no).toBeGreaterThan(100);
  });

  test('an anomaly cannot be ordered either, and is not more than it was found in', () => {
    fc.assert(
      fc.property(randomHistory, (operations) => {
        const { verdict, anomaly } = checkHistory(operations, DEFAULT_CHECK);
        if (verdict !== 'not-linearizable') return;
        for (const operation of anomaly) expect(operations).toContain(operation);
        expect(isLinearizable(anomaly)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });
});
