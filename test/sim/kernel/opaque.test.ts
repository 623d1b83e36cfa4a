import { describe, expect, test } from 'vitest';
import { Digest } from '../../../sim/kernel/digest.ts';
import type { Fault } from '../../../sim/kernel/fault.ts';
import { opaqueMessage, opaqueWrite } from '../../../sim/kernel/opaque.ts';
import type { Json } from '../../../sim/protocol/json.ts';
import { type Answer, course, host } from '../adapters/fake-programs.ts';
import { at, only, planOf } from './probe.ts';

type On = Extract<Fault['when'], { on: string }>['on'];

/** The first server does this when it wakes, at 5 ms, and is crashed on the fact. */
function struckAt(on: On, count: number, actions: readonly unknown[], capabilities = {}): string[] {
  const answer: Answer = ({ kind }, { node, boot }) => {
    if (node !== 1 || boot !== 0) return [];
    if (kind === 'start') return [{ kind: 'setTimer', name: 'wake', minMs: 5 }];
    return kind === 'timer' ? actions : [];
  };
  const when = { on, node: 1, nth: 1, count } as const;
  const what = { do: 'crash', node: 0, keep: 'all', restartUs: null } as const;
  const hosted = host(
    planOf({ faults: [{ when, what }] }),
    { durability: 'explicit', claims: true, ...capabilities },
    answer,
  );
  return course(hosted, 1, 'claimed', 'persistIssued', 'sent', 'crashed').map((one) => {
    return one.slice(one.indexOf(' ') + 1);
  });
}

const claim = (role: string, term: number) => ({ kind: 'claim', role, term });
const append = (id: number, ...append: Json[]) => ({ kind: 'persist', id, write: { append } });
const send = { kind: 'send', to: 'n2', body: 1 };

describe('faults that wait for facts of opaque programs', () => {
  test('a candidate is known by its claim', () => {
    expect(struckAt('candidate', -1, [claim('candidate', 1), send])).toEqual([
      'claimed',
      'crashed',
    ]);
  });

  test('a leader by its claim, and by the entries that it appends then', () => {
    const actions = [append(1, 'before'), claim('leader', 1), append(2, 'a', 'b'), send];
    expect(struckAt('leader', 0, actions)).toEqual(['persistIssued 1', 'claimed', 'crashed']);
    const all = ['persistIssued 1', 'claimed', 'persistIssued 2', 'crashed'];
    expect(struckAt('leader', 2, actions)).toEqual(all);
    expect(struckAt('leader', 3, actions)).not.toContain('crashed');
  });

  test('who saves all of its state in a value appends with every put', () => {
    const put = (id: number) => ({ kind: 'persist', id, write: { put: { all: id } } });
    expect(struckAt('leader', 2, [claim('leader', 1), put(1), put(2), put(3)])).toEqual([
      'claimed',
      'persistIssued 1',
      'persistIssued 2',
      'crashed',
    ]);
  });

  test('a second reign by the claim of a later term', () => {
    const actions = [claim('leader', 1), claim('follower', 2), claim('leader', 3), send];
    expect(struckAt('leaderAgain', 0, actions)).toEqual([
      'claimed',
      'claimed',
      'claimed',
      'crashed',
    ]);
  });

  test('a truncation by its write', () => {
    const cut = { kind: 'persist', id: 2, write: { truncateFrom: 1 } };
    expect(struckAt('truncate', -1, [append(1, 'a'), cut, send])).toEqual([
      'persistIssued 1',
      'persistIssued 2',
      'crashed',
    ]);
  });

  test('no grant, success or snapshot is seen in a body', () => {
    const bodies = ['RequestVoteResponse', 'AppendEntriesResponse', 'InstallSnapshot'];
    const actions = bodies.map((kind) => ({
      kind: 'send',
      to: 'n2',
      body: { kind, term: 1, voteGranted: true, success: true, done: true },
    }));
    for (const on of ['voteGranted', 'success', 'snapshotSent'] as const) {
      expect(struckAt(on, 0, actions)).toEqual(['sent n2', 'sent n2', 'sent n2']);
    }
  });
});

describe('old messages of opaque programs', () => {
  /** n2 sends its boot and a number every 10 ms; n1 gets five old ones at 100 ms. */
  const exhumed = (
    of: 'earlierTerm' | 'earlierReign' | 'any',
    claims: readonly [number, object][],
  ) => {
    const answer: Answer = (event, { node }) => {
      if (event.kind !== 'start' && event.kind !== 'timer') return [];
      const actions: object[] = [{ kind: 'setTimer', name: 'tick', minMs: 10 }];
      for (const [atMs, what] of claims) if (node === 1 && atMs === event.now) actions.push(what);
      if (node === 2) actions.push({ kind: 'send', to: 'n1', body: event.now });
      return actions;
    };
    const faults = [at(105_000, { do: 'exhume', node: 1, of, count: 5, withinUs: 1 })];
    const hosted = host(planOf({ faults, phases: { chaosUs: 106_000 } }), { claims: true }, answer);
    const bodies = only(hosted, 'delivered').flatMap(({ n, t, body }) => {
      return n === 1 && t === 105_000 ? [(body as unknown as { body: number }).body] : [];
    });
    return bodies.sort((a, b) => a - b);
  };

  test('are all of an age where nobody claims anything', () => {
    expect(exhumed('earlierTerm', [])).toEqual([60, 70, 80, 90, 100]);
  });

  test('are as old as the newest claim when they were sent', () => {
    const claims: [number, object][] = [
      [30, claim('candidate', 1)],
      [40, claim('leader', 1)],
      [70, claim('candidate', 2)],
    ];
    expect(exhumed('earlierTerm', claims)).toEqual([20, 30, 40, 50, 60]);
    expect(exhumed('earlierReign', claims)).toEqual([30, 40, 50, 60]);
  });
});

describe('the digest of opaque bodies and writes', () => {
  const digestOf = (fold: (digest: Digest) => void) => {
    const digest = new Digest();
    fold(digest);
    return digest.toString();
  };
  const bodyDigest = (body: Json, about: Json | null = null) =>
    digestOf((digest) => digest.body(opaqueMessage(body, about)));

  test('tells values apart, and not the order of keys', () => {
    const values: Json[] = [
      null,
      true,
      false,
      0,
      1,
      1.5,
      '1',
      '',
      [],
      {},
      [1],
      [[1]],
      { a: 1 },
      { b: 1 },
      { a: '1' },
      [1, 2],
      [2, 1],
      2 ** 40,
    ];
    expect(new Set(values.map((value) => bodyDigest(value))).size).toBe(values.length);
    expect(bodyDigest({ a: 1, b: [2] })).toBe(bodyDigest({ b: [2], a: 1 }));
    expect(bodyDigest(1)).not.toBe(bodyDigest(1, 'one'));
  });

  test('tells streams and kinds of writes apart', () => {
    const writes = [{ put: { a: 1 } }, { append: [1] }, { truncateFrom: 1 }, { compactTo: 1 }];
    const digests = writes.flatMap((write) =>
      ['main', 'log'].map((stream) =>
        digestOf((digest) => digest.write(opaqueWrite(write), stream)),
      ),
    );
    expect(new Set(digests).size).toBe(8);
  });
});
