/** What a leader makes of the answers to its chunks (§7, Figure 13). */
import { assert } from './assert.ts';
import { noteAnswer } from './check-quorum.ts';
import type { Outbox } from './contract.ts';
import type { InstallSnapshotResponse, NodeId } from './messages.ts';
import type { RaftState } from './raft-state.ts';
import { noteAgreement, sendNewEntries } from './replication.ts';
import { sendSnapshotChunk } from './snapshot-transfer.ts';

export function handleInstallSnapshotResponse(
  state: RaftState,
  from: NodeId,
  body: InstallSnapshotResponse,
  out: Outbox,
): void {
  // The answers to an earlier reign tell nothing about the chunks of this one.
  if (body.term < state.currentTerm) return;
  if (state.role !== 'leader') return;
  // From a server that has left meanwhile.
  if (!state.peers.includes(from)) return;
  if (body.round !== undefined) noteAnswer(state, from, body.round);
  if (body.done) handleDone(state, from, body, out);
  else handleProgress(state, from, body, out);
}

/** The follower holds all that the snapshot covers, safely: its log goes on from there. */
function handleDone(
  state: RaftState,
  peer: NodeId,
  { lastIncludedIndex }: InstallSnapshotResponse,
  out: Outbox,
): void {
  assert(lastIncludedIndex <= state.commitIndex, 'snapshots are committed', lastIncludedIndex);
  noteAgreement(state, peer, lastIncludedIndex);
  sendNewEntries(state, peer, out);
}

/**
 * The follower names the chunk that it needs: mostly the next, an earlier one if it has restarted
 * and lost what it had gathered, or a later one if it had gathered more than was known.
 */
function handleProgress(
  state: RaftState,
  peer: NodeId,
  { lastIncludedIndex, nextOffset }: InstallSnapshotResponse,
  out: Outbox,
): void {
  const transfer = state.snapshots.transfers[peer] ?? null;
  // An answer about another snapshot, or a second one that asks for what is in flight.
  if (transfer === null || transfer.snapshot.lastIncludedIndex !== lastIncludedIndex) return;
  if (nextOffset === transfer.offset || nextOffset > transfer.snapshot.data.length) return;
  state.snapshots.transfers[peer] = { snapshot: transfer.snapshot, offset: nextOffset };
  state.stalledHeartbeats[peer] = 0;
  sendSnapshotChunk(state, peer, out);
}
