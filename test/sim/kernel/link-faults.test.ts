/** Links that hold messages up, kinds that are picked out, cuts from some, and writes outrun. */
import { describe, expect, test } from 'vitest';
import type { Message } from '../../../core/messages.ts';
import type { Fault, FaultAction, Plan } from '../../../sim/kernel/plan.ts';
import { append } from './disk-writes.ts';
import { arrivals, at, lives, mark, only, planOf, type Script, ticking, watch } from './probe.ts';

const ask: Message = {
  kind: 'RequestVote',
  term: 1,
  candidateId: 1,
  lastLogIndex: 0,
  lastLogTerm: 0,
};

/** Everybody sends to everybody at 10 ms, 20 ms, … a vote and a request: [nth or 'ask', ms]. */
function talk(what: readonly FaultAction[], sections: Partial<Plan> = {}) {
  const faults = what.map((action) => at(25_000, action));
  const phases = { ...planOf().phases, chaosUs: 105_500 };
  const watched = watch(
    planOf({ phases, faults, ...sections }),
    ticking(10, (out, nth, { node }) => {
      for (const to of [1, 2, 3]) {
        if (to === node) continue;
        out.send(to, mark(nth));
        out.send(to, { ...ask, term: nth });
      }
    }),
  );
  return (from: number, to: number, kind = 'RequestVoteResponse') =>
    arrivals(watched)
      .filter((fact) => fact.from === from && fact.n === to && fact.body.kind === kind)
      .map(({ t, body }) => [body.term, t / 1_000]);
}

const usual = Array.from({ length: 10 }, (_, i) => [i + 1, 10 * i + 11]);
const settling = {
  cluster: {
    ...planOf().cluster,
    config: { ...planOf().cluster.config, electionMsMin: 20, electionMsMax: 40, heartbeatMs: 8 },
  },
  phases: { ...planOf().phases, chaosUs: 52_500, settle: true },
};

describe('a clogged server', () => {
  const clog = (direction: 'both' | 'in' | 'out', forUs = 30_000): FaultAction => {
    return { do: 'clog', node: 1, direction, forUs };
  };
  const late = [[1, 11], [2, 21], [3, 55], [4, 55], [5, 55], ...usual.slice(5)];

  test('gets, or gives, what was held up all at once and in order', () => {
    const out = talk([clog('out')]);
    expect([out(1, 2), out(1, 3)]).toEqual([late, late]);
    expect([out(2, 1), out(2, 3)]).toEqual([usual, usual]);
    const both = talk([clog('both')]);
    expect([both(1, 2), both(3, 1), both(2, 3)]).toEqual([late, late, usual]);
    const into = talk([clog('in')]);
    expect([into(1, 2), into(3, 1)]).toEqual([usual, late]);
  });

  test('keeps order among messages of all latencies, and what was under way is not held up', () => {
    const network = { ...planOf().network, latencyUsMin: 0, latencyUsMax: 14_000 };
    const into = talk([clog('out')], { network })(1, 2);
    const held = into.filter(([, ms]) => ms === 55);
    expect(held).toEqual([
      [3, 55],
      [4, 55],
      [5, 55],
    ]);
    const free = talk([], { network })(1, 2);
    const isFree = ([nth]: number[]) => nth! < 3 || nth! > 5;
    expect(into.filter(isFree)).toEqual(free.filter(isFree));
  });

  test('loses what gets lost, and is free after the heal', () => {
    const network = { ...planOf().network, lossPpm: 1_000_000 };
    expect(talk([clog('both')], { network })(1, 2)).toEqual([]);
    const hurried = { ...settling, phases: { ...settling.phases, inFlight: 'hurry' as const } };
    const healed = talk([clog('both', 900_000)], hurried)(1, 2).slice(0, 6);
    // Those on their way come within one election timeout.
    expect(healed.slice(0, 3)).toEqual([
      [1, 11],
      [2, 21],
      [6, 61],
    ]);
    expect(talk([clog('both', 900_000)], hurried)(1, 2).filter(([, ms]) => ms === 72.5)).toEqual([
      [3, 72.5],
      [4, 72.5],
      [5, 72.5],
    ]);
  });
});

describe('interference', () => {
  const meddle = (change: Partial<FaultAction & { do: 'interfere' }>): FaultAction => ({
    do: 'interfere',
    node: 1,
    direction: 'out',
    kind: 'RequestVoteResponse',
    how: 'drop',
    delayUs: 0,
    forUs: 30_000,
    ...change,
  });
  const rest = usual.filter(([nth]) => nth! < 3 || nth! > 5);

  test('loses one kind of message, one way, for a time', () => {
    const arrived = talk([meddle({})]);
    expect([arrived(1, 2), arrived(1, 3)]).toEqual([rest, rest]);
    expect([arrived(2, 1), arrived(1, 2, 'RequestVote')]).toEqual([usual, usual]);
    expect(talk([meddle({ direction: 'in' })])(3, 1)).toEqual(rest);
    expect(talk([meddle({ direction: 'in' })])(1, 3)).toEqual(usual);
    expect(talk([meddle({ direction: 'both' })])(3, 1)).toEqual(rest);
    expect(talk([meddle({ kind: 'Other' })])(1, 2)).toEqual(usual);
  });

  test('makes it late', () => {
    const late = [[1, 11], [2, 21], [3, 35], [4, 45], [5, 55], ...usual.slice(5)];
    expect(talk([meddle({ how: 'delay', delayUs: 4_000 })])(1, 2)).toEqual(late);
  });

  test('doubles it', () => {
    const twice = talk([meddle({ how: 'duplicate', delayUs: 4_000 })])(1, 2);
    expect(twice.slice(2, 8)).toEqual([
      [3, 31],
      [3, 35],
      [4, 41],
      [4, 45],
      [5, 51],
      [5, 55],
    ]);
  });

  test('yields to a pinned decision, and moves no luck', () => {
    const match = { from: 1, to: 2, kind: 'RequestVoteResponse', term: null, nth: 4 };
    const decisions = [{ match, drop: false, delayUs: 2_000, duplicateUs: null }];
    expect(talk([meddle({})], { decisions })(1, 2)[2]).toEqual([4, 42]);
    const network = { ...planOf().network, latencyUsMax: 9_000, lossPpm: 200_000 };
    expect(talk([meddle({ forUs: null })], { network })(2, 1)).toEqual(talk([], { network })(2, 1));
    expect(talk([meddle({ forUs: null })], { network })(1, 2, 'RequestVote')).toEqual(
      talk([], { network })(1, 2, 'RequestVote'),
    );
  });

  test('ends with the heal', () => {
    const healed = talk([meddle({ forUs: null })], settling)(1, 2);
    expect(healed.slice(0, 3)).toEqual([
      [1, 11],
      [2, 21],
      [6, 61],
    ]);
  });
});

describe('a server that is cut off from some', () => {
  const blockedBy = (what: FaultAction) =>
    only(
      watch(planOf({ cluster: { size: 5 }, faults: [at(1_000, what)] }), () => {}),
      'blocked',
    )[0]!.links.map((link) => [Math.floor(link / 8), link % 8]);
  const isolate = (node: number, peers: number, direction: 'both' | 'in' | 'out'): FaultAction => {
    return { do: 'isolate', node, direction, peers, forUs: null };
  };

  test('the next ones, upwards and around', () => {
    expect(blockedBy(isolate(1, 1, 'both'))).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(blockedBy(isolate(4, 2, 'out'))).toEqual([
      [4, 1],
      [4, 5],
    ]);
    expect(blockedBy(isolate(5, 3, 'in'))).toEqual([
      [1, 5],
      [2, 5],
      [3, 5],
    ]);
  });

  test('more than there are means all', () => {
    expect(blockedBy(isolate(2, 6, 'out'))).toEqual(blockedBy(isolate(2, 0, 'out')));
    expect(blockedBy(isolate(2, 0, 'out')).length).toBe(4);
  });
});

describe('a write that is outrun', () => {
  /** Messages take 20 ms and writes 5: server 1 speaks at 1 ms, writes at 10, speaks and writes on. */
  const script: Script = ticking(1, (out, nth, { node, boot }) => {
    if (node !== 1 || boot > 0) return;
    if (nth === 1) out.persist(1, 'log', 0, append(1));
    if (nth === 9) out.send(2, mark(9));
    if (nth === 10) {
      out.send(2, mark(10));
      out.persist(2, 'log', 0, append(2));
      out.send(3, mark(11));
      out.persist(3, 'other', 0, append(3));
      out.send(2, mark(12));
    }
    if (nth === 11) out.send(2, mark(13));
  });
  const sections = {
    network: { ...planOf().network, latencyUsMin: 20_000, latencyUsMax: 20_000 },
    disk: { ...planOf().disk, latencyUsMin: 5_000, latencyUsMax: 5_000 },
  };
  const outrun: FaultAction = { do: 'outrun', node: 1, restartUs: 100_000 };

  test('what was sent behind it arrives at once, and it is lost, with all later ones', () => {
    const watched = watch(planOf({ ...sections, faults: [at(12_000, outrun)] }), script);
    expect(arrivals(watched).map(({ t, body }) => [body.term, t / 1_000])).toEqual([
      [11, 12],
      [12, 12],
      [13, 12],
      [9, 29],
      [10, 30],
    ]);
    expect(only(watched, 'crashed')[0]!.survivors).toEqual([]);
    expect(lives(watched, 1).slice(1, 3)).toEqual([
      ['crashed', 12],
      ['started', 112],
    ]);
    const image = watched.seen.flatMap(({ event }) =>
      event.kind === 'start' ? [event.image] : [],
    );
    expect(image.at(-1)!.entries.map(({ term }) => term)).toEqual([1]);
  });

  test('in the middle of a step, right after a message', () => {
    const on: Fault = {
      when: { on: 'sendBehindWrite', node: 0, nth: 1, count: 0 },
      what: { ...outrun, node: 0 },
    };
    const watched = watch(planOf({ ...sections, faults: [on] }), script);
    expect(arrivals(watched).map(({ t, body }) => [body.term, t / 1_000])).toEqual([
      [11, 10],
      [9, 29],
      [10, 30],
    ]);
    expect(only(watched, 'persistIssued').map(({ writeId }) => writeId)).toEqual([1, 2]);
  });

  test('without an unfinished write it is a crash', () => {
    const watched = watch(planOf({ ...sections, faults: [at(9_500, outrun)] }), script);
    expect(arrivals(watched).map(({ t }) => t / 1_000)).toEqual([29]);
    expect(lives(watched, 1)[1]).toEqual(['crashed', 9.5]);
  });

  test('a write that is durable, and not told of, is not outrun', () => {
    const disk = { ...sections.disk, noticeUsMax: 900_000 };
    const watched = watch(planOf({ ...sections, disk, faults: [at(12_000, outrun)] }), script);
    const told = only(watched, 'persisted').map(({ writeId }) => writeId);
    const kept = only(watched, 'crashed')[0]!.survivors.map(({ writeId }) => writeId);
    expect([...told, ...kept]).toEqual([1]);
  });
});
