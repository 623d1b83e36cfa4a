/** Pre-vote (thesis §9.6): one test per rule, named after it. */
import { describe, expect, it } from 'vitest';
import type { AppendEntries, RequestVote, RequestVoteResponse } from '../../core/messages.ts';
import { Cluster, imageOf, ofKind, sentBodies } from './cluster.ts';

const preVote = { config: { preVote: true } };

function heartbeat(term: number, leaderId: number): AppendEntries {
  return {
    kind: 'AppendEntries',
    term,
    leaderId,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
    leaderCommit: 0,
  };
}

/** A pre-vote request about this term, from a log that ends in (lastLogTerm, lastLogIndex). */
function question(term: number, candidateId: number, lastLogTerm = 0, lastLogIndex = 0) {
  const kind = 'RequestVote';
  return { kind, term, candidateId, lastLogIndex, lastLogTerm, preVote: true } as const;
}

/** What server 1 answers to a pre-vote request of server 2. */
function answerTo(cluster: Cluster, body: RequestVote): RequestVoteResponse {
  cluster.dropAll();
  cluster.receive(1, 2, body);
  return cluster.takeMessage(1, 2) as RequestVoteResponse;
}

/** Server 1 leads, and has just been heard by all. */
function ledCluster(size = 3): Cluster {
  const cluster = new Cluster(size, preVote);
  cluster.elect(1);
  for (const node of cluster.members) cluster.take(node);
  return cluster;
}

describe('a server asks before it stands', () => {
  it('about the term that it would have, and neither its term nor its vote changes', () => {
    const cluster = new Cluster(3, preVote);
    cluster.take(1);
    cluster.timeout(1);
    const actions = cluster.take(1);
    expect(sentBodies(actions)).toEqual([question(1, 1), question(1, 1)]);
    expect(ofKind(actions, 'persist')).toEqual([]);
    expect(ofKind(actions, 'claim')).toEqual([]);
    expect(cluster.state(1)).toMatchObject({ role: 'preCandidate', currentTerm: 0, votedFor: 0 });
  });

  it('sets its election timer anew', () => {
    const cluster = new Cluster(3, preVote);
    cluster.take(1);
    cluster.timeout(1);
    expect(ofKind(cluster.take(1), 'setTimer')).toMatchObject([{ name: 'election' }]);
  });

  it('and stands in that term when a majority would vote', () => {
    const cluster = new Cluster(3, preVote);
    cluster.timeout(1);
    cluster.deliver(1, 2);
    cluster.deliver(2, 1);
    expect(cluster.state(1)).toMatchObject({ role: 'candidate', currentTerm: 1, votedFor: 1 });
    cluster.persistAll(1);
    expect(cluster.inFlight(1, 2)).toEqual([
      { kind: 'RequestVote', term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0 },
    ]);
    cluster.settle();
    expect(cluster.state(1).role).toBe('leader');
  });

  it('a majority, not any other', () => {
    const cluster = new Cluster(4, preVote);
    cluster.timeout(1);
    cluster.deliver(1, 2);
    cluster.deliver(2, 1);
    cluster.receive(1, 2, { ...grant, term: 1 });
    expect(cluster.state(1).role).toBe('preCandidate');
    cluster.deliver(1, 3);
    cluster.deliver(3, 1);
    expect(cluster.state(1).role).toBe('candidate');
  });

  it('that answers this question: grants for an earlier one are forgotten', () => {
    const cluster = new Cluster(5, preVote);
    cluster.timeout(1);
    cluster.deliver(1, 2);
    cluster.deliver(2, 1);
    cluster.dropAll();
    cluster.timeout(1);
    cluster.receive(1, 3, { ...grant, term: 1 });
    expect(cluster.state(1).role).toBe('preCandidate');
    cluster.receive(1, 4, { ...grant, term: 1 });
    expect(cluster.state(1).role).toBe('candidate');
  });

  it('alone in its cluster it stands at once', () => {
    const cluster = new Cluster(1, preVote);
    cluster.elect(1);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 1 });
  });

  it('a candidate that was not elected asks again, in its term', () => {
    const cluster = new Cluster(3, preVote);
    cluster.elect(1, [1, 2]);
    cluster.timeout(3);
    cluster.receive(3, 1, { ...grant, term: 1 });
    expect(cluster.state(3)).toMatchObject({ role: 'candidate', currentTerm: 1 });
    cluster.dropAll();
    cluster.take(3);
    cluster.timeout(3);
    expect(cluster.state(3)).toMatchObject({ role: 'preCandidate', currentTerm: 1, votedFor: 3 });
    expect(ofKind(cluster.take(3), 'claim')).toEqual([
      { kind: 'claim', role: 'follower', term: 1 },
    ]);
    // The requests for votes that waited for the disk are of a lost election.
    cluster.persistAll(3);
    expect(cluster.inFlight(3, 1)).toEqual([question(2, 3)]);
  });
});

const grant: RequestVoteResponse = {
  kind: 'RequestVoteResponse',
  term: 0,
  voteGranted: true,
  preVote: true,
};

describe('a pre-vote promises nothing', () => {
  it('no term, vote, write or timer changes by giving one, and another may get one, too', () => {
    const cluster = new Cluster(3, preVote);
    cluster.take(1);
    expect(answerTo(cluster, question(5, 2))).toEqual({ ...grant, term: 5 });
    cluster.receive(1, 3, question(7, 3));
    expect(cluster.takeMessage(1, 3)).toEqual({ ...grant, term: 7 });
    const actions = cluster.take(1);
    expect(actions.every((action) => action.kind === 'send')).toBe(true);
    expect(cluster.state(1)).toMatchObject({ currentTerm: 0, votedFor: 0, role: 'follower' });
  });

  it('it does not wait for the disk', () => {
    const cluster = new Cluster(3, preVote);
    cluster.receive(1, 3, requestOf(1, 3));
    expect(cluster.pendingWrites(1)).toHaveLength(1);
    expect(answerTo(cluster, question(5, 2)).voteGranted).toBe(true);
  });

  it('a grant that comes late is not counted as a vote', () => {
    const cluster = new Cluster(3, preVote);
    cluster.timeout(1);
    cluster.deliver(1, 2);
    cluster.deliver(1, 3);
    cluster.deliver(2, 1);
    cluster.persistAll(1);
    expect(cluster.state(1)).toMatchObject({ role: 'candidate', currentTerm: 1 });
    // It bears term 1, as a vote of this election would.
    cluster.deliver(3, 1);
    expect(cluster.state(1).role).toBe('candidate');
  });

  it('a grant for a term that has come since does not count', () => {
    const cluster = new Cluster(3, preVote);
    cluster.timeout(1);
    cluster.receive(1, 3, heartbeat(4, 3));
    cluster.timeout(1);
    expect(cluster.state(1)).toMatchObject({ role: 'preCandidate', currentTerm: 4 });
    cluster.receive(1, 2, { ...grant, term: 1 });
    expect(cluster.state(1).role).toBe('preCandidate');
    cluster.receive(1, 2, { ...grant, term: 5 });
    expect(cluster.state(1)).toMatchObject({ role: 'candidate', currentTerm: 5 });
  });

  it('nor does one that finds a server which follows again', () => {
    const cluster = new Cluster(3, preVote);
    cluster.timeout(1);
    cluster.receive(1, 3, heartbeat(0, 3));
    cluster.receive(1, 2, { ...grant, term: 1 });
    expect(cluster.state(1)).toMatchObject({ role: 'follower', leaderId: 3, currentTerm: 0 });
  });

  it('nor one of a server that has voted for another meanwhile', () => {
    const cluster = new Cluster(3, preVote);
    cluster.receive(1, 3, heartbeat(1, 3));
    cluster.now += 150;
    cluster.timeout(1);
    cluster.receive(1, 2, requestOf(1, 2));
    expect(cluster.state(1)).toMatchObject({ role: 'follower', votedFor: 2 });
    cluster.receive(1, 3, { ...grant, term: 2 });
    expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 1 });
  });
});

function requestOf(term: number, candidateId: number): RequestVote {
  return { kind: 'RequestVote', term, candidateId, lastLogIndex: 0, lastLogTerm: 0 };
}

describe('a pre-vote is refused', () => {
  it('to a log that is not up to date', () => {
    const cluster = new Cluster(3, { ...preVote, images: { 1: imageOf(2, [1, 2]) } });
    expect(answerTo(cluster, question(3, 2, 1, 9)).voteGranted).toBe(false);
    expect(answerTo(cluster, question(3, 2, 2, 1)).voteGranted).toBe(false);
    expect(answerTo(cluster, question(3, 2, 2, 2)).voteGranted).toBe(true);
  });

  it('for a term that is not higher than the own; the refusal bears the own, which is adopted', () => {
    const cluster = new Cluster(3, { ...preVote, images: { 1: imageOf(4, []) } });
    expect(answerTo(cluster, question(4, 2))).toEqual({ ...grant, term: 4, voteGranted: false });
    cluster.timeout(2);
    cluster.deliver(2, 1);
    cluster.deliver(1, 2);
    expect(cluster.state(2)).toMatchObject({ role: 'follower', currentTerm: 4 });
    cluster.timeout(2);
    expect(cluster.inFlight(2, 1)).toEqual([question(5, 2)]);
  });

  it('while a leader has been heard less than the shortest election timeout ago', () => {
    const cluster = new Cluster(3, preVote);
    cluster.now = 1_000;
    cluster.receive(1, 3, heartbeat(1, 3));
    cluster.now = 1_149;
    expect(answerTo(cluster, question(2, 2)).voteGranted).toBe(false);
    cluster.now = 1_150;
    expect(answerTo(cluster, question(2, 2)).voteGranted).toBe(true);
  });

  it('by the leader itself', () => {
    const cluster = ledCluster();
    cluster.now += 10_000;
    const { lastTerm, lastIndex } = cluster.state(1).log;
    expect(answerTo(cluster, question(9, 2, lastTerm, lastIndex)).voteGranted).toBe(false);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 1 });
  });

  it('by a spare, which has no vote', () => {
    const cluster = new Cluster(2, { ...preVote, spares: 1 });
    cluster.receive(3, 2, question(1, 2));
    expect(cluster.takeMessage(3, 2)).toMatchObject({ voteGranted: false });
  });
});

describe('a server that asks', () => {
  it('forgets its leader, and gives its pre-vote to others', () => {
    const cluster = ledCluster();
    cluster.crash(1);
    cluster.now += 150;
    cluster.timeout(2);
    cluster.timeout(3);
    cluster.request(2, 'put x 1');
    expect(ofKind(cluster.take(2), 'respond')).toMatchObject([{ outcome: 'redirect', hint: 0 }]);
    cluster.deliver(2, 3);
    cluster.deliver(3, 2);
    cluster.deliver(2, 3);
    cluster.deliver(3, 2);
    // Each has got the other's, so both stand; had one been refused, nobody ever would.
    expect([2, 3].map((node) => cluster.state(node).role)).toEqual(['candidate', 'candidate']);
  });

  it('follows the leader that it hears', () => {
    const cluster = ledCluster();
    cluster.timeout(2);
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(cluster.state(2)).toMatchObject({ role: 'follower', leaderId: 1, currentTerm: 1 });
  });

  it('still acknowledges what it had taken: the answers wait for its disk only', () => {
    const cluster = ledCluster();
    cluster.request(1, 'put x 1');
    cluster.deliver(1, 2);
    cluster.timeout(2);
    cluster.persistAll(2);
    const answers = cluster.inFlight(2, 1).filter((body) => body.kind === 'AppendEntriesResponse');
    expect(answers).toMatchObject([{ success: true, matchIndex: 2 }]);
  });
});

describe('a server that was cut off', () => {
  it('does not raise its term, and comes back without an election', () => {
    const cluster = ledCluster();
    for (let round = 0; round < 10; round += 1) {
      cluster.now += 200;
      cluster.timeout(3);
      cluster.timeout(1, 'heartbeat');
      cluster.settle([1, 2]);
    }
    // Now the others hear its question, too.
    cluster.timeout(3);
    cluster.settle();
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(cluster.members.map((node) => cluster.state(node).currentTerm)).toEqual([1, 1, 1]);
    expect(cluster.state(3)).toMatchObject({ role: 'follower', leaderId: 1 });
  });

  it('also if only the leader cannot reach it', () => {
    const cluster = ledCluster(5);
    for (let round = 0; round < 10; round += 1) {
      cluster.now += 100;
      cluster.timeout(1, 'heartbeat');
      cluster.settle([1, 2, 3, 4]);
      if (round % 2 === 1) cluster.timeout(5);
      cluster.settle([2, 3, 4, 5]);
    }
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 1 });
    expect(cluster.state(5)).toMatchObject({ role: 'preCandidate', currentTerm: 1 });
  });
});

describe('servers with and without pre-vote live together', () => {
  const mixed = { configs: { 1: { preVote: true }, 2: { preVote: true } } };

  it('who asks nobody first is elected by those who do', () => {
    const cluster = new Cluster(3, mixed);
    cluster.elect(3);
    expect(cluster.state(3)).toMatchObject({ role: 'leader', currentTerm: 1 });
  });

  it('who does not ask itself gives pre-votes all the same', () => {
    const cluster = new Cluster(3, mixed);
    cluster.elect(1, [1, 3]);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 1 });
  });

  it('and a server that lags behind the terms of others catches up with them', () => {
    const cluster = new Cluster(3, mixed);
    for (let count = 0; count < 5; count += 1) cluster.elect(3, [3]);
    cluster.elect(1);
    cluster.elect(1);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 6 });
  });
});
