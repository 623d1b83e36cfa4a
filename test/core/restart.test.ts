import { describe, expect, it } from 'vitest';
import { AssertionError } from '../../core/assert.ts';
import { createServer } from '../../core/raft-server.ts';
import { Cluster, defaultConfig, entriesOf, imageOf, ofKind } from './cluster.ts';
import { RecordingOutbox } from './recording-outbox.ts';

describe('a restart', () => {
  it('comes back with term, vote and log, and with nothing else', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.request(1, 'put x 1', 'put y 2');
    cluster.settle();
    cluster.crash(1);
    cluster.start(1);
    expect(cluster.state(1)).toMatchObject({
      currentTerm: 1,
      votedFor: 1,
      role: 'follower',
      leaderId: 0,
      commitIndex: 0,
      lastApplied: 0,
      durableIndex: 3,
      lastWriteId: 0,
    });
    expect(cluster.terms(1)).toEqual([1, 1, 1]);
  });

  it('does not resume leading: what it had not made safe is gone, and its term may go on without it', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.request(1, 'put x 1');
    cluster.deliver(1, 2);
    cluster.crash(1);
    cluster.start(1);
    expect(cluster.terms(1)).toEqual([1]);
    cluster.take(1);
    cluster.request(1, 'put x 2');
    cluster.timeout(1, 'heartbeat');
    expect(cluster.take(1)).toEqual([{ kind: 'respond', id: 'r2', outcome: 'redirect', hint: 0 }]);
  });

  it('learns commitIndex from a leader and applies everything again, from index 1', () => {
    const cluster = new Cluster(3);
    cluster.elect(1);
    cluster.request(1, 'put x 1', 'put y 2');
    cluster.settle();
    cluster.crash(3);
    cluster.start(3);
    cluster.take(3);
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(ofKind(cluster.take(3), 'apply').map(({ index }) => index)).toEqual([1, 2, 3]);
  });

  it('is cut back to what was safe: a prefix of the unfinished writes', () => {
    const cluster = new Cluster(3, { images: { 1: imageOf(1, [1, 1, 1]) } });
    cluster.receive(1, 2, {
      kind: 'AppendEntries',
      term: 2,
      leaderId: 2,
      prevLogIndex: 1,
      prevLogTerm: 1,
      entries: entriesOf([2, 2]),
      leaderCommit: 0,
    });
    expect(cluster.pendingWrites(1).map(({ write }) => write.kind)).toEqual([
      'hardState',
      'truncateFrom',
      'append',
    ]);
    cluster.crash(1, 2);
    cluster.start(1);
    expect(cluster.state(1).currentTerm).toBe(2);
    expect(cluster.terms(1)).toEqual([1]);
  });

  it('catches up whatever it has lost', () => {
    const cluster = new Cluster(3, { config: { batchEntriesMax: 2, inflightMax: 2 } });
    cluster.elect(1);
    for (let count = 0; count < 10; count += 1) cluster.request(1, 'put x 1');
    cluster.settle([1, 2]);
    cluster.crash(3);
    cluster.start(3);
    for (let count = 0; count < 3; count += 1) cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(cluster.terms(3)).toEqual(cluster.terms(1));
  });
});

describe('the first event', () => {
  const start = {
    kind: 'start',
    now: 0,
    wallClock: 0,
    self: 1,
    index: 0,
    members: [1, 2, 3],
    boot: 0,
    seed: '',
    applied: null,
    config: defaultConfig,
  } as const;

  it('is start, and comes once', () => {
    const server = createServer();
    const out = new RecordingOutbox();
    const timer = { kind: 'timer', now: 0, wallClock: 0, name: 'election' } as const;
    expect(() => server.step(timer, out)).toThrow(AssertionError);
    server.step({ ...start, image: null }, out);
    expect(() => server.step({ ...start, image: null }, out)).toThrow('a life starts once');
  });

  it('brings an image whose entries are not newer than its term', () => {
    const image = {
      currentTerm: 1,
      votedFor: 0,
      firstIndex: 1,
      entries: entriesOf([1, 2]),
      commitIndex: 0,
      snapshot: null,
    };
    expect(() => createServer().step({ ...start, image }, new RecordingOutbox())).toThrow(
      'no entry is newer than the term: 2, 1',
    );
  });
});
