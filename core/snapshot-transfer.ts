/**
 * The leader's side of InstallSnapshot (§7): a follower that needs what the log has lost gets the
 * snapshot instead, one chunk at a time. Replication counts a chunk as a probe in flight: a lost one
 * is repeated like any probe, so that no leader waits for ever for a follower that has crashed.
 */
import { assert } from './assert.ts';
import type { InstallSnapshot, NodeId } from './messages.ts';
import type { RaftState } from './raft-state.ts';
import type { SnapshotTransfer } from './snapshot-state.ts';
import type { Transport } from './transport.ts';

/** The next chunk, or again the last one; of the snapshot that is on its way, else of the newest. */
export function sendSnapshotChunk(state: RaftState, peer: NodeId, transport: Transport): void {
  const transfer = transferTo(state, peer);
  state.snapshots.transfers[peer] = transfer;
  state.isProbing[peer] = true;
  state.inflight[peer] = 1;
  const { snapshot, offset } = transfer;
  const data = snapshot.data.slice(offset, offset + state.config.snapshotChunkMax);
  const body: InstallSnapshot = {
    kind: 'InstallSnapshot',
    term: state.currentTerm,
    leaderId: state.self,
    lastIncludedIndex: snapshot.lastIncludedIndex,
    lastIncludedTerm: snapshot.lastIncludedTerm,
    configuration: snapshot.configuration,
    offset,
    data,
    done: offset + data.length === snapshot.data.length,
  };
  transport.send(peer, state.countsRounds ? { ...body, round: state.rounds.newest } : body);
}

/**
 * The one that is under way: a follower that began anew with every newer snapshot might never have
 * a whole one. Else the newest that is safe.
 */
function transferTo(state: RaftState, peer: NodeId): SnapshotTransfer {
  const { durable, transfers } = state.snapshots;
  const nextIndex = state.nextIndex[peer]!;
  const transfer = transfers[peer] ?? null;
  if (transfer !== null && transfer.snapshot.lastIncludedIndex >= nextIndex) return transfer;
  assert(durable !== null, 'a snapshot covers what the log has lost', nextIndex);
  assert(durable.lastIncludedIndex >= nextIndex, 'a snapshot that helps', nextIndex);
  return { snapshot: durable, offset: 0 };
}

/** Has the follower been sent a part of a snapshot, and does it need the rest? */
export function isSendingSnapshot(state: RaftState, peer: NodeId): boolean {
  return state.snapshots.transfers[peer] !== null && isInSnapshotOnly(state, peer);
}

/** Is the entry at nextIndex gone, or the one before it, whose term AppendEntries would need? */
export function isInSnapshotOnly(state: RaftState, peer: NodeId): boolean {
  return state.nextIndex[peer]! <= state.log.baseIndex;
}

/** The follower's log has got further: what is left of a transfer may be of no use any more. */
export function endTransferIfNeedless(state: RaftState, peer: NodeId): void {
  if (!isInSnapshotOnly(state, peer)) state.snapshots.transfers[peer] = null;
}
