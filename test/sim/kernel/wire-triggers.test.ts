/** Faults that wait for what any implementation does, on the wire and towards clients. */
import { describe, expect, test } from 'vitest';
import type { Outbox } from '../../../core/contract.ts';
import type { Fault, FaultTrigger } from '../../../sim/kernel/plan.ts';
import { mark, only, planOf, ticking, watch } from './probe.ts';
import { append, crashOn, entry, oneStep, steps, story } from './trigger-story.ts';

describe('broadcast', () => {
  const toAll = (out: Outbox): void => {
    for (const to of [2, 3]) out.send(to, mark(1));
  };
  const toOne = (out: Outbox): void => out.send(2, mark(1));
  const nothing = (): void => {};

  test('at the end of a step that says something to everybody, after a silent one', () => {
    const both = ['send 2', 'send 3'];
    expect(steps([crashOn('broadcast')], [toAll])).toEqual([...both, 'crashed']);
    const once = steps([crashOn('broadcast')], [toOne, toAll, nothing, toAll]);
    expect(once).toEqual(['send 2', ...both, ...both, 'crashed']);
    const twice = steps([crashOn('broadcast', { nth: 2 })], [toAll, toAll, nothing, toAll]);
    expect(twice).toEqual([...both, ...both, ...both, 'crashed']);
    expect(steps([crashOn('broadcast')], [toOne, toAll, toAll])).not.toContain('crashed');
  });
});

describe('senders', () => {
  /** Servers 2, 3, 4 speak to server 1 at these ms. */
  function heard(
    fault: Fault,
    speaks: Readonly<Record<number, readonly number[]>>,
    faults: readonly Fault[] = [],
  ) {
    const watched = watch(
      planOf({ cluster: { size: 4 }, faults: [fault, ...faults] }),
      ticking(1, (out, nth, { node }) => {
        if (speaks[node]?.includes(nth)) out.send(1, mark(nth));
      }),
    );
    const [crash] = only(watched, 'crashed').slice(faults.length);
    const messages = watched.seen.filter(
      ({ node, event }) => node === 1 && event.kind === 'message',
    );
    return { crashMs: crash === undefined ? null : crash.t / 1_000, heard: messages.length };
  }
  const speaks = { 2: [10, 20, 40], 3: [30, 50], 4: [60] };

  test('at a message of the kth distinct sender, which the server does not live to see', () => {
    const on = (count: number) => crashOn('senders', { node: 1, count });
    expect(heard(on(1), speaks)).toEqual({ crashMs: 11, heard: 0 });
    expect(heard(on(2), speaks)).toEqual({ crashMs: 31, heard: 2 });
    expect(heard(on(3), speaks)).toEqual({ crashMs: 61, heard: 5 });
    expect(heard(on(4), speaks)).toEqual({ crashMs: null, heard: 6 });
  });

  test('each sender once', () => {
    const second = crashOn('senders', { node: 1, count: 1, nth: 2 });
    expect(heard(second, { 2: [10, 20, 30, 40] }).crashMs).toBeNull();
  });

  test('since the server started', () => {
    const what = { do: 'crash', node: 1, restartUs: 1_000, keep: 'none' } as const;
    const restart = { when: { atUs: 25_000 }, what };
    const on = crashOn('senders', { node: 1, count: 2 });
    expect(heard(on, speaks, [restart])).toEqual({ crashMs: 41, heard: 3 });
  });
});

describe('apply', () => {
  test('when an index is applied for the first time anywhere', () => {
    const script = ticking(1, (out, nth, { node }) => {
      // Server 1 applies index i at i ms, server 2 one ms later, server 3 never.
      if (node === 1 && nth <= 5) out.apply(nth, entry);
      if (node === 2 && nth >= 2 && nth <= 6) out.apply(nth - 1, entry);
    });
    const crashes = (refined: Partial<FaultTrigger>) =>
      only(watch(planOf({ faults: [crashOn('apply', refined)] }), script), 'crashed').map(
        ({ n, t }) => [n, t / 1_000],
      );
    expect(crashes({})).toEqual([[1, 1]]);
    expect(crashes({ nth: 3 })).toEqual([[1, 3]]);
    expect(crashes({ nth: 6 })).toEqual([]);
    expect(crashes({ node: 2 })).toEqual([]);
    const both = (out: Outbox): void => {
      out.apply(1, entry);
      out.apply(2, entry);
    };
    expect(oneStep(crashOn('apply'), both)).toEqual(['apply 1', 'crashed']);
  });
});

describe('acknowledged', () => {
  test('when a client has got an ok: not before, not for an answer to nobody', () => {
    const ops = ['get x0', 'get x1', 'get x0'];
    const plan = planOf({
      workload: { script: [{ atUs: 5_000, node: 1, ops }] },
      faults: [crashOn('acknowledged', { nth: 2 })],
    });
    const watched = watch(plan, (event, out) => {
      if (event.kind !== 'request') return;
      const [a, b, c] = event.requests.map(({ id }) => id);
      out.respond('101.9/1', 'ok', 0);
      out.respond(a!, 'ok', 0);
      out.respond(a!, 'ok', 0);
      out.respond(b!, 'rejected', 0);
      out.respond(c!, 'ok', 0);
      out.note('lives');
    });
    expect(story(watched).slice(1)).toEqual([
      'requested',
      'respond 101.9/1 ok',
      'respond 101.1/1 ok',
      'respond 101.1/1 ok',
      'respond 101.2/1 rejected',
      'respond 101.3/1 ok',
      'crashed',
    ]);
    expect(only(watched, 'returned').map(({ outcome }) => outcome)).toEqual(['ok', 'fail', 'ok']);
  });
});

describe('several faults', () => {
  test('that wait for one and the same fact: the first acts, the other at the next one', () => {
    const pause = { do: 'pause', node: 2, forUs: 1_000 } as const;
    const when = { on: 'write', node: 0, nth: 1, count: 0 } as const;
    const faults = [{ when, what: pause }, crashOn('write')];
    const acts = [1, 2, 3].map((id) => (out: Outbox) => out.persist(id, 'log', 0, append(1)));
    const done = steps(faults, acts).filter((what) => what !== 'persisted');
    expect(done).toEqual(['write 1', 'crashed']);
  });

  test('all count every fact, also one at which another acts', () => {
    const acts = Array.from({ length: 9 }, (_, i) => (out: Outbox) => {
      out.persist(i + 1, 'log', 0, append(1));
    });
    const script = ticking(1, (out, nth, { node }) => {
      if (node === 1) acts[nth - 1]?.(out);
    });
    const on = (nth: number, forUs: number): Fault => ({
      when: { on: 'write', node: 1, nth, count: 0 },
      what: { do: 'isolate', node: 1, direction: 'out', peers: 0, forUs },
    });
    const faults = [on(2, 400), on(4, 400), on(3, 400), on(7, 400)];
    const blocked = only(watch(planOf({ faults }), script), 'blocked');
    const began = blocked.filter(({ links }) => links.length > 0).map(({ t }) => t / 1_000);
    expect(began).toEqual([2, 3, 4, 7]);
  });

  test('fire once each', () => {
    const what = { do: 'pause', node: 2, forUs: 100 } as const;
    const fault: Fault = { when: { on: 'write', node: 1, nth: 1, count: 0 }, what };
    const acts = [1, 2, 3, 4, 5].map((id) => (out: Outbox) => out.persist(id, 'log', 0, append(1)));
    const script = ticking(1, (out, nth, { node }) => {
      if (node === 1) acts[nth - 1]?.(out);
    });
    for (const count of [1, 2, 3]) {
      const faults = Array.from({ length: count }, () => fault);
      expect(only(watch(planOf({ faults }), script), 'paused').length).toBe(count);
    }
  });
});
