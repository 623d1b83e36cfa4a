import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../core/messages.ts';
import { KeyValueStore } from '../../core/state-machine.ts';

function apply(store: KeyValueStore, ...ops: string[]): (string | null)[] {
  return ops.map((op, at) => store.apply({ clientId: 1, seq: at, op }, at + 1, 0));
}

/** One command in an entry that its leader stamped with this time. */
function applyAt(store: KeyValueStore, wallClock: number, op: string): string | null {
  return store.apply({ clientId: 1, seq: 1, op }, 1, wallClock);
}

describe('KeyValueStore', () => {
  it('puts and gets', () => {
    const store = new KeyValueStore();
    expect(apply(store, 'get x', 'put x 1', 'get x', 'put x 2', 'get x')).toEqual([
      null,
      null,
      '1',
      null,
      '2',
    ]);
  });

  it('takes a value with spaces, and an empty one', () => {
    const store = new KeyValueStore();
    expect(apply(store, 'put x a b c', 'get x', 'put y ', 'get y')).toEqual([
      null,
      'a b c',
      null,
      '',
    ]);
  });

  it('ignores what it does not know', () => {
    const store = new KeyValueStore();
    const strange = ['', 'put', 'put x', 'delete x', 'PUT x 1', 'cas x 1', 'range x', 'putttl x 5'];
    const times = ['putttl x 0 v', 'putttl x -5 v', 'putttl x 1.5 v', 'putttl x  v', 'register x'];
    const ops = [...strange, ...times];
    expect(apply(store, ...ops)).toEqual(Array(ops.length).fill(null));
    expect(store.contents()).toEqual([]);
  });

  it('lists its contents sorted by code units', () => {
    const store = new KeyValueStore();
    apply(store, 'put b 2', 'put a 1', 'put B 3', 'put a 4');
    expect(store.contents()).toEqual([
      ['B', '3'],
      ['a', '4'],
      ['b', '2'],
    ]);
  });

  it('gives the same results whatever was parsed before', () => {
    const store = new KeyValueStore();
    for (let seq = 0; seq < 200; seq += 1) {
      const command = { clientId: seq % 3, seq: seq % 5, op: `put k${seq} ${seq}` };
      expect(store.apply(command, 1, 0)).toBe(null);
      expect(store.apply({ ...command, op: `get k${seq}` }, 1, 0)).toBe(String(seq));
    }
  });

  it('swaps what is as expected, and says what else it has found', () => {
    const store = new KeyValueStore();
    const ops = ['cas x 1 2', 'put x 1', 'cas x 1 2 3', 'cas x 1 4', 'get x'];
    expect(apply(store, ...ops)).toEqual(['missing', null, 'swapped', 'found 2 3', '2 3']);
    expect(apply(store, 'put y ', 'cas y 1 2', 'cas y  2', 'get y')).toEqual([
      null,
      'found ',
      'swapped',
      '2',
    ]);
  });

  it('reads a range as one text, both ends included', () => {
    const store = new KeyValueStore();
    apply(store, 'put b 2', 'put a 1', 'put d "4"', 'put c 3 3');
    expect(apply(store, 'range b d', 'range e f', 'range a a')).toEqual([
      '[["b","2"],["c","3 3"],["d","\\"4\\""]]',
      '[]',
      '[["a","1"]]',
    ]);
  });
});

describe('logged time', () => {
  it('ends a value when the entries have reached it', () => {
    const store = new KeyValueStore();
    applyAt(store, 100, 'putttl x 50 v');
    expect(applyAt(store, 149, 'get x')).toBe('v');
    expect(applyAt(store, 150, 'get x')).toBe(null);
    expect(store.contents()).toEqual([]);
  });

  it('never goes back: a new leader may be behind the old one', () => {
    const store = new KeyValueStore();
    applyAt(store, 100, 'put y 1');
    applyAt(store, 20, 'putttl x 50 v');
    expect(applyAt(store, 149, 'get x')).toBe('v');
    expect(applyAt(store, 150, 'cas x v w')).toBe('missing');
  });

  it('does not go on where time is not logged', () => {
    const store = new KeyValueStore();
    expect(apply(store, 'putttl x 1 v', 'get x')).toEqual([null, 'v']);
  });

  it.each(['put x w', 'cas x v w'])('%s writes a value that stays', (op) => {
    const store = new KeyValueStore();
    applyAt(store, 100, 'putttl x 50 v');
    applyAt(store, 120, op);
    expect(applyAt(store, 1_000, 'get x')).toBe('w');
  });

  it('counts from the newest write', () => {
    const store = new KeyValueStore();
    applyAt(store, 100, 'putttl x 50 v');
    applyAt(store, 140, 'putttl x 50 w');
    expect(applyAt(store, 189, 'get x')).toBe('w');
    expect(applyAt(store, 190, 'range a z')).toBe('[]');
  });
});

describe('query', () => {
  it('answers as apply does, and changes nothing', () => {
    const store = new KeyValueStore();
    applyAt(store, 100, 'put x 1');
    const before = store.snapshot();
    const query = (op: string) => store.query({ clientId: 1, seq: 9, op });
    expect(['get x', 'get y', 'range a z'].map(query)).toEqual(['1', null, '[["x","1"]]']);
    expect(['put x 2', 'cas x 1 2', 'register', 'putttl x 5 2'].map(query)).toEqual(
      Array(4).fill(null),
    );
    expect(store.snapshot()).toBe(before);
  });
});

describe('snapshot', () => {
  it('is the same text for the same state', () => {
    const [store, other] = [new KeyValueStore(), new KeyValueStore()];
    apply(store, 'put b 2', 'put a 1');
    apply(other, 'put a 1', 'putttl b 5 x', 'cas b x 2');
    expect(store.snapshot()).toBe(other.snapshot());
  });

  it('holds everything: who goes on from it behaves like who was always there', () => {
    const op = fc.oneof(
      fc.tuple(fc.constant('put'), fc.nat(2), fc.nat(3)).map(([, k, v]) => `put k${k} ${v}`),
      fc.tuple(fc.nat(2), fc.nat(3), fc.nat(3)).map(([k, a, b]) => `cas k${k} ${a} ${b}`),
      fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 60 })).map(([k, t]) => `putttl k${k} ${t} t`),
      fc.constantFrom('range k0 k1', 'get k1', 'register'),
    );
    const step = fc.record({
      op,
      elapsed: fc.nat(30),
      seq: fc.integer({ min: 1, max: 6 }),
      /** 0: none; else the index of an earlier command, perhaps a registration. */
      session: fc.nat(5),
      lag: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(40), (steps, cut) => {
        const store = new KeyValueStore(80);
        let copy = new KeyValueStore(80);
        let wallClock = 0;
        steps.forEach(({ op, elapsed, seq, session, lag }, i) => {
          wallClock += elapsed;
          const plain = { clientId: 1, seq, op };
          const bound = { ...plain, session, answeredBelow: Math.max(0, seq - lag) };
          const command: Command = session === 0 || op === 'register' ? plain : bound;
          if (i === cut) {
            copy = new KeyValueStore(80);
            copy.restore(store.snapshot());
          }
          const answer = store.apply(command, i + 1, wallClock);
          expect(copy.apply(command, i + 1, wallClock)).toBe(answer);
        });
        expect(copy.snapshot()).toBe(store.snapshot());
      }),
    );
  });
});
