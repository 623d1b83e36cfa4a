import { describe, expect, it } from 'vitest';
import type { Configuration, Entry, Snapshot } from '../../core/messages.ts';
import { EMPTY_DISK, entryAt, lastIndexOf, withoutStale } from '../../scenarios/disk-image.ts';
import { RunRecord } from '../../scenarios/run-record.ts';

const a: Entry = { term: 1, command: { clientId: 1, seq: 1, op: 'put x 1' } };
const b: Entry = { term: 1, command: { clientId: 1, seq: 2, op: 'put x 2' } };
const c: Entry = { term: 2, command: null };

const heartbeat = {
  kind: 'AppendEntries',
  term: 3,
  leaderId: 2,
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
} as const;

const bootstrap: Configuration = { voters: [1, 2], newVoters: null, learners: [] };

function snapshotOf(lastIncludedIndex: number, lastIncludedTerm: number): Snapshot {
  return { lastIncludedIndex, lastIncludedTerm, configuration: bootstrap, data: 'all' };
}

describe('disks', () => {
  it('hold a write once it is done', () => {
    const record = new RunRecord(1);
    record.started(10, 1, 0);
    record.persistIssued(1, 1, 'log', 0, { kind: 'append', entries: [a, b] });
    record.persistIssued(1, 2, 'hard', 0, {
      kind: 'hardState',
      currentTerm: 4,
      votedFor: 1,
      commitIndex: 0,
    });
    expect(record.issuedOf(1)).toEqual({ ...EMPTY_DISK, currentTerm: 4, votedFor: 1, log: [a, b] });
    expect(record.durableOf(1)).toEqual({ ...EMPTY_DISK, currentTerm: 0, votedFor: 0, log: [] });
    record.persisted(20, 1, 1);
    expect(record.durableOf(1).log).toEqual([a, b]);
    expect(record.durableOf(1).currentTerm).toBe(0);
    record.persisted(30, 1, 2);
    expect(record.durableOf(1)).toEqual(record.issuedOf(1));
  });

  it('keep what survives a crash, and no more', () => {
    const record = new RunRecord(1);
    record.persistIssued(1, 1, 'log', 0, { kind: 'append', entries: [a, b] });
    record.persistIssued(1, 2, 'hard', 0, {
      kind: 'hardState',
      currentTerm: 4,
      votedFor: 1,
      commitIndex: 0,
    });
    record.crashed(10, 1, [{ writeId: 1, kept: 1 }]);
    expect(record.durableOf(1)).toEqual({ ...EMPTY_DISK, currentTerm: 0, votedFor: 0, log: [a] });
    expect(record.issuedOf(1)).toEqual(record.durableOf(1));
    record.started(20, 1, 1);
    // Ids begin anew in each life.
    record.persisted(30, 1, 2);
    expect(record.durableOf(1).currentTerm).toBe(0);
  });

  it('hold what came before a write that is told of first', () => {
    const record = new RunRecord(1);
    const hardState = { kind: 'hardState', currentTerm: 4, votedFor: 0, commitIndex: 0 } as const;
    record.persistIssued(1, 1, 'hard', 0, hardState);
    record.persistIssued(1, 2, 'log', 1, { kind: 'append', entries: [a] });
    record.persistIssued(1, 3, 'log', 0, { kind: 'append', entries: [b] });
    record.persisted(10, 1, 3);
    expect(record.durableOf(1)).toEqual({
      ...EMPTY_DISK,
      currentTerm: 4,
      votedFor: 0,
      log: [a, b],
    });
    record.persisted(20, 1, 2);
    expect(record.durableOf(1).log).toEqual([a, b]);
  });

  it('hold nothing of a write that fails, nor of those behind it', () => {
    const record = new RunRecord(1);
    const hardState = { kind: 'hardState', currentTerm: 4, votedFor: 0, commitIndex: 0 } as const;
    record.persistIssued(1, 1, 'log', 0, { kind: 'append', entries: [a] });
    record.persistIssued(1, 2, 'hard', 0, hardState);
    record.persistIssued(1, 3, 'log', 2, { kind: 'append', entries: [b] });
    record.persistFailed(10, 1, 2);
    expect(record.issuedOf(1)).toEqual({ ...EMPTY_DISK, currentTerm: 0, votedFor: 0, log: [a] });
    record.persistFailed(10, 1, 3);
    record.persisted(20, 1, 1);
    expect(record.durableOf(1)).toEqual({ ...EMPTY_DISK, currentTerm: 0, votedFor: 0, log: [a] });
  });

  it('are truncated and overwritten', () => {
    const record = new RunRecord(1);
    record.prepared(1, 1, 0, [a, b]);
    record.persistIssued(1, 1, 'log', 0, { kind: 'overwrite', index: 1, entries: [c] });
    expect(record.issuedOf(1).log).toEqual([c, b]);
    record.persistIssued(1, 2, 'log', 0, { kind: 'truncateFrom', index: 2 });
    expect(record.issuedOf(1).log).toEqual([c]);
    expect(record.durableOf(1).log).toEqual([a, b]);
  });

  it('lose what a snapshot stands for', () => {
    const record = new RunRecord(1);
    record.prepared(1, 2, 0, [a, b, c]);
    record.persistIssued(1, 1, 'snapshot', 0, { kind: 'snapshot', snapshot: snapshotOf(2, 1) });
    record.persistIssued(1, 2, 'log', 1, { kind: 'compactTo', index: 2 });
    expect(record.issuedOf(1)).toMatchObject({ firstIndex: 3, log: [c] });
    expect(record.issuedOf(1).snapshot?.lastIncludedIndex).toBe(2);
    expect(entryAt(record.issuedOf(1), 3)).toBe(c);
    expect(entryAt(record.issuedOf(1), 2)).toBeNull();
    expect(record.durableOf(1)).toMatchObject({ firstIndex: 1, log: [a, b, c], snapshot: null });
    record.persistIssued(1, 3, 'log', 0, { kind: 'compactTo', index: 9 });
    record.persistIssued(1, 4, 'log', 0, { kind: 'append', entries: [c] });
    expect(record.issuedOf(1)).toMatchObject({ firstIndex: 10, log: [c] });
    expect(lastIndexOf(record.issuedOf(1))).toBe(10);
  });

  it('keep what a snapshot agrees with, and nothing else, after a restart', () => {
    const log = [a, b, c];
    const disk = { ...EMPTY_DISK, log };
    expect(withoutStale({ ...disk, snapshot: snapshotOf(2, 1) }).log).toEqual(log);
    expect(withoutStale({ ...disk, snapshot: snapshotOf(2, 2) })).toMatchObject({
      firstIndex: 3,
      log: [],
    });
    expect(withoutStale({ ...disk, snapshot: snapshotOf(4, 2) })).toMatchObject({
      firstIndex: 5,
      log: [],
    });
    const compacted = { ...EMPTY_DISK, firstIndex: 3, log: [c], snapshot: snapshotOf(2, 1) };
    expect(withoutStale(compacted)).toBe(compacted);
  });

  it('can be asked about any moment', () => {
    const record = new RunRecord(2);
    record.prepared(2, 1, 0, [a]);
    record.claimed(2, 'leader', 2);
    record.persistIssued(2, 1, 'log', 0, { kind: 'append', entries: [c] });
    const { order } = record.claims[0]!;
    expect(record.issuedOf(2, order).log).toEqual([a]);
    expect(record.issuedOf(2).log).toEqual([a, c]);
    expect(record.issuedOf(1, order).log).toEqual([]);
  });
});

describe('leaders', () => {
  it('are those who claim or act as such, once for each term', () => {
    const record = new RunRecord(3);
    record.fired(10);
    record.claimed(1, 'candidate', 1);
    record.claimed(1, 'leader', 1);
    record.fired(20);
    record.sent(2, 1, 1, 1, heartbeat);
    record.sent(2, 3, 2, 0, heartbeat);
    record.claimed(2, 'leader', 3);
    expect(record.leaders().map(({ node, term, atUs }) => [node, term, atUs])).toEqual([
      [1, 1, 10],
      [2, 3, 20],
    ]);
    expect(record.leaderOf(3)?.node).toBe(2);
    expect(record.leaderOf(2)).toBeNull();
  });
});

describe('messages', () => {
  it('are found by kind, server, term and time', () => {
    const record = new RunRecord(3);
    record.fired(10);
    record.sent(2, 1, 1, 1, heartbeat);
    record.sent(2, 3, 2, 0, heartbeat);
    record.delivered(20, 1, 2, 1, 0, heartbeat);
    expect(record.messagesSent('AppendEntries')).toHaveLength(2);
    expect(record.messagesSent('AppendEntries', { to: 3 })[0]!.copies).toBe(0);
    expect(record.messagesSent('AppendEntries', { from: 1 })).toEqual([]);
    expect(record.messagesSent('AppendEntries', { term: 2 })).toEqual([]);
    expect(record.messagesSent('AppendEntries', { afterUs: 10, beforeUs: 11 })).toHaveLength(2);
    expect(record.messagesSent('AppendEntries', { beforeUs: 10 })).toEqual([]);
    expect(record.messagesSent('RequestVote')).toEqual([]);
    const [delivered] = record.messagesDelivered('AppendEntries', { from: 2, to: 1, term: 3 });
    expect(delivered).toMatchObject({ atUs: 20, from: 2, to: 1, body: heartbeat });
  });
});

describe('applies', () => {
  it('are those of the last life', () => {
    const record = new RunRecord(1);
    record.started(0, 1, 0);
    record.applied(1, 1, a);
    record.crashed(10, 1, []);
    record.started(20, 1, 1);
    expect(record.appliedBy(1)).toEqual([]);
    record.applied(1, 1, a);
    expect(record.appliedBy(1)).toMatchObject([{ boot: 1, index: 1, entry: a, atUs: 20 }]);
    expect(record.applies).toHaveLength(2);
  });
});

describe('clients', () => {
  it('are told what became of an operation', () => {
    const record = new RunRecord(1);
    record.invoked(10, 101, 1, 'put x 1');
    expect(record.outcomeOf('put x 1')).toBeNull();
    record.returned(20, 101, 1, 'info', null);
    expect(record.outcomeOf('put x 1')).toBe('info');
    expect(record.returns).toMatchObject([{ op: 'put x 1', clientId: 101, atUs: 20 }]);
  });
});

describe('configurations', () => {
  const joint: Configuration = { voters: [1, 2], newVoters: [2, 3], learners: [] };
  const entry: Entry = { term: 1, command: null, configuration: joint };

  it('are in force as soon as they are in the log, and no longer than that', () => {
    const record = new RunRecord(3, 2);
    expect(record.configurationOf(1)).toEqual(bootstrap);
    expect(record.configurationOf(3).voters).toEqual([]);
    record.persistIssued(1, 1, 'log', 0, { kind: 'append', entries: [a, entry] });
    expect(record.configurationOf(1)).toBe(joint);
    expect(record.durableConfigurationOf(1)).toEqual(bootstrap);
    record.persisted(5, 1, 1);
    expect(record.durableConfigurationOf(1)).toBe(joint);
    record.persistIssued(1, 2, 'log', 0, { kind: 'truncateFrom', index: 2 });
    expect(record.configurationOf(1)).toEqual(bootstrap);
    expect(record.configurations.map(({ node, index }) => [node, index])).toEqual([
      [1, 2],
      [1, 0],
    ]);
  });

  it('may stand in a snapshot', () => {
    const record = new RunRecord(3, 2);
    const snapshot = { ...snapshotOf(7, 2), configuration: joint };
    record.persistIssued(3, 1, 'snapshot', 0, { kind: 'snapshot', snapshot });
    expect(record.configurationOf(3)).toBe(joint);
  });
});

describe('snapshots', () => {
  it('are asked for, taken and restored', () => {
    const record = new RunRecord(2);
    record.started(0, 1, 0);
    record.stepEnded();
    record.applied(1, 1, a);
    record.snapshotAsked(1, 1);
    record.snapshotTaken(10, 1, 1, 'x 1');
    record.restored(1, 4, 'x 4');
    expect(record.installs()).toMatchObject([{ node: 1, index: 4, atUs: 10 }]);
    expect(record.appliedIndexOf(1)).toBe(4);
    record.crashed(20, 1, []);
    record.started(30, 1, 1);
    record.restored(1, 3, 'x 3');
    record.stepEnded();
    expect(record.installs()).toHaveLength(1);
    expect(record.appliedIndexOf(1)).toBe(3);
    expect(record.snapshotsAsked).toMatchObject([{ node: 1, index: 1 }]);
    expect(record.snapshotsTaken).toMatchObject([{ node: 1, index: 1, data: 'x 1', atUs: 10 }]);
  });
});

describe('answers', () => {
  it('are kept for what operators ask', () => {
    const record = new RunRecord(2);
    const request = { kind: 'transferLeadership', to: 2 } as const;
    record.adminRequested(10, 1, 'o1', request);
    record.responded(1, 'o1', 'redirect', 2, null);
    expect(record.answersTo('transferLeadership')).toMatchObject([
      { node: 1, id: 'o1', request, outcome: 'redirect', hint: 2, atUs: 10 },
    ]);
    expect(record.answersTo('takeSnapshot')).toEqual([]);
  });

  it('are reads without the log, where the command was not applied', () => {
    const record = new RunRecord(2);
    const read = (seq: number) => ({
      id: `1.${seq}`,
      command: { clientId: 1, seq, op: `get x${seq}` },
      readOnly: true,
    });
    record.requested(10, 1, [read(1), read(2), read(3)]);
    record.applied(1, 4, { term: 1, command: read(1).command });
    record.responded(1, '1.1', 'ok', 0, '7');
    record.responded(1, '1.2', 'ok', 0, '8');
    record.responded(1, '1.3', 'redirect', 2, null);
    expect(record.readsServed).toMatchObject([{ node: 1, id: '1.2', op: 'get x2', value: '8' }]);
  });
});
