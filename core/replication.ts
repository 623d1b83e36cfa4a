/**
 * The leader's side of AppendEntries (§5.3): heartbeats, replication with several messages in
 * flight, and finding the point where a follower's log agrees.
 *
 * A follower is probed or streamed to. Probing: nextIndex is a guess, and one AppendEntries at a
 * time tests it. Once its entries are acknowledged, later ones are sent without waiting, up to
 * inflightMax, and nextIndex runs ahead of matchIndex. A refusal or a loss leads back to probing.
 */
import { assert } from './assert.ts';
import { beginRound, noteAnswer, startRounds } from './check-quorum.ts';
import { advanceCommitIndex } from './commit.ts';
import type { Outbox } from './contract.ts';
import type { AppendEntries, AppendEntriesResponse, Entry, LogIndex, NodeId } from './messages.ts';
import type { RaftState } from './raft-state.ts';
import { nextIndexAfterRefusal } from './rules.ts';
import {
  endTransferIfNeedless,
  isInSnapshotOnly,
  isSendingSnapshot,
  sendSnapshotChunk,
} from './snapshot-transfer.ts';
import { resetHeartbeatTimer } from './timers.ts';
import type { Transport } from './transport.ts';

/** After this many heartbeats without progress, what is in flight is taken for lost. */
export const stalledHeartbeatsMax = 2;

const noEntries: readonly Entry[] = [];

/** A new leader knows nothing about the others (Figure 2, volatile state on leaders). */
export function startReplication(state: RaftState): void {
  startRounds(state);
  for (const peer of state.peers) startReplicationTo(state, peer);
}

/** Nothing is known about a server that has just come in, even if it has been here before. */
export function startReplicationTo(state: RaftState, peer: NodeId): void {
  state.matchIndex[peer] = 0;
  state.snapshots.transfers[peer] = null;
  startProbing(state, peer, state.log.lastIndex + 1);
}

function startProbing(state: RaftState, peer: NodeId, nextIndex: LogIndex): void {
  assert(nextIndex > state.matchIndex[peer]!, 'probes above what agrees', nextIndex);
  state.nextIndex[peer] = nextIndex;
  state.isProbing[peer] = true;
  state.inflight[peer] = 0;
  state.stalledHeartbeats[peer] = 0;
}

/** Sends every follower what it lacks and what is not on its way yet. */
export function broadcastAppendEntries(state: RaftState, transport: Transport): void {
  for (const peer of state.peers) sendNewEntries(state, peer, transport);
}

/** Sends a follower what it lacks and what is not on its way yet. */
export function sendNewEntries(state: RaftState, peer: NodeId, transport: Transport): void {
  assert(state.role === 'leader', 'only a leader replicates');
  const lastSendable = lastSendableIndex(state, peer);
  const inflightMax = state.isProbing[peer] ? 1 : state.config.inflightMax;
  while (state.inflight[peer]! < inflightMax && state.nextIndex[peer]! <= lastSendable) {
    if (isInSnapshotOnly(state, peer)) {
      sendSnapshotChunk(state, peer, transport);
      return;
    }
    const nextIndex = state.nextIndex[peer]!;
    const batchEnd = nextIndex + state.config.batchEntriesMax - 1;
    const lastIndex = Math.min(batchEnd, lastSendable);
    const entries = state.log.slice(nextIndex, lastIndex);
    sendAppendEntries(state, peer, nextIndex - 1, entries, transport);
    state.inflight[peer]! += 1;
    // While probing, nextIndex stays what is being tested.
    if (!state.isProbing[peer]) state.nextIndex[peer] = lastIndex + 1;
  }
}

/** The end of the log; for a server that is leaving, C_new goes out only when it is committed. */
function lastSendableIndex(state: RaftState, peer: NodeId): LogIndex {
  const { log, leaving, configurationIndex } = state;
  if (leaving.length === 0 || configurationIndex <= state.commitIndex) return log.lastIndex;
  return leaving.includes(peer) ? configurationIndex - 1 : log.lastIndex;
}

function sendAppendEntries(
  state: RaftState,
  peer: NodeId,
  prevLogIndex: LogIndex,
  entries: readonly Entry[],
  transport: Transport,
): void {
  const { currentTerm: term, self: leaderId, commitIndex: leaderCommit, rounds } = state;
  const kind = 'AppendEntries';
  const prevLogTerm = prevLogIndex === 0 ? 0 : state.log.termAt(prevLogIndex);
  const body: AppendEntries = state.countsRounds
    ? {
        kind,
        term,
        leaderId,
        prevLogIndex,
        prevLogTerm,
        entries,
        leaderCommit,
        round: rounds.newest,
      }
    : { kind, term, leaderId, prevLogIndex, prevLogTerm, entries, leaderCommit };
  transport.send(peer, body);
}

export function handleHeartbeatTimeout(state: RaftState, out: Outbox): void {
  // A heartbeat of a deposed leader would carry a term in which it was never elected.
  if (state.role !== 'leader') return;
  resetHeartbeatTimer(state, out);
  if (state.countsRounds) beginRound(state);
  for (const peer of state.peers) {
    if (isStalled(state, peer)) {
      sendAgain(state, peer, out);
    } else {
      sendHeartbeat(state, peer, out);
    }
  }
}

/** To all, whatever else is on its way: they begin a round of contact. */
export function sendHeartbeats(state: RaftState, transport: Transport): void {
  for (const peer of state.peers) sendHeartbeat(state, peer, transport);
}

function isStalled(state: RaftState, peer: NodeId): boolean {
  if (state.inflight[peer] === 0) return false;
  state.stalledHeartbeats[peer]! += 1;
  return state.stalledHeartbeats[peer]! >= stalledHeartbeatsMax;
}

/** A lost probe is repeated as it was; of a lost stream nothing above matchIndex is certain. */
function sendAgain(state: RaftState, peer: NodeId, transport: Transport): void {
  const wasProbing = state.isProbing[peer]!;
  startProbing(state, peer, wasProbing ? state.nextIndex[peer]! : state.matchIndex[peer]! + 1);
  sendNewEntries(state, peer, transport);
}

/**
 * An AppendEntries without entries, checked like any other. It starts from where the logs are known
 * to agree, so that it never overtakes entries in flight; while probing, from where they may. Of
 * what was compacted the term is not known: then from index 0, which agrees everywhere and promises
 * nothing.
 */
export function sendHeartbeat(state: RaftState, peer: NodeId, transport: Transport): void {
  const index = state.isProbing[peer] ? state.nextIndex[peer]! - 1 : state.matchIndex[peer]!;
  const prevLogIndex = index < state.log.baseIndex ? 0 : index;
  sendAppendEntries(state, peer, prevLogIndex, noEntries, transport);
}

export function handleAppendEntriesResponse(
  state: RaftState,
  from: NodeId,
  body: AppendEntriesResponse,
  out: Outbox,
): void {
  // An answer to an earlier reign of this server: what it acknowledges may have been truncated since.
  if (body.term < state.currentTerm) return;
  if (state.role !== 'leader') return;
  // From a server that has left meanwhile, or that this leader never sent to.
  if (!state.peers.includes(from)) return;
  if (body.round !== undefined) noteAnswer(state, from, body.round);
  if (body.success) handleAccepted(state, from, body.matchIndex, out);
  else handleRefused(state, from, body, out);
}

function handleAccepted(
  state: RaftState,
  peer: NodeId,
  acknowledgedIndex: LogIndex,
  out: Outbox,
): void {
  assert(acknowledgedIndex <= state.log.lastIndex, 'agrees on what exists', acknowledgedIndex);
  noteAgreement(state, peer, acknowledgedIndex);
  if (acknowledgedIndex > state.commitIndex) advanceCommitIndex(state);
  sendNewEntries(state, peer, out);
}

/** The follower's log agrees through there, or a snapshot does, and both are durable. */
export function noteAgreement(state: RaftState, peer: NodeId, acknowledgedIndex: LogIndex): void {
  const hasProgressed = acknowledgedIndex > state.matchIndex[peer]!;
  // Answers may come out of order: an older one takes nothing back.
  state.matchIndex[peer] = Math.max(state.matchIndex[peer]!, acknowledgedIndex);
  if (!hasProgressed) return;
  state.stalledHeartbeats[peer] = 0;
  if (acknowledgedIndex >= state.nextIndex[peer]!) {
    // The probe itself, or more than is thought to be in flight.
    state.nextIndex[peer] = acknowledgedIndex + 1;
    state.isProbing[peer] = false;
    state.inflight[peer] = 0;
    endTransferIfNeedless(state, peer);
  } else if (!state.isProbing[peer]) {
    const isAllAcknowledged = acknowledgedIndex + 1 === state.nextIndex[peer];
    state.inflight[peer] = isAllAcknowledged ? 0 : Math.max(1, state.inflight[peer]! - 1);
  }
}

function handleRefused(
  state: RaftState,
  peer: NodeId,
  refusal: AppendEntriesResponse,
  out: Outbox,
): void {
  const matchIndex = state.matchIndex[peer]!;
  const nextIndex = state.nextIndex[peer]!;
  // Of an entry before the snapshot, which has to come first anyway.
  if (isSendingSnapshot(state, peer)) return;
  // A follower forgets nothing that it has acknowledged: a log that ends earlier is an old answer.
  if (refusal.conflictTerm === 0 && refusal.conflictIndex <= matchIndex) return;
  const isDecrement = state.config.backtracking === 'decrement';
  const lowerNextIndex = isDecrement
    ? Math.max(nextIndex - 1, matchIndex + 1)
    : nextIndexAfterRefusal(state.log, refusal, nextIndex, matchIndex);
  // Answered before: each refusal moves nextIndex down once, or one loss would make many probes.
  if (lowerNextIndex >= nextIndex) return;
  startProbing(state, peer, lowerNextIndex);
  sendNewEntries(state, peer, out);
}
