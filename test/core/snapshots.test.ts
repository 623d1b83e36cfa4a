/** Taking snapshots, writing them, compacting the log behind them, and restarting from them (§7). */
import { describe, expect, it } from 'vitest';
import type { ServerConfig } from '../../core/contract.ts';
import type { LogIndex } from '../../core/messages.ts';
import { Cluster, entriesOf, imageOf, ofKind } from './cluster.ts';
import { compactedImage, snapshotOf } from './compacted-image.ts';
import { checksumOf } from './machine.ts';

/** S1 alone, leading, with its no-op applied. */
function single(config: Partial<ServerConfig>): Cluster {
  const cluster = new Cluster(1, { config });
  cluster.elect(1);
  return cluster;
}

/** One more entry, applied; snapshots stay where they are. */
function applyOne(cluster: Cluster): void {
  cluster.request(1, 'put x 1');
  while (cluster.pendingWrites(1).some(({ stream }) => stream === 'log')) {
    cluster.persist(1, cluster.pendingWrites(1).find(({ stream }) => stream === 'log')!.id);
  }
}

function writes(cluster: Cluster, kind: 'snapshot' | 'compactTo' | 'truncateFrom'): unknown[] {
  return ofKind(cluster.take(1), 'persist')
    .map(({ write }) => write)
    .filter((write) => write.kind === kind);
}

function base(cluster: Cluster, node = 1): LogIndex {
  return cluster.state(node).log.baseIndex;
}

describe('taking a snapshot', () => {
  it('never happens by itself with snapshotEntries 0', () => {
    const cluster = single({ snapshotEntries: 0 });
    for (let count = 0; count < 20; count += 1) applyOne(cluster);
    expect(cluster.askedSnapshots(1)).toEqual([]);
    expect(ofKind(cluster.take(1), 'takeSnapshot')).toEqual([]);
  });

  it('happens when so many entries have been applied since the last', () => {
    const cluster = single({ snapshotEntries: 3 });
    applyOne(cluster);
    expect(cluster.askedSnapshots(1)).toEqual([]);
    applyOne(cluster);
    expect(cluster.askedSnapshots(1)).toEqual([3]);
    cluster.settle();
    applyOne(cluster);
    applyOne(cluster);
    expect(cluster.askedSnapshots(1)).toEqual([]);
    applyOne(cluster);
    expect(cluster.askedSnapshots(1)).toEqual([6]);
  });

  it('goes one at a time, while the log goes on: made, then written', () => {
    const cluster = single({ snapshotEntries: 2 });
    applyOne(cluster);
    for (let count = 0; count < 5; count += 1) applyOne(cluster);
    expect(cluster.askedSnapshots(1)).toEqual([2]);
    cluster.deliverSnapshot(1);
    for (let count = 0; count < 5; count += 1) applyOne(cluster);
    expect(cluster.askedSnapshots(1)).toEqual([]);
    expect(cluster.disk(1).snapshot).toBeNull();
    cluster.persistAll(1);
    expect(cluster.disk(1).snapshot).toMatchObject({ lastIncludedIndex: 2, lastIncludedTerm: 1 });
    expect(cluster.askedSnapshots(1)).toEqual([12]);
  });

  it('is named after what the state machine holds, not after what is committed', () => {
    const terms = [1, 1, 1, 1, 1, 1];
    const cluster = new Cluster(1, {
      images: { 1: imageOf(1, terms) },
      config: { snapshotEntries: 2, applyBatchMax: 2 },
    });
    cluster.timeout(1);
    cluster.persistAll(1);
    expect([cluster.state(1).commitIndex, cluster.state(1).lastApplied]).toEqual([7, 2]);
    cluster.timeout(1, 'apply');
    cluster.deliverSnapshot(1);
    cluster.persistAll(1);
    expect(cluster.disk(1).snapshot).toEqual(snapshotOf([1, 1], [1]));
  });

  it('says which configuration was in force there, not which one is now', () => {
    const voters = [1, 2, 3, 4];
    const terms = [1, 1, 1];
    const entries = entriesOf(terms).map((entry, at) =>
      at === 1
        ? { ...entry, command: null, configuration: { voters, newVoters: null, learners: [] } }
        : entry,
    );
    const cluster = new Cluster(3, {
      images: { 1: { currentTerm: 1, votedFor: 0, entries } },
      config: { snapshotEntries: 1, applyBatchMax: 1 },
    });
    const commit = { term: 1, leaderId: 2, prevLogIndex: 3, prevLogTerm: 1, entries: [] };
    cluster.receive(1, 2, { kind: 'AppendEntries', ...commit, leaderCommit: 3 });
    expect(cluster.state(1).configuration.voters).toEqual(voters);
    cluster.deliverSnapshot(1);
    cluster.persistAll(1);
    expect(cluster.disk(1).snapshot!.configuration.voters).toEqual([1, 2, 3]);
    cluster.timeout(1, 'apply');
    cluster.deliverSnapshot(1);
    cluster.persistAll(1);
    expect(cluster.disk(1).snapshot!.configuration.voters).toEqual(voters);
  });

  it('is written after the term, so that no snapshot is of a term that could be forgotten', () => {
    const cluster = single({ snapshotEntries: 2 });
    applyOne(cluster);
    cluster.receive(1, 9, { kind: 'TimeoutNow', term: 7, leaderId: 9 });
    cluster.deliverSnapshot(1);
    const [hardState, snapshot] = cluster.pendingWrites(1).slice(-2);
    expect([hardState!.stream, snapshot!.stream]).toEqual(['hardState', 'snapshot']);
    expect(snapshot!.after).toBe(hardState!.id);
  });
});

describe('compaction', () => {
  it('waits until the snapshot is safe: a crash before finds the whole log', () => {
    const cluster = single({ snapshotEntries: 2 });
    applyOne(cluster);
    cluster.deliverSnapshot(1);
    expect(writes(cluster, 'compactTo')).toEqual([]);
    expect(base(cluster)).toBe(0);
    cluster.crash(1);
    cluster.start(1);
    expect(cluster.state(1).log.lastIndex).toBe(2);
    cluster.elect(1);
    cluster.take(1);
    cluster.persistAll(1);
    cluster.settle();
    expect(base(cluster)).toBeGreaterThan(0);
  });

  it.each([
    [0, 5],
    [1, 4],
    [4, 1],
    [5, 0],
    [9, 0],
  ])('leaves %i trailing entries: begins behind %i', (trailingEntries, expected) => {
    const cluster = single({ snapshotEntries: 5, trailingEntries });
    for (let count = 0; count < 4; count += 1) applyOne(cluster);
    cluster.settle();
    expect(cluster.disk(1).snapshot!.lastIncludedIndex).toBe(5);
    expect(base(cluster)).toBe(expected);
    expect(cluster.disk(1).firstIndex).toBe(expected + 1);
    expect(cluster.disk(1).entries).toHaveLength(5 - expected);
  });

  it('keeps entries behind the snapshot, and their places', () => {
    const cluster = single({ snapshotEntries: 3 });
    applyOne(cluster);
    applyOne(cluster);
    applyOne(cluster);
    applyOne(cluster);
    cluster.settle();
    const { log } = cluster.state(1);
    expect([log.baseIndex, log.lastIndex]).toEqual([3, 5]);
    expect(cluster.disk(1).entries).toEqual(log.slice(4, 5));
  });

  it('a candidate whose log is empty behind a snapshot names the end of the snapshot (§5.4.1)', () => {
    const cluster = new Cluster(3, { images: { 1: compactedImage(2, [1, 1, 2], 3) } });
    cluster.timeout(1);
    cluster.persistAll(1);
    expect(cluster.takeMessage(1, 2)).toMatchObject({ lastLogIndex: 3, lastLogTerm: 2 });
  });

  it('a voter whose log is empty behind a snapshot refuses who has less (§5.4.1)', () => {
    const images = { 1: compactedImage(2, [1, 1, 2], 3), 2: imageOf(2, [1, 1]) };
    const cluster = new Cluster(3, { images });
    cluster.timeout(2);
    cluster.persistAll(2);
    cluster.deliver(2, 1);
    expect(cluster.takeMessage(1, 2)).toMatchObject({ voteGranted: false });
  });
});

describe('a snapshot that an operator asks for', () => {
  const request = { kind: 'takeSnapshot' } as const;

  function answers(cluster: Cluster): string[] {
    return ofKind(cluster.take(1), 'respond').map(({ id, outcome }) => `${id} ${outcome}`);
  }

  it('is answered when it is safe, at any server', () => {
    const cluster = new Cluster(3);
    cluster.elect(2);
    cluster.timeout(2, 'heartbeat');
    cluster.settle();
    cluster.take(1);
    cluster.admin(1, request);
    expect(cluster.askedSnapshots(1)).toEqual([1]);
    cluster.deliverSnapshot(1);
    expect(answers(cluster)).toEqual([]);
    cluster.persistAll(1);
    expect(answers(cluster)).toEqual(['a1 ok']);
  });

  it('is answered at once where nothing has been applied since the last', () => {
    const cluster = single({ snapshotEntries: 1 });
    cluster.settle();
    cluster.take(1);
    cluster.admin(1, request);
    expect(answers(cluster)).toEqual(['a1 ok']);
    expect(cluster.askedSnapshots(1)).toEqual([]);
  });

  it('comes after one that is under way and does not reach as far', () => {
    const cluster = single({ snapshotEntries: 2 });
    applyOne(cluster);
    applyOne(cluster);
    cluster.take(1);
    cluster.admin(1, request);
    cluster.deliverSnapshot(1);
    cluster.persistAll(1);
    expect(answers(cluster)).toEqual([]);
    expect(cluster.askedSnapshots(1)).toEqual([3]);
    cluster.settle();
    expect(answers(cluster)).toEqual(['a1 ok']);
  });
});

describe('a restart', () => {
  const terms = [1, 1, 2, 2, 2];

  it('gives a state machine that starts empty the snapshot, and applies what follows', () => {
    const cluster = new Cluster(1, { images: { 1: compactedImage(2, terms, 3, 4, [1]) } });
    const { log, commitIndex, lastApplied } = cluster.state(1);
    expect([commitIndex, lastApplied, log.baseIndex, log.lastIndex]).toEqual([3, 3, 3, 5]);
    expect(ofKind(cluster.take(1), 'restore')).toEqual([
      { kind: 'restore', index: 3, data: snapshotOf(terms.slice(0, 3)).data },
    ]);
    cluster.elect(1);
    expect(ofKind(cluster.take(1), 'apply').map(({ index }) => index)).toEqual([4, 5, 6]);
  });

  it.each([
    ['less', 2, [4]],
    ['as much', 4, []],
    ['more', 5, []],
  ])('gives one that survived with %s than the snapshot: %i', (_, applied, expected) => {
    const cluster = new Cluster(1, { config: { snapshotEntries: 4 }, isStateMachineDurable: true });
    cluster.elect(1);
    for (let count = 0; count < 4; count += 1) {
      applyOne(cluster);
      if (count === 2) cluster.settle();
    }
    expect(cluster.disk(1).snapshot!.lastIncludedIndex).toBe(4);
    cluster.crash(1, 0, 5 - applied);
    cluster.take(1);
    cluster.start(1);
    expect(ofKind(cluster.take(1), 'restore').map(({ index }) => index)).toEqual(expected);
    expect(cluster.state(1).lastApplied).toBe(Math.max(applied, 4));
  });

  it('keeps a log that goes on from the snapshot, trailing entries included', () => {
    const image = compactedImage(2, terms, 4, 2);
    const options = { images: { 1: image }, config: { trailingEntries: 9 } };
    const { log } = new Cluster(1, options).state(1);
    // The term of entry 1 is gone, so that the log begins behind entry 2.
    expect([log.baseIndex, log.baseTerm, log.lastIndex]).toEqual([2, 1, 5]);
    expect(log.slice(3, 5)).toEqual(entriesOf(terms).slice(2));
  });

  it('drops a log that ends before the snapshot, in memory and on disk', () => {
    const entries = entriesOf(terms).slice(1, 3);
    const image = { ...compactedImage(2, terms, 4, 2, [1]), entries };
    const cluster = new Cluster(1, { images: { 1: image } });
    const { log, durableIndex } = cluster.state(1);
    expect([log.baseIndex, log.baseTerm, log.lastIndex, durableIndex]).toEqual([4, 2, 4, 4]);
    expect(cluster.pendingWrites(1).map(({ write }) => write)).toEqual([
      { kind: 'compactTo', index: 4 },
    ]);
    cluster.elect(1);
    expect(cluster.disk(1)).toMatchObject({ firstIndex: 5, entries: [{ term: 3 }] });
  });

  it('drops a log that has another entry where the snapshot ends, in memory and on disk', () => {
    const other = entriesOf([1, 1, 1, 1, 1, 1]);
    const image = { ...compactedImage(2, terms, 4, 1, [1]), entries: other };
    const cluster = new Cluster(1, { images: { 1: image } });
    const { log, durableIndex } = cluster.state(1);
    expect([log.baseIndex, log.baseTerm, log.lastIndex, durableIndex]).toEqual([4, 2, 4, 4]);
    expect(cluster.pendingWrites(1).map(({ write }) => write)).toEqual([
      { kind: 'truncateFrom', index: 4 },
      { kind: 'compactTo', index: 4 },
    ]);
    cluster.persist(1);
    cluster.crash(1);
    cluster.start(1);
    expect(cluster.state(1).log.lastIndex).toBe(4);
    cluster.elect(1);
    expect(cluster.disk(1)).toMatchObject({ firstIndex: 5, entries: [{ term: 3 }] });
  });

  it('compacts what the last life had no time to', () => {
    const image = compactedImage(2, terms, 4, 1);
    const cluster = new Cluster(1, { images: { 1: image }, config: { trailingEntries: 1 } });
    expect(base(cluster)).toBe(3);
    expect(cluster.pendingWrites(1).map(({ write }) => write)).toEqual([
      { kind: 'compactTo', index: 3 },
    ]);
  });

  it('has the configuration of the snapshot, not the one of bootstrap', () => {
    const snapshot = snapshotOf([1, 1], [2, 3, 4]);
    const image = { currentTerm: 1, votedFor: 0, firstIndex: 3, entries: [], snapshot };
    const { configuration, configurationIndex } = new Cluster(3, { images: { 1: image } }).state(1);
    expect(configuration.voters).toEqual([2, 3, 4]);
    expect(configurationIndex).toBe(2);
  });

  it('refuses a log with a gap behind the snapshot', () => {
    const image = { ...compactedImage(2, terms, 3), firstIndex: 5 };
    expect(() => new Cluster(1, { images: { 1: image } })).toThrow('no gap behind the snapshot: 5');
  });
});

describe('what rests on a snapshot instead of the log', () => {
  it('an acknowledgement: the log through there may be lost, the snapshot is not', () => {
    const cluster = new Cluster(3, { config: { snapshotEntries: 1 } });
    const entries = entriesOf([1, 1]);
    const append = { term: 1, leaderId: 2, prevLogIndex: 0, prevLogTerm: 0 } as const;
    cluster.receive(1, 2, { kind: 'AppendEntries', ...append, entries, leaderCommit: 2 });
    cluster.persist(1, cluster.pendingWrites(1).find(({ stream }) => stream === 'hardState')!.id);
    expect(cluster.state(1).durableIndex).toBe(0);
    cluster.deliverSnapshot(1);
    const { id } = cluster.pendingWrites(1).find(({ stream }) => stream === 'snapshot')!;
    expect(cluster.inFlight(1, 2)).toEqual([]);
    cluster.persist(1, id);
    expect(cluster.inFlight(1, 2)).toMatchObject([{ success: true, matchIndex: 2 }]);
    cluster.crash(1);
    cluster.start(1);
    expect(cluster.state(1).log.lastIndex).toBe(2);
    const checksum = checksumOf(checksumOf('', 1, entries[0]!), 2, entries[1]!);
    expect(cluster.machine(1).checksum).toBe(checksum);
  });
});
