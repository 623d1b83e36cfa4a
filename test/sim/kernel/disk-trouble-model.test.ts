/** Disks in trouble against a dumb disk that only knows what it was told: nothing gets lost or doubled. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Write } from '../../../core/contract.ts';
import type { Fault, FaultAction } from '../../../sim/kernel/plan.ts';
import type { Keep } from './disk-lives.ts';
import { at, planOf, type Watched, watch } from './probe.ts';

/** One life of server 1: a log and a hard state, each in a stream of its own, and one more for both. */
interface Sketch {
  readonly writes: readonly {
    readonly atMs: number;
    readonly stream: string;
    readonly back: number;
  }[];
  readonly troubles: readonly { readonly atUs: number; readonly what: FaultAction }[];
  readonly crashUs: number;
  readonly keep: Keep;
  readonly noticeUsMax: number;
  readonly failPpm: number;
  readonly writesAgain: boolean;
}

interface Issued {
  readonly id: number;
  readonly stream: string;
  readonly after: number;
  readonly write: Write;
}

function live(sketch: Sketch, seed: number): Watched {
  const { troubles, crashUs, keep, noticeUsMax, failPpm } = sketch;
  const crash: Fault = at(crashUs, { do: 'crash', node: 1, restartUs: 500, keep });
  const faults = [...troubles.map(({ atUs, what }) => at(atUs, what)), crash];
  const disk = { latencyUsMin: 0, latencyUsMax: 2_000, noticeUsMax, failPpm };
  const plan = planOf({ cluster: { size: 1 }, disk, faults, phases: { chaosUs: 60_000 } });
  let lastId = 0;
  return watch({ ...plan, seed: String(seed) }, (event, out, { boot }) => {
    if (boot > 0) return;
    const persist = (stream: string, back: number): void => {
      lastId += 1;
      const write: Write =
        stream === 'hard'
          ? { kind: 'hardState', currentTerm: lastId, votedFor: 0, commitIndex: 0 }
          : { kind: 'append', entries: [{ term: lastId, command: null }] };
      out.persist(lastId, stream, back === 0 ? 0 : Math.max(0, lastId - back), write);
    };
    if (event.kind === 'start' || event.kind === 'timer') {
      for (const { atMs, stream, back } of sketch.writes) {
        if (atMs === event.now) persist(stream, back);
      }
      out.setTimer('tick', 1, 1);
    }
    if (event.kind === 'persistFailed' && sketch.writesAgain) persist('log', 0);
  });
}

/** What rests on the root: behind it in its stream, or ordered after it, to the end. */
function restsOn(root: Issued, untold: readonly Issued[]): number[] {
  const streams = new Set([root.stream]);
  const ids = new Set([root.id]);
  for (const { id, stream, after } of untold) {
    if (id <= root.id || !(streams.has(stream) || ids.has(after))) continue;
    ids.add(id);
    streams.add(stream);
  }
  return [...ids].filter((id) => id !== root.id);
}

function compare(watched: Watched): void {
  const issued = new Map<number, Issued>();
  const durable = new Set<number>();
  const failed = new Set<number>();
  const dueToFail = new Set<number>();
  const told = new Set<number>();
  let hasCrashed = false;
  const makeDurable = (id: number): void => {
    expect(failed.has(id) || dueToFail.has(id)).toBe(false);
    const { stream, after } = issued.get(id)!;
    if (after !== 0) expect(failed.has(after)).toBe(false);
    for (const one of issued.values()) {
      if (one.stream === stream && one.id <= id && !failed.has(one.id)) durable.add(one.id);
    }
  };
  for (const fact of watched.facts) {
    if (fact.k === 'persistIssued') {
      const { writeId: id, stream, after, write } = fact;
      issued.set(id, { id, stream, after, write });
    } else if (fact.k === 'persisted') {
      expect(told.has(fact.writeId)).toBe(false);
      told.add(fact.writeId);
      makeDurable(fact.writeId);
    } else if (fact.k === 'persistFailed') {
      const id = fact.writeId;
      expect(told.has(id)).toBe(false);
      expect(durable.has(id)).toBe(false);
      told.add(id);
      failed.add(id);
      if (!dueToFail.delete(id)) {
        const untold = [...issued.values()].filter((one) => !told.has(one.id));
        for (const rest of restsOn(issued.get(id)!, untold)) dueToFail.add(rest);
      }
    } else if (fact.k === 'crashed') {
      hasCrashed = true;
      const whole = fact.survivors.filter(({ kept }) => kept === -1).map(({ writeId }) => writeId);
      // An append of one entry survives or not.
      expect(whole.length).toBe(fact.survivors.length);
      for (const id of whole) {
        expect(told.has(id)).toBe(false);
        durable.add(id);
      }
      for (const id of whole) {
        const { after, stream } = issued.get(id)!;
        if (after !== 0) expect(durable.has(after)).toBe(true);
        for (const one of issued.values()) {
          if (one.stream !== stream || one.id > id || failed.has(one.id)) continue;
          expect(durable.has(one.id)).toBe(true);
        }
        expect(failed.has(id) || dueToFail.has(id)).toBe(false);
      }
    }
  }
  expect(hasCrashed).toBe(true);
  const image = watched.seen.findLast(({ event }) => event.kind === 'start')!.event;
  if (image.kind !== 'start') throw new Error('no start');
  const kept = [...issued.values()].filter(({ id }) => durable.has(id));
  const terms = kept.flatMap(({ write }) =>
    write.kind === 'append' ? [write.entries[0]!.term] : [],
  );
  const hard = kept.findLast(({ write }) => write.kind === 'hardState');
  // Two streams may bring their entries to the log in any order.
  expect((image.image?.entries ?? []).map(({ term }) => term).toSorted((a, b) => a - b)).toEqual(
    terms,
  );
  expect(image.image?.currentTerm ?? 0).toBe(hard?.id ?? 0);
}

const stream = fc.constantFrom('log', 'hard', 'more');
const choice = fc.option(stream, { nil: null });
const what: fc.Arbitrary<FaultAction> = fc.oneof(
  fc.record({
    do: fc.constant('stall' as const),
    node: fc.constant(1),
    stream: choice,
    forUs: fc.integer({ min: 1, max: 4_000 }),
  }),
  fc.record({
    do: fc.constant('slow' as const),
    node: fc.constant(1),
    factor: fc.integer({ min: 2, max: 5 }),
    forUs: fc.integer({ min: 1, max: 4_000 }),
  }),
  fc.record({
    do: fc.constant('failWrites' as const),
    node: fc.constant(1),
    stream: choice,
    forUs: fc.constantFrom(0, 0, 1_500),
  }),
  fc.record({ do: fc.constant('pause' as const), node: fc.constant(1), forUs: fc.constant(1_500) }),
);
const sketch: fc.Arbitrary<Sketch> = fc.record({
  writes: fc
    .array(fc.record({ atMs: fc.nat(6), stream, back: fc.nat(3) }), { maxLength: 14 })
    .map((list) => list.toSorted((x, y) => x.atMs - y.atMs)),
  troubles: fc.array(fc.record({ atUs: fc.nat(8_000), what }), { maxLength: 4 }),
  crashUs: fc.integer({ min: 1_000, max: 25_000 }),
  keep: fc.constantFrom<Keep>('none', 'drawn', 'all'),
  noticeUsMax: fc.constantFrom(0, 0, 4_000),
  failPpm: fc.constantFrom(0, 0, 150_000),
  writesAgain: fc.boolean(),
});

test('a disk in trouble keeps what it has said, and says what it has lost', () => {
  fc.assert(
    fc.property(sketch, fc.nat(), (drawn, seed) => {
      compare(live(drawn, seed));
    }),
    { numRuns: 600, seed: 1 },
  );
});

test('whatever happens to it, a server is told of every write once', () => {
  const patient = sketch.map((drawn) => ({ ...drawn, crashUs: 55_000 }));
  fc.assert(
    fc.property(patient, fc.nat(), (drawn, seed) => {
      const { facts } = live(drawn, seed);
      const issued = facts.flatMap((fact) => (fact.k === 'persistIssued' ? [fact.writeId] : []));
      const told = facts.flatMap((fact) =>
        fact.k === 'persisted' || fact.k === 'persistFailed' ? [fact.writeId] : [],
      );
      // Writes that are made because others fail may fail without end.
      if (drawn.failPpm > 0 && drawn.writesAgain) return;
      expect(told.toSorted((a, b) => a - b)).toEqual(issued);
    }),
    { numRuns: 300, seed: 2 },
  );
});
