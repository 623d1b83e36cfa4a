import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionSchema } from '../../../sim/protocol/actions.ts';
import { asItIs, plainAction } from '../../../sim/protocol/plain-action.ts';

const server = fc.constantFrom('n1', 'n2', 'n7');
const place = fc.constantFrom(1, 2, 77);
const count = fc.constantFrom(0, 1, 77);
const ms = fc.constantFrom(0, 50, 300, 100_000_000);
const name = fc.constantFrom('a', 'election', 'x'.repeat(100));
const json = fc.jsonValue({ maxDepth: 2 });
const text = fc.constantFrom('', 'put x 1 c1.1');
const may = { requiredKeys: [] };

const write = fc.oneof(
  fc.record({ put: fc.dictionary(fc.constantFrom('a', 'b'), json) }),
  fc.record({ append: fc.array(json, { maxLength: 3 }) }),
  fc.record({ truncateFrom: place }),
  fc.record({ overwrite: fc.record({ index: place, entries: fc.array(json, { maxLength: 2 }) }) }),
  fc.record({ compactTo: place }),
);
type Fields = Record<string, fc.Arbitrary<unknown>>;
const of = (kind: string, must: Fields, mayHave: Fields = {}) =>
  fc
    .tuple(fc.record(must), fc.record(mayHave, may))
    .map(([first, second]): object => ({ kind, ...first, ...second }));

const right = fc.oneof(
  of('send', { to: server, body: json }, { about: json }),
  of('setTimer', { name, minMs: ms }, { maxMs: fc.constant(100_000_000) }),
  of('cancelTimer', { name }),
  of('persist', { id: place, write }, { stream: name, after: count }),
  of('apply', { op: text }, { index: count, skipped: fc.boolean() }),
  of('takeSnapshot', { index: count }),
  of('restore', { index: count, ref: text }),
  of(
    'respond',
    { id: text, outcome: fc.constantFrom('ok', 'redirect', 'rejected', 'unknown') },
    { value: fc.option(text), hint: fc.option(server) },
  ),
  of('claim', { role: fc.constantFrom('follower', 'candidate', 'leader'), term: count }),
  of('halt', { reason: text }),
  of('note', { note: json }),
);

/** One field of it is another value, is gone, or is there though it should not. */
const bent = fc
  .tuple(
    right,
    fc.nat(20),
    fc.constantFrom<unknown>(
      undefined,
      null,
      -1,
      0,
      1.5,
      2 ** 53,
      '',
      'n8',
      'x'.repeat(1_001),
      [],
      {},
      {
        append: 1,
      },
    ),
    fc.constantFrom('kind', 'stream', 'hint', 'extra', 'maxMs', ''),
  )
  .map(([action, at, value, extra]) => {
    const copy: Record<string, unknown> = { ...action };
    const keys = Object.keys(copy);
    const key = extra === '' ? keys[at % keys.length]! : extra;
    if (value === undefined) delete copy[key];
    else copy[key] = value;
    return copy;
  });

/** What the schema makes of it; null when it does not take it, or a timer would end before it begins. */
function slowly(action: unknown): unknown {
  const { data } = actionSchema.safeParse(action);
  if (data === undefined) return null;
  if (data.kind === 'setTimer' && data.maxMs !== undefined && data.maxMs < data.minMs) return null;
  return data;
}

describe('the quick way for actions', () => {
  test('takes every action that is right, and makes of it what the schema does', () => {
    fc.assert(
      fc.property(right, (action) => {
        const plain = plainAction(action, asItIs);
        expect(plain).not.toBe(null);
        expect(plain).toEqual(slowly(action));
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });

  test('takes nothing that the schema does not', () => {
    let refused = 0;
    fc.assert(
      fc.property(bent, (action) => {
        const plain = plainAction(action, asItIs);
        if (plain === null) refused += 1;
        else expect(plain).toEqual(slowly(action));
      }),
      { numRuns: 6_000, seed: 2 },
    );
    expect(refused).toBeGreaterThan(2_000);
  });

  test('leaves what is no action to others', () => {
    for (const value of [null, 1, 'send', [], { kind: 'sends' }, {}]) {
      expect(plainAction(value, asItIs)).toBe(null);
    }
  });
});
