/** Faults that wait for configurations, snapshots, transfers and reads. */
import { describe, expect, test } from 'vitest';
import type { Outbox, Write } from '../../../core/contract.ts';
import type { Entry, Message } from '../../../core/messages.ts';
import { ask } from './asking.ts';
import { at, lives, only, planOf, type Script, watch } from './probe.ts';
import { append, crashOn, entry, oneStep, steps, story } from './trigger-story.ts';

const voters = { voters: [1, 2, 3], newVoters: null, learners: [] };
const configured: Entry = { term: 1, command: null, configuration: voters };

function entries(...list: Entry[]): Write {
  return { kind: 'append', entries: list };
}

function chunk(done: boolean): Message {
  const place = { lastIncludedIndex: 3, lastIncludedTerm: 1, offset: 0 };
  return {
    kind: 'InstallSnapshot',
    term: 1,
    leaderId: 1,
    configuration: voters,
    data: 'x',
    done,
    ...place,
  };
}

function vote(preVote: boolean): Message {
  const granted = { kind: 'RequestVoteResponse', term: 2, voteGranted: true } as const;
  return preVote ? { ...granted, preVote } : granted;
}

function candidacy(term: number, preVote: boolean): Message {
  const body = { candidateId: 1, lastLogIndex: 0, lastLogTerm: 0 };
  const request = { kind: 'RequestVote', term, ...body } as const;
  return preVote ? { ...request, preVote } : request;
}

const timeoutNow: Message = { kind: 'TimeoutNow', term: 1, leaderId: 1 };

describe('configuration', () => {
  const act = (out: Outbox): void => {
    out.persist(1, 'log', 0, entries(configured));
    out.claim('leader', 1);
    out.persist(2, 'log', 0, entries(entry));
    out.persist(3, 'log', 0, entries(entry, configured, configured));
    out.persist(4, 'log', 0, entries(configured));
    out.note('lives');
  };

  test('after a leader has issued the append of a configuration, once for each entry', () => {
    const until3 = ['write 1', 'claim leader', 'write 2', 'write 3', 'crashed'];
    expect(oneStep(crashOn('configuration'), act)).toEqual(until3);
    expect(oneStep(crashOn('configuration', { nth: 2 }), act)).toEqual(until3);
    const third = oneStep(crashOn('configuration', { nth: 3 }), act);
    expect(third.slice(-2)).toEqual(['write 4', 'crashed']);
    expect(oneStep(crashOn('configuration', { nth: 4 }), act)).not.toContain('crashed');
  });

  test('where the leader never claims anything, too', () => {
    const silent = (out: Outbox): void => {
      out.send(2, chunk(true));
      out.persist(1, 'log', 0, entries(configured));
    };
    expect(oneStep(crashOn('configuration'), silent)).toEqual(['send 2', 'write 1', 'crashed']);
  });

  test('counts no appends for other triggers', () => {
    expect(oneStep(crashOn('leader', { count: 2 }), act).slice(-2)).toEqual(['write 3', 'crashed']);
  });
});

describe('configurationCommitted', () => {
  test('before a configuration is applied for the first time anywhere', () => {
    const script: Script = (event, out, { node }) => {
      if (event.kind === 'start') out.setTimer('t', node, node);
      if (event.kind !== 'timer') return;
      out.apply(1, entry);
      out.apply(2, configured);
      if (node === 3) out.apply(3, configured);
      out.note('lives');
    };
    const applied = (nth: number, node: number) => {
      const faults = [crashOn('configurationCommitted', { nth })];
      return story(watch(planOf({ faults }), script), node).slice(2);
    };
    expect(applied(1, 1)).toEqual(['fired', 'apply 1', 'crashed']);
    expect(applied(1, 2).at(-1)).toBe('lives');
    expect(applied(2, 1).at(-1)).toBe('lives');
    expect(applied(2, 3)).toEqual(['fired', 'apply 1', 'apply 2', 'crashed']);
    expect(applied(3, 3).at(-1)).toBe('lives');
  });

  test('leaves the commit of a leader as it was', () => {
    const act = (out: Outbox): void => {
      out.claim('leader', 1);
      out.apply(1, configured);
      out.apply(2, configured);
    };
    expect(oneStep(crashOn('commit'), act)).toEqual(['claim leader', 'crashed']);
    expect(oneStep(crashOn('commit', { nth: 2 }), act)).not.toContain('crashed');
    const second = oneStep(crashOn('configurationCommitted', { nth: 2 }), act);
    expect(second).toEqual(['claim leader', 'apply 1', 'crashed']);
  });
});

describe('snapshotSent', () => {
  const act = (out: Outbox): void => {
    out.send(2, chunk(false));
    out.send(3, chunk(false));
    out.send(2, chunk(true));
    out.send(3, vote(false));
  };

  test('0: after each chunk; 1: after the last', () => {
    expect(oneStep(crashOn('snapshotSent'), act)).toEqual(['send 2', 'crashed']);
    const second = oneStep(crashOn('snapshotSent', { nth: 2 }), act);
    expect(second).toEqual(['send 2', 'send 3', 'crashed']);
    const third = oneStep(crashOn('snapshotSent', { nth: 3 }), act);
    expect(third).toEqual(['send 2', 'send 3', 'send 2', 'crashed']);
    expect(oneStep(crashOn('snapshotSent', { count: 1 }), act)).toEqual(third);
    expect(oneStep(crashOn('snapshotSent', { count: 1, nth: 2 }), act)).not.toContain('crashed');
  });
});

describe('snapshotTaken', () => {
  test('when the snapshot is there, before the server knows', () => {
    const script: Script = (event, out, { node, boot }) => {
      if (event.kind === 'start' && boot === 0 && node === 2) {
        out.takeSnapshot(1);
        out.takeSnapshot(2);
      }
    };
    const taken = (nth: number) => {
      const disk = { ...planOf().disk, snapshotUsMin: 1_000, snapshotUsMax: 1_000 };
      const watched = watch(planOf({ disk, faults: [crashOn('snapshotTaken', { nth })] }), script);
      const seen = watched.seen.filter(({ event }) => event.kind === 'snapshotTaken').length;
      return [only(watched, 'snapshotTaken').length, seen, lives(watched, 2).at(-1)];
    };
    expect(taken(1)).toEqual([1, 0, ['crashed', 1]]);
    expect(taken(2)).toEqual([2, 1, ['crashed', 2]]);
    expect(taken(3)).toEqual([2, 2, ['started', 0]]);
  });
});

describe('snapshotWritten', () => {
  test('after the write of a snapshot is issued', () => {
    const snapshot = {
      lastIncludedIndex: 1,
      lastIncludedTerm: 1,
      configuration: voters,
      data: '',
    };
    const act = (out: Outbox): void => {
      out.persist(1, 'log', 0, append(2));
      out.persist(2, 'snapshot', 0, { kind: 'snapshot', snapshot });
      out.persist(3, 'log', 2, { kind: 'compactTo', index: 1 });
    };
    expect(oneStep(crashOn('snapshotWritten'), act)).toEqual(['write 1', 'write 2', 'crashed']);
    expect(oneStep(crashOn('snapshotWritten', { nth: 2 }), act)).not.toContain('crashed');
  });
});

describe('timeoutNow', () => {
  test('after it is sent', () => {
    const act = (out: Outbox): void => {
      out.send(3, vote(false));
      out.send(2, timeoutNow);
      out.send(3, vote(false));
    };
    expect(oneStep(crashOn('timeoutNow'), act)).toEqual(['send 2', 'send 3', 'crashed']);
    expect(oneStep(crashOn('timeoutNow', { nth: 2 }), act)).not.toContain('crashed');
  });
});

describe('readServed', () => {
  const served = (nth: number) => {
    const script: Script = (event, out) => {
      if (event.kind !== 'request') return;
      for (const { id, command } of event.requests) {
        if (command.seq === 2) out.apply(1, { term: 1, command });
        out.respond(id, command.seq === 3 ? 'rejected' : 'ok', 0);
      }
    };
    const ops = ['put x0 1', 'get x0', 'get x0', 'get x0', 'get x0'];
    const workload = { clients: 0, script: [{ atUs: 1_000, node: 1, ops }] };
    const watched = ask(workload, script, { faults: [crashOn('readServed', { nth })] });
    return only(watched, 'returned').map(({ seq, outcome }) => `${seq} ${outcome}`);
  };

  test('before the answer to a read that did not go through the log', () => {
    const first = ['1 ok', '2 ok', '3 fail'];
    expect(served(1)).toEqual([...first, '4 info', '5 info']);
    expect(served(2)).toEqual([...first, '4 ok', '5 info']);
    expect(served(3)).toEqual([...first, '4 ok', '5 ok']);
  });
});

describe('a pre-vote', () => {
  test('is no vote, and no candidacy', () => {
    const act = (out: Outbox): void => {
      out.send(2, vote(true));
      out.send(3, candidacy(5, true));
      out.note('so far');
      out.send(2, vote(false));
      out.send(3, candidacy(5, false));
    };
    const soFar = ['send 2', 'send 3', 'so far'];
    expect(oneStep(crashOn('voteGranted'), act)).toEqual([...soFar, 'crashed']);
    expect(oneStep(crashOn('voteGranted', { count: 1 }), act)).toEqual([
      ...soFar,
      'send 2',
      'crashed',
    ]);
    expect(oneStep(crashOn('candidate'), act)).toEqual([...soFar, 'send 2', 'crashed']);
  });

  test('ends no reign, and begins no term that old messages are older than', () => {
    const acts = [
      (out: Outbox) => out.send(2, chunk(false)),
      (out: Outbox) => out.send(2, candidacy(9, true)),
      (out: Outbox) => out.persist(1, 'log', 0, append(1)),
    ];
    const done = steps([crashOn('leader', { count: 1 })], acts);
    expect(done.slice(-2)).toEqual(['write 1', 'crashed']);
    // What came to S1 in its own term 1 is not older than the term it speaks in, which is 1.
    const exhume = (of: 'earlierReign' | 'any') =>
      at(50_000, { do: 'exhume', node: 1, of, count: 9, withinUs: 0 });
    const script: Script = (event, out, { node }) => {
      if (event.kind !== 'start') return;
      if (node === 2) out.send(1, { kind: 'RequestVoteResponse', term: 1, voteGranted: false });
      if (node === 1) for (const act of acts) act(out);
    };
    const came = (of: 'earlierReign' | 'any') =>
      only(watch(planOf({ faults: [exhume(of)] }), script), 'delivered').filter(({ n }) => n === 1);
    expect(came('earlierReign').length).toBe(1);
    expect(came('any').length).toBe(2);
  });
});

describe('a reign', () => {
  test.each<[string, Message]>([
    ['InstallSnapshot', chunk(false)],
    ['TimeoutNow', timeoutNow],
  ])('that is never claimed begins with %s, too', (_, body) => {
    const act = (out: Outbox): void => {
      out.note('stands');
      out.send(2, body);
    };
    expect(oneStep(crashOn('leader'), act)).toEqual(['stands', 'crashed']);
  });
});
