/** Leader election (§5.2), with the restriction of §5.4.1. */
import { noteLeaving, updatePeers } from './adopt-configuration.ts';
import { assert } from './assert.ts';
import { isProtectedFrom } from './check-quorum.ts';
import { isVoter } from './configuration.ts';
import type { Outbox } from './contract.ts';
import type { Entry, NodeId, RequestVote, RequestVoteResponse, Term } from './messages.ts';
import { voteResult } from './quorum.ts';
import { nobody, type RaftState } from './raft-state.ts';
import { broadcastAppendEntries, startReplication } from './replication.ts';
import { canGrantVote, isLogUpToDate } from './rules.ts';
import { dropWaiting, persistAppend, sendWhenDurable } from './storage.ts';
import { cancelElectionTimer, resetElectionTimer, resetHeartbeatTimer } from './timers.ts';

/** Asks for votes in a new term; says so if the leader itself has asked for this election. */
export function stand(state: RaftState, isTransfer: boolean, out: Outbox): void {
  becomeCandidate(state, out);
  const request = requestVote(state, state.currentTerm);
  const body: RequestVote = isTransfer ? { ...request, leadershipTransfer: true } : request;
  // Not before the term and the vote for itself are safe: after a crash it could vote for another
  // in this term, and still be elected by the answers to this request.
  for (const peer of state.peers) {
    if (isVoter(state.configuration, peer)) sendWhenDurable(state, peer, body, 0, out);
  }
}

/** In `term`, or about it. */
export function requestVote(state: RaftState, term: Term): RequestVote {
  return {
    kind: 'RequestVote',
    term,
    candidateId: state.self,
    lastLogIndex: state.log.lastIndex,
    lastLogTerm: state.log.lastTerm,
  };
}

function becomeCandidate(state: RaftState, out: Outbox): void {
  dropWaiting(state);
  state.currentTerm += 1;
  state.votedFor = state.self;
  state.role = 'candidate';
  state.leaderId = nobody;
  state.votes.fill(null);
  out.claim('candidate', state.currentTerm);
  resetElectionTimer(state, out);
}

/** Votes first come, first served, at most once in a term, and only for a log not behind its own. */
export function handleRequestVote(
  state: RaftState,
  from: NodeId,
  body: RequestVote,
  out: Outbox,
): void {
  // The vote of an older term may have gone to somebody else by now: it is not known any more.
  const isCurrent = body.term === state.currentTerm;
  const voteGranted =
    isCurrent &&
    hasJoined(state) &&
    !isProtectedFrom(state, body) &&
    canGrantVote(state.votedFor, body.candidateId) &&
    isLogUpToDate(body, state.log);
  const response: RequestVoteResponse = {
    kind: 'RequestVoteResponse',
    term: state.currentTerm,
    voteGranted,
  };
  if (!voteGranted) {
    out.send(from, response);
    return;
  }
  state.votedFor = body.candidateId;
  // It has found somebody who may win: its own try for the next term would disturb.
  if (state.role === 'preCandidate') state.role = 'follower';
  resetElectionTimer(state, out);
  // Not before the vote is safe: after a crash it could be given to another candidate.
  sendWhenDurable(state, from, response, 0, out);
}

/**
 * A spare that knows of no cluster has no vote to give. Any other server votes for whoever asks,
 * inside or outside its configuration: that may be older than the candidate's (thesis §4.2.1).
 */
export function hasJoined(state: RaftState): boolean {
  return state.configuration.voters.length > 0 || state.log.lastIndex > 0;
}

export function handleRequestVoteResponse(
  state: RaftState,
  from: NodeId,
  body: RequestVoteResponse,
  out: Outbox,
): void {
  // A vote counts in the term it was given for. Its giver has a new vote in each later term.
  if (body.term < state.currentTerm) return;
  if (state.role !== 'candidate') return;
  if (!state.peers.includes(from)) return;
  countVote(state, from, body.voteGranted, out);
}

/** A candidate's own vote counts once it is safe, like any other. */
export function countOwnVote(state: RaftState, out: Outbox): void {
  if (state.role === 'candidate' && state.isHardStateDurable)
    countVote(state, state.self, true, out);
}

function countVote(state: RaftState, voter: NodeId, voteGranted: boolean, out: Outbox): void {
  assert(state.role === 'candidate', 'only a candidate counts votes');
  // By voter, so that a vote that is delivered twice counts once.
  state.votes[voter] = voteGranted;
  if (voteResult(state.configuration, state.votes) === 'won') becomeLeader(state, out);
}

function becomeLeader(state: RaftState, out: Outbox): void {
  assert(state.votedFor === state.self, 'a leader has voted for itself', state.votedFor);
  state.role = 'leader';
  state.leaderId = state.self;
  out.claim('leader', state.currentTerm);
  cancelElectionTimer(out);
  resetHeartbeatTimer(state, out);
  noteLeaving(state);
  updatePeers(state);
  state.reignIndex = state.log.lastIndex + 1;
  state.isLeaseGivenUp = false;
  startReplication(state);
  appendNoOp(state, out);
  broadcastAppendEntries(state, out);
}

/**
 * Entries of earlier terms commit only with one of this term (§5.4.2): without a no-op they, and
 * the clients that wait for them, would wait for the next request (§8).
 */
function appendNoOp(state: RaftState, out: Outbox): void {
  const noOp: Entry = { term: state.currentTerm, command: null };
  state.log.append(noOp);
  persistAppend(state, [noOp], out);
}
