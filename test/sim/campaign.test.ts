import { describe, expect, it } from 'vitest';
import { SITUATIONS } from '../../invariants/all-situations.ts';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { CampaignDigest } from '../../sim/campaign/campaign-digest.ts';
import { floorsOf } from '../../sim/campaign/floors.ts';
import { Heartbeat, watched } from '../../sim/campaign/heartbeat.ts';
import type { Loss } from '../../sim/campaign/lane.ts';
import { blameFor, withoutPlace } from '../../sim/campaign/losses.ts';
import { runSeeds } from '../../sim/campaign/run-seeds.ts';
import { isSampled, type Sample } from '../../sim/campaign/sample.ts';
import { Schedule } from '../../sim/campaign/schedule.ts';
import { type SeedRange, seedAt, sizeOf } from '../../sim/campaign/seed-range.ts';
import { KEPT_MAX, Tally } from '../../sim/campaign/tally.ts';
import {
  type Failure,
  planOfRun,
  type SeedsReply,
  type SeedsTask,
} from '../../sim/campaign/task.ts';
import { firstDifference } from '../../sim/campaign/verify.ts';
import { DEFAULT_PLAN } from '../../sim/load-plan.ts';
import type { Implementation } from '../../sim/run.ts';
import { recordRun } from '../../sim/trace/record-run.ts';
import { altered, reference } from './implementations.ts';

const range = (index: number, of: number, count: number | null = 10): SeedRange => {
  return { from: '18446744073709551611', count, shard: { index, of } };
};

function task(seeds: readonly string[], positions = seeds.map((_, i) => i)): SeedsTask {
  return { kind: 'seeds', implementation: 0, positions, seeds };
}

describe('seeds of a campaign', () => {
  it('are all there once, in whatever number of shards', () => {
    const whole = Array.from({ length: 10 }, (_, i) => seedAt(range(1, 1), i));
    expect(new Set(whole).size).toBe(10);
    // After the last seed comes 0.
    expect(whole.slice(3, 7)).toEqual(['18446744073709551614', '18446744073709551615', '0', '1']);
    for (const of of [1, 2, 3, 7]) {
      const shards = Array.from({ length: of }, (_, i) => range(i + 1, of));
      const seeds = shards.flatMap((shard) =>
        Array.from({ length: sizeOf(shard) }, (_, position) => seedAt(shard, position)),
      );
      expect(seeds.sort()).toEqual([...whole].sort());
    }
  });

  it('are handed out in order, the ones put back first, and none after a stop', () => {
    const schedule = new Schedule(range(1, 1, 100), 1);
    const first = schedule.next()!;
    expect(first.positions).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    schedule.putBack(first);
    expect(schedule.next()).toBe(first);
    expect(schedule.next()!.positions[0]).toBe(8);
    schedule.stop();
    expect(schedule.next()).toBeNull();
    expect(schedule.begun).toBe(16);
  });

  it('have no end when only the time limits them', () => {
    const schedule = new Schedule(range(1, 1, null), 2);
    for (let i = 0; i < 1000; i += 1) expect(schedule.next()).not.toBeNull();
  });
});

describe('the digest of a campaign', () => {
  const runs = ['1', '2', '3'].map((seed) => [seed, `000000000000000${seed}`] as const);
  const of = (some: typeof runs): string => {
    const digest = new CampaignDigest();
    for (const [seed, run] of some) digest.add(seed, run);
    return digest.toString();
  };

  it('depends on every run, and on no order', () => {
    expect(of([...runs].reverse())).toBe(of(runs));
    expect(of(runs.slice(1))).not.toBe(of(runs));
    expect(of([['1', runs[1]![1]], ['2', runs[0]![1]], runs[2]!])).not.toBe(of(runs));
  });

  it('is the sum of those of its shards', () => {
    const digest = new CampaignDigest();
    digest.merge(of(runs.slice(0, 1)));
    digest.merge(of(runs.slice(1)));
    expect(digest.toString()).toBe(of(runs));
  });
});

const REPLY: SeedsReply = {
  kind: 'seeds',
  events: [],
  digests: [],
  excuses: [],
  failures: [],
  benchFailures: [],
  twoLeaders: 0,
  faults: 0,
  virtualUs: 0,
  situations: {},
  statistics: {},
  features: {},
  startFailure: null,
};

function failureAt(position: number): Failure {
  const seed = String(position);
  const rest = { violation: null, detail: '', stack: null, events: 1, digest: null };
  return { position, seed, kind: 'storm', ...rest };
}

describe('the tally of a campaign', () => {
  it('keeps the first failures in order, and counts all', () => {
    const tally = new Tally();
    for (let i = 0; i < 3 * KEPT_MAX; i += 1) {
      tally.addFailure(failureAt((i * 7919) % (3 * KEPT_MAX)));
    }
    expect(tally.failureCount).toBe(3 * KEPT_MAX);
    expect(tally.failures.list.map(({ position }) => position)).toEqual(
      Array.from({ length: KEPT_MAX }, (_, i) => i),
    );
  });

  it('counts a run once that fails and is not the same when it is made again', () => {
    const tally = new Tally();
    tally.addFailure(failureAt(3));
    tally.addFailure({ ...failureAt(3), kind: 'nondeterminism' });
    tally.addFailure({ ...failureAt(4), kind: 'nondeterminism' });
    expect([tally.failureCount, tally.failedRuns]).toEqual([3, 2]);
  });

  it('knows the run in the middle', () => {
    const tally = new Tally();
    const digests = Array(5).fill('0000000000000000');
    const seeds = ['1', '2', '3', '4', '5'];
    tally.add(task(seeds), { ...REPLY, events: [7, 300_000, 5, 9, 1], digests });
    expect(tally.medianEvents).toBe(7);
    expect(tally.events).toBe(300_022);
    expect(new Tally().medianEvents).toBe(0);
  });

  it('misses the floors when too little happens', () => {
    const seeds = Array.from({ length: 100 }, (_, i) => String(i));
    const digests = Array(100).fill('0000000000000000');
    const busy = { ...REPLY, digests, events: Array(100).fill(1501), twoLeaders: 80 };
    const missed = (reply: SeedsReply): string[] => {
      const tally = new Tally();
      tally.add(task(seeds), reply);
      return floorsOf(tally).flatMap(({ id, holds }) => (holds ? [] : [id]));
    };
    const excuses = Array.from({ length: 5 }, (_, position) => ({ position, reason: '' }));
    expect(missed(busy)).toEqual([]);
    expect(missed({ ...busy, twoLeaders: 79 })).toEqual(['twoLeadersShare']);
    expect(missed({ ...busy, events: Array(100).fill(1500) })).toEqual(['medianEvents']);
    expect(missed({ ...busy, excuses })).toEqual(['excusedShare']);
    expect(missed({ ...busy, excuses: excuses.slice(1) })).toEqual([]);
  });

  it('misses a floor when a situation is missed that so many seeds should reach', () => {
    const all = Object.fromEntries(SITUATIONS.map(({ id }) => [id, 1]));
    const floorOf = (seeds: number, situations: Record<string, number>) => {
      const tally = new Tally();
      const names = Array.from({ length: seeds }, (_, i) => String(i));
      const digests = Array(seeds).fill('0000000000000000');
      tally.add(task(names), { ...REPLY, digests, events: Array(seeds).fill(2000), situations });
      return floorsOf(tally).find(({ id }) => id === 'situationsMissed')!;
    };
    expect(floorOf(1_000, all)).toMatchObject({ holds: true, value: 0 });
    const common = SITUATIONS.filter(({ seedsMin }) => seedsMin === 1_000).map(({ id }) => id);
    const rare = SITUATIONS.filter(({ seedsMin }) => (seedsMin ?? 1e9) > 1_000).map(({ id }) => id);
    expect(common.length).toBeGreaterThan(50);
    expect(floorOf(1_000, { ...all, [common[7]!]: 0 })).toMatchObject({ holds: false, value: 1 });
    expect(floorOf(1_000, { ...all, [common[7]!]: 0 }).sentence).toContain(common[7]);
    expect(floorOf(999, { ...all, [common[7]!]: 0 }).holds).toBe(true);
    for (const id of rare) expect(floorOf(1_000, { ...all, [id]: 0 }).holds).toBe(true);
  });
});

describe('a worker that does not come back', () => {
  const seeds = task(['10', '11', '12'], [4, 5, 6]);
  const loss = (how: 'hang' | 'died', reading: Partial<Loss['reading']>): Loss => {
    const usual = {
      isReady: true,
      hasRun: false,
      beats: 9,
      position: 1,
      events: 3,
      node: 2,
      isInside: true,
    };
    return { kind: 'lost', how, message: 'gone', stack: null, reading: { ...usual, ...reading } };
  };

  it('is the failure of the server whose code was running', () => {
    const blame = blameFor(loss('hang', {}), seeds, 10_000, false);
    expect(blame).toMatchObject({
      kind: 'failure',
      failure: {
        seed: '11',
        position: 5,
        kind: 'hang',
        detail: 'Server 2 did not return within 10 s at event 3.',
      },
    });
  });

  it.each([
    ['a server that was never made', loss('hang', { events: 0, node: 0 }), false, 'start'],
    ['a foreign module that loops', loss('hang', { position: -1, isInside: false }), true, 'start'],
    ['our own module', loss('hang', { position: -1, isInside: false }), false, 'bench'],
    [
      'a worker that is not yet loaded',
      loss('hang', { position: -1, isInside: false, isReady: false }),
      true,
      'bench',
    ],
    [
      'a foreign module that dies of what an earlier run left behind',
      loss('died', { position: -1, events: 0, node: 0, isInside: false, hasRun: true }),
      true,
      'failure',
    ],
    ['our code between two events', loss('hang', { isInside: false }), true, 'bench'],
    ['a foreign timer between two events', loss('died', { isInside: false }), true, 'failure'],
  ])('blames the right one for %s', (_, lost, isForeign, kind) => {
    expect(blameFor(lost, seeds, 10_000, isForeign).kind).toBe(kind);
  });

  it('costs the other seeds of its task nothing', () => {
    expect(withoutPlace(seeds, 1).map((rest) => rest.seeds)).toEqual([['10'], ['12']]);
    expect(withoutPlace(seeds, 0).map((rest) => rest.positions)).toEqual([[5, 6]]);
    expect(withoutPlace(task(['1']), 0)).toEqual([]);
  });
});

describe('the runs of a task', () => {
  const runsOf = (implementation: Implementation) => {
    return { implementation, disabled: new Set<string>(), planOf: planOfRun };
  };

  it('show on the heartbeat, and nothing is left of them', () => {
    const heartbeat = new Heartbeat();
    const implementation = watched(REFERENCE, heartbeat);
    const reply = runSeeds(task(['1', '2']), runsOf(implementation), heartbeat);
    const alone = runSeeds(task(['2'], [1]), runsOf(REFERENCE), new Heartbeat());
    expect(reply.digests[1]).toBe(alone.digests[0]);
    expect(reply.failures).toEqual([]);
    const { position, events, isInside } = heartbeat.read();
    expect({ position, events, isInside }).toEqual({
      position: 1,
      events: reply.events[1],
      isInside: false,
    });
  });

  it('end at the first server that cannot be made', () => {
    const createServer = (): never => {
      throw new Error('no memory');
    };
    const broken = { ...REFERENCE, createServer };
    const reply = runSeeds(task(['1', '2']), runsOf(broken), new Heartbeat());
    expect(reply.startFailure!.detail).toBe('No server could be made: Error: no memory.');
    expect(reply.digests).toEqual([]);
  });
});

describe('two recorded runs that should be equal', () => {
  const linesOf = (implementation: Implementation, seed = '1'): readonly string[] => {
    const lines: string[] = [];
    const options = { disabled: new Set<string>(), stopAtFirst: true };
    const plan = { ...DEFAULT_PLAN, seed };
    recordRun({ plan, implementation, hash: null, options }, (line) => lines.push(line));
    return lines;
  };
  const lines = linesOf(reference);

  it('part at the first fact that differs, in words', () => {
    const slow = altered('test:slow', (out) => ({
      setTimer: (name, min, max) => out.setTimer(name, min, name === 'heartbeat' ? max + 1 : max),
    }));
    expect(firstDifference(lines, linesOf(slow))).toMatch(
      /^The runs part at event \d+ \([\d.]+ ms\): S\d sets heartbeat timer 50 ms in one, S\d sets heartbeat timer 50-51 ms in the other\.$/,
    );
    expect(firstDifference(lines, linesOf(reference, '2'))).toMatch(
      /^The runs part behind event \d+ \([\d.]+ ms\): .+ in one, .+ in the other\.$/,
    );
  });

  it('may be equal', () => {
    expect(firstDifference(lines, lines)).toContain('Two more runs were equal');
  });
});

describe('the runs that are made a second time', () => {
  const among = (sample: Sample, size: number, index = 1, of = 1): number[] => {
    const positions = Array.from({ length: size }, (_, position) => position);
    return positions.filter((position) => isSampled(sample, position, range(index, of, size * of)));
  };

  it('are a few of every campaign, all, or none', () => {
    expect(among({ kind: 'few' }, 40)).toEqual([0, 1, 3, 7, 15, 31]);
    expect(among({ kind: 'all' }, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(among({ kind: 'none' }, 40)).toEqual([]);
  });

  it.each([1, 2, 3, 7, 39, 40])('are %i, spread over the campaign', (count) => {
    const positions = among({ kind: 'count', count }, 40);
    expect(positions).toHaveLength(count);
    expect(positions[0]).toBe(0);
    const gaps = positions.slice(1).map((position, i) => position - positions[i]!);
    expect(Math.max(...gaps, 0) - Math.min(...gaps, 40)).toBeLessThanOrEqual(1);
  });

  it('are the first ones where only the time ends a campaign, and all when there are fewer', () => {
    const endless = range(1, 1, null);
    const first = (position: number) => isSampled({ kind: 'count', count: 3 }, position, endless);
    expect([0, 1, 2, 3, 4].map(first)).toEqual([true, true, true, false, false]);
    expect(among({ kind: 'count', count: 9 }, 4, 2, 3)).toEqual([0, 1, 2, 3]);
  });
});
