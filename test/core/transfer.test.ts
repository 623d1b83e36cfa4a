/** Leadership transfer (thesis §3.10), from both sides. */
import { describe, expect, it } from 'vitest';
import type { RequestVote, TimeoutNow } from '../../core/messages.ts';
import { Cluster, imageOf, ofKind } from './cluster.ts';

/** Server 1 leads since 1,000 ms, and all have its log. */
function ledCluster(size = 3, options: ConstructorParameters<typeof Cluster>[1] = {}): Cluster {
  const cluster = new Cluster(size, options);
  cluster.now = 1_000;
  cluster.elect(1);
  for (const node of cluster.servers) cluster.take(node);
  return cluster;
}

function transfer(cluster: Cluster, to: number, node = 1): void {
  cluster.admin(node, { kind: 'transferLeadership', to });
}

function answers(cluster: Cluster, node = 1): string[] {
  return ofKind(cluster.take(node), 'respond').map(({ id, outcome }) => `${id} ${outcome}`);
}

function timeoutNow(term: number, leaderId = 1): TimeoutNow {
  return { kind: 'TimeoutNow', term, leaderId };
}

describe('a transfer', () => {
  it('asks a target that is up to date at once, and it stands at once', () => {
    const cluster = ledCluster();
    transfer(cluster, 2);
    expect(cluster.inFlight(1, 2)).toEqual([timeoutNow(1)]);
    cluster.deliver(1, 2);
    expect(cluster.state(2)).toMatchObject({ role: 'candidate', currentTerm: 2 });
    cluster.settle();
    expect(cluster.state(2)).toMatchObject({ role: 'leader', currentTerm: 2 });
    expect(cluster.state(1)).toMatchObject({ role: 'follower', leaderId: 2 });
    expect(answers(cluster)).toEqual(['a1 ok']);
  });

  it('works although all others hear the leader, and need no pre-vote to know it', () => {
    const cluster = ledCluster(5, { config: { preVote: true, checkQuorum: true } });
    transfer(cluster, 4);
    cluster.deliver(1, 4);
    cluster.persistAll(4);
    const request = cluster.inFlight(4, 2)[0] as RequestVote;
    expect(request).toMatchObject({ term: 2, leadershipTransfer: true });
    expect(request).not.toHaveProperty('preVote');
    cluster.settle();
    expect(cluster.state(4).role).toBe('leader');
    expect(answers(cluster)).toEqual(['a1 ok']);
  });

  it('brings the target up to date first', () => {
    const cluster = ledCluster(3, { config: { batchEntriesMax: 1, inflightMax: 1 } });
    cluster.request(1, 'put x 1', 'put x 2', 'put x 3');
    cluster.settle([1, 3]);
    cluster.dropAll();
    transfer(cluster, 2);
    expect(cluster.inFlight(1, 2)).toEqual([]);
    for (let count = 0; count < 4; count += 1) cluster.timeout(1, 'heartbeat');
    const kinds: string[] = [];
    while (cluster.state(2).role === 'follower') {
      kinds.push(cluster.inFlight(1, 2)[0]!.kind);
      cluster.deliver(1, 2);
      cluster.persistAll(2);
      if (cluster.inFlight(2, 1).length > 0) cluster.deliver(2, 1);
    }
    expect(kinds.filter((kind) => kind === 'TimeoutNow')).toHaveLength(1);
    expect(cluster.state(2).log.lastIndex).toBe(cluster.state(1).log.lastIndex);
  });

  it('asks again with the heartbeats if nothing happens', () => {
    const cluster = ledCluster();
    transfer(cluster, 2);
    cluster.dropAll();
    cluster.now += 49;
    cluster.receive(1, 3, {
      kind: 'AppendEntriesResponse',
      term: 1,
      success: true,
      matchIndex: 1,
      conflictTerm: 0,
      conflictIndex: 0,
    });
    expect(cluster.inFlight(1, 2)).toEqual([]);
    cluster.now += 1;
    cluster.timeout(1, 'heartbeat');
    expect(cluster.inFlight(1, 2)).toContainEqual(timeoutNow(1));
    cluster.settle();
    expect(cluster.state(2).role).toBe('leader');
  });
});

describe('while a transfer is under way', () => {
  it('requests are queued, and refused when the reign ends: none has become an entry', () => {
    const cluster = ledCluster();
    transfer(cluster, 2);
    cluster.request(1, 'put x 1');
    expect(cluster.state(1).log.lastIndex).toBe(1);
    cluster.settle();
    expect(answers(cluster)).toEqual(['r1 rejected', 'a1 ok']);
    expect(cluster.state(2).log.lastIndex).toBe(2);
  });

  it('what a leader had accepted before is still committed', () => {
    const cluster = ledCluster();
    cluster.request(1, 'put x 1');
    transfer(cluster, 2);
    cluster.settle([1, 2]);
    expect(cluster.state(2)).toMatchObject({ role: 'leader', commitIndex: 3 });
    expect(cluster.state(1).commitIndex).toBeGreaterThanOrEqual(2);
  });

  it('another one is rejected, and so is a change of the membership', () => {
    const cluster = ledCluster();
    transfer(cluster, 2);
    transfer(cluster, 3);
    cluster.change(1, [1, 2]);
    expect(answers(cluster)).toEqual(['a2 rejected', 'a3 rejected']);
    expect(cluster.state(1).transfer).toMatchObject({ id: 'a1', to: 2 });
  });
});

describe('a transfer is given up after the longest election timeout', () => {
  it('with the queued requests carried out then', () => {
    const cluster = ledCluster();
    cluster.crash(2);
    transfer(cluster, 2);
    cluster.request(1, 'put x 1');
    cluster.now += 299;
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(answers(cluster)).toEqual([]);
    cluster.now += 1;
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    // The target was asked, and nobody knows whether it may not stand yet.
    expect(answers(cluster)).toEqual(['a1 unknown', 'r1 ok']);
    cluster.request(1, 'put x 2');
    cluster.settle();
    expect(answers(cluster)).toEqual(['r2 ok']);
  });

  it('and then nothing has happened, if the target was never asked', () => {
    const cluster = ledCluster();
    cluster.crash(2);
    cluster.request(1, 'put x 1');
    cluster.settle();
    cluster.take(1);
    transfer(cluster, 2);
    cluster.now += 300;
    cluster.timeout(1, 'heartbeat');
    expect(answers(cluster)).toEqual(['a1 rejected']);
    transfer(cluster, 3);
    cluster.settle();
    expect(answers(cluster)).toEqual(['a2 ok']);
  });
});

describe('a reign that ends during a transfer', () => {
  it('for a higher term without the target having been asked: nothing was handed over', () => {
    const cluster = ledCluster();
    cluster.request(1, 'put x 1');
    cluster.dropAll();
    transfer(cluster, 2);
    cluster.receive(1, 3, { kind: 'RequestVoteResponse', term: 5, voteGranted: false });
    expect(answers(cluster)).toEqual(['r1 unknown', 'a1 rejected']);
  });

  it('for want of a majority, after the target was asked: nobody knows', () => {
    const cluster = ledCluster(3, { config: { checkQuorum: true } });
    transfer(cluster, 2);
    cluster.dropAll();
    // Just before it would be given up.
    cluster.state(1).rounds.heardMs -= 1;
    cluster.now += 299;
    cluster.timeout(1, 'heartbeat');
    expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 1 });
    expect(answers(cluster)).toEqual(['a1 unknown']);
  });
});

describe('a transfer to the leader itself', () => {
  it('is done at once, and changes nothing', () => {
    const cluster = ledCluster();
    transfer(cluster, 1);
    expect(answers(cluster)).toEqual(['a1 ok']);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 1, transfer: null });
    cluster.request(1, 'put x 1');
    cluster.settle();
    expect(answers(cluster)).toEqual(['r1 ok']);
  });

  it('is refused while it hands over to another', () => {
    const cluster = ledCluster();
    transfer(cluster, 2);
    transfer(cluster, 1);
    expect(answers(cluster)).toEqual(['a2 rejected']);
  });

  it('is refused when it leaves the cluster', () => {
    const cluster = ledCluster();
    cluster.change(1, [2, 3]);
    cluster.dropAll();
    cluster.state(1).configuration = { voters: [2, 3], newVoters: null, learners: [] };
    transfer(cluster, 1);
    expect(answers(cluster)).toContain('a2 rejected');
  });
});

describe('a transfer is refused', () => {
  it.each([
    ['to a server that does not exist', 9],
    ['to a spare', 4],
  ])('%s', (_name, to) => {
    const cluster = ledCluster(3, { spares: 1 });
    transfer(cluster, to);
    expect(answers(cluster)).toEqual(['a1 rejected']);
    expect(cluster.state(1).transfer).toBe(null);
  });

  it('to a learner', () => {
    const cluster = ledCluster(3, { spares: 1 });
    cluster.change(1, [1, 2, 3], [4]);
    cluster.settle();
    cluster.take(1);
    transfer(cluster, 4);
    expect(answers(cluster)).toEqual(['a2 rejected']);
  });

  it('by a server that does not lead, with a hint who does', () => {
    const cluster = ledCluster();
    transfer(cluster, 3, 2);
    const hint = { outcome: 'redirect', hint: 1 };
    expect(ofKind(cluster.take(2), 'respond')).toMatchObject([hint]);
  });
});

describe('a TimeoutNow', () => {
  it('of an older term is ignored', () => {
    const cluster = ledCluster();
    cluster.elect(3);
    cluster.receive(2, 1, timeoutNow(1));
    expect(cluster.state(2)).toMatchObject({ role: 'follower', currentTerm: 2 });
  });

  it('that comes twice makes one candidacy', () => {
    const cluster = ledCluster();
    cluster.receive(2, 1, timeoutNow(1));
    cluster.receive(2, 1, timeoutNow(1));
    expect(cluster.state(2)).toMatchObject({ role: 'candidate', currentTerm: 2 });
  });

  it('of a newer term counts: its leader has been elected meanwhile', () => {
    const cluster = ledCluster();
    cluster.receive(2, 3, timeoutNow(4, 3));
    expect(cluster.state(2)).toMatchObject({ role: 'candidate', currentTerm: 5 });
  });

  it('does not make a learner, a spare or a removed server stand', () => {
    const cluster = ledCluster(3, { spares: 2 });
    cluster.change(1, [1, 2], [4]);
    cluster.settle();
    for (const node of [3, 4, 5]) {
      cluster.receive(node, 1, timeoutNow(1));
      expect(cluster.state(node).role, `server ${node}`).toBe('follower');
    }
  });

  it('does not make a voter forget its log: a target that has fallen behind is not elected', () => {
    const cluster = ledCluster(3, { config: { checkQuorum: true } });
    transfer(cluster, 2);
    const late = cluster.takeMessage(1, 2);
    for (let beats = 0; beats < 6; beats += 1) {
      cluster.now += 50;
      cluster.timeout(1, 'heartbeat');
      cluster.settle([1, 3]);
    }
    cluster.request(1, 'put x 1');
    cluster.settle([1, 3]);
    expect(answers(cluster)).toContain('r1 ok');
    cluster.receive(2, 1, late);
    cluster.settle();
    // Its term is adopted, its log is not good enough.
    expect(cluster.state(2).role).toBe('candidate');
    expect(cluster.state(3)).toMatchObject({ currentTerm: 2, votedFor: 0 });
  });

  it('stands for one election: the next one asks like any other', () => {
    const cluster = new Cluster(3, {
      config: { checkQuorum: true },
      images: { 1: imageOf(1, [1]), 3: imageOf(1, [1]) },
    });
    cluster.receive(2, 1, timeoutNow(1));
    cluster.dropAll();
    cluster.timeout(2);
    cluster.persistAll(2);
    expect(cluster.inFlight(2, 1)).toMatchObject([{ kind: 'RequestVote', term: 3 }]);
    expect(cluster.inFlight(2, 1)[0]).not.toHaveProperty('leadershipTransfer');
  });
});
