/** Blocked links, pinned decisions, and what is left of both after the heal. */
import { describe, expect, test } from 'vitest';
import type { Fault, PinnedDecision, Plan } from '../../../sim/kernel/plan.ts';
import { arrivals, at, mark, only, planOf, ticking, watch } from './probe.ts';

/** Everybody sends to everybody at 10 ms, 20 ms …; [from, to, ms] of what arrived. */
function talk(sections: Partial<Plan>) {
  const watched = watch(
    planOf({ phases: { ...planOf().phases, chaosUs: 105_500 }, ...sections }),
    ticking(10, (out, nth, { node }) => {
      for (const to of [1, 2, 3]) if (to !== node) out.send(to, mark(nth));
    }),
  );
  return {
    blocked: only(watched, 'blocked').map(({ t, links }) => [t / 1_000, ...links]),
    lost: (from: number, to: number) =>
      only(watched, 'sent')
        .filter(({ n, to: other, copies }) => n === from && other === to && copies === 0)
        .map(({ body }) => body.term),
    arrived: (from: number, to: number) =>
      arrivals(watched)
        .filter(({ n, from: other }) => other === from && n === to)
        .map(({ t, body }) => [body.term, t / 1_000 - body.term * 10]),
  };
}

function block(atMs: number, forMs: number | null, ...links: [number, number][]): Fault {
  return at(atMs * 1_000, { do: 'block', links, forUs: forMs === null ? null : forMs * 1_000 });
}

/** The links as facts name them. */
const [L12, L13, L21, L23, L31, L32] = [10, 11, 17, 19, 25, 26];

describe('a blocked link', () => {
  test('loses what is sent while it is blocked, one way, and nothing else', () => {
    const { lost, blocked } = talk({ faults: [block(25, 30, [1, 2])] });
    expect(lost(1, 2)).toEqual([3, 4, 5]);
    for (const [from, to] of [
      [2, 1],
      [1, 3],
      [3, 1],
      [2, 3],
      [3, 2],
    ] as const) {
      expect(lost(from, to)).toEqual([]);
    }
    expect(blocked).toEqual([[25, L12], [55]]);
  });

  test('lets arrive what was already under way', () => {
    const network = { ...planOf().network, latencyUsMin: 7_000, latencyUsMax: 7_000 };
    const { arrived } = talk({ network, faults: [block(21, 3, [1, 2]), block(31, 4, [1, 2])] });
    expect(arrived(1, 2).slice(0, 4)).toEqual([
      [1, 7],
      [2, 7],
      [3, 7],
      [4, 7],
    ]);
  });

  test('stays blocked until the last of several blocks has ended', () => {
    const faults = [block(15, 60, [1, 2]), block(25, 20, [1, 2], [3, 1]), block(55, 40, [1, 2])];
    const { lost, blocked } = talk({ faults });
    expect(lost(1, 2)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(lost(3, 1)).toEqual([3, 4]);
    expect(blocked).toEqual([[15, L12], [25, L12, L31], [45, L12], [55, L12], [75, L12], [95]]);
  });

  test('without an end stays blocked', () => {
    const { lost } = talk({ faults: [block(75, null, [2, 3])] });
    expect(lost(2, 3)).toEqual([8, 9, 10]);
  });

  test('is freed early by unblock, and an old end does not free a later block', () => {
    const faults = [
      block(5, 40, [1, 2], [1, 3]),
      at(25_000, { do: 'unblock' }),
      block(35, null, [1, 2]),
    ];
    const { lost, blocked } = talk({ faults });
    expect(lost(1, 2)).toEqual([1, 2, 4, 5, 6, 7, 8, 9, 10]);
    expect(lost(1, 3)).toEqual([1, 2]);
    expect(blocked).toEqual([[5, L12, L13], [25], [35, L12]]);
  });

  test.each([
    ['both', [L12, L21, L23, L32]],
    ['in', [L12, L32]],
    ['out', [L21, L23]],
  ] as const)('an isolated server: %s', (direction, links) => {
    const what = { do: 'isolate', node: 2, direction, peers: 0, forUs: 20_000 } as const;
    const { blocked, lost } = talk({ faults: [at(15_000, what)] });
    expect(blocked).toEqual([[15, ...links], [35]]);
    expect(lost(2, 1)).toEqual(direction === 'in' ? [] : [2, 3]);
    expect(lost(3, 2)).toEqual(direction === 'out' ? [] : [2, 3]);
    expect([...lost(1, 3), ...lost(3, 1)]).toEqual([]);
  });
});

type Fate = Partial<Pick<PinnedDecision, 'drop' | 'delayUs' | 'duplicateUs'>>;

/** About messages from 1 to 2. */
function pin(match: Partial<PinnedDecision['match']>, fate: Fate): PinnedDecision {
  return {
    match: { from: 1, to: 2, kind: 'RequestVoteResponse', term: null, nth: 1, ...match },
    drop: false,
    delayUs: null,
    duplicateUs: null,
    ...fate,
  };
}

describe('a pinned decision', () => {
  test('drops, delays or doubles the nth message that it matches', () => {
    const decisions = [
      pin({ nth: 2 }, { drop: true }),
      pin({ nth: 3 }, { delayUs: 5_000 }),
      pin({ nth: 4 }, { duplicateUs: 3_000 }),
      pin({ nth: 5 }, { delayUs: 2_000, duplicateUs: 4_000 }),
    ];
    const { arrived } = talk({ decisions });
    const expected = [
      [1, 1],
      [3, 5],
      [4, 1],
      [4, 3],
      [5, 2],
      [5, 4],
      [6, 1],
    ];
    expect(arrived(1, 2).slice(0, 7)).toEqual(expected);
    expect(arrived(2, 1).slice(0, 3)).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(arrived(1, 3).slice(0, 3)).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  test('matches by kind, by term, and every message for nth 0', () => {
    const decisions = [
      pin({ kind: 'AppendEntries', nth: 0 }, { drop: true }),
      pin({ term: 4 }, { drop: true }),
      pin({ term: 6, nth: 2 }, { drop: true }),
      pin({ from: 3, nth: 0 }, { drop: true }),
    ];
    const { lost } = talk({ decisions });
    expect(lost(1, 2)).toEqual([4]);
    expect(lost(3, 2)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('gives way to an earlier one that matches, and counts the message all the same', () => {
    const decisions = [
      pin({ nth: 2 }, {}),
      pin({ nth: 3 }, { delayUs: 2_000 }),
      pin({ nth: 4 }, { delayUs: 3_000 }),
      pin({ nth: 4 }, { delayUs: 9_000 }),
      pin({ nth: 0 }, { drop: true }),
    ];
    expect(talk({ decisions }).arrived(1, 2)).toEqual([
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
  });

  test('wins over loss, and never over a block', () => {
    const network = { ...planOf().network, lossPpm: 1_000_000 };
    const decisions = [pin({ nth: 0 }, { duplicateUs: 2_000 }), pin({ to: 3, nth: 0 }, {})];
    const { arrived, lost } = talk({ network, decisions, faults: [block(15, null, [1, 2])] });
    expect(arrived(1, 2)).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(arrived(1, 3).length).toBe(10);
    expect(lost(2, 1).length).toBe(10);
  });

  test('that drops and doubles drops', () => {
    const { lost } = talk({ decisions: [pin({ nth: 3 }, { drop: true, duplicateUs: 3_000 })] });
    expect(lost(1, 2)).toEqual([3]);
  });
});

describe('after the heal', () => {
  const config = { ...planOf().cluster.config, electionMsMin: 20, electionMsMax: 40 };
  const settling = {
    cluster: { ...planOf().cluster, config: { ...config, heartbeatMs: 8 } },
    phases: { ...planOf().phases, chaosUs: 105_500, settle: true },
  };
  /** A quarter of what lies between heartbeat and election timeout. */
  const CAP_MS = 3;

  test('nothing is lost or doubled, and no way is long', () => {
    const network = {
      latencyUsMin: 1_000,
      latencyUsMax: 9_000,
      tailPpm: 500_000,
      tailUsMax: 90_000,
      lossPpm: 300_000,
      duplicatePpm: 300_000,
      graveyardPpm: 0,
    };
    const { arrived, lost } = talk({ ...settling, network });
    expect(lost(1, 2).length).toBeGreaterThan(0);
    expect(lost(1, 2).filter((nth) => nth > 10)).toEqual([]);
    const healed = arrived(1, 2).filter(([nth]) => nth! > 10);
    expect(healed.length).toBeGreaterThan(100);
    expect(new Set(healed.map(([nth]) => nth)).size).toBe(healed.length);
    const latencies = healed.map(([, ms]) => ms!);
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(1);
    expect(Math.min(...latencies)).toBeLessThan(1.1);
    expect(Math.max(...latencies)).toBeGreaterThan(CAP_MS - 0.1);
    expect(Math.max(...latencies)).toBeLessThanOrEqual(CAP_MS);
  });

  test('a network that was always slower than that is as fast as that', () => {
    const network = { ...planOf().network, latencyUsMin: 8_000, latencyUsMax: 9_000 };
    const { arrived } = talk({ ...settling, network });
    const late = arrived(1, 2).filter(([nth]) => nth! > 10);
    expect(new Set(late.map(([, ms]) => ms))).toEqual(new Set([CAP_MS]));
  });

  test('pinned losses, duplicates and long delays are void, short delays are kept', () => {
    const decisions = [
      pin({ nth: 0 }, { drop: true }),
      pin({ to: 3, nth: 0 }, { delayUs: 30_000, duplicateUs: 1_000 }),
      pin({ from: 2, to: 3, nth: 0 }, { delayUs: 500 }),
    ];
    const { arrived, lost } = talk({ ...settling, decisions });
    expect(lost(1, 2)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const healed = (from: number, to: number) => arrived(from, to).filter(([nth]) => nth! > 10);
    expect(healed(1, 2)[0]).toEqual([11, 1]);
    expect(healed(1, 3)[0]).toEqual([11, CAP_MS]);
    expect(healed(1, 3).length).toBe(healed(1, 2).length);
    expect(healed(2, 3)[0]).toEqual([11, 0.5]);
  });

  test('every link is free, and what was to free or block one later does nothing', () => {
    const faults = [block(35, null, [1, 2]), block(95, 60, [2, 3]), block(120, null, [3, 1])];
    const { blocked, lost } = talk({ ...settling, faults });
    expect(blocked).toEqual([[35, L12], [95, L12, L23], [105.5]]);
    expect(lost(1, 2)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    expect(lost(3, 1)).toEqual([]);
  });
});
