/**
 * The one place where durable changes are issued, and where messages that promise them wait.
 * Nothing is held back for a server: it is told when a write is safe, and until then it must not
 * say anything that a crash could make untrue.
 *
 *   RequestVote (T)                    term T, votedFor = self
 *   RequestVoteResponse granted (T)    term T, votedFor = the candidate
 *   AppendEntriesResponse success (m)  the term, and the log through m
 *   InstallSnapshotResponse done (m)   the term, and what is committed through m
 *   a leader counting itself for i     its own log through i (commit.ts)
 *   compactTo (i)                      a snapshot that covers i (snapshots.ts)
 *
 * A snapshot that is safe makes the log safe through its end.
 *
 * Refusals promise nothing and leave at once.
 */
import { assert } from './assert.ts';
import type { Entry, LogIndex, Message, NodeId, Snapshot } from './messages.ts';
import type { PersistentStore } from './persistent-store.ts';
import type { RaftState } from './raft-state.ts';
import { newestSnapshotIndex } from './snapshot-state.ts';
import type { Transport } from './transport.ts';

export const hardStateStream = 'hardState';
export const logStream = 'log';
export const snapshotStream = 'snapshot';

/**
 * Writes currentTerm and votedFor if they are not what was last written. Called before anything
 * that rests on them and at the end of every step, so no change of them can be forgotten, however
 * it was learnt; and a step that adopts a term and votes in it makes one write.
 */
export function persistHardState(state: RaftState, store: PersistentStore): void {
  if (state.currentTerm === state.writtenTerm && state.votedFor === state.writtenVotedFor) return;
  assert(state.currentTerm >= state.writtenTerm, 'the term never falls', state.currentTerm);
  state.writtenTerm = state.currentTerm;
  state.writtenVotedFor = state.votedFor;
  state.hardStateWriteId = writeHardState(state, store);
  state.isHardStateDurable = false;
}

/**
 * Writes the commit index, where the configuration asks for it, when it has risen since; called at
 * the end of every step. No promise waits for this write, and there is one at a time: a vote that
 * stood behind many of them would come too late.
 */
export function persistCommitIndex(state: RaftState, store: PersistentStore): void {
  if (!state.config.persistCommitIndex || state.commitWriteId !== 0) return;
  if (commitIndexOnDisk(state) === state.writtenCommitIndex) return;
  state.commitWriteId = writeHardState(state, store);
}

/** All in one write: a term without its vote could be voted in again after a crash. */
function writeHardState(state: RaftState, store: PersistentStore): number {
  const commitIndex = state.config.persistCommitIndex ? commitIndexOnDisk(state) : 0;
  assert(commitIndex >= state.writtenCommitIndex, 'commitIndex never falls', commitIndex);
  state.writtenCommitIndex = commitIndex;
  state.lastWriteId += 1;
  store.persist(state.lastWriteId, hardStateStream, 0, {
    kind: 'hardState',
    currentTerm: state.currentTerm,
    votedFor: state.votedFor,
    commitIndex,
  });
  return state.lastWriteId;
}

/**
 * Only what the log on disk holds already, since the streams may overtake each other: a commit
 * index that survives a crash without its entries would cover the next leader's, or nothing.
 */
function commitIndexOnDisk(state: RaftState): LogIndex {
  return Math.min(state.commitIndex, state.durableIndex);
}

/** Writes what has just been appended to the log. */
export function persistAppend(
  state: RaftState,
  entries: readonly Entry[],
  store: PersistentStore,
): void {
  assert(entries.length > 0, 'an append has entries');
  const after = precedingHardState(state, store);
  state.lastWriteId += 1;
  state.pendingLogWrites.push({ id: state.lastWriteId, lastIndex: state.log.lastIndex });
  store.persist(state.lastWriteId, logStream, after, { kind: 'append', entries });
}

/** Writes that the log has just been truncated: the entry at `index` and all behind it are gone. */
export function persistTruncate(state: RaftState, index: LogIndex, store: PersistentStore): void {
  assert(index <= state.log.lastIndex + 1, 'no entry is left there', index, state.log.lastIndex);
  const after = precedingHardState(state, store);
  state.durableIndex = Math.min(state.durableIndex, index - 1);
  // An older write may still complete. It no longer says anything about the places from index on:
  // they will hold other entries, and those are not safe before their own write is.
  for (const write of state.pendingLogWrites)
    write.lastIndex = Math.min(write.lastIndex, index - 1);
  state.lastWriteId += 1;
  state.pendingLogWrites.push({ id: state.lastWriteId, lastIndex: index - 1 });
  store.persist(state.lastWriteId, logStream, after, { kind: 'truncateFrom', index });
}

/**
 * Writes that the log now begins behind its base. Nothing has to go before it: the snapshot that
 * covers the entries is safe.
 */
export function persistCompaction(state: RaftState, store: PersistentStore): void {
  const { log, snapshots } = state;
  assert(snapshots.durable !== null, 'only a safe snapshot takes the place of the log');
  assert(snapshots.durable.lastIncludedIndex >= log.baseIndex, 'no gap', log.baseIndex);
  state.lastWriteId += 1;
  state.pendingLogWrites.push({ id: state.lastWriteId, lastIndex: log.lastIndex });
  store.persist(state.lastWriteId, logStream, 0, { kind: 'compactTo', index: log.baseIndex });
}

/** Writes a snapshot, own or installed, that goes further than all before it. */
export function persistSnapshot(
  state: RaftState,
  snapshot: Snapshot,
  store: PersistentStore,
): void {
  const { snapshots } = state;
  const { lastIncludedIndex } = snapshot;
  assert(lastIncludedIndex > newestSnapshotIndex(snapshots), 'no way back', lastIncludedIndex);
  const after = precedingHardState(state, store);
  state.lastWriteId += 1;
  snapshots.pendingWrites.push({ id: state.lastWriteId, snapshot });
  store.persist(state.lastWriteId, snapshotStream, after, { kind: 'snapshot', snapshot });
}

/** A log never holds an entry of a term that its own server could forget: the term goes first. */
function precedingHardState(state: RaftState, store: PersistentStore): number {
  persistHardState(state, store);
  return state.isHardStateDurable ? 0 : state.hardStateWriteId;
}

/**
 * Sends `body` as soon as the hard state is safe and the log is safe through `durableIndex` (0 for
 * a promise that is not about the log). Without the wait, a voter that crashes forgets its vote and
 * gives it to another, and a follower forgets entries that its leader has counted.
 */
export function sendWhenDurable(
  state: RaftState,
  to: NodeId,
  body: Message,
  durableIndex: LogIndex,
  out: PersistentStore & Transport,
): void {
  assert(durableIndex <= state.log.lastIndex, 'promises what it has', durableIndex);
  assert(body.term === state.currentTerm, 'promises are of the current term', body.term);
  persistHardState(state, out);
  if (isSafe(state, durableIndex)) out.send(to, body);
  else state.waiting.push({ to, body, durableIndex });
}

function isSafe(state: RaftState, durableIndex: LogIndex): boolean {
  return state.isHardStateDurable && durableIndex <= state.durableIndex;
}

/**
 * A write is safe, and all before it in its stream. The host may tell of an older one after a newer
 * one: it says nothing new then, and takes nothing back.
 */
export function completeWrite(state: RaftState, id: number, transport: Transport): void {
  assert(id > 0 && id <= state.lastWriteId, 'no such write in this life', id, state.lastWriteId);
  // Only the newest write holds what the server now says; an older one would not be enough.
  if (id === state.hardStateWriteId) state.isHardStateDurable = true;
  if (id === state.commitWriteId) state.commitWriteId = 0;
  completeLogWrites(state, id);
  sendWaiting(state, transport);
}

function completeLogWrites(state: RaftState, id: number): void {
  const pending = state.pendingLogWrites;
  let position = 0;
  while (position < pending.length && pending[position]!.id !== id) position += 1;
  if (position === pending.length) return;
  state.durableIndex = Math.max(state.durableIndex, pending[position]!.lastIndex);
  assert(state.durableIndex <= state.log.lastIndex, 'safe is what exists', state.durableIndex);
  for (let count = 0; count <= position; count += 1) pending.shift();
}

function sendWaiting(state: RaftState, transport: Transport): void {
  const { waiting } = state;
  let kept = 0;
  for (const message of waiting) {
    if (isSafe(state, message.durableIndex)) {
      transport.send(message.to, message.body);
    } else {
      waiting[kept] = message;
      kept += 1;
    }
  }
  while (waiting.length > kept) waiting.pop();
}

/** What was promised in an older term, or as a candidate, is of no use to anybody any more. */
export function dropWaiting(state: RaftState): void {
  state.waiting.length = 0;
}
