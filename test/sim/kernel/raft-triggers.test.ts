/** Faults that wait for what only a Raft does: leading again, standing, succeeding, truncating. */
import { describe, expect, test } from 'vitest';
import type { Outbox } from '../../../core/contract.ts';
import type { Message } from '../../../core/messages.ts';
import type { FaultTrigger } from '../../../sim/kernel/plan.ts';
import { at, lives, mark, only, planOf, type Script, watch } from './probe.ts';
import { append, crashOn, oneStep, steps } from './trigger-story.ts';

function appendEntries(term: number): Message {
  const place = { prevLogIndex: 0, prevLogTerm: 0, leaderCommit: 0 };
  return { kind: 'AppendEntries', term, leaderId: 1, entries: [], ...place };
}

function requestVote(term: number): Message {
  return { kind: 'RequestVote', term, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0 };
}

function answer(success: boolean): Message {
  const conflict = { conflictTerm: 0, conflictIndex: 0 };
  return { kind: 'AppendEntriesResponse', term: 1, success, matchIndex: 0, ...conflict };
}

describe('a server that never claims anything', () => {
  const acts = [
    (out: Outbox) => {
      out.send(2, requestVote(1));
      out.send(3, appendEntries(1));
      out.send(2, appendEntries(1));
    },
    (out: Outbox) => out.persist(1, 'log', 0, append(1)),
    (out: Outbox) => {
      // It has stepped down.
      out.send(2, mark(2));
      out.persist(2, 'log', 0, append(1));
    },
    (out: Outbox) => out.send(2, appendEntries(3)),
    (out: Outbox) => out.persist(3, 'log', 0, append(1)),
  ];
  const done = (on: FaultTrigger['on'], refined: Partial<FaultTrigger> = {}) =>
    steps([crashOn(on, refined)], acts).filter((what) => what !== 'persisted');

  test('leads from the first AppendEntries of a term, before it leaves', () => {
    expect(done('leader')).toEqual(['send 2', 'crashed']);
    expect(done('leader', { nth: 2 }).slice(-2)).toEqual(['write 2', 'crashed']);
    expect(done('leader', { nth: 3 })).not.toContain('crashed');
  });

  test('leads until it speaks in a later term', () => {
    expect(done('leader', { count: 1 }).slice(-2)).toEqual(['write 1', 'crashed']);
    expect(done('leader', { count: 1, nth: 2 }).slice(-2)).toEqual(['write 3', 'crashed']);
    expect(done('leader', { count: 2 })).not.toContain('crashed');
  });

  test('leads again when it has led an earlier term', () => {
    expect(done('leaderAgain').slice(-2)).toEqual(['write 2', 'crashed']);
    expect(done('leaderAgain', { count: 1 }).slice(-2)).toEqual(['write 3', 'crashed']);
    expect(done('leaderAgain', { nth: 2 })).not.toContain('crashed');
  });

  test('commits as a leader', () => {
    const entry = { term: 1, command: null };
    const applying = [
      (out: Outbox) => out.apply(1, entry),
      (out: Outbox) => {
        out.send(2, appendEntries(1));
        out.apply(2, entry);
      },
    ];
    expect(steps([crashOn('commit')], applying)).toEqual(['apply 1', 'send 2', 'crashed']);
  });
});

describe('a server that claims', () => {
  const acts = [
    (out: Outbox) => {
      out.claim('candidate', 1);
      out.claim('leader', 1);
      out.send(2, appendEntries(1));
    },
    (out: Outbox) => {
      out.claim('follower', 2);
      // What it had still to say as the leader of term 1.
      out.send(2, appendEntries(1));
    },
    (out: Outbox) => {
      out.claim('leader', 2);
      out.persist(1, 'log', 0, append(1));
    },
  ];
  const done = (on: FaultTrigger['on'], refined: Partial<FaultTrigger> = {}) =>
    steps([crashOn(on, refined)], acts);

  test('leads from its claim on, and only then', () => {
    expect(done('leader', { nth: 2 }).slice(-2)).toEqual(['claim leader', 'crashed']);
    expect(done('leader', { nth: 2 })).toHaveLength(7);
    expect(done('leader', { nth: 3 })).not.toContain('crashed');
  });

  test('leads again when it has led an earlier term, also in an earlier life', () => {
    expect(done('leaderAgain').slice(-2)).toEqual(['claim leader', 'crashed']);
    expect(done('leaderAgain', { count: 1 }).slice(-2)).toEqual(['write 1', 'crashed']);
    const script: Script = (event, out, { node, boot }) => {
      if (event.kind === 'start' && node === 1) out.claim('leader', boot < 2 ? 1 : 2);
    };
    const crash = { do: 'crash', node: 1, restartUs: 1_000, keep: 'none' } as const;
    const faults = [at(5_000, crash), at(10_000, crash), crashOn('leaderAgain')];
    // The second life leads term 1 once more: that is no other term.
    expect(lives(watch(planOf({ faults }), script), 1).slice(-2)).toEqual([
      ['started', 11],
      ['crashed', 11],
    ]);
  });
});

describe('candidate', () => {
  const act = (out: Outbox): void => {
    out.note('stands');
    for (const to of [2, 3]) out.send(to, requestVote(1));
    for (const to of [2, 3]) out.send(to, requestVote(2));
  };

  test('before the first request of a term leaves', () => {
    expect(oneStep(crashOn('candidate'), act)).toEqual(['stands', 'crashed']);
    const second = oneStep(crashOn('candidate', { nth: 2 }), act);
    expect(second).toEqual(['stands', 'send 2', 'send 3', 'crashed']);
    expect(oneStep(crashOn('candidate', { nth: 3 }), act)).not.toContain('crashed');
  });

  test('a term that an earlier life has stood in does not count again', () => {
    const script: Script = (event, out, { node }) => {
      if (event.kind === 'start' && node === 1) out.send(2, requestVote(1));
    };
    const crash = at(5_000, { do: 'crash', node: 1, restartUs: 1_000, keep: 'none' });
    const watched = watch(planOf({ faults: [crash, crashOn('candidate', { nth: 2 })] }), script);
    expect(only(watched, 'crashed').length).toBe(1);
  });
});

describe('success', () => {
  const act = (out: Outbox): void => {
    out.send(3, answer(false));
    out.send(2, answer(true));
    out.send(3, answer(true));
  };

  test('0: before the answer is sent; 1: after it', () => {
    expect(oneStep(crashOn('success'), act)).toEqual(['send 3', 'crashed']);
    expect(oneStep(crashOn('success', { count: 1 }), act)).toEqual(['send 2', 'send 3', 'crashed']);
    const second = oneStep(crashOn('success', { count: 1, nth: 2 }), act);
    expect(second).toEqual(['send 2', 'send 3', 'send 3', 'crashed']);
  });
});

describe('truncate', () => {
  test('after a truncation is issued', () => {
    const act = (out: Outbox): void => {
      out.persist(1, 'log', 0, append(2));
      out.persist(2, 'log', 0, { kind: 'truncateFrom', index: 2 });
      out.persist(3, 'log', 0, append(1));
    };
    expect(oneStep(crashOn('truncate'), act)).toEqual(['write 1', 'write 2', 'crashed']);
    expect(oneStep(crashOn('truncate', { nth: 2 }), act)).not.toContain('crashed');
  });
});

describe('sendBehindWrite', () => {
  const acts = [
    (out: Outbox) => out.send(2, mark(1)),
    (out: Outbox) => {
      out.persist(1, 'log', 0, append(1));
      out.send(3, mark(2));
      out.send(2, mark(2));
      out.note('lives');
    },
    (out: Outbox) => out.send(2, mark(3)),
  ];

  test('after each message that leaves while a write is not durable', () => {
    const done = (nth: number) => steps([crashOn('sendBehindWrite', { nth })], acts);
    expect(done(1)).toEqual(['send 2', 'write 1', 'send 3', 'crashed']);
    expect(done(2)).toEqual(['send 2', 'write 1', 'send 2', 'send 3', 'crashed']);
    // The write takes 0.2 ms.
    expect(done(3)).not.toContain('crashed');
  });
});

describe('started', () => {
  const crash = (atUs: number, node: number) =>
    at(atUs, { do: 'crash', node, restartUs: 1_000, keep: 'none' });

  test('when a server starts again, before it is told so; not at the first start', () => {
    const faults = [crash(5_000, 2), crash(10_000, 1), crashOn('started', { nth: 2 })];
    const watched = watch(planOf({ faults }), () => {});
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['crashed', 10],
      ['started', 11],
      ['crashed', 11],
    ]);
    const starts = watched.seen.filter(({ event, node }) => event.kind === 'start' && node === 1);
    expect(starts.length).toBe(1);
  });

  test('a start that comes to nothing does not move the seed of the next', () => {
    const seedsOf = (faults: Parameters<typeof planOf>[0]) =>
      watch(planOf(faults), () => {}).seen.flatMap(({ event, node }) =>
        event.kind === 'start' && node === 1 ? [event.seed] : [],
      );
    const again = { when: crashOn('started').when, what: crash(0, 1).what };
    const usual = seedsOf({ faults: [crash(5_000, 1), crash(10_000, 1)] });
    const short = seedsOf({ faults: [crash(5_000, 1), again] });
    expect(usual.length).toBe(3);
    expect(short).toEqual([usual[0], usual[2]]);
  });
});
