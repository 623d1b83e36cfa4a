/** Group commit, applying in batches, commit indexes on disk, durable state machines, failed writes. */
import { describe, expect, it } from 'vitest';
import type { AppendEntries } from '../../core/messages.ts';
import { pendingRequestsMax } from '../../core/pending-requests.ts';
import { Cluster, entriesOf, imageOf, ofKind, sentBodies } from './cluster.ts';

function appendEntries(fields: Partial<AppendEntries>): AppendEntries {
  return {
    kind: 'AppendEntries',
    term: 1,
    leaderId: 2,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
    leaderCommit: 0,
    ...fields,
  };
}

function appliedIndexes(cluster: Cluster, node: number): number[] {
  return ofKind(cluster.take(node), 'apply').map(({ index }) => index);
}

describe('group commit', () => {
  /** S1 leads, and one write of its log is under way. */
  function busyLeader(): Cluster {
    const cluster = new Cluster(3, { config: { groupCommit: true } });
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    cluster.take(1);
    return cluster;
  }

  it('makes one write and one message of what came during a write', () => {
    const cluster = busyLeader();
    for (const value of [2, 3, 4]) cluster.request(1, `put x ${value}`);
    expect(cluster.take(1)).toEqual([]);
    cluster.persist(1);
    const [write] = ofKind(cluster.take(1), 'persist');
    expect(write!.write).toMatchObject({
      entries: [2, 3, 4].map((value) => ({ command: { op: `put x ${value}` } })),
    });
    expect(cluster.pendingWrites(1)).toHaveLength(1);
  });

  it('keeps the requests of a new leader until its no-op is safe', () => {
    const cluster = new Cluster(1, { config: { groupCommit: true } });
    cluster.timeout(1);
    cluster.persist(1);
    cluster.request(1, 'put x 1');
    expect(cluster.state(1).log.lastIndex).toBe(1);
    cluster.persist(1);
    expect(cluster.state(1).log.lastIndex).toBe(2);
  });

  it('answers once, in the order of asking', () => {
    const cluster = busyLeader();
    cluster.request(1, 'put x 2');
    cluster.request(1, 'put x 3');
    cluster.settle();
    expect(ofKind(cluster.take(1), 'respond')).toMatchObject([
      { id: 'r1', outcome: 'ok' },
      { id: 'r2', outcome: 'ok' },
      { id: 'r3', outcome: 'ok' },
    ]);
  });

  it('counts what waits against the limit', () => {
    const cluster = busyLeader();
    const ops = Array.from({ length: pendingRequestsMax }, () => 'put x 1');
    cluster.request(1, ...ops);
    expect(ofKind(cluster.take(1), 'respond')).toMatchObject([
      { id: `r${pendingRequestsMax + 1}`, outcome: 'rejected' },
    ]);
  });

  it('rejects what waits when another leads: no entry was made of it', () => {
    const cluster = busyLeader();
    cluster.request(1, 'put x 2');
    cluster.receive(1, 2, appendEntries({ term: 2 }));
    expect(ofKind(cluster.take(1), 'respond')).toMatchObject([
      { id: 'r2', outcome: 'rejected' },
      { id: 'r1', outcome: 'unknown' },
    ]);
    cluster.persistAll(1);
    expect(cluster.terms(1)).toEqual([1, 1]);
  });
});

describe('applying in batches', () => {
  it('takes a step for each batch, and a timer of 0 ms between them', () => {
    const cluster = new Cluster(3, { config: { applyBatchMax: 2 } });
    cluster.receive(1, 2, appendEntries({ entries: entriesOf([1, 1, 1, 1, 1]), leaderCommit: 5 }));
    const first = cluster.take(1);
    expect(ofKind(first, 'apply').map(({ index }) => index)).toEqual([1, 2]);
    expect(ofKind(first, 'setTimer')).toContainEqual({
      kind: 'setTimer',
      name: 'apply',
      minMs: 0,
      maxMs: 0,
    });
    cluster.timeout(1, 'apply');
    expect(appliedIndexes(cluster, 1)).toEqual([3, 4]);
    cluster.timeout(1, 'apply');
    const last = cluster.take(1);
    expect(ofKind(last, 'apply').map(({ index }) => index)).toEqual([5]);
    expect(ofKind(last, 'setTimer')).toEqual([]);
  });

  it('does no more in other steps, and sets the timer once', () => {
    const cluster = new Cluster(3, { config: { applyBatchMax: 1 } });
    const message = appendEntries({ entries: entriesOf([1, 1, 1]), leaderCommit: 3 });
    cluster.receive(1, 2, message);
    cluster.take(1);
    cluster.receive(1, 2, message);
    cluster.persistAll(1);
    const actions = cluster.take(1);
    expect(ofKind(actions, 'apply')).toEqual([]);
    expect(ofKind(actions, 'setTimer').map(({ name }) => name)).toEqual(['election']);
  });

  it('answers a request when it is applied, also when others waited before it', () => {
    const cluster = new Cluster(1, { config: { applyBatchMax: 1 } });
    cluster.elect(1);
    cluster.request(1, 'put x 1', 'put x 2');
    cluster.take(1);
    cluster.persistAll(1);
    expect(ofKind(cluster.take(1), 'respond').map(({ id }) => id)).toEqual(['r1']);
    cluster.timeout(1, 'apply');
    expect(ofKind(cluster.take(1), 'respond').map(({ id }) => id)).toEqual(['r2']);
  });
});

describe('the commit index on disk', () => {
  const config = { persistCommitIndex: true };

  it('is written only as far as the log on disk reaches', () => {
    const cluster = new Cluster(3, { config });
    cluster.receive(1, 2, appendEntries({ entries: entriesOf([1, 1, 1]), leaderCommit: 2 }));
    const writes = cluster.pendingWrites(1).map(({ write }) => write);
    expect(writes.map(({ kind }) => kind)).toEqual(['hardState', 'append']);
    expect(writes[0]).toMatchObject({ commitIndex: 0 });
    cluster.persist(1);
    cluster.persist(1);
    expect(cluster.pendingWrites(1).map(({ write }) => write)).toEqual([
      { kind: 'hardState', currentTerm: 1, votedFor: 0, commitIndex: 2 },
    ]);
  });

  it('keeps no promise waiting', () => {
    const cluster = new Cluster(3, { config, images: { 1: imageOf(1, [1, 1]) } });
    cluster.receive(1, 2, appendEntries({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    expect(cluster.pendingWrites(1)).toMatchObject([{ write: { commitIndex: 2 } }]);
    cluster.take(1);
    cluster.receive(1, 2, appendEntries({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    expect(sentBodies(cluster.take(1))).toMatchObject([{ success: true, matchIndex: 2 }]);
    const vote = { kind: 'RequestVote', term: 1, candidateId: 2 } as const;
    cluster.receive(1, 2, { ...vote, lastLogIndex: 9, lastLogTerm: 1 });
    cluster.take(1);
    cluster.persist(1, cluster.pendingWrites(1)[0]!.id);
    cluster.persist(1);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ voteGranted: true }]);
  });

  it('is written one at a time, and the newest with the next', () => {
    const cluster = new Cluster(3, { config, images: { 1: imageOf(1, [1, 1, 1]) } });
    for (const leaderCommit of [1, 2, 3]) {
      cluster.receive(1, 2, appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit }));
    }
    expect(cluster.pendingWrites(1)).toMatchObject([{ write: { commitIndex: 1 } }]);
    cluster.persist(1);
    expect(cluster.pendingWrites(1)).toMatchObject([{ write: { commitIndex: 3 } }]);
  });

  it('goes along with a new term', () => {
    const cluster = new Cluster(3, { config, images: { 1: imageOf(1, [1, 1]) } });
    cluster.receive(
      1,
      2,
      appendEntries({ term: 2, prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }),
    );
    expect(cluster.pendingWrites(1).map(({ write }) => write)).toMatchObject([
      { currentTerm: 2, commitIndex: 2 },
    ]);
  });

  it('is what a restart applies through', () => {
    const cluster = new Cluster(3, { config, images: { 1: imageOf(1, [1, 1, 1]) } });
    cluster.receive(1, 2, appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 2 }));
    cluster.persistAll(1);
    cluster.crash(1);
    cluster.take(1);
    cluster.start(1);
    expect(cluster.state(1).commitIndex).toBe(2);
    expect(appliedIndexes(cluster, 1)).toEqual([1, 2]);
  });

  it('is not written where it is not asked for', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    cluster.settle();
    for (const node of cluster.members) {
      const hardStates = ofKind(cluster.take(node), 'persist').filter(
        ({ write }) => write.kind === 'hardState',
      );
      expect(hardStates).toMatchObject([{ write: { commitIndex: 0 } }]);
    }
  });
});

describe('a state machine that survives crashes', () => {
  it('gets what comes behind that which it has kept', () => {
    const cluster = new Cluster(3, { isStateMachineDurable: true });
    cluster.receive(1, 2, appendEntries({ entries: entriesOf([1, 1, 1]), leaderCommit: 3 }));
    cluster.persistAll(1);
    expect(cluster.applied(1)).toBe(3);
    cluster.crash(1, 0, 1);
    cluster.take(1);
    cluster.start(1);
    expect(cluster.state(1)).toMatchObject({ lastApplied: 2, commitIndex: 2 });
    cluster.receive(1, 2, appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }));
    expect(appliedIndexes(cluster, 1)).toEqual([3]);
  });

  it('gets nothing that a crash could take from the log', () => {
    const cluster = new Cluster(3, { isStateMachineDurable: true });
    cluster.receive(1, 2, appendEntries({ entries: entriesOf([1, 1]), leaderCommit: 2 }));
    expect(appliedIndexes(cluster, 1)).toEqual([]);
    cluster.persistAll(1);
    expect(appliedIndexes(cluster, 1)).toEqual([1, 2]);
  });

  it('that does not is fed at once', () => {
    const cluster = new Cluster(3);
    cluster.receive(1, 2, appendEntries({ entries: entriesOf([1, 1]), leaderCommit: 2 }));
    expect(appliedIndexes(cluster, 1)).toEqual([1, 2]);
  });
});

describe('a write that fails', () => {
  it('ends the life of its server: nothing is said or written any more', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    cluster.take(1);
    cluster.fail(1, 'no space left on device');
    expect(cluster.take(1)).toEqual([{ kind: 'halt', reason: 'no space left on device' }]);
  });
});

describe('notices out of order', () => {
  it('of the log: the newer one says it all, the older one takes nothing back', () => {
    const cluster = new Cluster(3);
    cluster.receive(1, 2, appendEntries({ entries: entriesOf([1]) }));
    cluster.persist(1);
    cluster.receive(
      1,
      2,
      appendEntries({ prevLogIndex: 1, prevLogTerm: 1, entries: entriesOf([1]) }),
    );
    const older = cluster.persistUntold(1);
    const newer = cluster.persistUntold(1);
    cluster.take(1);
    cluster.notify(1, newer);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ matchIndex: 1 }, { matchIndex: 2 }]);
    cluster.notify(1, older);
    expect(cluster.take(1)).toEqual([]);
    expect(cluster.state(1).durableIndex).toBe(2);
  });

  it('of the log, with a truncation between: old entries are not taken for new ones', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(1, [1]) } });
    const first = entriesOf([1, 1, 1]).slice(1);
    cluster.receive(1, 2, appendEntries({ prevLogIndex: 1, prevLogTerm: 1, entries: first }));
    const second = { term: 2, leaderId: 3, prevLogIndex: 1, prevLogTerm: 1 };
    cluster.receive(1, 3, appendEntries({ ...second, entries: entriesOf([2, 2, 2]).slice(1) }));
    const [append, term, truncation] = [1, 2, 3].map(() => cluster.persistUntold(1));
    cluster.notify(1, term!);
    cluster.notify(1, truncation!);
    cluster.take(1);
    cluster.notify(1, append!);
    expect(cluster.state(1).durableIndex).toBe(1);
    expect(sentBodies(cluster.take(1))).toEqual([]);
    cluster.persistAll(1);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ term: 2, matchIndex: 3 }]);
  });

  it('of terms and votes: an older one is not taken for the newest', () => {
    const cluster = new Cluster(3);
    const vote = { kind: 'RequestVote', lastLogIndex: 0, lastLogTerm: 0 } as const;
    cluster.receive(1, 2, { ...vote, term: 1, candidateId: 2 });
    cluster.receive(1, 3, { ...vote, term: 2, candidateId: 3 });
    const older = cluster.persistUntold(1);
    const newer = cluster.persistUntold(1);
    cluster.take(1);
    cluster.notify(1, newer);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ term: 2, voteGranted: true }]);
    cluster.notify(1, older);
    expect(cluster.take(1)).toEqual([]);
  });
});

describe('logTime', () => {
  it('writes the wall clock of the leader into the entries of commands, not into others', () => {
    const cluster = new Cluster(1, { config: { logTime: true } });
    cluster.wallClock = 1_000;
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    // A clock that is set back is written all the same: it is a value, not a time.
    cluster.wallClock = 900;
    cluster.request(1, 'put x 2');
    const { log } = cluster.state(1);
    expect(log.slice(1, 3).map((entry) => entry.wallClock)).toEqual([undefined, 1_000, 900]);
  });

  it('off, entries have no time', () => {
    const cluster = new Cluster(1);
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    expect(cluster.state(1).log.entryAt(2)).not.toHaveProperty('wallClock');
  });
});
