/** Check-quorum and the protection of leaders (§6, thesis §4.2.3, §6.2). */
import { describe, expect, it } from 'vitest';
import type {
  AppendEntries,
  Configuration,
  InstallSnapshot,
  RequestVote,
  Snapshot,
} from '../../core/messages.ts';
import { Cluster, type Image, imageOf, ofKind } from './cluster.ts';

const checkQuorum = { config: { checkQuorum: true } };

function requestOf(term: number, candidateId: number): RequestVote {
  return { kind: 'RequestVote', term, candidateId, lastLogIndex: 99, lastLogTerm: term };
}

function heartbeat(term: number, leaderId: number): AppendEntries {
  const prev = { prevLogIndex: 0, prevLogTerm: 0 };
  return { kind: 'AppendEntries', term, leaderId, ...prev, entries: [], leaderCommit: 0 };
}

/** Server 1 leads since 1,000 ms, and everybody has answered it then. */
function ledCluster(size = 3, options: ConstructorParameters<typeof Cluster>[1] = checkQuorum) {
  const cluster = new Cluster(size, options);
  cluster.now = 1_000;
  cluster.elect(1);
  for (const node of cluster.servers) cluster.take(node);
  return cluster;
}

/** Heartbeats every 50 ms through `untilMs`; only `reachable` get and answer them. */
function beat(cluster: Cluster, untilMs: number, reachable: readonly number[]): void {
  while (cluster.now < untilMs) {
    cluster.now += 50;
    cluster.timeout(1, 'heartbeat');
    cluster.settle([1, ...reachable]);
  }
}

describe('a leader that hears from no majority for an election timeout', () => {
  it('steps down in its term, and not earlier', () => {
    const cluster = ledCluster();
    beat(cluster, 1_250, []);
    cluster.now = 1_299;
    cluster.timeout(1, 'heartbeat');
    expect(cluster.state(1).role).toBe('leader');
    cluster.now = 1_300;
    cluster.take(1);
    cluster.timeout(1, 'heartbeat');
    expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 1, votedFor: 1 });
    const actions = cluster.take(1);
    expect(ofKind(actions, 'claim')).toEqual([{ kind: 'claim', role: 'follower', term: 1 }]);
    expect(ofKind(actions, 'cancelTimer')).toMatchObject([{ name: 'heartbeat' }]);
    expect(ofKind(actions, 'setTimer')).toMatchObject([{ name: 'election' }]);
    expect(ofKind(actions, 'send')).toEqual([]);
  });

  it('answers those who wait: nobody knows what becomes of their commands', () => {
    const cluster = ledCluster();
    cluster.request(1, 'put x 1');
    beat(cluster, 1_300, []);
    expect(ofKind(cluster.take(1), 'respond')).toMatchObject([{ id: 'r1', outcome: 'unknown' }]);
  });

  it('counts servers, not answers: one of four others is no majority, two are', () => {
    const lonely = ledCluster(5);
    beat(lonely, 1_350, [2]);
    expect(lonely.state(1).role).toBe('follower');
    const supported = ledCluster(5);
    beat(supported, 3_000, [2, 4]);
    expect(supported.state(1).role).toBe('leader');
  });

  it('stays where it is a majority by itself', () => {
    const cluster = ledCluster(1);
    beat(cluster, 3_000, []);
    expect(cluster.state(1).role).toBe('leader');
  });

  it('counts refusals as well: who refuses in this term follows it', () => {
    const cluster = ledCluster(3, { ...checkQuorum, images: { 1: imageOf(1, [1, 1, 1, 1]) } });
    cluster.now += 250;
    cluster.timeout(1, 'heartbeat');
    const { term } = cluster.takeMessage(1, 2);
    const conflict = { conflictTerm: 0, conflictIndex: 1 };
    const refusal = { kind: 'AppendEntriesResponse', success: false, matchIndex: 0 } as const;
    cluster.receive(1, 2, { ...refusal, term, ...conflict, round: 2 });
    cluster.dropAll();
    beat(cluster, 1_500, []);
    expect(cluster.state(1).role).toBe('leader');
  });

  it('needs a majority of both configurations while they are joint; learners count in none', () => {
    const joint: Configuration = { voters: [1, 2, 3], newVoters: [1, 4, 5], learners: [6] };
    const entries = [{ term: 1, command: null, configuration: joint }];
    const image: Image = { currentTerm: 1, votedFor: 0, entries };
    const images = Object.fromEntries([1, 2, 3, 4, 5, 6].map((node) => [node, image]));
    for (const [reachable, role] of [
      [[2, 3, 6], 'follower'],
      [[4, 5, 6], 'follower'],
      [[2, 5], 'leader'],
    ] as const) {
      const cluster = new Cluster(6, { ...checkQuorum, images });
      cluster.timeout(1);
      cluster.persistAll(1);
      const vote = { kind: 'RequestVoteResponse', term: 2, voteGranted: true } as const;
      for (const node of [2, 3, 4, 5]) cluster.receive(1, node, vote);
      // Nothing is acknowledged from here on, or the joint phase would end.
      for (let beats = 0; beats < 8; beats += 1) {
        cluster.now += 50;
        cluster.timeout(1, 'heartbeat');
        if (cluster.state(1).role !== 'leader') break;
        const round = cluster.state(1).rounds.newest;
        for (const node of reachable) {
          cluster.receive(1, node, {
            kind: 'AppendEntriesResponse',
            term: 2,
            success: true,
            matchIndex: 0,
            conflictTerm: 0,
            conflictIndex: 0,
            round,
          });
        }
      }
      expect(cluster.state(1).role, reachable.join()).toBe(role);
    }
  });

  it('does not count answers to an earlier reign', () => {
    const cluster = ledCluster();
    beat(cluster, 1_100, [2, 3]);
    // Deposed, and elected again in term 3: its numbers begin anew.
    cluster.receive(1, 2, heartbeat(2, 2));
    cluster.now += 150;
    cluster.elect(1);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 3 });
    expect(cluster.state(1).rounds.newest).toBe(1);
    const late = { kind: 'AppendEntriesResponse', success: true, matchIndex: 0, round: 9 } as const;
    cluster.receive(1, 2, { ...late, term: 1, conflictTerm: 0, conflictIndex: 0 });
    expect(cluster.state(1).rounds.answered).not.toContain(9);
  });

  it('is not in doubt without the option', () => {
    const cluster = ledCluster(3, {});
    beat(cluster, 5_000, []);
    expect(cluster.state(1).role).toBe('leader');
    expect(cluster.inFlight(1, 2).every((body) => !('round' in body))).toBe(true);
  });
});

describe('a server that has heard from a leader less than the shortest election timeout ago', () => {
  it('neither votes for another nor adopts its term', () => {
    const cluster = ledCluster();
    cluster.now = 1_149;
    cluster.receive(2, 3, requestOf(7, 3));
    expect(cluster.state(2)).toMatchObject({ role: 'follower', currentTerm: 1, leaderId: 1 });
    const kind = 'RequestVoteResponse';
    expect(cluster.takeMessage(2, 3)).toEqual({ kind, term: 1, voteGranted: false });
    cluster.now = 1_150;
    cluster.receive(2, 3, requestOf(7, 3));
    expect(cluster.state(2)).toMatchObject({ role: 'follower', currentTerm: 7, votedFor: 3 });
  });

  it('does both if the leader has asked for the election', () => {
    const cluster = ledCluster();
    cluster.receive(2, 3, { ...requestOf(2, 3), leadershipTransfer: true });
    expect(cluster.state(2)).toMatchObject({ currentTerm: 2, votedFor: 3 });
    cluster.receive(1, 3, { ...requestOf(2, 3), leadershipTransfer: true });
    expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 2, votedFor: 3 });
  });

  it('does both without the option', () => {
    const cluster = ledCluster(3, {});
    cluster.receive(2, 3, requestOf(7, 3));
    expect(cluster.state(2)).toMatchObject({ currentTerm: 7, votedFor: 3 });
  });

  it('is also the leader itself, for as long as it leads', () => {
    const cluster = ledCluster();
    cluster.now = 1_290;
    cluster.receive(1, 3, requestOf(7, 3));
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 1 });
  });

  it('keeps to it when its term is raised by an answer from elsewhere', () => {
    const cluster = ledCluster();
    const answer = { kind: 'AppendEntriesResponse', success: false, matchIndex: 0 } as const;
    cluster.receive(2, 3, { ...answer, term: 7, conflictTerm: 0, conflictIndex: 0 });
    expect(cluster.state(2)).toMatchObject({ currentTerm: 7, leaderId: 0 });
    cluster.receive(2, 3, requestOf(7, 3));
    expect(cluster.state(2).votedFor).toBe(0);
    cluster.now = 1_150;
    cluster.receive(2, 3, requestOf(7, 3));
    expect(cluster.state(2).votedFor).toBe(3);
  });

  it('does not stand itself, should its timer run out all the same', () => {
    const cluster = ledCluster();
    cluster.now = 1_149;
    cluster.take(2);
    cluster.timeout(2);
    expect(cluster.state(2)).toMatchObject({ role: 'follower', currentTerm: 1 });
    expect(ofKind(cluster.take(2), 'setTimer')).toMatchObject([{ name: 'election' }]);
  });

  it('is protected by a heartbeat that it refuses, too, and not by one of an older term', () => {
    const cluster = new Cluster(3, checkQuorum);
    cluster.now = 1_000;
    cluster.receive(2, 1, { ...heartbeat(3, 1), prevLogIndex: 5, prevLogTerm: 2 });
    cluster.now = 1_100;
    cluster.receive(2, 3, requestOf(4, 3));
    expect(cluster.state(2).currentTerm).toBe(3);
    cluster.receive(2, 3, heartbeat(2, 3));
    cluster.now = 1_150;
    cluster.receive(2, 3, requestOf(4, 3));
    expect(cluster.state(2)).toMatchObject({ currentTerm: 4, votedFor: 3 });
  });
});

describe('a chunk of a snapshot is contact as well', () => {
  const snapshot: Snapshot = {
    lastIncludedIndex: 5,
    lastIncludedTerm: 1,
    configuration: { voters: [1, 2, 3], newVoters: null, learners: [] },
    data: '0(0)',
  };
  const chunk: InstallSnapshot = {
    kind: 'InstallSnapshot',
    term: 2,
    leaderId: 1,
    lastIncludedIndex: 5,
    lastIncludedTerm: 1,
    configuration: snapshot.configuration,
    offset: 0,
    data: '0',
    done: false,
    round: 7,
  };

  it('it has the number of the round, and so has its answer, which counts', () => {
    const image: Image = { currentTerm: 1, votedFor: 0, entries: [], firstIndex: 6, snapshot };
    const cluster = new Cluster(3, { ...checkQuorum, images: { 1: image } });
    cluster.elect(1, [1, 2]);
    cluster.timeout(1, 'heartbeat');
    cluster.drop(1, 3);
    cluster.dropAll();
    cluster.receive(1, 3, {
      kind: 'AppendEntriesResponse',
      term: 2,
      success: false,
      matchIndex: 0,
      conflictTerm: 0,
      conflictIndex: 1,
    });
    const { newest } = cluster.state(1).rounds;
    expect(cluster.inFlight(1, 3)).toMatchObject([{ kind: 'InstallSnapshot', round: newest }]);
    cluster.deliver(1, 3);
    cluster.persistAll(3);
    expect(cluster.inFlight(3, 1)).toMatchObject([{ done: true, round: newest }]);
    expect(cluster.state(1).rounds.answered[3]).toBeLessThan(newest);
    cluster.deliver(3, 1);
    expect(cluster.state(1).rounds.answered[3]).toBe(newest);
  });

  it('it protects the leader', () => {
    const cluster = new Cluster(3, checkQuorum);
    cluster.now = 1_000;
    cluster.receive(2, 1, chunk);
    cluster.now = 1_149;
    cluster.receive(2, 3, requestOf(7, 3));
    expect(cluster.state(2).currentTerm).toBe(2);
  });

  it('the refusal of an old one has no number: its receiver may lead again, and count anew', () => {
    const cluster = new Cluster(3, { ...checkQuorum, images: { 2: imageOf(3, []) } });
    cluster.receive(2, 1, chunk);
    expect(cluster.inFlight(2, 1)).toMatchObject([{ term: 3, done: false }]);
    expect(cluster.inFlight(2, 1)[0]).not.toHaveProperty('round');
  });
});

describe('nobody is locked out', () => {
  it('a server that has come to a higher term tells the leader by its answer', () => {
    const cluster = ledCluster();
    cluster.now = 1_200;
    for (let count = 0; count < 5; count += 1) cluster.elect(3, [3]);
    beat(cluster, 1_250, [2]);
    cluster.timeout(3);
    cluster.settle();
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 1 });
    // The heartbeat is refused in term 7, and all meet in a later one.
    beat(cluster, 1_300, [2, 3]);
    expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 7 });
    cluster.now += 300;
    cluster.elect(2);
    cluster.elect(2);
    expect(cluster.members.map((node) => cluster.state(node).currentTerm)).toEqual([8, 8, 8]);
    expect(cluster.state(3)).toMatchObject({ role: 'follower', leaderId: 2 });
  });

  it('a refusal by a server that still protects the dead leader costs one timeout, not all', () => {
    const cluster = ledCluster();
    // Server 3 hears the last heartbeat 10 ms after server 2, and then the leader is gone.
    cluster.receive(2, 1, heartbeat(1, 1));
    cluster.now += 10;
    cluster.receive(3, 1, heartbeat(1, 1));
    cluster.crash(1);
    cluster.now += 140;
    cluster.elect(2, [2, 3]);
    expect(cluster.state(2).role).toBe('candidate');
    expect(cluster.state(3)).toMatchObject({ role: 'follower', currentTerm: 1 });
    // Its own try does not make server 2 protect anybody.
    cluster.now += 10;
    cluster.elect(3, [2, 3]);
    cluster.now += 150;
    cluster.elect(3, [2, 3]);
    expect(cluster.state(3)).toMatchObject({ role: 'leader', currentTerm: 3 });
  });
});
