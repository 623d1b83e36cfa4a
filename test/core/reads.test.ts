/** Reads without the log: ReadIndex and lease (thesis §6.4), one test per rule. */
import { describe, expect, it } from 'vitest';
import type { ServerConfig } from '../../core/contract.ts';
import { leaseLengthMs } from '../../core/lease.ts';
import type { AppendEntries, Configuration, RequestVote } from '../../core/messages.ts';
import { Cluster, type Image, imageOf, ofKind } from './cluster.ts';

type Options = NonNullable<ConstructorParameters<typeof Cluster>[1]>;

const readIndex: Options = { config: { reads: 'readIndex' } };
const lease: Options = { config: { reads: 'lease' } };

/** Server 1 leads since 1,000 ms, and all have its log. */
function ledCluster(size = 3, options: Options = readIndex): Cluster {
  const cluster = new Cluster(size, options);
  cluster.now = 1_000;
  cluster.elect(1);
  cluster.timeout(1, 'heartbeat');
  cluster.settle();
  for (const node of cluster.servers) cluster.take(node);
  return cluster;
}

function answers(cluster: Cluster, node = 1): string[] {
  return ofKind(cluster.take(node), 'respond').map(({ id, outcome }) => `${id} ${outcome}`);
}

function roundsSent(cluster: Cluster, to: number): (number | undefined)[] {
  return cluster.inFlight(1, to).map((body) => (body as AppendEntries).round);
}

/** An answer of `from` to the newest round, or another, of server 1. */
function answerRound(cluster: Cluster, from: number, round: number, term = 1): void {
  const kind = 'AppendEntriesResponse';
  const agrees = { success: true, matchIndex: 0, conflictTerm: 0, conflictIndex: 0 };
  cluster.receive(1, from, { kind, term, ...agrees, round });
}

describe('a read with readIndex', () => {
  it('makes no entry, and is answered when a majority has answered a round of heartbeats', () => {
    const cluster = ledCluster();
    const { lastIndex } = cluster.state(1).log;
    cluster.request(1, 'get x');
    expect(cluster.state(1).log.lastIndex).toBe(lastIndex);
    expect(roundsSent(cluster, 2)).toEqual([3]);
    expect(roundsSent(cluster, 3)).toEqual([3]);
    expect(answers(cluster)).toEqual([]);
    cluster.deliver(1, 3);
    cluster.deliver(3, 1);
    expect(answers(cluster)).toEqual(['r1 ok']);
  });

  it('sees what was acknowledged before, and is not answered before it is applied', () => {
    const cluster = ledCluster(3, { config: { reads: 'readIndex', applyBatchMax: 1 } });
    cluster.request(1, 'put x 1', 'put x 2', 'put x 3');
    cluster.settle();
    cluster.request(1, 'get x');
    cluster.settle();
    expect(cluster.state(1)).toMatchObject({ commitIndex: 4, lastApplied: 2 });
    answers(cluster);
    cluster.timeout(1, 'apply');
    expect(answers(cluster)).toEqual(['r2 ok']);
    cluster.timeout(1, 'apply');
    // In the same step as the last entry, and after it.
    const kinds = cluster.take(1).map(({ kind }) => kind);
    expect(kinds).toEqual(['apply', 'respond', 'respond']);
  });

  it('does not wait for what comes after it', () => {
    const cluster = ledCluster();
    cluster.request(1, 'get x', 'put x 1');
    cluster.settle([1]);
    const { round } = cluster.state(1).waitingReads[0]!;
    answerRound(cluster, 2, round);
    expect(answers(cluster)).toEqual(['r1 ok']);
  });

  it('never joins a round that has begun: its answers may be older than a new leader', () => {
    const cluster = ledCluster();
    cluster.timeout(1, 'heartbeat');
    const { newest } = cluster.state(1).rounds;
    cluster.request(1, 'get x');
    answerRound(cluster, 2, newest);
    expect(answers(cluster)).toEqual([]);
    // That round is over, so the next one has begun.
    expect(cluster.state(1).rounds.newest).toBe(newest + 1);
    answerRound(cluster, 2, newest + 1);
    expect(answers(cluster)).toEqual(['r1 ok']);
  });

  it('waits with others for the next round, so that many reads make few messages', () => {
    const cluster = ledCluster();
    cluster.request(1, 'get a');
    for (let count = 0; count < 10; count += 1) cluster.request(1, 'get b', 'get c');
    expect(roundsSent(cluster, 2)).toEqual([3]);
    cluster.settle();
    expect(answers(cluster)).toHaveLength(21);
    expect(cluster.state(1).rounds.newest).toBe(4);
  });

  it('is taken along by a heartbeat if its round is lost', () => {
    const cluster = ledCluster();
    cluster.request(1, 'get x');
    cluster.dropAll();
    cluster.request(1, 'get y');
    expect(cluster.network).toEqual([]);
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(answers(cluster)).toEqual(['r1 ok', 'r2 ok']);
  });

  it('is confirmed by answers to entries, too', () => {
    const cluster = ledCluster();
    cluster.request(1, 'get x');
    cluster.drop(1, 2);
    cluster.drop(1, 3);
    cluster.request(1, 'put x 1');
    cluster.deliver(1, 2);
    cluster.persistAll(2);
    cluster.deliver(2, 1);
    expect(answers(cluster)).toEqual(['r1 ok']);
  });

  it('is answered at once where the leader is a majority by itself', () => {
    const cluster = ledCluster(1);
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual(['r1 ok']);
  });

  it('is answered while a transfer is under way', () => {
    const cluster = ledCluster();
    cluster.admin(1, { kind: 'transferLeadership', to: 2 });
    cluster.request(1, 'put x 1', 'get x');
    cluster.settle([1, 3]);
    expect(answers(cluster)).toEqual(['r2 ok']);
  });

  it('is redirected by a server that does not lead', () => {
    const cluster = ledCluster();
    cluster.request(2, 'get x');
    expect(ofKind(cluster.take(2), 'respond')).toMatchObject([{ outcome: 'redirect', hint: 1 }]);
  });

  it('is rejected when the leader steps down: it has not happened', () => {
    const cluster = ledCluster();
    cluster.request(1, 'get x', 'put x 1');
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 5, voteGranted: false });
    expect(answers(cluster)).toEqual(['r2 unknown', 'r1 rejected']);
  });
});

describe('a new leader', () => {
  /** Entry 1 is committed and acknowledged; server 1, the next leader, has it and does not know. */
  function successor(): Cluster {
    const images = { 1: imageOf(1, [1]), 2: imageOf(1, [1]) };
    const cluster = new Cluster(3, { ...readIndex, images });
    cluster.timeout(1);
    cluster.persistAll(1);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 2, voteGranted: true });
    cluster.dropAll();
    cluster.take(1);
    return cluster;
  }

  it('answers no read before an entry of its own term is committed', () => {
    const cluster = successor();
    cluster.request(1, 'get k1');
    answerRound(cluster, 2, cluster.state(1).rounds.newest, 2);
    answerRound(cluster, 2, cluster.state(1).rounds.newest, 2);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', commitIndex: 0 });
    expect(answers(cluster)).toEqual([]);
    cluster.timeout(1, 'heartbeat');
    cluster.timeout(1, 'heartbeat');
    cluster.settle([1, 2]);
    expect(cluster.state(1).commitIndex).toBe(2);
    expect(answers(cluster)).toEqual(['r1 ok']);
  });

  it('counts no answer to an earlier reign of its own, whatever term it comes in', () => {
    const cluster = ledCluster();
    for (let count = 0; count < 9; count += 1) cluster.timeout(1, 'heartbeat');
    const early = cluster.inFlight(1, 2).at(-1) as AppendEntries;
    expect(early.round).toBe(11);
    cluster.dropAll();
    cluster.elect(2);
    cluster.elect(1);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 3 });
    cluster.take(1);
    cluster.request(1, 'get x');
    cluster.dropAll();
    // The refusal bears the new term, and must not bear the old number.
    cluster.receive(2, 1, early);
    cluster.deliver(2, 1);
    answerRound(cluster, 3, 11, 1);
    expect(cluster.state(1).rounds.answered).not.toContain(11);
    expect(answers(cluster)).toEqual([]);
  });
});

describe('a round needs the majorities of the configuration, which are not those of', () => {
  it.each([
    ['one half of a joint configuration', [2, 3], false],
    ['the other half', [4, 5], false],
    ['learners', [6, 7], false],
    ['nobody else, if both halves have answered', [2, 4], true],
  ])('%s', (_name, responding, isConfirmed) => {
    const joint: Configuration = { voters: [1, 2, 3], newVoters: [1, 4, 5], learners: [6, 7] };
    const entries = [{ term: 1, command: null, configuration: joint }];
    const image: Image = { currentTerm: 1, votedFor: 0, entries };
    const images = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((node) => [node, image]));
    const cluster = new Cluster(7, { ...readIndex, images });
    cluster.timeout(1);
    cluster.persistAll(1);
    const vote = { kind: 'RequestVoteResponse', term: 2, voteGranted: true } as const;
    for (const node of [2, 3, 4, 5]) cluster.receive(1, node, vote);
    // Nothing is committed, or the joint phase would end.
    const { rounds } = cluster.state(1);
    for (const node of responding) answerRound(cluster, node, rounds.newest, 2);
    expect(rounds.confirmed === rounds.newest).toBe(isConfirmed);
  });
});

describe('a lease', () => {
  const beat = (cluster: Cluster, nodes: readonly number[] = cluster.servers): void => {
    cluster.timeout(1, 'heartbeat');
    cluster.settle(nodes);
    cluster.take(1);
  };

  it('answers reads at once, without a message', () => {
    const cluster = ledCluster(3, lease);
    cluster.now += 100;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual(['r1 ok']);
    expect(cluster.network).toEqual([]);
  });

  it('holds for the shortest election timeout less what the rounding of clocks may take', () => {
    const cluster = ledCluster(3, lease);
    cluster.now += 147;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual(['r1 ok']);
    cluster.now += 1;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
    expect(cluster.inFlight(1, 2)).toHaveLength(1);
    cluster.settle();
    expect(answers(cluster)).toEqual(['r2 ok']);
  });

  it('runs from when the round began, not from when it was answered', () => {
    const cluster = ledCluster(3, lease);
    cluster.now = 1_100;
    cluster.timeout(1, 'heartbeat');
    cluster.deliver(1, 2);
    cluster.now = 1_240;
    cluster.deliver(2, 1);
    cluster.now = 1_247;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual(['r1 ok']);
    cluster.now = 1_248;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
  });

  it('runs from the newest round that is answered, whatever became of those before', () => {
    const cluster = ledCluster(3, lease);
    for (let count = 0; count < 3; count += 1) {
      cluster.now += 50;
      cluster.timeout(1, 'heartbeat');
    }
    const { newest } = cluster.state(1).rounds;
    // Of the round that began at 1,100 ms, then of that at 1,150 ms.
    answerRound(cluster, 2, newest - 1);
    cluster.now = 1_247;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual(['r1 ok']);
    cluster.now = 1_248;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
    answerRound(cluster, 2, newest);
    expect(answers(cluster)).toEqual(['r2 ok']);
    cluster.now = 1_297;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual(['r3 ok']);
    cluster.now = 1_298;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
  });

  it('makes no messages for reads that wait for nothing but what is to be applied', () => {
    const cluster = ledCluster(3, { config: { reads: 'lease', applyBatchMax: 1 } });
    cluster.request(1, 'put x 1', 'put x 2');
    cluster.settle();
    cluster.request(1, 'get x');
    expect(cluster.network).toEqual([]);
    expect(answers(cluster)).toEqual(['r1 ok']);
    cluster.timeout(1, 'apply');
    expect(answers(cluster)).toEqual(['r2 ok', 'r3 ok']);
  });

  it('is over after a pause, whatever the leader has missed', () => {
    const cluster = ledCluster(3, lease);
    // No event in between: the first thing that it hears is the read.
    cluster.now += 600;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
  });

  it('needs a majority that has answered in time', () => {
    const cluster = ledCluster(5, lease);
    cluster.now += 100;
    beat(cluster, [1, 2]);
    cluster.now += 100;
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
  });

  it('does not answer before an entry of the term is committed', () => {
    const cluster = new Cluster(3, lease);
    cluster.timeout(1);
    cluster.persistAll(1);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 1, voteGranted: true });
    answerRound(cluster, 2, 1);
    cluster.take(1);
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
    cluster.settle();
    expect(answers(cluster)).toEqual(['r1 ok']);
  });

  it('allows for clocks that drift: the own may be slow, theirs may be fast', () => {
    expect(leaseLengthMs(150, 0)).toBe(148);
    // 148 × 0.99 / 1.01 = 145.07
    expect(leaseLengthMs(150, 10_000)).toBe(145);
    expect(leaseLengthMs(150, 500_000)).toBe(49);
    expect(leaseLengthMs(2, 0)).toBe(0);
    expect(leaseLengthMs(1, 0)).toBe(0);
    for (const ppm of [0, 1, 50, 499, 10_000, 200_000]) {
      const trueMs = leaseLengthMs(150, ppm) / (1 - ppm / 1e6);
      expect(trueMs).toBeLessThanOrEqual(149 / (1 + ppm / 1e6));
    }
  });

  it('that is too short to hold is none: every read makes a round', () => {
    const config = { reads: 'lease', electionMsMin: 2, electionMsMax: 300 } as const;
    const cluster = ledCluster(3, { config });
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
    cluster.settle();
    expect(answers(cluster)).toEqual(['r1 ok']);
  });

  it('does not hold while a transfer is under way', () => {
    const cluster = ledCluster(3, lease);
    cluster.request(1, 'put x 1');
    cluster.dropAll();
    cluster.admin(1, { kind: 'transferLeadership', to: 2 });
    cluster.take(1);
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
  });

  it('holds again after one that was given up before the target was asked', () => {
    const cluster = ledCluster(3, lease);
    cluster.crash(2);
    cluster.request(1, 'put x 1');
    cluster.settle();
    cluster.admin(1, { kind: 'transferLeadership', to: 2 });
    for (let count = 0; count < 6; count += 1) {
      cluster.now += 50;
      beat(cluster);
    }
    expect(cluster.state(1).transfer).toBe(null);
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual(['r2 ok']);
  });

  it('holds never again in a term in which a TimeoutNow was sent, as that may come late', () => {
    const cluster = ledCluster(3, lease);
    cluster.admin(1, { kind: 'transferLeadership', to: 2 });
    const late = cluster.takeMessage(1, 2);
    for (let count = 0; count < 6; count += 1) {
      cluster.now += 50;
      beat(cluster, [1, 3]);
    }
    expect(cluster.state(1).transfer).toBe(null);
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual([]);
    // The stale read that this prevents: server 2 is elected, and commits.
    cluster.dropAll();
    cluster.receive(2, 1, late);
    cluster.settle([2, 3]);
    cluster.request(2, 'put x 2');
    cluster.settle([2, 3]);
    expect(answers(cluster, 2)).toEqual(['r2 ok']);
    // In the next reign there is a lease again.
    expect(cluster.state(2)).toMatchObject({ role: 'leader', isLeaseGivenUp: false });
    cluster.request(2, 'get x');
    expect(answers(cluster, 2)).toEqual(['r3 ok']);
    cluster.timeout(2, 'heartbeat');
    cluster.timeout(2, 'heartbeat');
    cluster.settle();
    cluster.crash(2);
    cluster.now += 300;
    cluster.elect(1, [1, 3]);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 3 });
    answers(cluster);
    cluster.request(1, 'get x');
    expect(answers(cluster)).toEqual(['r4 ok']);
  });
});

describe('what a lease asks of voters', () => {
  const request: RequestVote = {
    kind: 'RequestVote',
    term: 2,
    candidateId: 3,
    lastLogIndex: 1,
    lastLogTerm: 1,
  };

  /** Server 2 is asked for its vote. */
  function isGranted(cluster: Cluster): boolean {
    cluster.dropAll();
    cluster.receive(2, 3, request);
    cluster.persistAll(2);
    return cluster.inFlight(2, 3).some((body) => 'voteGranted' in body && body.voteGranted);
  }

  it('it brings check-quorum along', () => {
    const cluster = ledCluster(3, lease);
    cluster.now = 1_149;
    expect(isGranted(cluster)).toBe(false);
    cluster.now = 1_150;
    expect(isGranted(cluster)).toBe(true);
    for (let count = 0; count < 6; count += 1) {
      cluster.now += 50;
      cluster.timeout(1, 'heartbeat');
      cluster.dropAll();
    }
    expect(cluster.state(1).role).toBe('follower');
  });

  it.each([
    ['lease', false],
    ['readIndex', true],
    ['log', true],
  ] as const)('after a restart with reads "%s" a vote at once is given: %s', (reads, given) => {
    const config: Partial<ServerConfig> = { reads, checkQuorum: true };
    const cluster = ledCluster(3, { config });
    cluster.crash(2);
    cluster.now = 1_010;
    cluster.start(2);
    expect(isGranted(cluster)).toBe(given);
    if (given) return;
    // Nobody knows when its last life has heard from a leader: a whole timeout must pass.
    cluster.now = 1_309;
    expect(isGranted(cluster)).toBe(false);
    cluster.now = 1_310;
    expect(isGranted(cluster)).toBe(true);
  });

  it('a restarted server does not stand either before that', () => {
    const cluster = ledCluster(3, lease);
    cluster.crash(2);
    cluster.start(2);
    cluster.now = 1_299;
    cluster.timeout(2);
    expect(cluster.state(2).role).toBe('follower');
    cluster.now = 1_300;
    cluster.timeout(2);
    expect(cluster.state(2).role).toBe('candidate');
  });

  it('in its first life a server owes nothing to anybody', () => {
    const cluster = new Cluster(3, lease);
    expect(isGranted(cluster)).toBe(true);
  });
});
