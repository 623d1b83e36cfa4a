import { describe, expect, it } from 'vitest';
import { KeyValueStore } from '../../core/state-machine.ts';

function apply(store: KeyValueStore, ...ops: string[]): (string | null)[] {
  return ops.map((op, at) => store.apply({ clientId: 1, seq: at, op }));
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
    expect(apply(store, '', 'put', 'put x', 'delete x', 'PUT x 1')).toEqual(Array(5).fill(null));
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
      expect(store.apply(command)).toBe(null);
      expect(store.apply({ ...command, op: `get k${seq}` })).toBe(String(seq));
    }
  });
});
