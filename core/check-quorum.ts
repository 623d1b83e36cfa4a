/**
 * Leaders that are heard stay, leaders that hear nobody go (§6, end; thesis §6.2, §4.2.3). Without
 * the first, one server that does not hear the leader deposes it again and again; without the
 * second, a leader that has lost its majority keeps its clients waiting for ever.
 */
import type { Outbox } from './contract.ts';
import type { NodeId, RequestVote } from './messages.ts';
import { committedIndex } from './quorum.ts';
import type { RaftState } from './raft-state.ts';
import { becomeFollower } from './roles.ts';
import { confirmRound, resetRounds } from './rounds.ts';

/**
 * Heard from a leader less than the shortest election timeout ago (thesis §4.2.3)? Time alone ends
 * this: whoever waited for the known leader to be forgotten could wait for ever, and whoever forgot
 * it with a new term would vote in a lease that it has confirmed. A leader hears itself.
 */
export function hearsLeader(state: RaftState): boolean {
  return state.role === 'leader' || state.now < state.protectsLeaderUntilMs;
}

/**
 * Is the known leader protected against this candidate? Then its term is not adopted either, or it
 * would end the reign without a single vote. Not if the leader has asked for the election.
 */
export function isProtectedFrom(state: RaftState, body: RequestVote): boolean {
  return state.protectsLeaders && body.leadershipTransfer !== true && hearsLeader(state);
}

/** A new reign counts anew: numbers of an earlier one say nothing about this. */
export function startRounds(state: RaftState): void {
  resetRounds(state.rounds, state.now);
  if (state.countsRounds) beginRound(state);
}

/** What is sent from now on belongs to a new round. The leader itself has answered it. */
export function beginRound(state: RaftState): void {
  const { rounds } = state;
  rounds.newest += 1;
  if (state.leaseMs > 0) rounds.beganMs.push(state.now);
  noteAnswer(state, state.self, rounds.newest);
}

/** `from` has answered this round of the current reign, be it with a refusal: it follows. */
export function noteAnswer(state: RaftState, from: NodeId, round: number): void {
  const { rounds } = state;
  if (round <= rounds.answered[from]!) return;
  rounds.answered[from] = round;
  // By configuration, like a commit: learners do not count, and while joint both majorities do.
  const confirmed = committedIndex(state.configuration, rounds.answered);
  if (confirmed > rounds.confirmed) confirmRound(rounds, confirmed, state.now);
}

/** A leader that has heard from no majority for an election timeout steps down (thesis §6.2). */
export function checkQuorum(state: RaftState, out: Outbox): void {
  if (state.role !== 'leader') return;
  const isLost = state.now - state.rounds.heardMs >= state.config.electionMsMax;
  if (isLost) becomeFollower(state, state.currentTerm, out);
}
