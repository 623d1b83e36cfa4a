/** Faults that hit in the middle of a step: what has been done stays done, the rest is void. */
import { describe, expect, test } from 'vitest';
import type { Outbox } from '../../../core/contract.ts';
import type { FaultAction, Plan } from '../../../sim/kernel/plan.ts';
import { arrivals, lives, mark, only, planOf, type Watched, watch } from './probe.ts';
import { append, entry } from './trigger-story.ts';

/** At 10 ms server 1 does `before`, then this fault hits, then it does `after`: one step. */
function hit(
  what: FaultAction,
  before: (out: Outbox) => void,
  after: (out: Outbox) => void,
  sections: Partial<Plan> = {},
): Watched {
  const when = { on: 'leader', node: 1, nth: 1, count: 0 } as const;
  const faults = [...(sections.faults ?? []), { when, what }];
  return watch(planOf({ ...sections, faults }), (event, out, { node, boot }) => {
    if (event.kind === 'start' && boot === 0) out.setTimer('go', 10, 10);
    if (event.kind !== 'timer' || event.name !== 'go' || node !== 1) return;
    before(out);
    out.claim('leader', 1);
    after(out);
  });
}

const nothing = (): void => {};

/** What happened at 10 ms, from the event of server 1 on. */
function moment({ facts }: Watched): string[] {
  const first = facts.findIndex((fact) => fact.k === 'fired' && fact.n === 1);
  return facts.slice(first + 1).flatMap((fact) => {
    if (!('t' in fact) || fact.t !== 10_000) return [];
    if (fact.k === 'fired' || fact.k === 'struck') return [];
    return ['n' in fact ? `${fact.k} ${fact.n}` : fact.k];
  });
}

describe('a crash of the server itself', () => {
  const what = { do: 'crash', node: 0, restartUs: 5_000, keep: 'all' } as const;

  test('lets its earlier sends leave, and nothing after it happen', () => {
    const all = (out: Outbox): void => {
      out.send(2, mark(9));
      out.send(99, mark(9));
      out.persist(2, 'log', 0, append(1));
      out.setTimer('late', 1, 0);
      out.cancelTimer('go');
      out.apply(1, entry);
      out.respond('x', 'ok', 0);
      out.claim('follower', 2);
      out.halt('too late');
      out.note('too late');
    };
    const before = (out: Outbox): void => {
      out.persist(1, 'log', 0, append(1));
      out.send(3, mark(2));
      out.send(2, mark(1));
    };
    const watched = hit(what, before, all);
    expect(moment(watched)).toEqual([
      'persistIssued 1',
      'sent 1',
      'sent 1',
      'claimed 1',
      'crashed 1',
    ]);
    expect(arrivals(watched).map(({ n, body }) => [n, body.term])).toEqual([
      [2, 1],
      [3, 2],
    ]);
    expect(only(watched, 'crashed')[0]!.survivors).toEqual([{ writeId: 1, kept: -1 }]);
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['crashed', 10],
      ['started', 15],
    ]);
    expect(watched.result.verdict).toBe('pass');
  });

  test('is over before the next life starts, however quick', () => {
    const watched = hit({ ...what, restartUs: 0 }, nothing, (out) => out.note('too late'));
    expect(moment(watched)).toEqual(['claimed 1', 'crashed 1', 'started 1']);
    expect(only(watched, 'noted')).toEqual([]);
  });

  test('leaves its client in the dark', () => {
    const workload = { ...planOf().workload, script: [{ atUs: 5_000, node: 1, ops: ['get x0'] }] };
    const when = { on: 'action', node: 1, nth: 1, count: 0 } as const;
    const plan = planOf({ workload, faults: [{ when, what }] });
    const watched = watch(plan, (event, out) => {
      if (event.kind === 'request') out.respond(event.requests[0]!.id, 'ok', 0);
    });
    expect(only(watched, 'responded')).toEqual([]);
    expect(only(watched, 'returned').map(({ outcome }) => outcome)).toEqual(['info']);
  });
});

describe('in the middle of a step of server 1', () => {
  test('server 2 crashes: server 1 goes on, and what it sends is lost with server 2', () => {
    const what = { do: 'crash', node: 2, restartUs: 500, keep: 'none' } as const;
    const watched = hit(what, nothing, (out) => {
      out.send(2, mark(1));
      out.send(3, mark(2));
      out.note('goes on');
    });
    expect(moment(watched).slice(0, 5)).toEqual([
      'claimed 1',
      'crashed 2',
      'sent 1',
      'sent 1',
      'noted 1',
    ]);
    // Server 2 is back before the message comes.
    expect(arrivals(watched).map(({ n }) => n)).toEqual([2, 3]);
    const dead = hit({ ...what, restartUs: null }, nothing, (out) => out.send(2, mark(1)));
    expect(arrivals(dead)).toEqual([]);
  });

  test('server 1 is cut off: what it said before gets through, what it says after does not', () => {
    const what = { do: 'isolate', node: 0, direction: 'out', peers: 0, forUs: null } as const;
    const say = (term: number) => (out: Outbox) => {
      for (const to of [3, 2]) out.send(to, mark(term));
    };
    const watched = hit(what, say(1), say(2));
    const copies = only(watched, 'sent').map(({ body, copies: count }) => [body.term, count]);
    expect(copies).toEqual([
      [1, 1],
      [1, 1],
      [2, 0],
      [2, 0],
    ]);
    const free = hit({ do: 'unblock' }, say(1), say(2), {
      faults: [{ when: { atUs: 0 }, what: { ...what, node: 1 } }],
    });
    expect(only(free, 'sent').map(({ copies: count }) => count)).toEqual([0, 0, 1, 1]);
  });

  test('server 1 is cut off between a send and another action: the send gets through', () => {
    const what = { do: 'isolate', node: 0, direction: 'out', peers: 0, forUs: null } as const;
    const when = { on: 'action', node: 1, nth: 2, count: 0 } as const;
    const watched = watch(planOf({ faults: [{ when, what }] }), (event, out, { node }) => {
      if (event.kind !== 'start' || node !== 1) return;
      out.send(2, mark(1));
      out.note('cut off');
      out.send(3, mark(2));
    });
    const copies = only(watched, 'sent').map(({ body, copies: count }) => [body.term, count]);
    expect(copies).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });

  test('server 1 is paused: the step comes to its end', () => {
    const what = { do: 'pause', node: 1, forUs: 20_000 } as const;
    const watched = hit(what, nothing, (out) => {
      out.note('goes on');
      out.setTimer('after', 1, 1);
      out.persist(1, 'log', 0, append(1));
    });
    expect(moment(watched).slice(0, 4)).toEqual(['claimed 1', 'paused 1', 'noted 1', 'timerSet 1']);
    const late = [...only(watched, 'fired'), ...only(watched, 'persisted')].filter(
      ({ n, t }) => n === 1 && t > 10_000,
    );
    expect(late.map(({ k, t }) => [k, t])).toEqual([
      ['fired', 30_000],
      ['persisted', 30_000],
    ]);
  });

  test('server 2 is to start again: when the step is over', () => {
    const crash = { do: 'crash', node: 2, restartUs: null, keep: 'none' } as const;
    const watched = hit({ do: 'restart', node: 2 }, nothing, (out) => out.note('goes on'), {
      faults: [{ when: { atUs: 5_000 }, what: crash }],
    });
    expect(moment(watched).slice(0, 3)).toEqual(['claimed 1', 'noted 1', 'started 2']);
  });

  test('a timer is to run out: when the step is over', () => {
    const what = { do: 'elapse', node: 0, timer: 'long' } as const;
    const watched = hit(what, nothing, (out) => {
      out.setTimer('long', 500, 500);
      out.note('goes on');
    });
    const fired = only(watched, 'fired').filter(({ timer }) => timer === 'long');
    expect(fired.map(({ t }) => t)).toEqual([10_000]);
    const order = watched.facts.flatMap((fact) =>
      fact.k === 'noted' || (fact.k === 'fired' && fact.timer === 'long') ? [fact.k] : [],
    );
    expect(order).toEqual(['noted', 'fired']);
  });

  test('a fault that names a server hits that server, not the one of the fact', () => {
    const what = { do: 'pause', node: 3, forUs: 1_000 } as const;
    expect(only(hit(what, nothing, nothing), 'paused').map(({ n }) => n)).toEqual([3]);
    const itself = { do: 'pause', node: 0, forUs: 1_000 } as const;
    expect(only(hit(itself, nothing, nothing), 'paused').map(({ n }) => n)).toEqual([1]);
  });
});
