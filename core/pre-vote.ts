/**
 * Pre-vote (thesis §9.6): a server asks whether it could win before it raises its term. One that
 * was cut off, and comes back, then does not end the reign of a leader that all others hear.
 *
 * A pre-vote promises nothing: no term, vote or timer changes by giving one, nothing waits for the
 * disk, and it is never counted as a vote.
 */
import { hearsLeader } from './check-quorum.ts';
import { isVoter } from './configuration.ts';
import type { Outbox } from './contract.ts';
import { hasJoined, requestVote, stand } from './election.ts';
import type { NodeId, RequestVote, RequestVoteResponse } from './messages.ts';
import { voteResult } from './quorum.ts';
import { nobody, type RaftState } from './raft-state.ts';
import { isLogUpToDate } from './rules.ts';
import { dropWaiting } from './storage.ts';
import { resetElectionTimer } from './timers.ts';
import type { Transport } from './transport.ts';

/** Asks all about the term that it would stand in. */
export function askForPreVotes(state: RaftState, out: Outbox): void {
  becomePreCandidate(state, out);
  const body: RequestVote = { ...requestVote(state, state.currentTerm + 1), preVote: true };
  for (const peer of state.peers) {
    if (isVoter(state.configuration, peer)) out.send(peer, body);
  }
  countPreVote(state, state.self, out);
}

/**
 * Still in its term, with its vote: it may give it away, and follow whoever leads. It forgets its
 * leader: clients are not sent there any more.
 */
function becomePreCandidate(state: RaftState, out: Outbox): void {
  if (state.role === 'candidate') {
    // The election of this term is lost; its requests must not go out late.
    dropWaiting(state);
    out.claim('follower', state.currentTerm);
  }
  state.role = 'preCandidate';
  state.leaderId = nobody;
  state.votes.fill(null);
  resetElectionTimer(state, out);
}

/** A grant bears the term that was asked about; a refusal its own, for those that lag behind. */
export function handlePreVote(
  state: RaftState,
  from: NodeId,
  body: RequestVote,
  transport: Transport,
): void {
  const voteGranted = wouldVote(state, body);
  const response: RequestVoteResponse = {
    kind: 'RequestVoteResponse',
    term: voteGranted ? body.term : state.currentTerm,
    voteGranted,
    preVote: true,
  };
  transport.send(from, response);
}

/**
 * Not while a leader is heard: with the log alone as a measure, a server that the leader cannot
 * reach would win and depose it for ever.
 */
function wouldVote(state: RaftState, body: RequestVote): boolean {
  if (!hasJoined(state) || hearsLeader(state)) return false;
  return body.term > state.currentTerm && isLogUpToDate(body, state.log);
}

export function handlePreVoteResponse(
  state: RaftState,
  from: NodeId,
  body: RequestVoteResponse,
  out: Outbox,
): void {
  if (state.role !== 'preCandidate' || !body.voteGranted) return;
  // About an election that it has stood in since, or of a term that has passed.
  if (body.term !== state.currentTerm + 1) return;
  if (state.peers.includes(from)) countPreVote(state, from, out);
}

function countPreVote(state: RaftState, voter: NodeId, out: Outbox): void {
  state.votes[voter] = true;
  if (voteResult(state.configuration, state.votes) === 'won') stand(state, false, out);
}
