/**
 * Snapshots (§7): taking one of the own state machine, and what follows when one is safe, own or
 * installed. Nothing waits for a snapshot: the host makes it while the log goes on, and the log
 * loses its beginning only when the snapshot would survive a crash.
 */
import { reloadConfiguration } from './adopt-configuration.ts';
import { assert } from './assert.ts';
import { configurationAt } from './configuration.ts';
import type { DurableImage, Outbox } from './contract.ts';
import { answerInstaller } from './install-snapshot.ts';
import type { Configuration, LogIndex, Snapshot } from './messages.ts';
import { nobody, type RaftState } from './raft-state.ts';
import { continuesSnapshot } from './recovered-log.ts';
import { newestSnapshotIndex, type SnapshotState } from './snapshot-state.ts';
import { persistCompaction, persistSnapshot, persistTruncate } from './storage.ts';

/** Called at the end of every step: asks for a snapshot of all that has been applied by now. */
export function takeSnapshotIfDue(state: RaftState, out: Outbox): void {
  const { snapshots, config, lastApplied } = state;
  if (config.snapshotEntries === 0 && snapshots.requests.length === 0) return;
  if (!isSnapshotDue(snapshots, lastApplied, config.snapshotEntries)) return;
  const configuration = configurationThrough(state, lastApplied);
  if (isUnknown(configuration)) return;
  // What the state machine holds now, which is not what is committed; and the term and the
  // configuration of that place, which the log may have lost when the host delivers.
  snapshots.taking = {
    lastIncludedIndex: lastApplied,
    lastIncludedTerm: state.log.termAt(lastApplied),
    configuration,
  };
  out.takeSnapshot(lastApplied);
}

/** One at a time; when enough has been applied since the last, or somebody has asked. */
function isSnapshotDue(
  snapshots: SnapshotState,
  lastApplied: LogIndex,
  snapshotEntries: number,
): boolean {
  if (snapshots.taking !== null || snapshots.pendingWrites.length > 0) return false;
  const since = lastApplied - newestSnapshotIndex(snapshots);
  return (snapshotEntries > 0 && since >= snapshotEntries) || snapshots.requests.length > 0;
}

/** Not the newest one: behind the snapshot it may be truncated yet (§6). */
function configurationThrough(state: RaftState, index: LogIndex): Configuration {
  const { log, snapshots, bootstrap } = state;
  if (state.configurationIndex <= index) return state.configuration;
  return configurationAt(log, index, snapshots.durable, bootstrap).configuration;
}

/**
 * A spare that gets a log learns of the cluster only when it comes to a configuration in it: a
 * snapshot from before would say for good that there is none.
 */
function isUnknown({ voters }: Configuration): boolean {
  return voters.length === 0;
}

/** The host delivers what `takeSnapshot` has asked for. */
export function handleSnapshotTaken(
  state: RaftState,
  index: LogIndex,
  data: string,
  out: Outbox,
): void {
  const { snapshots } = state;
  const { taking } = snapshots;
  assert(taking !== null, 'no snapshot was asked for', index);
  assert(taking.lastIncludedIndex === index, 'another snapshot was asked for', index);
  snapshots.taking = null;
  // A leader's snapshot may have come meanwhile, and the log begin behind it: with the older one in
  // its place, the entries between would be nowhere.
  if (index <= newestSnapshotIndex(snapshots)) return;
  const { lastIncludedIndex, lastIncludedTerm, configuration } = taking;
  persistSnapshot(state, { lastIncludedIndex, lastIncludedTerm, configuration, data }, out);
}

/** An operator asks; answered when a snapshot of all that is applied by now is safe. */
export function requestSnapshot(state: RaftState, id: string, out: Outbox): void {
  if (isUnknown(configurationThrough(state, state.lastApplied))) {
    out.respond(id, 'rejected', nobody);
    return;
  }
  state.snapshots.requests.push({ id, index: state.lastApplied });
  answerSnapshotRequests(state, out);
}

function answerSnapshotRequests(state: RaftState, out: Outbox): void {
  const { requests, durable } = state.snapshots;
  const safeIndex = durable === null ? 0 : durable.lastIncludedIndex;
  while (requests.length > 0 && requests[0]!.index <= safeIndex) {
    out.respond(requests.shift()!.id, 'ok', nobody);
  }
}

/**
 * If the write with this id brought a snapshot, that one is safe, and all before it. Where it goes
 * further than what is known to be committed it was a leader's, and takes the place of the log.
 */
export function completeSnapshotWrite(state: RaftState, id: number, out: Outbox): void {
  const { snapshots } = state;
  const { pendingWrites } = snapshots;
  if (pendingWrites.length === 0) return;
  const position = pendingWrites.findIndex((write) => write.id === id);
  if (position < 0) return;
  const { snapshot } = pendingWrites[position]!;
  pendingWrites.splice(0, position + 1);
  snapshots.durable = snapshot;
  const { lastIncludedIndex } = snapshot;
  if (lastIncludedIndex > state.commitIndex) install(state, snapshot, out);
  // What a safe snapshot covers survives a crash, whatever the log on disk holds.
  state.durableIndex = Math.max(state.durableIndex, lastIncludedIndex);
  compactLog(state, out);
  answerSnapshotRequests(state, out);
  answerInstaller(state, out);
}

/**
 * Figure 13, InstallSnapshot 6 to 8. Entries behind the snapshot stay only if its last entry is in
 * the log: else they follow on another entry, and no leader has them there.
 */
function install(state: RaftState, snapshot: Snapshot, out: Outbox): void {
  const { log } = state;
  const { lastIncludedIndex, lastIncludedTerm } = snapshot;
  if (!log.has(lastIncludedIndex, lastIncludedTerm)) {
    assert(state.role !== 'leader', 'a leader has what is committed', lastIncludedIndex);
    const { lastIndex } = log;
    log.restartAt(lastIncludedIndex, lastIncludedTerm);
    persistRestartOfLog(state, lastIndex, out);
  }
  reloadConfiguration(state);
  restore(state, snapshot, out);
}

/**
 * The log on disk, which ends at `lastIndex`, follows the one in memory: empty, and behind a
 * snapshot. What stands there from the snapshot's end on would survive a compaction, so that goes
 * first.
 */
function persistRestartOfLog(state: RaftState, lastIndex: LogIndex, out: Outbox): void {
  const { baseIndex } = state.log;
  if (lastIndex >= baseIndex) persistTruncate(state, baseIndex, out);
  persistCompaction(state, out);
}

/** The state machine becomes what it was at the end of the snapshot; nothing is applied twice. */
function restore(state: RaftState, snapshot: Snapshot, out: Outbox): void {
  const { lastIncludedIndex, data } = snapshot;
  assert(lastIncludedIndex > state.lastApplied, 'lastApplied never falls', lastIncludedIndex);
  out.restore(lastIncludedIndex, data);
  state.lastApplied = lastIncludedIndex;
  state.commitIndex = Math.max(state.commitIndex, lastIncludedIndex);
}

/**
 * The entries that the safe snapshot covers go, but for the trailing ones, which followers that lag
 * a little can still get one by one; and none that is not applied.
 */
function compactLog(state: RaftState, out: Outbox): void {
  const { durable } = state.snapshots;
  assert(durable !== null, 'only a safe snapshot takes the place of the log');
  const lastIndex = durable.lastIncludedIndex - state.config.trailingEntries;
  const index = Math.min(lastIndex, state.lastApplied);
  if (index <= state.log.baseIndex) return;
  state.log.compactTo(index);
  persistCompaction(state, out);
}

/**
 * A life begins with a snapshot on disk: the state machine gets it unless it holds as much already,
 * and the disk loses a log that does not continue it, before anything is appended there.
 */
export function recoverSnapshot(state: RaftState, image: DurableImage | null, out: Outbox): void {
  const { durable } = state.snapshots;
  if (image === null || durable === null) return;
  if (state.lastApplied < durable.lastIncludedIndex) restore(state, durable, out);
  if (!continuesSnapshot(image, durable)) {
    persistRestartOfLog(state, image.firstIndex + image.entries.length - 1, out);
    state.durableIndex = durable.lastIncludedIndex;
  }
  compactLog(state, out);
}
