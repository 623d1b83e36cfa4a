/** One event in, actions out: the table of contents of the core. */
import { handleAdmin } from './admin.ts';
import { handleAppendEntries } from './append-entries.ts';
import { assert, assertNever } from './assert.ts';
import { checkQuorum, isProtectedFrom } from './check-quorum.ts';
import { advanceCommitIndex, applyCommitted, handleApplyTimeout } from './commit.ts';
import type { DurableImage, Outbox, ServerEvent } from './contract.ts';
import { countOwnVote, handleRequestVote, handleRequestVoteResponse } from './election.ts';
import { handleInstallSnapshot } from './install-snapshot.ts';
import { handleInstallSnapshotResponse } from './install-snapshot-response.ts';
import { pursueMembership } from './membership.ts';
import type { Message, NodeId } from './messages.ts';
import { handlePreVote, handlePreVoteResponse } from './pre-vote.ts';
import type { RaftState } from './raft-state.ts';
import { serveReads } from './reads.ts';
import { handleAppendEntriesResponse, handleHeartbeatTimeout } from './replication.ts';
import { appendQueued, handleRequests } from './requests.ts';
import { becomeFollower } from './roles.ts';
import {
  completeSnapshotWrite,
  handleSnapshotTaken,
  recoverSnapshot,
  takeSnapshotIfDue,
} from './snapshots.ts';
import { handleElectionTimeout, handleTimeoutNow } from './standing.ts';
import { completeWrite, persistCommitIndex, persistHardState } from './storage.ts';
import { applyTimer, electionTimer, heartbeatTimer, resetElectionTimer } from './timers.ts';
import { continueTransfer } from './transfer.ts';

export function step(state: RaftState, event: ServerEvent, out: Outbox): void {
  state.now = event.now;
  state.wallClock = event.wallClock;
  switch (event.kind) {
    case 'start':
      handleStart(state, event.image, out);
      break;
    case 'message':
      handleMessage(state, event.from, event.body, out);
      break;
    case 'timer':
      handleTimer(state, event.name, out);
      break;
    case 'request':
      handleRequests(state, event.requests, out);
      break;
    case 'persisted':
      handlePersisted(state, event.id, out);
      break;
    case 'persistFailed':
      haltOnFailedWrite(event.error, out);
      return;
    case 'snapshotTaken':
      handleSnapshotTaken(state, event.index, event.data, out);
      break;
    case 'admin':
      handleAdmin(state, event.id, event.request, out);
      break;
    default:
      assertNever(event);
  }
  applyCommitted(state, out);
  if (state.role === 'leader') pursueMembership(state, out);
  takeSnapshotIfDue(state, out);
  if (state.transfer !== null) continueTransfer(state, out);
  if (state.waitingReads.length > 0) serveReads(state, out);
  persistHardState(state, out);
  persistCommitIndex(state, out);
  checkState(state);
}

/** Servers start as followers, also one that led before it crashed (§5.2). */
function handleStart(state: RaftState, image: DurableImage | null, out: Outbox): void {
  assert(state.role === 'follower', 'a life starts as a follower');
  out.claim('follower', state.currentTerm);
  recoverSnapshot(state, image, out);
  resetElectionTimer(state, out);
}

function handleMessage(state: RaftState, from: NodeId, body: Message, out: Outbox): void {
  assert(from !== state.self, 'no message to itself', from);
  if (endsTerm(state, body)) becomeFollower(state, body.term, out);
  switch (body.kind) {
    case 'RequestVote':
      if (body.preVote) handlePreVote(state, from, body, out);
      else handleRequestVote(state, from, body, out);
      break;
    case 'RequestVoteResponse':
      if (body.preVote) handlePreVoteResponse(state, from, body, out);
      else handleRequestVoteResponse(state, from, body, out);
      break;
    case 'AppendEntries':
      handleAppendEntries(state, from, body, out);
      break;
    case 'AppendEntriesResponse':
      handleAppendEntriesResponse(state, from, body, out);
      break;
    case 'InstallSnapshot':
      handleInstallSnapshot(state, from, body, out);
      break;
    case 'InstallSnapshotResponse':
      handleInstallSnapshotResponse(state, from, body, out);
      break;
    case 'TimeoutNow':
      handleTimeoutNow(state, body, out);
      break;
    default:
      assertNever(body);
  }
}

/**
 * Figure 2, all servers: a higher term in any message ends the current one. But nobody is in the
 * term of a pre-vote yet (thesis §9.6), and a leader that is heard is not deposed by a candidate
 * (thesis §4.2.3).
 */
function endsTerm(state: RaftState, body: Message): boolean {
  if (body.term <= state.currentTerm) return false;
  if (body.kind === 'RequestVote') return !body.preVote && !isProtectedFrom(state, body);
  if (body.kind === 'RequestVoteResponse') return !body.preVote || !body.voteGranted;
  return true;
}

function handleTimer(state: RaftState, name: string, out: Outbox): void {
  if (name === electionTimer) handleElectionTimeout(state, out);
  else if (name === heartbeatTimer) handleHeartbeat(state, out);
  else if (name === applyTimer) handleApplyTimeout(state);
  else assert(false, 'no such timer');
}

/** Before the next round of contact, a look at what became of the last ones. */
function handleHeartbeat(state: RaftState, out: Outbox): void {
  if (state.protectsLeaders) checkQuorum(state, out);
  handleHeartbeatTimeout(state, out);
}

function handlePersisted(state: RaftState, id: number, out: Outbox): void {
  // A snapshot first: what waits for the log may rest on it instead.
  completeSnapshotWrite(state, id, out);
  completeWrite(state, id, out);
  countOwnVote(state, out);
  if (state.role !== 'leader') return;
  advanceCommitIndex(state);
  appendQueued(state, out);
}

/**
 * Servers fail by stopping (§2), and come back with what their disk holds. Going on would need the
 * memory to forget what the disk does not have, messages and answers that rest on it included: a
 * server that misses one of them promises what is not there.
 */
function haltOnFailedWrite(error: string, out: Outbox): void {
  out.halt(error);
}

/** What holds between any two events. */
function checkState(state: RaftState): void {
  const { log, commitIndex, currentTerm } = state;
  assert(state.lastApplied <= commitIndex, 'applied only what is committed', commitIndex);
  assert(commitIndex <= log.lastIndex, 'commits what it has', commitIndex, log.lastIndex);
  assert(state.durableIndex <= log.lastIndex, 'safe is what exists', state.durableIndex);
  assert(log.lastTerm <= currentTerm, 'no entry is newer than the term', currentTerm);
  assert(log.baseIndex <= state.lastApplied, 'compacts only what is applied', log.baseIndex);
  assert(state.currentTerm === state.writtenTerm, 'the term is written', currentTerm);
  assert(state.votedFor === state.writtenVotedFor, 'the vote is written', state.votedFor);
  if (state.role === 'leader') {
    assert(state.votedFor === state.self, 'a leader has voted for itself', state.votedFor);
    assert(state.leaderId === state.self, 'a leader knows who leads', state.leaderId);
  } else {
    const { pendingRequests, queuedRequests, waitingReads } = state;
    const waiting = pendingRequests.length + queuedRequests.length + waitingReads.length;
    assert(waiting === 0, 'only a leader keeps clients waiting');
    assert(state.transfer === null, 'only a leader hands its reign over');
  }
}
