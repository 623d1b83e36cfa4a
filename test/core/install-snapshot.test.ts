/** InstallSnapshot (§7, Figure 13), at the follower and at the leader. */
import { describe, expect, it } from 'vitest';
import type { ServerConfig } from '../../core/contract.ts';
import type { AppendEntries, InstallSnapshot } from '../../core/messages.ts';
import { Cluster, entriesOf, imageOf, ofKind } from './cluster.ts';
import { compactedImage, installOf, snapshotOf } from './compacted-image.ts';

const terms = [1, 1, 2, 2, 2];
const whole = snapshotOf(terms);

/** S2, whose log has entries of these terms; S1 leads term 2 and S3 term 3, by what the test sends. */
function follower(logTerms: readonly number[], config: Partial<ServerConfig> = {}): Cluster {
  const cluster = new Cluster(3, { images: { 2: imageOf(2, logTerms) }, config });
  cluster.take(2);
  return cluster;
}

function append(fields: Partial<AppendEntries>): AppendEntries {
  const prev = { prevLogIndex: 0, prevLogTerm: 0 };
  return {
    kind: 'AppendEntries',
    term: 2,
    leaderId: 1,
    entries: [],
    leaderCommit: 0,
    ...prev,
    ...fields,
  };
}

function chunk(from: number, to: number, fields: Partial<InstallSnapshot> = {}): InstallSnapshot {
  const data = whole.data.slice(from, to);
  return installOf(2, whole, { offset: from, data, done: to >= whole.data.length, ...fields });
}

/** The id of the write of a snapshot. */
function snapshotWrite(cluster: Cluster, node = 2): number {
  return cluster.pendingWrites(node).find(({ stream }) => stream === 'snapshot')!.id;
}

function restored(cluster: Cluster, node = 2): number[] {
  return ofKind(cluster.take(node), 'restore').map(({ index }) => index);
}

describe('a follower that gets a snapshot', () => {
  it('has it in memory only, and says nothing, until it is safe', () => {
    const cluster = follower([1]);
    cluster.receive(2, 1, installOf(2, whole));
    expect(restored(cluster)).toEqual([]);
    expect(cluster.state(2).log.lastIndex).toBe(1);
    expect(cluster.inFlight(2, 1)).toEqual([]);
    cluster.persist(2, snapshotWrite(cluster));
    expect(cluster.takeMessage(2, 1)).toMatchObject({ done: true, lastIncludedIndex: 5, term: 2 });
    expect(restored(cluster)).toEqual([5]);
  });

  it('commits and has applied as far as it reaches: nothing is applied twice', () => {
    const cluster = follower([1]);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.settle([2]);
    const { commitIndex, lastApplied, log, durableIndex } = cluster.state(2);
    expect([commitIndex, lastApplied, durableIndex]).toEqual([5, 5, 5]);
    expect([log.baseIndex, log.lastIndex, log.lastTerm]).toEqual([5, 5, 2]);
    const entries = entriesOf([...terms, 2]).slice(5);
    cluster.receive(2, 1, append({ prevLogIndex: 5, prevLogTerm: 2, entries, leaderCommit: 6 }));
    expect(ofKind(cluster.take(2), 'apply').map(({ index }) => index)).toEqual([6]);
  });

  it('drops a log that ends before it', () => {
    const cluster = follower([1, 1, 1]);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.settle([2]);
    expect(cluster.disk(2)).toMatchObject({ firstIndex: 6, entries: [] });
    expect(cluster.disk(2).snapshot).toEqual(whole);
  });

  it('drops a log with another entry in its last place, and all that stands behind that', () => {
    const cluster = follower([1, 1, 1, 1, 1, 1, 1]);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.persist(2, snapshotWrite(cluster));
    expect(cluster.state(2).log.lastIndex).toBe(5);
    expect(cluster.pendingWrites(2).map(({ write }) => write)).toEqual([
      { kind: 'truncateFrom', index: 5 },
      { kind: 'compactTo', index: 5 },
    ]);
    cluster.persistAll(2);
    expect(cluster.disk(2)).toMatchObject({ firstIndex: 6, entries: [] });
  });

  it('keeps what follows its last entry, if that is in the log', () => {
    const cluster = follower([...terms, 2, 2]);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.settle([2]);
    const { log, commitIndex } = cluster.state(2);
    expect([log.baseIndex, log.lastIndex, commitIndex]).toEqual([5, 7, 5]);
    expect(cluster.state(2).durableIndex).toBe(7);
    expect(cluster.disk(2)).toMatchObject({ firstIndex: 6 });
    expect(cluster.disk(2).entries).toHaveLength(2);
  });

  it('keeps trailing entries of its own', () => {
    const cluster = follower([...terms, 2], { trailingEntries: 2 });
    cluster.receive(2, 1, installOf(2, whole));
    cluster.settle([2]);
    expect(cluster.state(2).log.baseIndex).toBe(3);
  });

  it('does not count a write from before as one of what stands there now', () => {
    const cluster = follower([]);
    cluster.receive(2, 1, append({ entries: entriesOf([1, 1, 1, 1, 1, 1, 1]) }));
    const old = cluster.pendingWrites(2).find(({ stream }) => stream === 'log')!;
    cluster.receive(2, 1, installOf(2, whole));
    cluster.persist(2, snapshotWrite(cluster));
    cluster.receive(
      2,
      1,
      append({ prevLogIndex: 5, prevLogTerm: 2, entries: entriesOf([...terms, 2, 2]).slice(5) }),
    );
    cluster.persist(2, old.id);
    expect(cluster.state(2).durableIndex).toBe(5);
    cluster.persistAll(2);
    expect(cluster.state(2).durableIndex).toBe(7);
  });

  it('has the configuration of the snapshot', () => {
    const cluster = follower([1]);
    cluster.receive(2, 1, installOf(2, snapshotOf(terms, [1, 2, 4])));
    expect(cluster.state(2).configuration.voters).toEqual([1, 2, 3]);
    cluster.settle([2]);
    expect(cluster.state(2).configuration.voters).toEqual([1, 2, 4]);
    cluster.crash(2);
    cluster.start(2);
    expect(cluster.state(2).configuration.voters).toEqual([1, 2, 4]);
  });

  it('crashes before it is safe: the log is as it was', () => {
    const cluster = follower([1, 1, 1]);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.crash(2);
    cluster.start(2);
    expect(cluster.terms(2)).toEqual([1, 1, 1]);
    expect(restored(cluster)).toEqual([]);
  });

  it('crashes between the snapshot and the log: the snapshot wins', () => {
    const cluster = follower([1, 1, 1, 1, 1, 1, 1]);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.persist(2, snapshotWrite(cluster));
    cluster.crash(2);
    cluster.take(2);
    cluster.start(2);
    expect(cluster.state(2).log.lastIndex).toBe(5);
    expect(restored(cluster)).toEqual([5]);
  });
});

describe('a snapshot that comes too late', () => {
  it.each([
    ['more', [...terms, 2]],
    ['as much', terms],
  ])(
    'is not installed where %s has been committed: the leader hears that it is there',
    (_, log) => {
      const cluster = follower(log);
      const prevLogIndex = log.length;
      cluster.receive(2, 1, append({ prevLogIndex, prevLogTerm: 2, leaderCommit: prevLogIndex }));
      cluster.settle([2]);
      cluster.take(2);
      cluster.receive(2, 1, installOf(2, whole));
      expect(cluster.pendingWrites(2)).toEqual([]);
      expect(cluster.takeMessage(2, 1)).toMatchObject({ done: true, lastIncludedIndex: 5 });
      expect(restored(cluster)).toEqual([]);
      expect([cluster.applied(2), cluster.state(2).log.baseIndex]).toEqual([prevLogIndex, 0]);
    },
  );

  it('is there when the log is safe through its end, not before', () => {
    const cluster = follower([]);
    cluster.receive(2, 1, append({ entries: entriesOf([...terms, 2]), leaderCommit: 6 }));
    cluster.receive(2, 1, installOf(2, whole));
    expect(cluster.inFlight(2, 1)).toEqual([]);
    cluster.persistAll(2);
    expect(cluster.inFlight(2, 1)).toMatchObject([{ success: true }, { done: true }]);
  });

  it('restores nothing when appends have overtaken it while it was written', () => {
    const cluster = follower([1]);
    cluster.receive(2, 1, installOf(2, whole));
    const entries = entriesOf([...terms, 2]).slice(1);
    cluster.receive(2, 1, append({ prevLogIndex: 1, prevLogTerm: 1, entries, leaderCommit: 6 }));
    cluster.settle([2]);
    expect(restored(cluster)).toEqual([]);
    const { log, lastApplied } = cluster.state(2);
    expect([log.baseIndex, log.lastIndex, lastApplied]).toEqual([5, 6, 6]);
    expect(cluster.disk(2).snapshot).toEqual(whole);
  });

  it('loses no entry that is committed and not applied yet', () => {
    const cluster = follower([1], { applyBatchMax: 1 });
    cluster.receive(2, 1, installOf(2, whole));
    const entries = entriesOf([...terms, 2]).slice(1);
    cluster.receive(2, 1, append({ prevLogIndex: 1, prevLogTerm: 1, entries, leaderCommit: 6 }));
    cluster.settle([2]);
    expect([cluster.applied(2), cluster.state(2).log.baseIndex]).toEqual([1, 1]);
    while (cluster.state(2).isApplyTimerSet) cluster.timeout(2, 'apply');
    expect(cluster.applied(2)).toBe(6);
  });

  it('does not give way to one of its own that was asked for before and comes after', () => {
    const cluster = follower([1, 1], { snapshotEntries: 2 });
    cluster.receive(2, 1, append({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    expect(cluster.askedSnapshots(2)).toEqual([2]);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.persist(2, snapshotWrite(cluster));
    cluster.deliverSnapshot(2);
    cluster.settle([2]);
    expect(cluster.disk(2).snapshot).toEqual(whole);
    expect(cluster.state(2).snapshots.durable).toEqual(whole);
  });

  it('nor while it is written', () => {
    const cluster = follower([1, 1], { snapshotEntries: 2 });
    cluster.receive(2, 1, append({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    cluster.receive(2, 1, installOf(2, whole));
    cluster.deliverSnapshot(2);
    cluster.settle([2]);
    expect(cluster.disk(2).snapshot).toEqual(whole);
  });

  it('nor to one of its own that was being written already', () => {
    const cluster = follower([1, 1], { snapshotEntries: 2 });
    cluster.receive(2, 1, append({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    cluster.deliverSnapshot(2);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.settle([2]);
    expect(cluster.disk(2).snapshot).toEqual(whole);
    expect(cluster.state(2).log.baseIndex).toBe(5);
  });

  it('the notice of an older write that comes after takes nothing back', () => {
    const cluster = follower([1, 1], { snapshotEntries: 2 });
    cluster.receive(2, 1, append({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    cluster.deliverSnapshot(2);
    const own = snapshotWrite(cluster);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.keepWrite(2, own);
    cluster.persist(2, snapshotWrite(cluster));
    cluster.notify(2, own);
    expect(cluster.state(2).snapshots.durable).toEqual(whole);
  });

  it('an operator whose snapshot gave way is answered by the leader’s', () => {
    const cluster = follower([1, 1]);
    cluster.receive(2, 1, append({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    cluster.admin(2, { kind: 'takeSnapshot' });
    cluster.receive(2, 1, installOf(2, whole));
    cluster.persist(2, snapshotWrite(cluster));
    expect(ofKind(cluster.take(2), 'respond')).toMatchObject([{ id: 'a1', outcome: 'ok' }]);
  });
});

describe('the chunks of a snapshot', () => {
  const length = whole.data.length;

  function wants(cluster: Cluster): unknown {
    const answer = cluster.takeMessage(2, 1);
    return answer.kind === 'InstallSnapshotResponse' && !answer.done ? answer.nextOffset : answer;
  }

  it('are put together in order; the answer to each asks for the next', () => {
    const cluster = follower([1]);
    for (let from = 0; from < length - 3; from += 3) {
      cluster.receive(2, 1, chunk(from, from + 3));
      expect(wants(cluster)).toBe(from + 3);
    }
    const last = cluster.state(2).snapshots.incoming!.data.length;
    cluster.receive(2, 1, chunk(last, length));
    expect(cluster.state(2).snapshots.incoming).toBeNull();
    cluster.persist(2, snapshotWrite(cluster));
    expect(cluster.disk(2).snapshot).toEqual(whole);
    expect(restored(cluster)).toEqual([5]);
  });

  it('count once, and one that is too early not at all', () => {
    const cluster = follower([1]);
    cluster.receive(2, 1, chunk(0, 3));
    cluster.receive(2, 1, chunk(0, 3));
    cluster.receive(2, 1, chunk(6, 9));
    expect([wants(cluster), wants(cluster), wants(cluster)]).toEqual([3, 3, 3]);
    cluster.receive(2, 1, chunk(8, length));
    expect(wants(cluster)).toBe(3);
    expect(cluster.pendingWrites(2)).toEqual([]);
    cluster.receive(2, 1, chunk(3, length));
    cluster.persist(2, snapshotWrite(cluster));
    expect(cluster.disk(2).snapshot).toEqual(whole);
  });

  it('of two leaders are not mixed, even of snapshots through the same index', () => {
    const cluster = follower([1]);
    cluster.receive(2, 1, chunk(0, 4));
    const data = `3${whole.data.slice(1)}--`;
    const other = { ...whole, data };
    cluster.receive(2, 3, installOf(3, other, { leaderId: 3, offset: 4, data: data.slice(4) }));
    expect(cluster.takeMessage(2, 3)).toMatchObject({ nextOffset: 0, done: false });
    cluster.receive(2, 3, installOf(3, other, { leaderId: 3 }));
    cluster.settle([2]);
    expect(cluster.disk(2).snapshot).toEqual(other);
  });

  it('of an older snapshot do not disturb those of a newer one', () => {
    const cluster = follower([1]);
    const newer = snapshotOf([...terms, 2, 2]);
    cluster.receive(2, 1, installOf(2, newer, { done: false }));
    cluster.dropAll();
    cluster.receive(2, 1, installOf(2, whole));
    expect(cluster.takeMessage(2, 1)).toMatchObject({ lastIncludedIndex: 5, nextOffset: 0 });
    expect(cluster.pendingWrites(2).filter(({ stream }) => stream === 'snapshot')).toEqual([]);
    cluster.receive(2, 1, installOf(2, newer, { offset: newer.data.length, data: '' }));
    cluster.persist(2, snapshotWrite(cluster));
    expect(cluster.disk(2).snapshot).toEqual(newer);
  });

  it('of a newer snapshot take the place of those of an older one', () => {
    const cluster = follower([1]);
    cluster.receive(2, 1, chunk(0, 4));
    const newer = snapshotOf([...terms, 2, 2]);
    cluster.receive(2, 1, installOf(2, newer));
    cluster.persist(2, snapshotWrite(cluster));
    expect(cluster.disk(2).snapshot).toEqual(newer);
  });

  it('the last one again, while the whole is written, makes no second write', () => {
    const cluster = follower([1]);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.receive(2, 1, installOf(2, whole));
    expect(cluster.pendingWrites(2).filter(({ stream }) => stream === 'snapshot')).toHaveLength(1);
    cluster.persist(2, snapshotWrite(cluster));
    expect(cluster.inFlight(2, 1)).toMatchObject([{ done: true }]);
  });
});

describe('InstallSnapshot is a sign of life of the leader, like AppendEntries (§5.2)', () => {
  it('makes followers of candidates, and resets the election timer', () => {
    const cluster = follower([1]);
    cluster.timeout(2);
    cluster.take(2);
    cluster.receive(2, 1, installOf(3, whole, { done: false }));
    const actions = cluster.take(2);
    expect(ofKind(actions, 'claim')).toEqual([{ kind: 'claim', role: 'follower', term: 3 }]);
    expect(ofKind(actions, 'setTimer').map(({ name }) => name)).toEqual(['election']);
    expect(cluster.state(2).leaderId).toBe(1);
  });

  it('is refused in an older term, with the newer one, and changes nothing', () => {
    const cluster = new Cluster(3, { images: { 2: imageOf(4, [1]) } });
    cluster.take(2);
    cluster.receive(2, 1, installOf(2, whole, { round: 3 }));
    const refusal = cluster.takeMessage(2, 1);
    expect(refusal).toMatchObject({ term: 4, done: false, nextOffset: 0 });
    // The number of a round is one of the term of the message, which the answer does not name.
    expect(refusal).not.toHaveProperty('round');
    expect(ofKind(cluster.take(2), 'setTimer')).toEqual([]);
    expect(cluster.state(2).snapshots.incoming).toBeNull();
  });

  it('tells only the leader that has sent it, if it still leads', () => {
    const cluster = follower([1]);
    cluster.receive(2, 1, installOf(2, whole));
    cluster.receive(2, 3, append({ term: 3, leaderId: 3 }));
    cluster.dropAll();
    cluster.persistAll(2);
    expect(cluster.applied(2)).toBe(5);
    expect(cluster.network.filter(({ body }) => body.kind === 'InstallSnapshotResponse')).toEqual(
      [],
    );
  });
});

describe('AppendEntries below the base of the log (§5.3, §7)', () => {
  function compacted(): Cluster {
    const cluster = new Cluster(3, { images: { 2: compactedImage(2, [...terms, 2, 2], 5) } });
    cluster.take(2);
    return cluster;
  }

  it('agrees, and takes nothing away, whatever its term is said to be', () => {
    const cluster = compacted();
    cluster.receive(2, 1, append({ prevLogIndex: 3, prevLogTerm: 2, leaderCommit: 7 }));
    expect(cluster.takeMessage(2, 1)).toMatchObject({ success: true, matchIndex: 3 });
    expect([cluster.state(2).log.lastIndex, cluster.state(2).commitIndex]).toEqual([7, 5]);
  });

  it('brings what lies above, and skips what lies below', () => {
    const cluster = compacted();
    const entries = entriesOf([...terms, 2, 2, 2]).slice(2);
    cluster.receive(2, 1, append({ prevLogIndex: 2, prevLogTerm: 1, entries, leaderCommit: 8 }));
    cluster.persistAll(2);
    expect(cluster.takeMessage(2, 1)).toMatchObject({ success: true, matchIndex: 8 });
    expect([cluster.state(2).log.lastIndex, cluster.applied(2)]).toEqual([8, 8]);
  });
});

describe('a leader whose log has lost what a follower needs', () => {
  /** S1 leads and has compacted the log through 5; S2 is empty, S3 has what S1 has. */
  function leader(config: Partial<ServerConfig> = {}): Cluster {
    const image = compactedImage(2, terms, 5);
    const cluster = new Cluster(3, { images: { 1: image, 3: image }, config });
    cluster.elect(1, [1, 3]);
    return cluster;
  }

  /** The first probe is refused: S2 is empty. */
  function refuse(cluster: Cluster): void {
    cluster.timeout(1, 'heartbeat');
    cluster.timeout(1, 'heartbeat');
    while (cluster.inFlight(1, 2).length > 1) cluster.drop(1, 2);
    cluster.deliver(1, 2);
    cluster.persistAll(2);
    cluster.deliver(2, 1);
    while (cluster.inFlight(2, 1).length > 0) cluster.deliver(2, 1);
  }

  function sentChunk(cluster: Cluster): InstallSnapshot {
    const body = cluster.takeMessage(1, 2);
    if (body.kind !== 'InstallSnapshot') throw new Error(`not a chunk: ${body.kind}`);
    return body;
  }

  it('sends the snapshot, and then what follows', () => {
    const cluster = leader();
    refuse(cluster);
    expect(cluster.inFlight(1, 2)).toMatchObject([{ kind: 'InstallSnapshot', done: true }]);
    cluster.settle();
    expect(cluster.state(1).matchIndex[2]).toBe(6);
    expect(cluster.machine(2).checksum).not.toBe('');
    cluster.request(1, 'put x 1');
    cluster.settle();
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(cluster.machine(2).checksum).toBe(cluster.machine(1).checksum);
    expect(cluster.state(2).log.baseIndex).toBe(5);
  });

  it('sends it where the log begins right behind what the follower needs, not an empty message', () => {
    const cluster = leader();
    const { log } = cluster.state(1);
    cluster.state(1).nextIndex[2] = log.baseIndex;
    cluster.state(1).inflight[2] = 0;
    cluster.request(1, 'put x 1');
    expect(cluster.inFlight(1, 2).at(-1)).toMatchObject({ kind: 'InstallSnapshot' });
  });

  it('sends entries where the term before them is known: that of the base', () => {
    const image = compactedImage(2, terms, 5);
    const images = { 1: image, 3: image, 2: imageOf(2, terms) };
    const cluster = new Cluster(3, { images });
    cluster.elect(1, [1, 3]);
    for (let beat = 0; beat < 3; beat += 1) cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(cluster.disk(2)).toMatchObject({ snapshot: null, firstIndex: 1 });
    expect(cluster.state(1).matchIndex[2]).toBe(6);
  });

  it.each([1, 4, 11, 12, 50])('sends one chunk of at most %i at a time', (snapshotChunkMax) => {
    const cluster = leader({ snapshotChunkMax });
    refuse(cluster);
    const pieces: string[] = [];
    while (cluster.inFlight(1, 2).length > 0) {
      expect(cluster.inFlight(1, 2)).toHaveLength(1);
      const body = cluster.takeMessage(1, 2);
      if (body.kind !== 'InstallSnapshot') break;
      expect(body.offset).toBe(pieces.join('').length);
      expect(body.data.length).toBeLessThanOrEqual(snapshotChunkMax);
      pieces.push(body.data);
      expect(body.done).toBe(pieces.join('') === whole.data);
      cluster.receive(2, 1, body);
      cluster.persistAll(2);
      cluster.deliver(2, 1);
    }
    expect(pieces.join('')).toBe(whole.data);
  });

  it('numbers its rounds of contact on chunks as on everything else, and hears the answers', () => {
    const cluster = leader({ checkQuorum: true });
    refuse(cluster);
    const { rounds } = cluster.state(1);
    expect(cluster.inFlight(1, 2)).toMatchObject([{ round: rounds.newest }]);
    rounds.answered[2] = 0;
    cluster.settle([1, 2]);
    expect(rounds.answered[2]).toBe(rounds.newest);
  });

  it('sends a lost chunk again after two heartbeats without progress', () => {
    const cluster = leader({ snapshotChunkMax: 4 });
    refuse(cluster);
    const first = sentChunk(cluster);
    cluster.timeout(1, 'heartbeat');
    expect(cluster.takeMessage(1, 2)).toMatchObject({ kind: 'AppendEntries', prevLogIndex: 0 });
    cluster.timeout(1, 'heartbeat');
    expect(sentChunk(cluster)).toEqual(first);
  });

  it('goes back to where a follower is that has crashed and lost what it had', () => {
    const cluster = leader({ snapshotChunkMax: 4 });
    refuse(cluster);
    for (let count = 0; count < 2; count += 1) {
      cluster.deliver(1, 2);
      cluster.deliver(2, 1);
    }
    cluster.crash(2);
    cluster.dropAll();
    cluster.start(2);
    cluster.timeout(1, 'heartbeat');
    cluster.dropAll();
    cluster.timeout(1, 'heartbeat');
    expect(cluster.inFlight(1, 2)).toMatchObject([{ offset: 8 }]);
    cluster.deliver(1, 2);
    cluster.deliver(2, 1);
    expect(cluster.inFlight(1, 2)).toMatchObject([{ offset: 0 }]);
    cluster.settle();
    expect(cluster.applied(2)).toBe(6);
  });

  it('ignores answers that say nothing about the chunk in flight', () => {
    const cluster = leader({ snapshotChunkMax: 4 });
    refuse(cluster);
    cluster.deliver(1, 2);
    cluster.deliver(2, 1);
    cluster.drop(1, 2);
    const answer = { kind: 'InstallSnapshotResponse', term: 3, done: false } as const;
    cluster.receive(1, 2, { ...answer, lastIncludedIndex: 5, nextOffset: 4 });
    cluster.receive(1, 2, { ...answer, lastIncludedIndex: 4, nextOffset: 8 });
    cluster.receive(1, 2, { ...answer, lastIncludedIndex: 5, nextOffset: 99 });
    cluster.receive(1, 2, { ...answer, term: 2, lastIncludedIndex: 5, nextOffset: 8 });
    cluster.receive(1, 9, { ...answer, lastIncludedIndex: 5, nextOffset: 8 });
    expect(cluster.inFlight(1, 2)).toEqual([]);
  });

  it('does not count an answer to an earlier reign', () => {
    const cluster = leader();
    const answer = { kind: 'InstallSnapshotResponse', nextOffset: 0, done: true } as const;
    cluster.receive(1, 2, { ...answer, term: 2, lastIncludedIndex: 5 });
    expect(cluster.state(1).matchIndex[2]).toBe(0);
    cluster.receive(1, 2, { ...answer, term: 3, lastIncludedIndex: 5 });
    expect(cluster.state(1).matchIndex[2]).toBe(5);
  });

  it('does not count the answer of a server that it does not send to, nor any as a follower', () => {
    const cluster = leader();
    const answer = { kind: 'InstallSnapshotResponse', nextOffset: 0, done: true } as const;
    cluster.receive(1, 9, { ...answer, term: 3, lastIncludedIndex: 5 });
    expect(cluster.state(1).matchIndex[9]).toBeUndefined();
    cluster.receive(3, 2, { ...answer, term: 3, lastIncludedIndex: 5 });
    expect(cluster.state(3).matchIndex[2]).toBe(0);
  });

  it('counts heartbeats without progress from the last chunk that got there', () => {
    const cluster = leader({ snapshotChunkMax: 4 });
    refuse(cluster);
    cluster.timeout(1, 'heartbeat');
    cluster.deliver(1, 2);
    cluster.deliver(2, 1);
    cluster.dropAll();
    cluster.timeout(1, 'heartbeat');
    expect(cluster.inFlight(1, 2)).toMatchObject([{ kind: 'AppendEntries' }]);
    cluster.timeout(1, 'heartbeat');
    expect(cluster.inFlight(1, 2).at(-1)).toMatchObject({ kind: 'InstallSnapshot', offset: 4 });
  });

  it('brings in a new voter that takes long for its snapshot, as long as chunks get there', () => {
    const cluster = new Cluster(1, { spares: 1, config: { snapshotChunkMax: 1 } });
    cluster.elect(1);
    cluster.admin(1, { kind: 'takeSnapshot' });
    cluster.settle([1]);
    const id = cluster.change(1, [1, 2]);
    for (let count = 0; count < 60; count += 1) {
      cluster.now += cluster.config.electionMsMax;
      cluster.timeout(1, 'heartbeat');
      for (const [from, to] of [
        [1, 2],
        [2, 1],
      ] as const) {
        for (let rest = cluster.inFlight(from, to).length; rest > 0; rest -= 1) {
          cluster.deliver(from, to);
          cluster.persistAll(to);
        }
      }
      cluster.persistAll(1);
    }
    expect(ofKind(cluster.take(2), 'restore')).toHaveLength(1);
    const answers = ofKind(cluster.take(1), 'respond').filter((answer) => answer.id === id);
    expect(answers.every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(cluster.state(1).matchIndex[2]).toBeGreaterThan(0);
  });

  it('finishes what it has begun before it sends a newer one', () => {
    const cluster = leader({ snapshotChunkMax: 4 });
    refuse(cluster);
    cluster.admin(1, { kind: 'takeSnapshot' });
    cluster.deliverSnapshot(1);
    cluster.persistAll(1);
    const newest = cluster.state(1).log.baseIndex;
    expect(newest).toBe(6);
    const seen: number[] = [];
    for (let count = 0; count < 40 && cluster.inFlight(1, 2).length > 0; count += 1) {
      const [body] = cluster.inFlight(1, 2);
      if (body!.kind === 'InstallSnapshot') seen.push(body!.lastIncludedIndex);
      cluster.deliver(1, 2);
      cluster.persistAll(2);
      while (cluster.inFlight(2, 1).length > 0) cluster.deliver(2, 1);
    }
    expect(seen).toEqual([5, 5, 5, newest, newest, newest]);
  });

  it('sends only what is safe', () => {
    const cluster = leader();
    cluster.admin(1, { kind: 'takeSnapshot' });
    cluster.deliverSnapshot(1);
    refuse(cluster);
    expect(sentChunk(cluster)).toMatchObject({ lastIncludedIndex: 5 });
  });

  it('stops when the follower turns out to have it', () => {
    const cluster = leader({ snapshotChunkMax: 4 });
    refuse(cluster);
    cluster.dropAll();
    const agreement = { success: true, matchIndex: 6, conflictTerm: 0, conflictIndex: 0 };
    cluster.receive(1, 2, { kind: 'AppendEntriesResponse', term: 3, ...agreement });
    expect(cluster.state(1).snapshots.transfers[2]).toBeNull();
    cluster.request(1, 'put x 1');
    expect(cluster.inFlight(1, 2)).toMatchObject([{ kind: 'AppendEntries', prevLogIndex: 6 }]);
  });

  it('does not begin again for a refusal that was on its way', () => {
    const cluster = leader({ snapshotChunkMax: 4 });
    refuse(cluster);
    cluster.deliver(1, 2);
    cluster.deliver(2, 1);
    cluster.dropAll();
    cluster.state(1).nextIndex[2] = 3;
    const refusal = { success: false, matchIndex: 0, conflictTerm: 0, conflictIndex: 1 };
    cluster.receive(1, 2, { kind: 'AppendEntriesResponse', term: 3, ...refusal });
    expect(cluster.network).toEqual([]);
    expect(cluster.state(1).snapshots.transfers[2]).toMatchObject({ offset: 4 });
  });

  it('sends a chunk once, though earlier entries are still on their way and acknowledged', () => {
    const cluster = new Cluster(3, { config: { inflightMax: 2, batchEntriesMax: 1 } });
    cluster.elect(1);
    for (let count = 0; count < 3; count += 1) {
      cluster.request(1, 'put x 1');
      cluster.deliver(1, 3);
      cluster.persistAll(3);
      cluster.persistAll(1);
      cluster.deliver(3, 1);
    }
    cluster.admin(1, { kind: 'takeSnapshot' });
    cluster.deliverSnapshot(1);
    cluster.persistAll(1);
    // Two entries are on their way to S2; the third is in the snapshot only.
    expect([cluster.inFlight(1, 2).length, cluster.state(1).nextIndex[2]]).toEqual([2, 4]);
    for (let count = 0; count < 2; count += 1) {
      cluster.deliver(1, 2);
      cluster.persistAll(2);
      cluster.deliver(2, 1);
    }
    cluster.request(1, 'put x 1');
    expect(cluster.inFlight(1, 2)).toMatchObject([{ kind: 'InstallSnapshot' }]);
    cluster.settle();
    cluster.timeout(1, 'heartbeat');
    cluster.settle();
    expect(cluster.applied(2)).toBe(5);
  });

  it('begins anew in a new reign', () => {
    const cluster = leader({ snapshotChunkMax: 4 });
    refuse(cluster);
    cluster.deliver(1, 2);
    cluster.deliver(2, 1);
    cluster.dropAll();
    cluster.elect(3, [1, 3]);
    cluster.elect(1, [1, 3]);
    expect(cluster.state(1).snapshots.transfers[2]).toBeNull();
  });
});
