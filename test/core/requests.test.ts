import { describe, expect, it } from 'vitest';
import { pendingRequestsMax } from '../../core/pending-requests.ts';
import { Cluster, ofKind } from './cluster.ts';

function answers(cluster: Cluster, node: number): [string, string, number][] {
  return ofKind(cluster.take(node), 'respond').map(({ id, outcome, hint }) => [id, outcome, hint]);
}

describe('ok', () => {
  it('comes after applying, in order, once', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.take(1);
    cluster.request(1, 'put x 1', 'put y 2');
    cluster.request(1, 'get x');
    cluster.settle();
    const told = cluster.take(1).filter(({ kind }) => kind === 'apply' || kind === 'respond');
    expect(told).toMatchObject([
      { kind: 'apply', index: 2 },
      { kind: 'respond', id: 'r1', outcome: 'ok' },
      { kind: 'apply', index: 3 },
      { kind: 'respond', id: 'r2', outcome: 'ok' },
      { kind: 'apply', index: 4 },
      { kind: 'respond', id: 'r3', outcome: 'ok' },
    ]);
  });

  it('a batch is one write and one message per follower', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.take(1);
    cluster.request(1, 'put x 1', 'put y 2', 'put z 3');
    expect(cluster.take(1).map(({ kind }) => kind)).toEqual(['persist', 'send', 'send']);
  });

  it('is not given for the entry of another leader in the same place', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    cluster.dropAll();
    cluster.elect(2, [2, 3]);
    cluster.timeout(2, 'heartbeat');
    cluster.timeout(2, 'heartbeat');
    cluster.settle();
    expect(cluster.terms(1)).toEqual([1, 2]);
    expect(answers(cluster, 1)).toEqual([['r1', 'unknown', 0]]);
  });
});

describe('redirect', () => {
  it('names the leader of the term, or nobody', () => {
    const cluster = new Cluster(3);
    cluster.request(2, 'put x 1', 'put y 2');
    expect(answers(cluster, 2)).toEqual([
      ['r1', 'redirect', 0],
      ['r2', 'redirect', 0],
    ]);
    cluster.elect(1);
    cluster.request(2, 'put x 1');
    expect(answers(cluster, 2)).toEqual([['r3', 'redirect', 1]]);
    cluster.timeout(2);
    cluster.request(2, 'put x 1');
    expect(answers(cluster, 2)).toEqual([['r4', 'redirect', 0]]);
  });

  it('takes nothing into the log', () => {
    const cluster = new Cluster(3);
    cluster.request(1, 'put x 1');
    expect(cluster.state(1).log.lastIndex).toBe(0);
  });
});

describe('unknown', () => {
  it('is what every waiting client hears at step-down', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.request(1, 'put x 1', 'put y 2');
    cluster.take(1);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 2, voteGranted: false });
    expect(answers(cluster, 1)).toEqual([
      ['r1', 'unknown', 0],
      ['r2', 'unknown', 0],
    ]);
    expect(cluster.state(1).pendingRequests).toEqual([]);
  });

  it('and a request in the same moment is not stamped with a term that is not its own', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 2, voteGranted: false });
    cluster.request(1, 'put x 1');
    expect(cluster.terms(1)).toEqual([1]);
  });

  it('a deposed leader sends no heartbeat in the term of another', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.take(1);
    cluster.receive(1, 2, { kind: 'RequestVoteResponse', term: 2, voteGranted: false });
    const actions = cluster.take(1);
    expect(ofKind(actions, 'cancelTimer')).toEqual([{ kind: 'cancelTimer', name: 'heartbeat' }]);
    expect(ofKind(actions, 'setTimer')).toMatchObject([{ name: 'election' }]);
    cluster.timeout(1, 'heartbeat');
    expect(cluster.take(1)).toEqual([]);
  });
});

describe('rejected', () => {
  it('is the answer above the limit of unanswered requests: nothing was taken', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.take(1);
    const ops = Array.from({ length: pendingRequestsMax }, () => 'put x 1');
    cluster.request(1, ...ops, 'put one 1');
    expect(answers(cluster, 1)).toEqual([[`r${pendingRequestsMax + 1}`, 'rejected', 0]]);
    expect(cluster.state(1).log.lastIndex).toBe(1 + pendingRequestsMax);
    cluster.request(1, 'put two 2');
    expect(cluster.take(1)).toMatchObject([{ kind: 'respond', outcome: 'rejected' }]);
  });
});
