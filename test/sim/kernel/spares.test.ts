/** Servers that run and know of no cluster: they are servers like all others otherwise. */
import { describe, expect, test } from 'vitest';
import { attempts, ok, serving } from './asking.ts';
import { at, lives, mark, only, planOf, type Script, ticking, watch } from './probe.ts';
import { crashOn, story } from './trigger-story.ts';

const five = { ...planOf().cluster, size: 3, spares: 2 };

describe('a spare server', () => {
  test('starts without members, the others with those of the first configuration', () => {
    const { seen } = watch(planOf({ cluster: five }), () => {});
    const starts = seen.flatMap(({ event }) => (event.kind === 'start' ? [event] : []));
    expect(starts.map(({ self, index, members }) => [self, index, members])).toEqual([
      [1, 0, [1, 2, 3]],
      [2, 1, [1, 2, 3]],
      [3, 2, [1, 2, 3]],
      [4, 3, []],
      [5, 4, []],
    ]);
  });

  test('starts without members again', () => {
    const faults = [at(5_000, { do: 'crash', node: 4, restartUs: 1_000, keep: 'all' })];
    const { seen } = watch(planOf({ cluster: five, faults }), () => {});
    const again = seen.flatMap(({ event }) => (event.kind === 'start' ? [event] : [])).at(-1)!;
    expect([again.self, again.boot, again.members]).toEqual([4, 1, []]);
  });

  test('sends and gets messages, sets timers and writes', () => {
    const script = ticking(10, (out, nth, { node }) => {
      if (nth === 1 && node === 1) out.send(5, mark(1));
      if (nth !== 2 || node !== 5) return;
      out.send(1, mark(2));
      out.persist(1, 'a', 0, { kind: 'hardState', currentTerm: 1, votedFor: 0, commitIndex: 0 });
    });
    const watched = watch(planOf({ cluster: five }), script);
    expect(only(watched, 'delivered').map(({ n, from }) => [from, n])).toEqual([
      [1, 5],
      [5, 1],
    ]);
    expect(only(watched, 'persisted').map(({ n }) => n)).toEqual([5]);
  });

  test('is no server to send to where there is none', () => {
    const script: Script = (event, out, { node }) => {
      if (event.kind === 'start' && node === 1) out.send(6, mark(1));
    };
    expect(() => watch(planOf({ cluster: five }), script)).toThrow(/1 to 5, got 6/);
  });

  test('is asked by clients, and where it points they go', () => {
    const pointing: Script = (event, out, { node }) => {
      if (event.kind !== 'request') return;
      for (const { id } of event.requests) out.respond(id, node === 5 ? 'ok' : 'redirect', 5);
    };
    const workload = { clients: 2 };
    const lost = { ...workload, followRedirects: false };
    const anywhere = attempts(watch(planOf({ cluster: five, workload: lost }), serving(ok)));
    expect(new Set(anywhere.map(({ n }) => n)).size).toBe(5);
    const made = attempts(watch(planOf({ cluster: five, workload }), pointing));
    const second = made.filter(({ id }) => id.endsWith('/2'));
    expect(new Set(second.map(({ n }) => n))).toEqual(new Set([5]));
    expect(made.filter(({ id, n }) => id.endsWith('/1') && n === 5).length).toBeGreaterThan(40);
  });

  test('is struck by faults like any other: cut off, among the others', () => {
    const faults = [
      at(1_000, { do: 'isolate', node: 5, direction: 'out', peers: 0, forUs: 2_000 }),
      at(5_000, { do: 'isolate', node: 4, direction: 'both', peers: 2, forUs: null }),
    ];
    const watched = watch(planOf({ cluster: five, faults }), () => {});
    expect(only(watched, 'blocked').map(({ links }) => links)).toEqual([
      [5 * 8 + 1, 5 * 8 + 2, 5 * 8 + 3, 5 * 8 + 4],
      [],
      [8 + 4, 4 * 8 + 1, 4 * 8 + 5, 5 * 8 + 4].sort((a, b) => a - b),
    ]);
  });

  test.each(['dead', 'cut'] as const)('that is not of the core is %s after the heal', (rest) => {
    const phases = { chaosUs: 5_000, settle: true, core: [1, 2, 4], rest };
    const watched = watch(planOf({ cluster: five, phases, eventsMax: 20 }), () => {});
    const isDead = rest === 'dead';
    const died = [['started', 0], ...(isDead ? [['crashed', 5]] : [])];
    expect(lives(watched, 5)).toEqual(died);
    expect(lives(watched, 3)).toEqual(died);
    expect(lives(watched, 4)).toEqual([['started', 0]]);
    const [healed] = only(watched, 'blocked');
    expect(healed!.links.length).toBe(isDead ? 0 : 14);
  });
});

test('a broadcast goes to all of the first configuration, spare servers or not', () => {
  const script = ticking(1, (out, nth, { node }) => {
    if (node === 1 && nth === 3) for (const to of [2, 4]) out.send(to, mark(1));
    if (node === 1 && nth === 6) for (const to of [2, 3]) out.send(to, mark(2));
  });
  const watched = watch(planOf({ cluster: five, faults: [crashOn('broadcast')] }), script);
  expect(story(watched).filter((what) => what.startsWith('send') || what === 'crashed')).toEqual([
    'send 2',
    'send 4',
    'send 2',
    'send 3',
    'crashed',
  ]);
});
