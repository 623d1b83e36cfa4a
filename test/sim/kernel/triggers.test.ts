/** Faults that wait for an action of a server: exactly where they hit. */
import { describe, expect, test } from 'vitest';
import type { Outbox } from '../../../core/contract.ts';
import type { Message } from '../../../core/messages.ts';
import type { FaultTrigger } from '../../../sim/kernel/plan.ts';
import { mark, only, planOf, type Script, ticking, watch } from './probe.ts';
import { append, crashOn, entry, oneStep, steps } from './trigger-story.ts';

const grant: Message = { kind: 'RequestVoteResponse', term: 1, voteGranted: true };

describe('action', () => {
  const act = (out: Outbox): void => {
    out.note('a');
    out.send(3, mark(1));
    out.send(2, mark(2));
    out.persist(1, 'log', 0, append(1));
    out.claim('leader', 1);
    out.setTimer('t', 1, 1);
    out.apply(1, entry);
    out.cancelTimer('t');
    out.respond('nobody', 'ok', 0);
    out.halt('no reason');
  };
  const all = [
    'a',
    'send 2',
    'send 3',
    'write 1',
    'claim leader',
    'timerSet',
    'apply 1',
    'timerCancelled',
    'respond nobody ok',
  ];

  test.each([1, 2, 4, 5, 6, 7, 8, 9, 10])(
    '%i: crashes before it, all of those before it are done',
    (nth) => {
      expect(oneStep(crashOn('action', { nth }), act)).toEqual([
        ...all.slice(0, nth - 1),
        'crashed',
      ]);
    },
  );

  test('a crash among sends: those made so far have left, sorted', () => {
    expect(oneStep(crashOn('action', { nth: 3 }), act)).toEqual(['a', 'send 3', 'crashed']);
  });

  test('counts one server, or all together', () => {
    const script = ticking(1, (out, nth) => {
      out.note(`${nth}`);
    });
    const endOf = (refined: Partial<FaultTrigger>) =>
      only(watch(planOf({ faults: [crashOn('action', refined)] }), script), 'crashed')[0];
    // Two actions a step: setTimer at the start, then note and setTimer at every tick.
    expect(endOf({ node: 2, nth: 4 })).toMatchObject({ n: 2, t: 2_000 });
    expect(endOf({ node: 0, nth: 4 })).toMatchObject({ n: 1, t: 1_000 });
  });
});

describe('leader', () => {
  const acts = [
    (out: Outbox) => {
      out.persist(1, 'log', 0, append(1));
      out.claim('candidate', 1);
      out.claim('leader', 1);
      out.note('reigns');
      out.persist(2, 'log', 0, append(2));
      out.send(2, mark(1));
    },
    (out: Outbox) => {
      out.persist(3, 'log', 0, append(1));
      out.claim('follower', 2);
      out.persist(4, 'log', 0, append(1));
    },
    (out: Outbox) => {
      out.claim('leader', 3);
      out.persist(5, 'hardState', 0, {
        kind: 'hardState',
        currentTerm: 3,
        votedFor: 1,
        commitIndex: 0,
      });
      out.persist(6, 'log', 0, append(1));
    },
  ];
  const done = (refined: Partial<FaultTrigger>) =>
    steps([crashOn('leader', refined)], acts).filter((what) => what !== 'persisted');

  test('0: at the claim', () => {
    expect(done({})).toEqual(['write 1', 'claim candidate', 'claim leader', 'crashed']);
  });

  test('k: after the append that brings the kth entry of the reign', () => {
    const first = ['write 1', 'claim candidate', 'claim leader', 'reigns', 'write 2'];
    expect(done({ count: 1 })).toEqual([...first, 'crashed']);
    expect(done({ count: 2 })).toEqual([...first, 'crashed']);
    expect(done({ count: 3 })).toEqual([...first, 'send 2', 'write 3', 'crashed']);
    expect(done({ count: 4 })).not.toContain('crashed');
  });

  test('a crash at an entry is the end: no other fault waits for the rest of the append', () => {
    const when = { on: 'leader', node: 0, nth: 1, count: 2 } as const;
    const pause = { when, what: { do: 'pause', node: 3, forUs: 1_000 } as const };
    const watched = watch(
      planOf({ faults: [crashOn('leader', { count: 1 }), pause] }),
      (event, out, { node }) => {
        if (event.kind !== 'start' || node !== 1) return;
        out.claim('leader', 1);
        out.persist(1, 'log', 0, append(2));
      },
    );
    expect(only(watched, 'paused')).toEqual([]);
  });

  test('a reign ends with the life', () => {
    const crash = { do: 'crash', node: 1, restartUs: 1_000, keep: 'none' } as const;
    const faults = [crashOn('leader', { count: 1 }), { when: { atUs: 5_000 }, what: crash }];
    const watched = watch(planOf({ faults }), (event, out, { node, boot }) => {
      if (event.kind !== 'start' || node !== 1) return;
      if (boot === 0) out.claim('leader', 1);
      else out.persist(1, 'log', 0, append(1));
    });
    expect(only(watched, 'crashed').length).toBe(1);
  });

  test('nth: of a later reign, whose entries count from 1', () => {
    expect(done({ nth: 2 }).slice(-2)).toEqual(['claim leader', 'crashed']);
    expect(done({ nth: 2, count: 1 }).slice(-4)).toEqual([
      'claim leader',
      'write 5',
      'write 6',
      'crashed',
    ]);
    expect(done({ nth: 3, count: 1 })).not.toContain('crashed');
  });
});

describe('commit', () => {
  const acts = [
    (out: Outbox) => {
      out.apply(1, entry);
      out.claim('leader', 1);
    },
    (out: Outbox) => {
      out.send(2, mark(1));
      out.apply(2, entry);
      out.apply(3, entry);
    },
    (out: Outbox) => {
      out.apply(4, entry);
      out.send(2, mark(1));
    },
  ];
  const done = (nth: number) => steps([crashOn('commit', { nth })], acts);

  test('before a leader applies, once per step', () => {
    expect(done(1)).toEqual(['apply 1', 'claim leader', 'send 2', 'crashed']);
    expect(done(2).slice(-3)).toEqual(['apply 2', 'apply 3', 'crashed']);
    expect(done(3)).not.toContain('crashed');
  });
});

describe('voteGranted', () => {
  const act = (out: Outbox): void => {
    out.send(3, mark(1));
    out.send(2, grant);
    out.send(3, grant);
  };

  test('0: before the vote is sent; what was said before has left', () => {
    expect(oneStep(crashOn('voteGranted'), act)).toEqual(['send 3', 'crashed']);
    const nth2 = oneStep(crashOn('voteGranted', { nth: 2 }), act);
    expect(nth2).toEqual(['send 2', 'send 3', 'crashed']);
  });

  test('1: after it has left', () => {
    const done = oneStep(crashOn('voteGranted', { count: 1 }), act);
    expect(done).toEqual(['send 2', 'send 3', 'crashed']);
    const nth2 = oneStep(crashOn('voteGranted', { count: 1, nth: 2 }), act);
    expect(nth2).toEqual(['send 2', 'send 3', 'send 3', 'crashed']);
  });
});

describe('write', () => {
  const acts = [
    (out: Outbox) => {
      out.send(2, mark(1));
      out.persist(1, 'log', 0, append(1));
      out.note('issued');
      out.persist(2, 'log', 0, append(1));
    },
  ];
  const done = (refined: Partial<FaultTrigger>) => steps([crashOn('write', refined)], acts);

  test('0: before it is issued; 1: after', () => {
    expect(done({})).toEqual(['send 2', 'crashed']);
    expect(done({ count: 1 })).toEqual(['send 2', 'write 1', 'crashed']);
    expect(done({ nth: 2 })).toEqual(['send 2', 'write 1', 'issued', 'crashed']);
    expect(done({ nth: 2, count: 1 })).toEqual([
      'send 2',
      'write 1',
      'issued',
      'write 2',
      'crashed',
    ]);
  });

  test('2: when it is safe, and the server is not told', () => {
    const issued = ['send 2', 'write 1', 'issued', 'write 2'];
    expect(done({ count: 2 })).toEqual([...issued, 'persisted', 'crashed']);
    expect(done({ count: 2, nth: 2 })).toEqual([...issued, 'persisted', 'persisted', 'crashed']);
    const script: Script = (event, out) => {
      if (event.kind === 'start') out.persist(1, 'log', 0, append(1));
    };
    const faults = [crashOn('write', { node: 1, count: 2 })];
    const { seen, facts } = watch(planOf({ faults }), script);
    const told = seen.filter(({ event }) => event.kind === 'persisted').map(({ node }) => node);
    expect(told).toEqual([2, 3]);
    // It was safe by then: nothing was left to survive.
    expect(only({ facts }, 'crashed')[0]!.survivors).toEqual([]);
  });
});
