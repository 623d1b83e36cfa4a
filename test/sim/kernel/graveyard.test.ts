/** Old messages that come again: drawn with a message of their link, or dug up by a fault. */
import { describe, expect, test } from 'vitest';
import type { Outbox } from '../../../core/contract.ts';
import type { Message } from '../../../core/messages.ts';
import type { FaultAction, NetworkPlan, Plan } from '../../../sim/kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS } from '../../../sim/run.ts';
import { isStep } from '../../../sim/trace/format.ts';
import { traceRun } from '../../../sim/trace/record-run.ts';
import { reference } from '../implementations.ts';
import {
  arrivals,
  at,
  mark,
  only,
  planOf,
  type Script,
  ticking,
  type Watched,
  watch,
} from './probe.ts';

const SENDS = 900;

/** Server 1 sends to server 2 every ms; each term lasts a hundred messages. */
function haunted(network: Partial<NetworkPlan>, sections: Partial<Plan> = {}): Watched {
  const script = ticking(1, (out, nth, { node }) => {
    if (node === 1 && nth <= SENDS) out.send(2, mark(1 + Math.floor(nth / 100)));
  });
  return watch(planOf({ cluster: { size: 2 }, network, ...sections }), script);
}

/** Arrivals of messages that had arrived, or got lost, long before. */
function ghosts(watched: Watched) {
  const sent = new Map(only(watched, 'sent').map((fact) => [fact.messageId, fact]));
  return arrivals(watched)
    .filter(({ messageId, t }) => t - sent.get(messageId)!.t > 2_000)
    .map((fact) => ({ ...fact, copies: sent.get(fact.messageId)!.copies }));
}

describe('the graveyard', () => {
  test('gives back an old message with its share of the sends, of an earlier term if it can', () => {
    const watched = haunted({ graveyardPpm: 100_000 });
    const found = ghosts(watched);
    expect(found.length).toBeGreaterThan(50);
    expect(found.length).toBeLessThan(130);
    const isEarlier = found.map(({ t, body }) => body.term < 1 + Math.floor((t / 1_000 - 2) / 100));
    // In the first term there is nothing earlier.
    const first = found.filter(({ t }) => t <= 101_000).length;
    expect(isEarlier.filter(Boolean).length).toBeGreaterThanOrEqual(found.length - first - 2);
    expect(new Set(found.map(({ body }) => body.term)).size).toBeGreaterThan(5);
  });

  test('moves no other luck', () => {
    const drawn = {
      latencyUsMin: 100,
      latencyUsMax: 1_500,
      lossPpm: 100_000,
      duplicatePpm: 50_000,
    };
    const firsts = (graveyardPpm: number) => {
      const seen = new Map<number, number>();
      const watched = haunted({ ...drawn, graveyardPpm });
      for (const { messageId, t } of arrivals(watched)) {
        if (!seen.has(messageId)) seen.set(messageId, t);
      }
      const copies = only(watched, 'sent').map((fact) => fact.copies);
      const arrived = only(watched, 'sent').filter((fact) => fact.copies > 0);
      return { copies, times: arrived.map(({ messageId }) => seen.get(messageId)) };
    };
    expect(firsts(200_000)).toEqual(firsts(0));
  });

  test('keeps what was lost', () => {
    const found = ghosts(haunted({ lossPpm: 300_000, graveyardPpm: 200_000 }));
    expect(found.filter(({ copies }) => copies === 0).length).toBeGreaterThan(10);
  });

  test('gives nothing to a blocked link, and nothing after the heal', () => {
    const block = at(300_000, { do: 'block', links: [[1, 2]], forUs: null });
    const blocked = ghosts(haunted({ graveyardPpm: 200_000 }, { faults: [block] }));
    expect(blocked.length).toBeGreaterThan(20);
    expect(blocked.every(({ t }) => t <= 301_000)).toBe(true);
    const config = { ...planOf().cluster.config, electionMsMin: 20, electionMsMax: 40 };
    const healed = haunted(
      { graveyardPpm: 200_000 },
      {
        cluster: { ...planOf().cluster, size: 2, config: { ...config, heartbeatMs: 8 } },
        phases: { ...planOf().phases, core: [1, 2], chaosUs: 300_000, settle: true },
      },
    );
    expect(ghosts(healed).every(({ t }) => t <= 301_000)).toBe(true);
    expect(arrivals(healed).some(({ t }) => t > 600_000)).toBe(true);
  });

  test('is in the trace: a message that was lost comes from the step that sent it', () => {
    const plan = planOf({
      network: { lossPpm: 300_000, graveyardPpm: 300_000 },
      workload: { clients: 2 },
    });
    const { trace } = traceRun({
      plan,
      implementation: reference,
      hash: null,
      options: DEFAULT_RUN_OPTIONS,
    });
    const lost = new Map<number, number>();
    let count = 0;
    for (const record of trace.records) {
      if (!isStep(record)) continue;
      if (record.k === 'delivered' && lost.has(record.messageId)) {
        expect(record.cause).toBe(lost.get(record.messageId));
        count += 1;
      }
      for (const action of record.actions) {
        if (action.k === 'sent' && action.copies === 0) lost.set(action.messageId, record.i);
      }
    }
    expect(count).toBeGreaterThan(5);
  });
});

describe('exhume', () => {
  const appendEntries = (term: number): Message => {
    const place = { prevLogIndex: 0, prevLogTerm: 0, leaderCommit: 0 };
    return { kind: 'AppendEntries', term, leaderId: 1, entries: [], ...place };
  };
  /** Server 1 leads terms 1 and 4, and hears two messages in each of the terms 1 to 4. */
  const script: Script = ticking(10, (out: Outbox, nth, { node }) => {
    if (nth > 4) return;
    if (node === 1) out.send(2, nth === 1 || nth === 4 ? appendEntries(nth) : mark(nth));
    else if (node === 2) for (let i = 0; i < 2; i += 1) out.send(1, mark(nth));
  });
  const dug = (what: Partial<FaultAction & { do: 'exhume' }>, sections: Partial<Plan> = {}) => {
    const exhume = { do: 'exhume', node: 1, of: 'any', count: 100, withinUs: 0, ...what } as const;
    const watched = watch(planOf({ faults: [at(60_000, exhume)], ...sections }), script);
    return arrivals(watched).filter(({ n, t }) => n === 1 && t >= 60_000);
  };

  test('brings messages to the server again, the newest first', () => {
    const found = dug({});
    expect(found.map(({ body }) => body.term)).toEqual([4, 4, 3, 3, 2, 2, 1, 1]);
    expect(new Set(found.map(({ t }) => t))).toEqual(new Set([60_000]));
    const ids = found.map(({ messageId }) => messageId);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  });

  test('of terms before its own, or only of those that it led', () => {
    expect(dug({ of: 'earlierTerm' }).map(({ body }) => body.term)).toEqual([3, 3, 2, 2, 1, 1]);
    expect(dug({ of: 'earlierReign' }).map(({ body }) => body.term)).toEqual([1, 1]);
  });

  test('so many, within a time', () => {
    expect(dug({ count: 3 }).map(({ body }) => body.term)).toEqual([4, 4, 3]);
    const late = dug({ count: 4, withinUs: 8_000 });
    expect(late.map(({ t }) => t)).toEqual([60_000, 62_000, 64_000, 66_000]);
  });

  test('of those that were lost too, over a blocked link too', () => {
    const network = { ...planOf().network, lossPpm: 1_000_000 };
    expect(dug({}, { network }).length).toBe(8);
    const exhume = { do: 'exhume', node: 1, of: 'any', count: 9, withinUs: 0 } as const;
    const block = at(35_000, { do: 'block', links: [[2, 1]], forUs: null });
    expect(dug({}, { faults: [block, at(60_000, exhume)] }).length).toBe(8);
  });

  test('keeps messages of earlier terms however long the present one lasts', () => {
    const long: Script = ticking(1, (out, nth, { node }) => {
      if (node === 1 && nth === 1) out.send(2, appendEntries(1));
      if (node === 2 && nth <= 3) out.send(1, mark(1));
      if (node === 2 && nth > 3 && nth < 700) out.send(1, mark(2));
      if (node === 1 && nth === 5) out.send(2, appendEntries(2));
    });
    const exhume = { do: 'exhume', node: 1, of: 'earlierReign', count: 9, withinUs: 0 } as const;
    const watched = watch(planOf({ faults: [at(800_000, exhume)] }), long);
    const found = arrivals(watched).filter(({ n, t }) => n === 1 && t >= 800_000);
    expect(found.map(({ body }) => body.term)).toEqual([1, 1, 1]);
  });
});
