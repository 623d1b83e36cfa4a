/** §6 and thesis ch. 4, sentence by sentence. */
import { describe, expect, it } from 'vitest';
import type { Configuration, Entry, Message } from '../../core/messages.ts';
import { Cluster, entriesOf, type Image, ofKind, sentBodies } from './cluster.ts';

function plain(voters: readonly number[], learners: readonly number[] = []): Configuration {
  return { voters, newVoters: null, learners };
}

function joint(voters: readonly number[], newVoters: readonly number[]): Configuration {
  return { voters, newVoters, learners: [] };
}

function configured(term: number, configuration: Configuration): Entry {
  return { term, command: null, configuration };
}

/** A disk with a command of term 1, and these entries behind it. */
function imageWith(currentTerm: number, ...entries: Entry[]): Image {
  return { currentTerm, votedFor: 0, entries: [...entriesOf([1]), ...entries] };
}

function configuration(cluster: Cluster, node: number): Configuration {
  return cluster.state(node).configuration;
}

function answers(cluster: Cluster, node: number): [string, string, number][] {
  return ofKind(cluster.take(node), 'respond').map(({ id, outcome, hint }) => [id, outcome, hint]);
}

/** S1 leads, and all that it has is committed and known to be. */
function led(size: number, spares: number, config = {}): Cluster {
  const cluster = new Cluster(size, { spares, config });
  cluster.elect(1);
  cluster.timeout(1, 'heartbeat');
  cluster.settle();
  for (const node of cluster.servers) cluster.take(node);
  return cluster;
}

function beat(cluster: Cluster, node: number, nodes = cluster.servers): void {
  cluster.timeout(node, 'heartbeat');
  cluster.settle(nodes);
}

/** The votes of these, and nothing else yet. */
function win(cluster: Cluster, node: number, voters: readonly number[]): void {
  cluster.timeout(node);
  cluster.persistAll(node);
  for (const voter of voters) {
    cluster.deliver(node, voter);
    cluster.persistAll(voter);
    cluster.deliver(voter, node);
  }
  expect(cluster.state(node).role).toBe('leader');
}

/** The configurations in the log of a server, oldest first. */
function history(cluster: Cluster, node: number): Configuration[] {
  const { log } = cluster.state(node);
  return log
    .slice(log.baseIndex + 1, log.lastIndex)
    .map((entry) => entry.configuration)
    .filter((found) => found !== undefined);
}

describe('joint consensus (§6)', () => {
  it('goes through C_old,new to C_new, and everybody in C_new knows', () => {
    const cluster = led(3, 2);
    cluster.change(1, [1, 4, 5]);
    cluster.settle();
    expect(history(cluster, 1)).toEqual([joint([1, 2, 3], [1, 4, 5]), plain([1, 4, 5])]);
    for (const node of [1, 4, 5]) expect(configuration(cluster, node)).toEqual(plain([1, 4, 5]));
    expect(answers(cluster, 1)).toEqual([['a1', 'ok', 0]]);
    cluster.request(1, 'put x 1');
    cluster.settle([1, 4]);
    expect(answers(cluster, 1)).toEqual([['r1', 'ok', 0]]);
  });

  it('a configuration is in force as soon as it is in the log, committed or not', () => {
    const cluster = led(3, 2);
    cluster.change(1, [3, 4, 5]);
    cluster.settle([1, 4, 5]);
    cluster.dropAll();
    expect(configuration(cluster, 1)).toEqual(joint([1, 2, 3], [3, 4, 5]));
    expect(configuration(cluster, 4)).toEqual(joint([1, 2, 3], [3, 4, 5]));
    expect(configuration(cluster, 2)).toEqual(plain([1, 2, 3]));
    expect(cluster.state(4).commitIndex).toBeLessThan(cluster.state(4).log.lastIndex);
  });

  it('while joint, C_new alone commits nothing', () => {
    const cluster = led(3, 2);
    cluster.change(1, [3, 4, 5]);
    cluster.settle([1, 4, 5]);
    const { commitIndex, log } = cluster.state(1);
    expect(log.lastIndex).toBe(commitIndex + 1);
    beat(cluster, 1);
    beat(cluster, 1);
    expect(cluster.state(1).commitIndex).toBeGreaterThan(commitIndex);
  });

  it('while joint, C_old alone commits nothing', () => {
    const cluster = led(3, 4);
    cluster.change(1, [1, 4, 5, 6, 7]);
    cluster.settle([1, 4, 5, 6, 7]);
    cluster.dropAll();
    const { lastIndex } = cluster.state(1).log;
    cluster.crash(4);
    cluster.crash(5);
    cluster.crash(6);
    cluster.timeout(1, 'heartbeat');
    cluster.timeout(1, 'heartbeat');
    cluster.settle([1, 2, 3, 7]);
    expect(cluster.state(1).matchIndex.slice(2, 4)).toEqual([lastIndex, lastIndex]);
    expect(cluster.state(1).commitIndex).toBe(lastIndex);
    cluster.request(1, 'put x 1');
    cluster.settle([1, 2, 3, 7]);
    expect(cluster.state(1).commitIndex).toBe(lastIndex);
  });

  it('while joint, an election needs a majority of each side', () => {
    const entry = configured(1, joint([1, 2, 3], [3, 4, 5, 6, 7]));
    const images = Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7].map((node) => [node, imageWith(1, entry)]),
    );
    const canWin = (candidate: number, nodes: readonly number[]): boolean => {
      const cluster = new Cluster(3, { spares: 4, images });
      cluster.elect(candidate, nodes);
      return ofKind(cluster.take(candidate), 'claim').some(({ role }) => role === 'leader');
    };
    // Four of all seven, and five, but only one of C_old.
    expect(canWin(4, [4, 5, 6, 7])).toBe(false);
    expect(canWin(4, [3, 4, 5, 6, 7])).toBe(false);
    // All of C_old, but only one of C_new.
    expect(canWin(1, [1, 2, 3])).toBe(false);
    expect(canWin(2, [1, 2, 5, 6, 7])).toBe(true);
  });

  it('C_new is not appended before C_old,new is committed, not even by the next leader', () => {
    const entry = configured(1, joint([1, 2, 3], [3, 4, 5]));
    const image = imageWith(1, entry);
    const cluster = new Cluster(3, { spares: 2, images: { 1: image, 3: image, 4: image } });
    cluster.elect(3, [1, 3, 4]);
    expect(cluster.state(3).role).toBe('leader');
    expect(cluster.state(3).commitIndex).toBe(4);
    // Again, with the no-op on its own disk only.
    const again = new Cluster(3, { spares: 2, images: { 1: image, 3: image, 4: image } });
    win(again, 3, [1, 4]);
    again.persistAll(3);
    expect(history(again, 3)).toEqual([entry.configuration]);
    again.settle([1, 3, 4]);
    expect(history(again, 3)).toEqual([entry.configuration, plain([3, 4, 5])]);
  });

  it('any leader that has C_old,new brings it to an end', () => {
    const cluster = led(3, 2);
    cluster.change(1, [2, 3, 4, 5]);
    cluster.settle([1, 4, 5]);
    cluster.dropAll();
    cluster.timeout(1, 'heartbeat');
    cluster.timeout(1, 'heartbeat');
    for (const node of [2, 3]) {
      while (cluster.inFlight(1, node).length > 0) cluster.deliver(1, node);
      cluster.persistAll(node);
    }
    cluster.crash(1);
    cluster.dropAll();
    cluster.elect(2, [2, 3, 4, 5]);
    beat(cluster, 2, [2, 3, 4, 5]);
    for (const node of [2, 3, 4, 5]) {
      expect(configuration(cluster, node)).toEqual(plain([2, 3, 4, 5]));
    }
  });

  it('a voter may become a learner: in C_old until C_new is in force', () => {
    const cluster = led(3, 0);
    cluster.change(1, [1, 2], [3]);
    cluster.settle();
    beat(cluster, 1);
    expect(history(cluster, 3)).toEqual([
      { voters: [1, 2, 3], newVoters: [1, 2], learners: [3] },
      plain([1, 2], [3]),
    ]);
    cluster.request(1, 'put x 1');
    cluster.settle();
    expect(cluster.state(3).log.lastIndex).toBe(cluster.state(1).log.lastIndex);
  });
});

describe('the leader that C_new leaves out (§6)', () => {
  /** S1 has appended C_new = {2, 3, 4}, which nobody has got yet. */
  function leaving(): Cluster {
    const cluster = led(4, 0);
    cluster.change(1, [2, 3, 4]);
    cluster.persistAll(1);
    for (const node of [2, 3]) {
      cluster.deliver(1, node);
      cluster.persistAll(node);
      cluster.deliver(node, 1);
    }
    cluster.drop(1, 4);
    expect(history(cluster, 1)).toHaveLength(2);
    return cluster;
  }

  it('goes on leading while it commits C_new', () => {
    const cluster = leaving();
    cluster.persistAll(1);
    expect(cluster.state(1).role).toBe('leader');
    expect(cluster.state(1).configuration).toEqual(plain([2, 3, 4]));
    cluster.settle([1, 2]);
    expect(cluster.state(1).role).toBe('leader');
  });

  it('does not count itself: two of three others, not one and itself', () => {
    const cluster = leaving();
    cluster.settle([1, 2]);
    cluster.request(1, 'put x 1');
    cluster.settle([1, 2]);
    const { log, commitIndex, matchIndex, durableIndex } = cluster.state(1);
    expect([matchIndex[2], durableIndex]).toEqual([log.lastIndex, log.lastIndex]);
    expect(commitIndex).toBeLessThan(log.lastIndex - 1);
  });

  it('steps down when C_new is committed, and never stands again', () => {
    const cluster = leaving();
    cluster.settle([1, 2, 3]);
    expect(cluster.state(1).role).toBe('follower');
    expect(answers(cluster, 1)).toEqual([['a1', 'ok', 0]]);
    cluster.timeout(1);
    expect(cluster.state(1).role).toBe('follower');
    expect(cluster.network).toEqual([]);
    cluster.elect(2, [2, 3, 4]);
    expect(cluster.state(2).role).toBe('leader');
  });

  it('clients that wait when it steps down are told that nobody knows', () => {
    const cluster = leaving();
    cluster.request(1, 'put x 1');
    cluster.take(1);
    for (const node of [2, 3]) {
      cluster.deliver(1, node);
      cluster.persistAll(node);
      cluster.deliver(node, 1);
    }
    expect(answers(cluster, 1).sort()).toEqual([
      ['a1', 'ok', 0],
      ['r1', 'unknown', 0],
    ]);
  });
});

describe('roll-back (§6)', () => {
  it('a truncated configuration gives way to the one before it', () => {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.settle([1, 4]);
    cluster.dropAll();
    expect(configuration(cluster, 1).newVoters).toEqual([1, 2, 3, 4]);
    cluster.elect(2, [2, 3]);
    for (let beats = 0; beats < 3; beats += 1) beat(cluster, 2);
    expect(configuration(cluster, 1)).toEqual(plain([1, 2, 3]));
    expect(cluster.state(1).configurationIndex).toBe(0);
    expect(cluster.state(1).peers).toEqual([2, 3]);
  });

  it('to an older entry of the log, past what goes with it', () => {
    const four = configured(1, plain([1, 2, 3, 4]));
    const image = imageWith(2, four, ...entriesOf([1]));
    const tail = [configured(2, joint([1, 2, 3, 4], [1])), configured(2, plain([1]))];
    const cluster = new Cluster(3, {
      spares: 1,
      images: { 1: { ...image, entries: [...image.entries, ...tail] }, 2: image, 3: image },
    });
    expect(configuration(cluster, 1)).toEqual(plain([1]));
    const body: Message = {
      kind: 'AppendEntries',
      term: 3,
      leaderId: 2,
      prevLogIndex: 3,
      prevLogTerm: 1,
      entries: [{ term: 3, command: null }],
      leaderCommit: 0,
    };
    cluster.receive(1, 2, body);
    expect(configuration(cluster, 1)).toEqual(plain([1, 2, 3, 4]));
    expect(cluster.state(1).configurationIndex).toBe(2);
  });

  it('what a crash takes from the log, it takes from the configuration', () => {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.settle([1, 4]);
    cluster.crash(1);
    cluster.start(1);
    expect(configuration(cluster, 1).newVoters).toEqual([1, 2, 3, 4]);
    const lost = led(3, 0);
    lost.change(1, [1, 2]);
    expect(configuration(lost, 1).newVoters).toEqual([1, 2]);
    lost.crash(1);
    lost.start(1);
    expect(configuration(lost, 1)).toEqual(plain([1, 2, 3]));
  });

  it('the same entries once more do not change it', () => {
    const cluster = led(3, 0);
    cluster.change(1, [1, 2]);
    cluster.persistAll(1);
    cluster.deliver(1, 2);
    const before = cluster.state(2).configurationIndex;
    cluster.deliverAgain(1, 2);
    expect(cluster.state(2).configurationIndex).toBe(before);
    expect(configuration(cluster, 2)).toEqual(joint([1, 2, 3], [1, 2]));
  });
});

describe('one change at a time', () => {
  it('no second one while the first is under way, be it that new voters catch up', () => {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.change(1, [1, 2]);
    expect(answers(cluster, 1)).toEqual([['a2', 'rejected', 0]]);
    cluster.settle();
    cluster.take(1);
    cluster.change(1, [1, 2]);
    cluster.change(1, [1, 2, 3]);
    expect(answers(cluster, 1)).toEqual([['a4', 'rejected', 0]]);
    cluster.settle();
    expect(answers(cluster, 1)).toEqual([['a3', 'ok', 0]]);
    expect(configuration(cluster, 1)).toEqual(plain([1, 2]));
  });

  it('nor while one that an older leader has left behind is not committed', () => {
    const change = configured(1, plain([1, 2, 3, 4]));
    const image = imageWith(1, change);
    const cluster = new Cluster(3, { spares: 1, images: { 1: image, 2: image, 3: image } });
    win(cluster, 2, [1, 3]);
    expect(configuration(cluster, 2)).toEqual(plain([1, 2, 3, 4]));
    cluster.change(2, [2, 3, 4]);
    expect(answers(cluster, 2)).toEqual([['a1', 'rejected', 0]]);
    cluster.settle();
    cluster.change(2, [2, 3, 4]);
    expect(answers(cluster, 2)).toEqual([]);
  });

  it('nor while C_new is not, be it the end of a change that another leader has begun', () => {
    const image = imageWith(1, configured(1, joint([1, 2, 3], [1, 2])));
    const cluster = new Cluster(3, { images: { 1: image, 2: image, 3: image } });
    win(cluster, 2, [1, 3]);
    cluster.persistAll(2);
    for (const node of [1, 3]) {
      for (let messages = 0; messages < 2; messages += 1) {
        cluster.deliver(2, node);
        cluster.persistAll(node);
        if (cluster.inFlight(node, 2).length > 0) cluster.deliver(node, 2);
        if (history(cluster, 2).length === 2) break;
      }
    }
    expect(history(cluster, 2)).toHaveLength(2);
    cluster.take(2);
    cluster.change(2, [1, 2, 3]);
    expect(answers(cluster, 2)).toEqual([['a1', 'rejected', 0]]);
  });

  it.each(['joint', 'singleServer'] as const)(
    '%s: none before an entry of the own term is committed (2015)',
    (membership) => {
      const cluster = new Cluster(4, { spares: 1, config: { membership } });
      cluster.elect(1);
      win(cluster, 2, [3, 4]);
      cluster.take(2);
      cluster.change(2, [2, 3, 4]);
      expect(answers(cluster, 2)).toEqual([['a1', 'rejected', 0]]);
      cluster.settle([2, 3, 4]);
      cluster.change(2, [2, 3, 4]);
      expect(answers(cluster, 2)).toEqual([]);
      expect(configuration(cluster, 2).voters).not.toEqual([]);
      expect(history(cluster, 2)).toHaveLength(1);
    },
  );
});

describe('one server at a time (thesis §4.1)', () => {
  const config = { membership: 'singleServer' };

  it('is one entry', () => {
    const cluster = led(3, 1, config);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.settle();
    expect(history(cluster, 1)).toEqual([plain([1, 2, 3, 4])]);
    expect(answers(cluster, 1)).toEqual([['a1', 'ok', 0]]);
    cluster.change(1, [1, 2, 4]);
    cluster.settle();
    expect(history(cluster, 1)).toEqual([plain([1, 2, 3, 4]), plain([1, 2, 4])]);
  });

  it.each([
    ['two more', [1, 2, 3, 4, 5]],
    ['two less', [1]],
    ['one for another', [1, 2, 4]],
  ])('not for %s', (_, voters) => {
    const cluster = led(3, 2, config);
    cluster.change(1, voters);
    expect(answers(cluster, 1)).toEqual([['a1', 'rejected', 0]]);
    expect(history(cluster, 1)).toEqual([]);
  });

  it('majorities grow with the cluster', () => {
    const cluster = led(3, 1, config);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.settle();
    cluster.take(1);
    cluster.request(1, 'put x 1');
    cluster.settle([1, 2]);
    expect(answers(cluster, 1)).toEqual([]);
    cluster.crash(1);
    cluster.elect(2, [2, 3]);
    expect(cluster.state(2).role).toBe('candidate');
  });
});

describe('from one voter to three', () => {
  it('what stands behind the change in the log is not committed by the old majority', () => {
    const cluster = led(1, 2, { groupCommit: true });
    cluster.change(1, [1, 2, 3]);
    // The new voters have the log; the change and the request reach the disk of S1 only.
    for (let round = 0; round < 3; round += 1) {
      for (const node of [2, 3]) {
        while (cluster.inFlight(1, node).length > 0 && history(cluster, 1).length === 0) {
          cluster.deliver(1, node);
          cluster.persistAll(node);
          while (cluster.inFlight(node, 1).length > 0) cluster.deliver(node, 1);
        }
      }
    }
    expect(history(cluster, 1)).toEqual([joint([1], [1, 2, 3])]);
    const { commitIndex } = cluster.state(1);
    cluster.request(1, 'put x 1');
    cluster.persistAll(1);
    expect(cluster.state(1).commitIndex).toBe(commitIndex);
    expect(answers(cluster, 1)).toEqual([]);
  });
});

describe('learners (thesis §4.2.1)', () => {
  function withLearner(): Cluster {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2, 3], [4]);
    cluster.settle();
    beat(cluster, 1);
    for (const node of cluster.servers) cluster.take(node);
    return cluster;
  }

  it('come in with one entry, and get the log', () => {
    const cluster = withLearner();
    expect(history(cluster, 1)).toEqual([plain([1, 2, 3], [4])]);
    expect(cluster.state(4).log.lastIndex).toBe(cluster.state(1).log.lastIndex);
    expect(cluster.state(4).commitIndex).toBe(cluster.state(1).commitIndex);
  });

  it('do not count for commits: one of three voters and two learners are no majority', () => {
    const cluster = led(3, 2);
    cluster.change(1, [1, 2, 3], [4, 5]);
    cluster.settle();
    beat(cluster, 1);
    cluster.take(1);
    cluster.request(1, 'put x 1');
    cluster.settle([1, 4, 5]);
    expect(answers(cluster, 1)).toEqual([]);
    const { matchIndex, log } = cluster.state(1);
    expect(matchIndex.slice(4)).toEqual([log.lastIndex, log.lastIndex]);
  });

  it('do not count for elections, and are not asked', () => {
    const cluster = led(3, 2);
    cluster.change(1, [1, 2, 3], [4, 5]);
    cluster.settle();
    cluster.timeout(2);
    cluster.persistAll(2);
    expect(cluster.inFlight(2, 4)).toEqual([]);
    const vote: Message = { kind: 'RequestVoteResponse', term: 2, voteGranted: true };
    cluster.receive(2, 4, vote);
    cluster.receive(2, 5, vote);
    expect(cluster.state(2).role).toBe('candidate');
  });

  it('do not stand, be the configuration committed or not', () => {
    const fresh = led(3, 1);
    fresh.change(1, [1, 2, 3], [4]);
    fresh.settle([1, 4]);
    beat(fresh, 1, [1, 4]);
    beat(fresh, 1, [1, 4]);
    expect(configuration(fresh, 4).learners).toEqual([4]);
    fresh.timeout(4);
    expect(fresh.state(4)).toMatchObject({ role: 'follower', currentTerm: 1 });
    const cluster = withLearner();
    cluster.timeout(4);
    expect(cluster.state(4)).toMatchObject({ role: 'follower', currentTerm: 1 });
    expect(cluster.network).toEqual([]);
    // Their timer runs on: the next configuration may make voters of them.
    expect(ofKind(cluster.take(4), 'setTimer')).toMatchObject([{ name: 'election' }]);
  });

  it('vote when they are asked: they may have been promoted without knowing', () => {
    const cluster = withLearner();
    cluster.change(1, [1, 2, 4]);
    cluster.settle([1, 2, 3]);
    expect(configuration(cluster, 2)).toEqual(plain([1, 2, 4]));
    expect(configuration(cluster, 4)).toEqual(plain([1, 2, 3], [4]));
    cluster.crash(1);
    cluster.elect(2, [2, 4]);
    expect(cluster.state(2).role).toBe('leader');
    expect(cluster.state(4).votedFor).toBe(2);
  });

  it('leave with one entry', () => {
    const cluster = withLearner();
    cluster.change(1, [1, 2, 3]);
    cluster.settle();
    expect(history(cluster, 1)).toEqual([plain([1, 2, 3], [4]), plain([1, 2, 3])]);
    beat(cluster, 1);
    cluster.take(1);
    cluster.timeout(1, 'heartbeat');
    expect(ofKind(cluster.take(1), 'send').map(({ to }) => to)).toEqual([2, 3]);
  });
});

describe('spares', () => {
  const request: Message = {
    kind: 'RequestVote',
    term: 7,
    candidateId: 1,
    lastLogIndex: 9,
    lastLogTerm: 6,
  };

  it('that know of no cluster neither stand nor vote', () => {
    const cluster = new Cluster(3, { spares: 1 });
    cluster.timeout(4);
    expect(cluster.state(4)).toMatchObject({ role: 'follower', currentTerm: 0 });
    cluster.take(4);
    cluster.receive(4, 1, request);
    expect(sentBodies(cluster.take(4))).toMatchObject([{ term: 7, voteGranted: false }]);
    expect(cluster.state(4).votedFor).toBe(0);
  });

  it('that have a log vote: they may be voters without knowing', () => {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.deliver(1, 4);
    cluster.deliver(4, 1);
    cluster.deliver(1, 4);
    cluster.persistAll(4);
    expect(configuration(cluster, 4)).toEqual(plain([]));
    cluster.take(4);
    cluster.receive(4, 1, request);
    cluster.persistAll(4);
    expect(sentBodies(cluster.take(4))).toMatchObject([{ term: 7, voteGranted: true }]);
  });
});

describe('servers outside the configuration', () => {
  it('accept AppendEntries from a leader that is not in theirs (thesis §4.2.1)', () => {
    const cluster = led(3, 2);
    cluster.change(1, [1, 4, 5]);
    cluster.settle([1, 3, 4, 5]);
    cluster.elect(4, [1, 4, 5]);
    expect(cluster.state(2).peers).not.toContain(4);
    const { log, currentTerm, commitIndex } = cluster.state(4);
    const prevLogIndex = cluster.state(2).log.lastIndex;
    cluster.receive(2, 4, {
      kind: 'AppendEntries',
      term: currentTerm,
      leaderId: 4,
      prevLogIndex,
      prevLogTerm: log.termAt(prevLogIndex),
      entries: log.slice(prevLogIndex + 1, log.lastIndex),
      leaderCommit: commitIndex,
    });
    expect(cluster.state(2).log.lastIndex).toBe(log.lastIndex);
  });

  it('vote for candidates that are not in theirs', () => {
    const cluster = led(3, 1);
    cluster.take(2);
    cluster.receive(2, 4, {
      kind: 'RequestVote',
      term: 2,
      candidateId: 4,
      lastLogIndex: 9,
      lastLogTerm: 1,
    });
    cluster.persistAll(2);
    expect(sentBodies(cluster.take(2))).toMatchObject([{ term: 2, voteGranted: true }]);
  });

  it('are not counted when they answer', () => {
    const cluster = led(3, 2);
    cluster.receive(1, 5, {
      kind: 'AppendEntriesResponse',
      term: 1,
      success: true,
      matchIndex: 1,
      conflictTerm: 0,
      conflictIndex: 0,
    });
    expect(cluster.state(1).matchIndex[5] ?? 0).toBe(0);
    expect(cluster.network).toEqual([]);
  });
});

describe('removed servers', () => {
  it('learn of C_new with its commit, not before, and do not stand from then on', () => {
    const cluster = led(3, 0);
    cluster.change(1, [1, 2]);
    cluster.persistAll(1);
    cluster.deliver(1, 2);
    cluster.deliver(1, 3);
    for (const node of [2, 3]) {
      cluster.persistAll(node);
      cluster.deliver(node, 1);
    }
    expect(history(cluster, 1)).toHaveLength(2);
    expect(cluster.inFlight(1, 3)).toEqual([]);
    cluster.settle();
    expect(configuration(cluster, 3)).toEqual(plain([1, 2]));
    expect(cluster.state(3).commitIndex).toBe(cluster.state(3).configurationIndex);
    cluster.timeout(3);
    expect(cluster.state(3).role).toBe('follower');
  });

  it('get nothing more when they have got it', () => {
    const cluster = led(3, 0);
    cluster.change(1, [1, 2]);
    cluster.settle();
    expect(cluster.state(1).peers).toEqual([2]);
    cluster.take(1);
    cluster.timeout(1, 'heartbeat');
    expect(ofKind(cluster.take(1), 'send').map(({ to }) => to)).toEqual([2]);
  });

  it('are told by the next leader, too', () => {
    const cluster = led(3, 0);
    cluster.change(1, [2, 3]);
    cluster.settle([1, 2, 3]);
    expect(cluster.state(1).role).toBe('follower');
    const other = led(4, 0);
    other.change(1, [1, 2, 3]);
    other.settle([1, 2, 3]);
    other.crash(1);
    expect(configuration(other, 4)).toEqual(plain([1, 2, 3, 4]));
    other.elect(2, [2, 3]);
    beat(other, 2, [2, 3, 4]);
    beat(other, 2, [2, 3, 4]);
    expect(configuration(other, 4)).toEqual(plain([1, 2, 3]));
    other.timeout(4);
    expect(other.state(4).role).toBe('follower');
  });

  it('that stay silent are given up', () => {
    const cluster = led(3, 0);
    cluster.change(1, [1, 2]);
    cluster.settle([1, 2]);
    expect(cluster.state(1).peers).toEqual([2, 3]);
    cluster.now += 10 * cluster.config.electionMsMax;
    beat(cluster, 1, [1, 2]);
    expect(cluster.state(1).peers).toEqual([2]);
  });

  it('that may be the only ones with C_new stand, without their own vote (thesis Figure 4.6)', () => {
    const cluster = led(2, 0);
    cluster.change(1, [2]);
    cluster.persistAll(1);
    cluster.deliver(1, 2);
    cluster.persistAll(2);
    cluster.deliver(2, 1);
    expect(configuration(cluster, 1)).toEqual(plain([2]));
    cluster.persistAll(1);
    cluster.dropAll();
    cluster.crash(1);
    cluster.start(1);
    // S2 cannot win: it needs S1, whose log has more.
    cluster.elect(2);
    expect(cluster.state(2).role).toBe('candidate');
    cluster.now += cluster.config.electionMsMax;
    cluster.timeout(1);
    cluster.settle();
    beat(cluster, 2);
    expect(configuration(cluster, 2)).toEqual(plain([2]));
    expect(cluster.state(2).commitIndex).toBeGreaterThanOrEqual(
      cluster.state(2).configurationIndex,
    );
    expect(cluster.state(1).role).toBe('follower');
  });
});

describe('new voters catch up first (thesis §4.2.1)', () => {
  it('they get the log before the configuration that they vote in', () => {
    const cluster = led(3, 1);
    cluster.request(1, 'put x 1', 'put x 2', 'put x 3');
    cluster.settle([1, 2, 3]);
    cluster.take(1);
    cluster.change(1, [1, 2, 3, 4]);
    expect(cluster.state(1).peers).toEqual([2, 3, 4]);
    expect(history(cluster, 1)).toEqual([]);
    cluster.settle([1, 2, 3]);
    expect(history(cluster, 1)).toEqual([]);
    beat(cluster, 1);
    beat(cluster, 1);
    expect(history(cluster, 1)).toEqual([joint([1, 2, 3], [1, 2, 3, 4]), plain([1, 2, 3, 4])]);
  });

  it('they do not count meanwhile', () => {
    const cluster = led(3, 2);
    cluster.change(1, [1, 2, 3, 4, 5]);
    cluster.settle([4, 5]);
    const { lastIndex } = cluster.state(1).log;
    cluster.request(1, 'put x 1');
    cluster.settle([1, 4, 5]);
    expect(cluster.state(1).commitIndex).toBe(lastIndex);
  });

  it('a round that takes an election timeout is followed by another, ten in all', () => {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.deliver(1, 4);
    cluster.deliver(4, 1);
    for (let round = 1; round <= 10; round += 1) {
      expect(cluster.state(1).membershipChange).toMatchObject({ round });
      expect(answers(cluster, 1)).toEqual([]);
      // What the round asks for is on its way, and there is more when it arrives.
      cluster.request(1, 'put x 1');
      cluster.now += cluster.config.electionMsMin;
      cluster.deliver(1, 4);
      cluster.persistAll(4);
      cluster.deliver(4, 1);
    }
    expect(answers(cluster, 1)).toEqual([['a1', 'rejected', 0]]);
    expect(history(cluster, 1)).toEqual([]);
    expect(cluster.state(1).peers).toEqual([2, 3]);
  });

  it('a round that is faster is the last', () => {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.request(1, 'put x 1');
    cluster.now += cluster.config.electionMsMin;
    cluster.settle();
    beat(cluster, 1);
    expect(answers(cluster, 1)).toContainEqual(['a1', 'ok', 0]);
  });

  it('who does not move for long is given up, and nothing has happened', () => {
    const cluster = led(3, 2);
    cluster.change(1, [1, 2, 3, 4, 5]);
    cluster.settle([1, 2, 3, 4]);
    cluster.now += 4 * cluster.config.electionMsMax + 1;
    beat(cluster, 1, [1, 2, 3, 4]);
    expect(answers(cluster, 1)).toEqual([['a1', 'rejected', 0]]);
    expect(history(cluster, 1)).toEqual([]);
    expect(cluster.state(1).peers).toEqual([2, 3]);
  });

  it('learners that become voters, too', () => {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2, 3], [4]);
    cluster.settle([1, 2, 3]);
    cluster.take(1);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.settle([1, 2, 3]);
    expect(history(cluster, 1)).toHaveLength(1);
    expect(answers(cluster, 1)).toEqual([]);
    beat(cluster, 1);
    beat(cluster, 1);
    expect(answers(cluster, 1)).toEqual([['a2', 'ok', 0]]);
  });
});

describe('what an operator is told', () => {
  it('redirect: who leads, or nobody', () => {
    const cluster = new Cluster(3);
    cluster.change(2, [1, 2]);
    expect(answers(cluster, 2)).toEqual([['a1', 'redirect', 0]]);
    cluster.elect(1);
    cluster.change(2, [1, 2]);
    expect(answers(cluster, 2)).toEqual([['a2', 'redirect', 1]]);
  });

  it.each([
    ['nobody votes', [], [1]],
    ['a voter is named twice', [1, 2, 2], []],
    ['a voter is a learner as well', [1, 2, 3], [3]],
    ['there is no such server', [0, 1], []],
  ])('rejected: %s', (_, voters, learners) => {
    const cluster = led(3, 0);
    cluster.change(1, voters, learners);
    expect(answers(cluster, 1)).toEqual([['a1', 'rejected', 0]]);
    expect(history(cluster, 1)).toEqual([]);
  });

  it('rejected: the leader is gone before there was an entry', () => {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2, 3, 4]);
    cluster.elect(2, [2, 3]);
    beat(cluster, 2);
    expect(answers(cluster, 1)).toEqual([['a1', 'rejected', 0]]);
    expect(cluster.state(1).peers).toEqual([2, 3]);
  });

  it('unknown: the leader is gone when there was one', () => {
    const cluster = led(3, 1);
    cluster.change(1, [1, 2]);
    cluster.elect(2, [2, 3]);
    beat(cluster, 2);
    expect(answers(cluster, 1)).toEqual([['a1', 'unknown', 0]]);
  });

  it('ok: what is asked for is committed, which proves that this leader still leads', () => {
    const cluster = led(3, 0);
    cluster.change(1, [3, 2, 1]);
    expect(answers(cluster, 1)).toEqual([]);
    cluster.settle([1]);
    expect(answers(cluster, 1)).toEqual([]);
    beat(cluster, 1);
    beat(cluster, 1);
    expect(answers(cluster, 1)).toEqual([['a1', 'ok', 0]]);
    expect(history(cluster, 1)).toEqual([plain([1, 2, 3])]);
  });
});
