/**
 * What must be durable before it is said (storage.ts). Each row: said neither at once nor with the
 * wrong write, only with the right one; and a crash before it leaves nothing said.
 */
import { describe, expect, it } from 'vitest';
import type { AppendEntries, RequestVote } from '../../core/messages.ts';
import { Cluster, entriesOf, imageOf, ofKind, sentBodies } from './cluster.ts';

const requestVote: RequestVote = {
  kind: 'RequestVote',
  term: 2,
  candidateId: 2,
  lastLogIndex: 9,
  lastLogTerm: 1,
};

const appendEntries: AppendEntries = {
  kind: 'AppendEntries',
  term: 2,
  leaderId: 2,
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
};

function streams(cluster: Cluster, node: number): string[] {
  return cluster.pendingWrites(node).map(({ stream }) => stream);
}

describe('RequestVoteResponse granted (T, c): term T, votedFor = c', () => {
  it('waits for the one write that holds both', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(1, []) } });
    cluster.take(1);
    cluster.receive(1, 2, requestVote);
    expect(sentBodies(cluster.take(1))).toEqual([]);
    expect(cluster.pendingWrites(1)).toMatchObject([
      { stream: 'hardState', write: { currentTerm: 2, votedFor: 2 } },
    ]);
    cluster.persist(1);
    expect(sentBodies(cluster.take(1))).toEqual([
      { kind: 'RequestVoteResponse', term: 2, voteGranted: true },
    ]);
  });

  it('is repeated at once when asked again', () => {
    const cluster = new Cluster(3);
    cluster.receive(1, 2, requestVote);
    cluster.persist(1);
    cluster.take(1);
    cluster.receive(1, 2, requestVote);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ voteGranted: true }]);
    expect(cluster.pendingWrites(1)).toEqual([]);
  });

  it('is dropped when the term has changed before it was safe', () => {
    const cluster = new Cluster(3);
    cluster.receive(1, 2, requestVote);
    cluster.receive(1, 3, { ...requestVote, term: 3, candidateId: 3 });
    cluster.persist(1);
    expect(sentBodies(cluster.take(1))).toEqual([]);
    cluster.persist(1);
    expect(ofKind(cluster.take(1), 'send')).toMatchObject([
      { to: 3, body: { term: 3, voteGranted: true } },
    ]);
  });

  it('a crash before the write leaves the server free to vote for another', () => {
    const cluster = new Cluster(3);
    cluster.receive(1, 2, requestVote);
    cluster.crash(1);
    cluster.start(1);
    cluster.receive(1, 3, { ...requestVote, candidateId: 3 });
    cluster.persistAll(1);
    expect(ofKind(cluster.take(1), 'send')).toMatchObject([{ to: 3, body: { voteGranted: true } }]);
  });

  it('a crash after it does not', () => {
    const cluster = new Cluster(3);
    cluster.receive(1, 2, requestVote);
    cluster.persist(1);
    cluster.crash(1);
    cluster.start(1);
    cluster.take(1);
    cluster.receive(1, 3, { ...requestVote, candidateId: 3 });
    cluster.receive(1, 2, requestVote);
    expect(ofKind(cluster.take(1), 'send')).toMatchObject([
      { to: 3, body: { voteGranted: false } },
      { to: 2, body: { voteGranted: true } },
    ]);
  });
});

describe('RequestVote (T): term T, votedFor = self', () => {
  it('waits, and the own vote counts only then', () => {
    const cluster = new Cluster(2);
    cluster.take(1);
    cluster.timeout(1);
    expect(sentBodies(cluster.take(1))).toEqual([]);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 1, voteGranted: true });
    expect(cluster.state(1).role).toBe('candidate');
    cluster.persist(1);
    expect(cluster.disk(1)).toMatchObject({ currentTerm: 1, votedFor: 1 });
    expect(sentBodies(cluster.take(1))).toMatchObject([
      { kind: 'RequestVote', term: 1 },
      { kind: 'AppendEntries', term: 1 },
    ]);
    expect(cluster.state(1).role).toBe('leader');
  });

  it('a second election before the first write is safe asks in its own term only', () => {
    const cluster = new Cluster(3);
    cluster.take(1);
    cluster.timeout(1);
    cluster.timeout(1);
    cluster.persist(1);
    expect(sentBodies(cluster.take(1))).toEqual([]);
    expect(cluster.state(1).votes[1]).toBe(null);
    cluster.persist(1);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ term: 2 }, { term: 2 }]);
    expect(cluster.state(1).votes[1]).toBe(true);
  });

  it('a candidate that has found the leader of its term asks no more', () => {
    const cluster = new Cluster(3);
    cluster.timeout(1);
    cluster.receive(1, 2, { ...appendEntries, term: 1 });
    cluster.take(1);
    cluster.persistAll(1);
    expect(sentBodies(cluster.take(1)).map(({ kind }) => kind)).toEqual(['AppendEntriesResponse']);
  });
});

describe('AppendEntriesResponse success (T, m): the term, and the log through m', () => {
  const entries = entriesOf([1, 2]);

  it('waits for both streams', () => {
    const cluster = new Cluster(3);
    cluster.receive(1, 2, { ...appendEntries, entries });
    expect(streams(cluster, 1)).toEqual(['hardState', 'log']);
    cluster.take(1);
    cluster.persist(1);
    expect(sentBodies(cluster.take(1))).toEqual([]);
    cluster.persist(1);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ success: true, matchIndex: 2 }]);
  });

  it('a log write is ordered behind the term that it belongs to', () => {
    const cluster = new Cluster(3);
    cluster.receive(1, 2, { ...appendEntries, entries });
    const [hardState, append] = cluster.pendingWrites(1);
    expect(append!.after).toBe(hardState!.id);
    cluster.persistAll(1);
    const more = { ...appendEntries, prevLogIndex: 2, prevLogTerm: 2, entries: entriesOf([2]) };
    cluster.receive(1, 2, more);
    expect(cluster.pendingWrites(1)).toMatchObject([{ stream: 'log', after: 0 }]);
  });

  it('a heartbeat is no way around the wait', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(2, []) } });
    cluster.receive(1, 2, { ...appendEntries, entries });
    cluster.take(1);
    cluster.receive(1, 2, { ...appendEntries, prevLogIndex: 2, prevLogTerm: 2 });
    expect(sentBodies(cluster.take(1))).toEqual([]);
    cluster.receive(1, 2, appendEntries);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ success: true, matchIndex: 0 }]);
    cluster.persistAll(1);
    expect(sentBodies(cluster.take(1)).length).toBe(2);
  });

  it('a heartbeat that brings a term is acknowledged when the term is safe', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(1, [1]) } });
    cluster.take(1);
    cluster.receive(1, 2, { ...appendEntries, prevLogIndex: 1, prevLogTerm: 1 });
    expect(sentBodies(cluster.take(1))).toEqual([]);
    cluster.persist(1);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ term: 2, success: true, matchIndex: 1 }]);
  });

  it('the completion of an older write does not stand for entries that replaced it', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(1, [1]) } });
    const [first, second] = entriesOf([1, 1]);
    const old = { ...appendEntries, term: 1, prevLogIndex: 1, prevLogTerm: 1, leaderId: 3 };
    cluster.receive(1, 3, { ...old, entries: [first!, second!] });
    const oldWrite = cluster.pendingWrites(1)[0]!.id;
    const next = { ...appendEntries, prevLogIndex: 1, prevLogTerm: 1, entries: entriesOf([2]) };
    cluster.receive(1, 2, next);
    cluster.take(1);
    const hardState = cluster.pendingWrites(1).find(({ stream }) => stream === 'hardState')!;
    cluster.persist(1, hardState.id);
    cluster.persist(1, oldWrite);
    expect(cluster.state(1).durableIndex).toBe(1);
    expect(sentBodies(cluster.take(1))).toEqual([]);
    cluster.persist(1);
    expect(cluster.state(1).durableIndex).toBe(1);
    cluster.persist(1);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ term: 2, matchIndex: 2 }]);
  });

  it('one completion may stand for all writes before it in its stream', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(2, []) } });
    cluster.receive(1, 2, { ...appendEntries, entries: entriesOf([1]) });
    const next = { ...appendEntries, prevLogIndex: 1, prevLogTerm: 1, entries: entriesOf([2]) };
    cluster.receive(1, 2, next);
    cluster.take(1);
    const last = cluster.pendingWrites(1).at(-1)!.id;
    cluster.step(1, { kind: 'persisted', now: 0, wallClock: 0, id: last });
    expect(sentBodies(cluster.take(1))).toMatchObject([{ matchIndex: 1 }, { matchIndex: 2 }]);
    cluster.step(1, { kind: 'persisted', now: 0, wallClock: 0, id: last - 1 });
    expect(cluster.take(1)).toEqual([]);
  });
});

describe('a leader counting itself for i: its own log through i', () => {
  it('sends before its own write is safe, and counts itself after', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.take(1);
    cluster.request(1, 'put x 1');
    expect(sentBodies(cluster.take(1)).length).toBe(2);
    cluster.deliver(1, 2);
    cluster.persistAll(2);
    cluster.deliver(2, 1);
    expect(cluster.state(1).commitIndex).toBe(1);
    cluster.persistAll(1);
    expect(cluster.state(1).commitIndex).toBe(2);
  });

  it('may commit without itself (thesis §10.2.1)', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    for (const node of [2, 3]) {
      cluster.deliver(1, node);
      cluster.persistAll(node);
      cluster.deliver(node, 1);
    }
    expect(cluster.state(1)).toMatchObject({ durableIndex: 1, commitIndex: 2 });
  });

  it('a single server commits when its own log is safe, not before', () => {
    const cluster = new Cluster(1);
    cluster.timeout(1);
    expect(cluster.state(1).role).toBe('candidate');
    cluster.persist(1);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', commitIndex: 0 });
    cluster.persist(1);
    expect(cluster.state(1).commitIndex).toBe(1);
  });
});

describe('refusals promise nothing', () => {
  it('a refused vote leaves at once, with the new term on its way to the disk', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(1, [1]) } });
    cluster.take(1);
    cluster.receive(1, 2, { ...requestVote, lastLogTerm: 0 });
    expect(sentBodies(cluster.take(1))).toMatchObject([{ term: 2, voteGranted: false }]);
    expect(cluster.pendingWrites(1)).toMatchObject([{ write: { currentTerm: 2, votedFor: 0 } }]);
  });

  it('so does a failed consistency check', () => {
    const cluster = new Cluster(3);
    cluster.take(1);
    cluster.receive(1, 2, { ...appendEntries, prevLogIndex: 3, prevLogTerm: 1 });
    expect(sentBodies(cluster.take(1))).toMatchObject([{ term: 2, success: false }]);
    expect(cluster.pendingWrites(1)).toMatchObject([{ write: { currentTerm: 2, votedFor: 0 } }]);
  });

  it('a term learnt from an answer is written, too', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 5, voteGranted: false });
    expect(cluster.pendingWrites(1)).toMatchObject([{ write: { currentTerm: 5, votedFor: 0 } }]);
  });
});
