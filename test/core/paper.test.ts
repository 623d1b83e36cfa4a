/**
 * One test per sentence of the extended Raft paper, sections 5 to 5.5 and 8, as far as it speaks of
 * what a server does. The name of a test is the sentence.
 */
import { describe, expect, it } from 'vitest';
import type { AppendEntries, Message } from '../../core/messages.ts';
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

/** Every kind of message, in one term. */
function messagesOf(term: number): Message[] {
  return [
    { kind: 'RequestVote', term, candidateId: 2, lastLogIndex: 0, lastLogTerm: 0 },
    { kind: 'RequestVoteResponse', term, voteGranted: false },
    appendEntries({ term }),
    {
      kind: 'AppendEntriesResponse',
      term,
      success: false,
      matchIndex: 0,
      conflictTerm: 0,
      conflictIndex: 0,
    },
  ];
}

/** Server 1 of three in term 1. */
function clusterWith(role: 'follower' | 'candidate' | 'leader'): Cluster {
  const cluster = new Cluster(3);
  if (role === 'follower') cluster.receive(1, 2, appendEntries({ term: 1 }));
  if (role === 'candidate') cluster.timeout(1);
  if (role === 'leader') cluster.elect(1);
  cluster.persistAll(1);
  cluster.dropAll();
  cluster.take(1);
  return cluster;
}

describe('§5.1 Raft basics', () => {
  const roles = ['follower', 'candidate', 'leader'] as const;

  describe("if one server's current term is smaller than the other's, then it updates its current term to the larger value", () => {
    it.each(roles)('as a %s', (role) => {
      for (const body of messagesOf(7)) {
        const cluster = clusterWith(role);
        cluster.receive(1, 2, body);
        expect(cluster.state(1).currentTerm).toBe(7);
        cluster.persistAll(1);
        expect(cluster.disk(1).currentTerm).toBe(7);
      }
    });
  });

  describe('if a candidate or leader discovers that its term is out of date, it immediately reverts to follower state', () => {
    it.each(['candidate', 'leader'] as const)('a %s', (role) => {
      for (const body of messagesOf(2)) {
        const cluster = clusterWith(role);
        cluster.receive(1, 2, body);
        expect(cluster.state(1).role).toBe('follower');
        expect(ofKind(cluster.take(1), 'claim')).toEqual([
          { kind: 'claim', role: 'follower', term: 2 },
        ]);
      }
    });
  });

  describe('if a server receives a request with a stale term number, it rejects the request', () => {
    it.each(roles)('as a %s', (role) => {
      const cluster = clusterWith(role);
      const requests = messagesOf(0).filter((body) => !body.kind.endsWith('Response'));
      for (const body of requests) cluster.receive(1, 2, body);
      const [vote, append] = sentBodies(cluster.take(1));
      expect(vote).toMatchObject({ kind: 'RequestVoteResponse', term: 1, voteGranted: false });
      expect(append).toMatchObject({ kind: 'AppendEntriesResponse', term: 1, success: false });
      expect(cluster.state(1).role).toBe(role);
    });
  });
});

describe('§5.2 Leader election', () => {
  it('when servers start up, they begin as followers', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(4, [1, 4], 1) } });
    for (const node of cluster.members) {
      expect(cluster.state(node).role).toBe('follower');
      expect(ofKind(cluster.take(node), 'setTimer')).toEqual([
        { kind: 'setTimer', name: 'election', minMs: 150, maxMs: 300 },
      ]);
    }
  });

  it('leaders send periodic heartbeats (AppendEntries RPCs that carry no log entries) to all followers in order to maintain their authority', () => {
    const cluster = clusterWith('leader');
    cluster.timeout(1, 'heartbeat');
    const actions = cluster.take(1);
    expect(ofKind(actions, 'send').map(({ to }) => to)).toEqual([2, 3]);
    for (const body of sentBodies(actions)) {
      expect(body).toMatchObject({ kind: 'AppendEntries', term: 1, leaderId: 1, entries: [] });
    }
    expect(ofKind(actions, 'setTimer')).toEqual([
      { kind: 'setTimer', name: 'heartbeat', minMs: 50, maxMs: 50 },
    ]);
  });

  it('to begin an election, a follower increments its current term and transitions to candidate state; it then votes for itself and issues RequestVote RPCs in parallel to each of the other servers', () => {
    const cluster = new Cluster(5, { images: { 1: imageOf(6, [1, 5]) } });
    cluster.take(1);
    cluster.timeout(1);
    expect(cluster.state(1)).toMatchObject({ role: 'candidate', currentTerm: 7, votedFor: 1 });
    cluster.persistAll(1);
    const sends = ofKind(cluster.take(1), 'send');
    expect(sends.map(({ to }) => to)).toEqual([2, 3, 4, 5]);
    for (const { body } of sends) {
      expect(body).toEqual({
        kind: 'RequestVote',
        term: 7,
        candidateId: 1,
        lastLogIndex: 2,
        lastLogTerm: 5,
      });
    }
  });

  it('a candidate wins an election if it receives votes from a majority of the servers in the full cluster for the same term', () => {
    const cluster = new Cluster(5);
    cluster.timeout(1);
    cluster.persistAll(1);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 1, voteGranted: true });
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 1, voteGranted: true });
    cluster.receive(1, 3, { kind: 'RequestVoteResponse', term: 1, voteGranted: false });
    expect(cluster.state(1).role).toBe('candidate');
    cluster.receive(1, 4, { kind: 'RequestVoteResponse', term: 1, voteGranted: true });
    expect(cluster.state(1).role).toBe('leader');
  });

  it('... for the same term: votes of an older one do not count', () => {
    const cluster = new Cluster(3);
    cluster.timeout(1);
    cluster.timeout(1);
    cluster.persistAll(1);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 1, voteGranted: true });
    expect(cluster.state(1).role).toBe('candidate');
  });

  it('each server will vote for at most one candidate in a given term, on a first-come-first-served basis', () => {
    const cluster = new Cluster(3);
    const vote = { kind: 'RequestVote', term: 1, lastLogIndex: 0, lastLogTerm: 0 } as const;
    cluster.receive(1, 2, { ...vote, candidateId: 2 });
    cluster.receive(1, 3, { ...vote, candidateId: 3 });
    cluster.receive(1, 2, { ...vote, candidateId: 2 });
    cluster.persistAll(1);
    const granted = ofKind(cluster.take(1), 'send').map(({ to, body }) => [
      to,
      body.kind === 'RequestVoteResponse' && body.voteGranted,
    ]);
    expect(granted.sort()).toEqual([
      [2, true],
      [2, true],
      [3, false],
    ]);
  });

  it('once a candidate wins an election, it becomes leader; it then sends heartbeat messages to all of the other servers to establish its authority and prevent new elections', () => {
    const cluster = new Cluster(3);
    cluster.timeout(1);
    cluster.persistAll(1);
    cluster.take(1);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 1, voteGranted: true });
    const actions = cluster.take(1);
    expect(ofKind(actions, 'claim')).toEqual([{ kind: 'claim', role: 'leader', term: 1 }]);
    expect(ofKind(actions, 'send').map(({ to, body }) => [to, body.kind])).toEqual([
      [2, 'AppendEntries'],
      [3, 'AppendEntries'],
    ]);
    expect(ofKind(actions, 'cancelTimer')).toEqual([{ kind: 'cancelTimer', name: 'election' }]);
  });

  it("if the leader's term is at least as large as the candidate's current term, then the candidate recognizes the leader as legitimate and returns to follower state", () => {
    for (const term of [1, 2]) {
      const cluster = clusterWith('candidate');
      cluster.receive(1, 3, appendEntries({ term, leaderId: 3 }));
      expect(cluster.state(1)).toMatchObject({ role: 'follower', leaderId: 3, currentTerm: term });
    }
  });

  it("if the term in the RPC is smaller than the candidate's current term, then the candidate rejects the RPC and continues in candidate state", () => {
    const cluster = clusterWith('candidate');
    cluster.receive(1, 3, appendEntries({ term: 0, leaderId: 3 }));
    expect(cluster.state(1)).toMatchObject({ role: 'candidate', leaderId: 0 });
    expect(sentBodies(cluster.take(1))).toMatchObject([{ success: false, term: 1 }]);
  });

  it('when this happens [a split vote], each candidate will time out and start a new election by incrementing its term and initiating another round of RequestVote RPCs', () => {
    const cluster = new Cluster(4);
    for (const [candidate, voter] of [
      [1, 3],
      [2, 4],
    ] as const) {
      cluster.timeout(candidate);
      cluster.persistAll(candidate);
      cluster.deliver(candidate, voter);
    }
    cluster.settle();
    expect(cluster.members.map((node) => cluster.state(node).votedFor)).toEqual([1, 2, 1, 2]);
    expect(cluster.members.map((node) => cluster.state(node).role)).not.toContain('leader');
    cluster.elect(1);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 2 });
  });

  it('election timeouts are chosen randomly from a fixed interval; each candidate restarts its randomized election timeout at the start of an election', () => {
    const cluster = new Cluster(3);
    cluster.take(1);
    cluster.timeout(1);
    expect(ofKind(cluster.take(1), 'setTimer')).toEqual([
      { kind: 'setTimer', name: 'election', minMs: 150, maxMs: 300 },
    ]);
  });

  it('a server remains in follower state as long as it receives valid RPCs from a leader or candidate: what resets the election timer, and what does not', () => {
    const timersAfter = (body: Message, from = 2): number => {
      const cluster = new Cluster(3, { images: { 1: imageOf(5, [1, 5]) } });
      cluster.take(1);
      cluster.receive(1, from, body);
      return ofKind(cluster.take(1), 'setTimer').length;
    };
    const vote = { kind: 'RequestVote', candidateId: 2, lastLogIndex: 9 } as const;
    expect(timersAfter({ ...vote, term: 6, lastLogTerm: 5 })).toBe(1);
    expect(timersAfter(appendEntries({ term: 5 }))).toBe(1);
    expect(timersAfter(appendEntries({ term: 5, prevLogIndex: 9, prevLogTerm: 5 }))).toBe(1);
    expect(timersAfter({ ...vote, term: 6, lastLogTerm: 4 })).toBe(0);
    expect(timersAfter({ ...vote, term: 4, lastLogTerm: 9 })).toBe(0);
    expect(timersAfter(appendEntries({ term: 4 }))).toBe(0);
    expect(timersAfter({ kind: 'RequestVoteResponse', term: 8, voteGranted: false })).toBe(0);
  });
});

describe('§5.3 Log replication', () => {
  it('the leader appends the command to its log as a new entry, then issues AppendEntries RPCs in parallel to each of the other servers to replicate the entry', () => {
    const cluster = clusterWith('leader');
    cluster.request(1, 'put x 1');
    const actions = cluster.take(1);
    expect(actions.map(({ kind }) => kind)).toEqual(['persist', 'send', 'send']);
    const entry = { term: 1, command: { clientId: 1, seq: 1, op: 'put x 1' } };
    expect(cluster.state(1).log.entryAt(2)).toEqual(entry);
    for (const body of sentBodies(actions)) {
      expect(body).toMatchObject({ prevLogIndex: 1, prevLogTerm: 1, entries: [entry] });
    }
  });

  it('when the entry has been safely replicated, the leader applies the entry to its state machine and returns the result of that execution to the client', () => {
    const cluster = clusterWith('leader');
    cluster.request(1, 'put x 1');
    cluster.persistAll(1);
    expect(ofKind(cluster.take(1), 'apply')).toEqual([]);
    cluster.deliver(1, 2);
    cluster.persistAll(2);
    cluster.deliver(2, 1);
    expect(cluster.take(1)).toMatchObject([
      { kind: 'apply', index: 2 },
      { kind: 'respond', id: 'r1', outcome: 'ok', hint: 0 },
    ]);
  });

  it('if followers crash or run slowly, or if network packets are lost, the leader retries AppendEntries RPCs indefinitely (even after it has responded to the client) until all followers eventually store all log entries', () => {
    const cluster = clusterWith('leader');
    cluster.request(1, 'put x 1');
    cluster.settle([1, 2]);
    for (let count = 0; count < 20; count += 1) {
      cluster.timeout(1, 'heartbeat');
      cluster.settle([1, 2]);
    }
    expect(cluster.terms(3)).toEqual([1]);
    cluster.timeout(1, 'heartbeat');
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(cluster.terms(3)).toEqual([1, 1]);
  });

  it('a log entry is committed once the leader that created the entry has replicated it on a majority of the servers', () => {
    const cluster = new Cluster(5);
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    cluster.settle([1, 2]);
    expect(cluster.state(1).commitIndex).toBe(1);
    cluster.timeout(1, 'heartbeat');
    cluster.timeout(1, 'heartbeat');
    cluster.settle([1, 2, 3]);
    expect(cluster.state(1).commitIndex).toBe(2);
  });

  it("this also commits all preceding entries in the leader's log, including entries created by previous leaders", () => {
    const image = imageOf(4, [1, 2, 4]);
    const cluster = new Cluster(3, { images: { 1: image, 2: image } });
    cluster.take(1);
    cluster.elect(1);
    expect(cluster.state(1).commitIndex).toBe(4);
    const applied = ofKind(cluster.take(1), 'apply');
    expect(applied.map(({ index, entry }) => [index, entry.term])).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
      [4, 5],
    ]);
  });

  it('the leader keeps track of the highest index it knows to be committed, and it includes that index in future AppendEntries RPCs (including heartbeats) so that the other servers eventually find out', () => {
    const cluster = clusterWith('leader');
    cluster.request(1, 'put x 1');
    cluster.settle();
    expect(cluster.state(2).commitIndex).toBe(1);
    cluster.timeout(1, 'heartbeat');
    expect(cluster.inFlight(1, 2)).toMatchObject([{ leaderCommit: 2, entries: [] }]);
    cluster.settle();
    expect(cluster.members.map((node) => cluster.state(node).commitIndex)).toEqual([2, 2, 2]);
  });

  it('once a follower learns that a log entry is committed, it applies the entry to its local state machine (in log order)', () => {
    const cluster = new Cluster(3);
    const entries = entriesOf([1, 1, 1]);
    cluster.receive(1, 2, appendEntries({ entries }));
    expect(ofKind(cluster.take(1), 'apply')).toEqual([]);
    cluster.receive(1, 2, appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 2 }));
    expect(ofKind(cluster.take(1), 'apply').map(({ index }) => index)).toEqual([1, 2]);
    cluster.receive(1, 2, appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }));
    expect(ofKind(cluster.take(1), 'apply').map(({ index }) => index)).toEqual([3]);
  });

  it('if the follower does not find an entry in its log with the same index and term, then it refuses the new entries', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(3, [1, 1, 2]) } });
    const entries = entriesOf([3]);
    cluster.receive(1, 2, appendEntries({ term: 3, prevLogIndex: 3, prevLogTerm: 3, entries }));
    cluster.receive(1, 2, appendEntries({ term: 3, prevLogIndex: 4, prevLogTerm: 3, entries }));
    expect(sentBodies(cluster.take(1))).toMatchObject([{ success: false }, { success: false }]);
    expect(cluster.terms(1)).toEqual([1, 1, 2]);
  });

  it('... also when there are none: a heartbeat is checked like any other', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(3, [1, 1, 2]) } });
    cluster.receive(1, 2, appendEntries({ term: 3, prevLogIndex: 3, prevLogTerm: 3 }));
    expect(sentBodies(cluster.take(1))).toMatchObject([{ success: false }]);
  });

  describe("the leader handles inconsistencies by forcing the followers' logs to duplicate its own (Figure 7)", () => {
    const leader = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    const followers = {
      a: [1, 1, 1, 4, 4, 5, 5, 6, 6],
      b: [1, 1, 1, 4],
      c: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
      d: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
      e: [1, 1, 1, 4, 4, 4, 4],
      f: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    };
    it.each(['conflictTerm', 'decrement'] as const)('with backtracking by %s', (backtracking) => {
      const logs = [leader, ...Object.values(followers)];
      const images = Object.fromEntries(logs.map((log, at) => [at + 1, imageOf(7, log)]));
      const cluster = new Cluster(7, { images, config: { backtracking, batchEntriesMax: 2 } });
      cluster.elect(1);
      expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 8 });
      for (const node of cluster.members) expect(cluster.terms(node)).toEqual([...leader, 8]);
    });
  });

  it('when a leader first comes to power, it initializes all nextIndex values to the index just after the last one in its log', () => {
    const image = imageOf(2, [1, 2]);
    const cluster = new Cluster(3, { images: { 1: image, 2: image } });
    cluster.elect(1, [1, 2]);
    expect(cluster.state(1).nextIndex[3]).toBe(3);
    expect(cluster.state(1).matchIndex[3]).toBe(0);
  });

  it('when rejecting an AppendEntries request, the follower can include the term of the conflicting entry and the first index it stores for that term', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(4, [1, 2, 2, 2]) } });
    cluster.receive(1, 2, appendEntries({ term: 4, prevLogIndex: 3, prevLogTerm: 4 }));
    cluster.receive(1, 2, appendEntries({ term: 4, prevLogIndex: 9, prevLogTerm: 4 }));
    expect(sentBodies(cluster.take(1))).toMatchObject([
      { success: false, conflictTerm: 2, conflictIndex: 2 },
      { success: false, conflictTerm: 0, conflictIndex: 5 },
    ]);
  });

  it('one AppendEntries RPC will be required for each term with conflicting entries, rather than one RPC per entry', () => {
    const probesNeeded = (backtracking: 'conflictTerm' | 'decrement'): number => {
      const images = { 1: imageOf(6, [1, 5, 5, 5, 5, 5]), 2: imageOf(6, [1, 2, 2, 2, 3, 3, 3]) };
      const cluster = new Cluster(3, { images, config: { backtracking } });
      cluster.elect(1);
      const sends = ofKind(cluster.take(1), 'send');
      return sends.filter(({ to, body }) => to === 2 && body.kind === 'AppendEntries').length;
    };
    expect(probesNeeded('conflictTerm')).toBe(3);
    expect(probesNeeded('decrement')).toBe(6);
  });

  it('a leader never overwrites or deletes entries in its own log (Leader Append-Only)', () => {
    const images = { 1: imageOf(3, [1, 3, 3, 3]), 2: imageOf(2, [1, 2, 2]) };
    const cluster = new Cluster(3, { images });
    cluster.elect(1);
    const writes = ofKind(cluster.take(1), 'persist').filter(({ stream }) => stream === 'log');
    expect(writes.map(({ write }) => write.kind)).toEqual(['append']);
    expect(cluster.terms(1)).toEqual([1, 3, 3, 3, 4]);
  });

  it('if an existing entry conflicts with a new one (same index but different terms), delete the existing entry and all that follow it (Figure 2)', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(3, [1, 2, 2, 2]) } });
    const entries = entriesOf([3]);
    cluster.receive(1, 2, appendEntries({ term: 3, prevLogIndex: 1, prevLogTerm: 1, entries }));
    expect(cluster.terms(1)).toEqual([1, 3]);
    const writes = ofKind(cluster.take(1), 'persist').map(({ write }) => write);
    expect(writes).toEqual([
      { kind: 'truncateFrom', index: 2 },
      { kind: 'append', entries },
    ]);
  });

  it('... only if it conflicts: a late message leaves what follows its entries alone', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(1, [1, 1, 1]) } });
    const first = entriesOf([1, 1, 1]).slice(0, 1);
    cluster.receive(1, 2, appendEntries({ entries: first }));
    cluster.receive(1, 2, appendEntries({}));
    expect(cluster.terms(1)).toEqual([1, 1, 1]);
    expect(sentBodies(cluster.take(1))).toMatchObject([{ matchIndex: 1 }, { matchIndex: 0 }]);
  });

  it('append any new entries not already in the log (Figure 2): a partial overlap adds the rest', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(1, [1]) } });
    cluster.receive(1, 2, appendEntries({ entries: entriesOf([1, 1, 1]) }));
    expect(cluster.terms(1)).toEqual([1, 1, 1]);
    expect(ofKind(cluster.take(1), 'persist')).toMatchObject([
      { write: { kind: 'append', entries: entriesOf([1, 1, 1]).slice(1) } },
    ]);
  });

  it('if leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry) (Figure 2)', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(2, [1, 1, 1, 1]) } });
    const heartbeat = appendEntries({ term: 2, prevLogIndex: 2, prevLogTerm: 1 });
    cluster.receive(1, 2, { ...heartbeat, leaderCommit: 4 });
    expect(cluster.state(1).commitIndex).toBe(2);
    cluster.receive(1, 2, { ...heartbeat, leaderCommit: 1 });
    expect(cluster.state(1).commitIndex).toBe(2);
  });
});

describe('§5.4 Safety', () => {
  describe('§5.4.1 the voter denies its vote if its own log is more up-to-date than that of the candidate', () => {
    it.each([
      ['logs with last entries with different terms: the later term', [1, 3], [1, 2, 2], true],
      ['... and not the longer log', [1, 2, 2], [1, 3], false],
      ['logs that end with the same term: the longer', [1, 2, 2], [1, 2], true],
      ['... and not the shorter', [1, 2], [1, 2, 2], false],
      ['equal logs', [1, 2], [1, 2], true],
      ['a voter with an empty log', [], [], true],
      ['an empty candidate', [], [1], false],
    ])('%s', (_, candidate, voter, voteGranted) => {
      const images = { 1: imageOf(3, candidate), 2: imageOf(3, voter) };
      const cluster = new Cluster(3, { images });
      cluster.timeout(1);
      cluster.persistAll(1);
      cluster.deliver(1, 2);
      cluster.persistAll(2);
      expect(cluster.inFlight(2, 1)).toMatchObject([{ voteGranted }]);
    });
  });

  it("§5.4.2 Raft never commits log entries from previous terms by counting replicas; only log entries from the leader's current term are committed by counting replicas (Figure 8)", () => {
    // (c): S1 leads term 4 and has brought the entry of term 2 to S1, S2, S3: a majority.
    const cluster = new Cluster(5, {
      images: {
        1: imageOf(3, [1, 2]),
        2: imageOf(3, [1, 2]),
        3: imageOf(3, [1]),
        4: imageOf(3, [1]),
        5: imageOf(3, [1, 3]),
      },
      config: { batchEntriesMax: 1 },
    });
    cluster.timeout(1);
    for (const node of [2, 3]) {
      cluster.persistAll(1);
      cluster.deliver(1, node);
      cluster.persistAll(node);
      cluster.deliver(node, 1);
    }
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 4 });
    // S3 refuses the no-op, then takes the entry of term 2 and acknowledges it.
    for (let count = 0; count < 2; count += 1) {
      cluster.deliver(1, 3);
      cluster.persistAll(3);
      cluster.deliver(3, 1);
    }
    expect(cluster.terms(3)).toEqual([1, 2]);
    expect(cluster.state(1).matchIndex[3]).toBe(2);
    cluster.persistAll(1);
    cluster.receive(1, 2, {
      kind: 'AppendEntriesResponse',
      term: 4,
      success: true,
      matchIndex: 2,
      conflictTerm: 0,
      conflictIndex: 0,
    });
    expect(cluster.state(1).commitIndex).toBe(0);
    // (e): once its own entry is on a majority, the older ones are committed with it.
    cluster.settle([1, 2, 3]);
    expect(cluster.state(1).commitIndex).toBe(3);
  });
});

describe('§5.5 Follower and candidate crashes', () => {
  it('Raft RPCs are idempotent: if a follower receives an AppendEntries request that includes log entries already present in its log, it ignores those entries in the new request', () => {
    const cluster = new Cluster(3);
    const body = appendEntries({ entries: entriesOf([1, 1]) });
    cluster.receive(1, 2, body);
    cluster.receive(1, 2, body);
    cluster.persistAll(1);
    const actions = cluster.take(1);
    expect(ofKind(actions, 'persist').filter(({ stream }) => stream === 'log').length).toBe(1);
    expect(sentBodies(actions)).toMatchObject([{ matchIndex: 2 }, { matchIndex: 2 }]);
  });
});

describe('§8 Client interaction', () => {
  it('if the client’s first choice is not the leader, that server will reject the client’s request and supply information about the most recent leader it has heard from', () => {
    const cluster = clusterWith('leader');
    cluster.take(2);
    cluster.request(2, 'put x 1');
    expect(cluster.take(2)).toEqual([{ kind: 'respond', id: 'r1', outcome: 'redirect', hint: 1 }]);
  });

  it('Raft handles this by having each leader commit a blank no-op entry into the log at the start of its term', () => {
    const cluster = clusterWith('leader');
    expect(cluster.state(1).log.entryAt(1)).toEqual({ term: 1, command: null });
    expect(cluster.state(1).commitIndex).toBe(1);
  });
});
