/** The leader's bookkeeping: what is in flight, what is sent again, and what is not. */
import { describe, expect, it } from 'vitest';
import type { AppendEntries, AppendEntriesResponse, Message } from '../../core/messages.ts';
import { Cluster, imageOf } from './cluster.ts';

function accepted(matchIndex: number, term = 1): AppendEntriesResponse {
  return {
    kind: 'AppendEntriesResponse',
    term,
    success: true,
    matchIndex,
    conflictTerm: 0,
    conflictIndex: 0,
  };
}

function refused(conflictTerm: number, conflictIndex: number, term = 1): AppendEntriesResponse {
  return { ...accepted(0, term), success: false, conflictTerm, conflictIndex };
}

/** [prevLogIndex, number of entries] of what is on its way. */
function inFlight(cluster: Cluster, from: number, to: number): [number, number][] {
  const isAppend = (body: Message): body is AppendEntries => body.kind === 'AppendEntries';
  const bodies = cluster.inFlight(from, to).filter(isAppend);
  return bodies.map(({ prevLogIndex, entries }) => [prevLogIndex, entries.length]);
}

/** S1 leads term 1 with a log of one entry that everybody has. */
function leading(config: { batchEntriesMax?: number; inflightMax?: number } = {}): Cluster {
  const cluster = new Cluster(3, { config });
  cluster.elect(1);
  return cluster;
}

describe('while probing', () => {
  it('one message at a time tests nextIndex, until its entries are acknowledged', () => {
    const cluster = leading();
    cluster.crash(1);
    cluster.start(1);
    cluster.timeout(1);
    cluster.settle([1, 2]);
    expect(cluster.state(1).isProbing[3]).toBe(true);
    cluster.network = [];
    cluster.request(1, 'put x 1');
    expect(inFlight(cluster, 1, 3)).toEqual([]);
    cluster.receive(1, 3, accepted(2, 2));
    expect(inFlight(cluster, 1, 3)).toEqual([[2, 1]]);
    expect(cluster.state(1).isProbing[3]).toBe(false);
  });

  it('an empty heartbeat that is accepted tells where logs agree, and sends nothing again', () => {
    const image = imageOf(1, [1, 1, 1]);
    const cluster = new Cluster(3, { images: { 1: image, 2: image, 3: image } });
    cluster.elect(1, [1, 2]);
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(cluster.state(1).matchIndex[3]).toBe(3);
    expect(cluster.state(1).isProbing[3]).toBe(true);
    expect(inFlight(cluster, 1, 3)).toEqual([]);
  });
});

describe('while streaming', () => {
  it('sends later entries without waiting, in batches, up to the window', () => {
    const cluster = leading({ batchEntriesMax: 2, inflightMax: 3 });
    cluster.request(1, 'put a 1', 'put b 2', 'put c 3', 'put d 4', 'put e 5', 'put f 6', 'put g 7');
    expect(inFlight(cluster, 1, 2)).toEqual([
      [1, 2],
      [3, 2],
      [5, 2],
    ]);
    cluster.request(1, 'put h 8');
    expect(inFlight(cluster, 1, 2).length).toBe(3);
    cluster.network = [];
    cluster.receive(1, 2, accepted(3));
    expect(inFlight(cluster, 1, 2)).toEqual([[7, 2]]);
  });

  it('an older answer takes nothing back', () => {
    const cluster = leading();
    cluster.request(1, 'put a 1');
    cluster.request(1, 'put b 2');
    cluster.network = [];
    cluster.receive(1, 2, accepted(3));
    cluster.receive(1, 2, accepted(2));
    expect(cluster.state(1)).toMatchObject({ matchIndex: [0, 1, 3, 1], nextIndex: [1, 1, 4, 4] });
    expect(inFlight(cluster, 1, 2)).toEqual([]);
  });

  it('answers out of order leave the window open', () => {
    const cluster = leading({ batchEntriesMax: 1, inflightMax: 2 });
    cluster.request(1, 'put a 1', 'put b 2', 'put c 3', 'put d 4');
    cluster.receive(1, 2, accepted(3));
    cluster.receive(1, 2, accepted(2));
    cluster.receive(1, 2, accepted(5));
    expect(inFlight(cluster, 1, 2)).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
    expect(cluster.state(1).inflight[2]).toBe(0);
  });

  it('a heartbeat starts from what agrees, so it overtakes nothing', () => {
    const cluster = leading();
    cluster.request(1, 'put a 1');
    cluster.timeout(1, 'heartbeat');
    expect(inFlight(cluster, 1, 2)).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });

  it('nothing is sent just to tell commitIndex', () => {
    const cluster = leading();
    cluster.request(1, 'put a 1');
    cluster.settle();
    expect(cluster.state(1).commitIndex).toBe(2);
    expect(cluster.network).toEqual([]);
  });
});

describe('a loss', () => {
  it('is assumed after two heartbeats without progress; then one probe is sent', () => {
    const cluster = leading({ batchEntriesMax: 1 });
    cluster.request(1, 'put a 1', 'put b 2');
    cluster.network = [];
    cluster.timeout(1, 'heartbeat');
    expect(inFlight(cluster, 1, 2)).toEqual([[1, 0]]);
    cluster.timeout(1, 'heartbeat');
    expect(inFlight(cluster, 1, 2)).toEqual([
      [1, 0],
      [1, 1],
    ]);
    cluster.timeout(1, 'heartbeat');
    cluster.timeout(1, 'heartbeat');
    expect(inFlight(cluster, 1, 2).length).toBe(4);
    cluster.settle();
    expect(cluster.terms(2)).toEqual([1, 1, 1]);
  });

  it('of a probe repeats the probe: nextIndex stays what it was', () => {
    const image = imageOf(1, [1, 1, 1]);
    const cluster = new Cluster(3, { images: { 1: image, 2: image, 3: image } });
    cluster.elect(1, [1, 2]);
    for (let count = 0; count < 4; count += 1) cluster.timeout(1, 'heartbeat');
    expect(inFlight(cluster, 1, 3)).toEqual([
      [3, 0],
      [3, 1],
      [3, 0],
      [3, 1],
    ]);
  });

  it('is not assumed while answers come', () => {
    const cluster = leading({ batchEntriesMax: 1, inflightMax: 8 });
    cluster.request(1, 'put a 1', 'put b 2', 'put c 3', 'put d 4');
    for (const index of [2, 3, 4]) {
      cluster.network = [];
      cluster.timeout(1, 'heartbeat');
      expect(inFlight(cluster, 1, 2)).toEqual([[index - 1, 0]]);
      cluster.receive(1, 2, accepted(index));
    }
  });
});

describe('a refusal', () => {
  /** S1 leads term 5 with six entries and the no-op; S2 is being probed at index 7. */
  function probing(backtracking: 'conflictTerm' | 'decrement' = 'conflictTerm'): Cluster {
    const image = imageOf(4, [1, 1, 3, 3, 4, 4]);
    const cluster = new Cluster(3, { images: { 1: image, 3: image }, config: { backtracking } });
    cluster.elect(1, [1, 3]);
    cluster.network = [];
    return cluster;
  }

  it('is answered by one probe, at once, from where the hint says', () => {
    const cluster = probing();
    cluster.receive(1, 2, refused(0, 3, 5));
    expect(inFlight(cluster, 1, 2)).toEqual([[2, 5]]);
  });

  it('never touches matchIndex', () => {
    const cluster = probing();
    cluster.receive(1, 2, refused(3, 3, 5));
    expect(cluster.state(1).matchIndex[2]).toBe(0);
  });

  it('that was answered before is ignored', () => {
    const cluster = probing();
    for (let count = 0; count < 5; count += 1) cluster.receive(1, 2, refused(0, 3, 5));
    expect(inFlight(cluster, 1, 2)).toEqual([[2, 5]]);
  });

  it('of a log that ends below what is acknowledged is an old one', () => {
    const cluster = probing();
    cluster.receive(1, 2, refused(0, 3, 5));
    cluster.receive(1, 2, accepted(7, 5));
    cluster.request(1, 'put x 1');
    cluster.network = [];
    cluster.receive(1, 2, refused(0, 3, 5));
    expect(inFlight(cluster, 1, 2)).toEqual([]);
    expect(cluster.state(1)).toMatchObject({ isProbing: [true, true, false, false] });
  });

  it('while streaming leads back to probing', () => {
    const cluster = leading({ batchEntriesMax: 1 });
    cluster.request(1, 'put a 1', 'put b 2', 'put c 3');
    cluster.drop(1, 2);
    cluster.settle();
    expect(cluster.terms(2)).toEqual([1, 1, 1, 1]);
    expect(cluster.state(1).isProbing[2]).toBe(false);
  });

  it('moves nextIndex by one with plain decrement, and never below what agrees', () => {
    const cluster = probing('decrement');
    for (let count = 0; count < 3; count += 1) cluster.receive(1, 2, refused(0, 1, 5));
    expect(inFlight(cluster, 1, 2).map(([prev]) => prev)).toEqual([5, 4, 3]);
    for (let count = 0; count < 9; count += 1) cluster.receive(1, 2, refused(0, 1, 5));
    expect(cluster.state(1).nextIndex[2]).toBe(1);
    expect(inFlight(cluster, 1, 2).length).toBe(6);
  });
});

describe('answers of an earlier reign', () => {
  it('are ignored: what they acknowledge may have been truncated since', () => {
    const cluster = leading();
    cluster.request(1, 'put a 1');
    cluster.receive(1, 3, {
      kind: 'AppendEntries',
      term: 2,
      leaderId: 3,
      prevLogIndex: 1,
      prevLogTerm: 1,
      entries: [{ term: 2, command: null }],
      leaderCommit: 1,
    });
    cluster.timeout(1);
    cluster.persistAll(1);
    cluster.receive(1, 3, { kind: 'RequestVoteResponse', term: 3, voteGranted: true });
    cluster.persistAll(1);
    expect(cluster.terms(1)).toEqual([1, 2, 3]);
    cluster.receive(1, 2, accepted(2, 1));
    cluster.receive(1, 2, refused(0, 2, 1));
    expect(cluster.state(1)).toMatchObject({ role: 'leader', commitIndex: 1 });
    expect(cluster.state(1).matchIndex[2]).toBe(0);
    expect(cluster.state(1).nextIndex[2]).toBe(3);
  });
});
