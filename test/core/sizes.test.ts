import { describe, expect, it } from 'vitest';
import { majority } from '../../core/quorum.ts';
import { Cluster, ofKind } from './cluster.ts';

describe.each([1, 2, 3, 4, 5, 6, 7])('a cluster of %i', (size) => {
  const members = Array.from({ length: size }, (_, at) => at + 1);
  const quorum = members.slice(0, majority(size));

  it('elects, commits and answers with everybody', () => {
    const cluster = new Cluster(size);
    cluster.elect(1);
    cluster.request(1, 'put x 1', 'get x');
    cluster.settle();
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    for (const node of members) {
      expect(cluster.state(node).lastApplied).toBe(3);
      expect(ofKind(cluster.take(node), 'claim').at(-1)!.role).toBe(
        node === 1 ? 'leader' : 'follower',
      );
    }
  });

  it('does so with a bare majority', () => {
    const cluster = new Cluster(size);
    cluster.elect(1, quorum);
    cluster.request(1, 'put x 1');
    cluster.settle(quorum);
    expect(ofKind(cluster.take(1), 'respond')).toMatchObject([{ outcome: 'ok' }]);
  });

  if (size === 1) return;

  it('elects nobody with one server less', () => {
    const cluster = new Cluster(size);
    cluster.elect(1, quorum.slice(0, -1));
    expect(cluster.state(1).role).toBe('candidate');
  });

  it('commits nothing with one server less', () => {
    const cluster = new Cluster(size);
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    cluster.settle(quorum.slice(0, -1));
    expect(cluster.state(1)).toMatchObject({ role: 'leader', commitIndex: 1 });
    expect(ofKind(cluster.take(1), 'respond')).toEqual([]);
  });
});
