/** Latency, tails, loss and duplicates, and the luck of a message, which nothing else moves. */
import { describe, expect, test } from 'vitest';
import type { NetworkPlan, Plan } from '../../../sim/kernel/plan.ts';
import { arrivals, at, mark, only, planOf, ticking, watch } from './probe.ts';

const MESSAGES = 6_000;

/** Server 1 sends so many messages to server 2, twenty at a time: sends and arrivals. */
function shower(network: Partial<NetworkPlan>) {
  const watched = watch(
    planOf({ cluster: { size: 2 }, network }),
    ticking(1, (out, nth, { node }) => {
      if (node !== 1 || nth * 20 > MESSAGES) return;
      for (let i = 1; i <= 20; i += 1) out.send(2, mark(20 * (nth - 1) + i));
    }),
  );
  const sent = only(watched, 'sent');
  const sentUs = new Map(sent.map(({ messageId, t }) => [messageId, t]));
  const arrived = arrivals(watched).map(({ t, messageId, body }) => {
    return { messageId, nth: body.term, us: t - sentUs.get(messageId)! };
  });
  return { sent, arrived };
}

function share<T>(list: readonly T[], is: (item: T) => boolean): number {
  return list.filter(is).length / MESSAGES;
}

describe('latency', () => {
  test('is uniform between its bounds', () => {
    const { arrived } = shower({ latencyUsMin: 500, latencyUsMax: 1_499 });
    const latencies = arrived.map(({ us }) => us);
    expect(Math.min(...latencies)).toBe(500);
    expect(Math.max(...latencies)).toBe(1_499);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const inside = latencies.filter((us) => Math.floor((us - 500) / 100) === tenth).length;
      expect(Math.abs(inside - MESSAGES / 10)).toBeLessThan(150);
    }
  });

  test('is exact where the bounds are equal, and may be nothing', () => {
    expect(new Set(shower({}).arrived.map(({ us }) => us))).toEqual(new Set([1_000]));
    const instant = shower({ latencyUsMin: 0, latencyUsMax: 0 });
    expect(new Set(instant.arrived.map(({ us }) => us))).toEqual(new Set([0]));
  });

  test('reorders messages of one link, and with equal latency keeps their order', () => {
    const orderOf = (network: Partial<NetworkPlan>) =>
      shower(network).arrived.map(({ nth }) => nth);
    const inOrder = Array.from({ length: MESSAGES }, (_, i) => i + 1);
    expect(orderOf({})).toEqual(inOrder);
    const mixed = orderOf({ latencyUsMin: 0, latencyUsMax: 5_000 });
    expect(mixed).not.toEqual(inOrder);
    expect(mixed.sort((a, b) => a - b)).toEqual(inOrder);
  });

  test('has a tail for its share of the messages, every doubling as often', () => {
    const tailPpm = 240_000;
    const { arrived } = shower({ tailPpm, tailUsMax: 64_000 });
    const tail = arrived.filter(({ us }) => us > 1_000);
    expect(tail.length / MESSAGES).toBeGreaterThan(0.22);
    expect(tail.length / MESSAGES).toBeLessThan(0.26);
    expect(Math.max(...tail.map(({ us }) => us))).toBeLessThanOrEqual(64_000);
    for (let octave = 0; octave < 6; octave += 1) {
      const [low, high] = [1_000 << octave, 2_000 << octave];
      expect(Math.abs(share(tail, ({ us }) => us >= low && us < high) - 0.04)).toBeLessThan(0.008);
    }
    // Without a share nothing is late, and the others keep to the usual latency.
    expect(share(shower({ tailPpm: 0, tailUsMax: 64_000 }).arrived, ({ us }) => us > 1_000)).toBe(
      0,
    );
    expect(share(arrived, ({ us }) => us === 1_000)).toBeGreaterThan(0.73);
  });
});

describe('loss and duplicates', () => {
  test('come about as often as asked, and a message is lost or doubled, not both', () => {
    const { sent, arrived } = shower({ lossPpm: 100_000, duplicatePpm: 200_000 });
    expect(Math.abs(share(sent, ({ copies }) => copies === 0) - 0.1)).toBeLessThan(0.01);
    expect(Math.abs(share(sent, ({ copies }) => copies === 2) - 0.2)).toBeLessThan(0.015);
    const timesArrived = new Map<number, number>();
    for (const { messageId } of arrived) {
      timesArrived.set(messageId, (timesArrived.get(messageId) ?? 0) + 1);
    }
    for (const { messageId, copies } of sent) {
      expect(timesArrived.get(messageId) ?? 0).toBe(copies);
    }
  });

  test('may concern every message', () => {
    expect(shower({ lossPpm: 1_000_000 }).arrived).toEqual([]);
    const twice = shower({ duplicatePpm: 1_000_000 });
    expect(twice.sent.every(({ copies }) => copies === 2)).toBe(true);
    expect(twice.arrived.length).toBe(2 * MESSAGES);
  });

  test('give the second copy a latency of its own, within the same bounds', () => {
    const network = { latencyUsMin: 100, latencyUsMax: 900, duplicatePpm: 1_000_000 };
    const { arrived } = shower(network);
    const times = new Map<number, number[]>();
    for (const { messageId, us } of arrived) {
      times.set(messageId, [...(times.get(messageId) ?? []), us]);
    }
    const apart = [...times.values()].map(([first, second]) => second! - first!);
    expect(Math.min(...arrived.map(({ us }) => us))).toBe(100);
    expect(Math.max(...arrived.map(({ us }) => us))).toBe(900);
    // Two independent points of a line are a third of it apart.
    const mean = apart.reduce((sum, us) => sum + us, 0) / apart.length;
    expect(Math.abs(mean - 800 / 3)).toBeLessThan(15);
  });
});

describe('the luck of a message', () => {
  const network = {
    latencyUsMin: 100,
    latencyUsMax: 4_000,
    tailPpm: 50_000,
    tailUsMax: 60_000,
    lossPpm: 50_000,
    duplicatePpm: 100_000,
  };

  /** What became of the nth message of each link: copies and latencies. */
  function fates(sections: Partial<Plan>, extra = 0): Map<string, string> {
    const watched = watch(
      planOf({ network, ...sections }),
      ticking(10, (out, nth, { node }) => {
        for (const to of [1, 2, 3]) if (to !== node) out.send(to, mark(nth));
        for (let i = 0; i < extra && node === 1; i += 1) out.send(2, mark(1_000 + nth));
      }),
    );
    const found = new Map<string, string>();
    for (const { n, to, body, copies } of only(watched, 'sent')) {
      found.set(`${n}>${to} ${body.term}`, `${copies}`);
    }
    for (const { t, n, from, body } of arrivals(watched)) {
      const name = `${from}>${n} ${body.term}`;
      found.set(name, `${found.get(name)} ${t - body.term * 10_000}`);
    }
    return found;
  }

  const usual = fates({});

  function differing(other: Map<string, string>): string[] {
    return [...usual.keys()].filter((name) => usual.get(name) !== other.get(name));
  }

  test('is not moved by a block: only what is sent over the blocked link is lost', () => {
    const links = [[1, 2]] as const;
    const blocked = fates({ faults: [at(295_000, { do: 'block', links, forUs: 100_000 })] });
    const lost = Array.from({ length: 10 }, (_, i) => `1>2 ${30 + i}`);
    for (const name of lost) expect(blocked.get(name)).toBe('0');
    for (const name of differing(blocked)) expect(lost).toContain(name);
    expect(usual.size).toBeGreaterThan(580);
  });

  test('is not moved by a pinned decision about another message', () => {
    const match = { from: 2, to: 3, kind: 'RequestVoteResponse', term: 7, nth: 0 };
    const decisions = [{ match, drop: false, delayUs: 77, duplicateUs: 99 }];
    const pinned = fates({ decisions });
    expect(pinned.get('2>3 7')).toBe('2 77 99');
    expect(differing(pinned)).toEqual(['2>3 7']);
  });

  test('is not moved by traffic of another link', () => {
    const moved = differing(fates({}, 1));
    expect(moved.length).toBeGreaterThan(50);
    for (const name of moved) expect(name).toMatch(/^1>2 /);
  });

  test('is not moved by crashes of others', () => {
    const what = { do: 'crash', node: 3, restartUs: null, keep: 'none' } as const;
    const moved = differing(fates({ faults: [at(500_000, what)] }));
    for (const name of moved) expect(name).toMatch(/3/);
    expect(moved.length).toBeGreaterThan(50);
  });

  test('is another with another seed', () => {
    expect(differing(fates({ seed: 'other' })).length).toBeGreaterThan(500);
  });
});
