/** When a server stands for election: nobody leads, or its leader asks it to. */
import { previousConfiguration } from './adopt-configuration.ts';
import { hearsLeader } from './check-quorum.ts';
import { isVoter } from './configuration.ts';
import type { Outbox } from './contract.ts';
import { stand } from './election.ts';
import type { TimeoutNow } from './messages.ts';
import { askForPreVotes } from './pre-vote.ts';
import type { RaftState } from './raft-state.ts';
import { resetElectionTimer } from './timers.ts';

/** Nothing heard from a leader, or no majority for anybody (§5.2). */
export function handleElectionTimeout(state: RaftState, out: Outbox): void {
  if (state.role === 'leader') return;
  if (!mayStand(state)) {
    resetElectionTimer(state, out);
    return;
  }
  // A server that its configuration leaves out may be wrong about being needed (see below): it
  // must not end a reign by trying.
  const isVoting = isVoter(state.configuration, state.self);
  if (state.config.preVote || !isVoting) askForPreVotes(state, out);
  else stand(state, false, out);
}

/**
 * Learners, spares and removed servers never stand. But who is left out by a C_new that may not be
 * committed still does: it can be the only one that has it, and then its log lets nobody else win
 * (thesis §4.2.2, Figure 4.6). Its own vote does not count.
 */
function mayStand(state: RaftState): boolean {
  // A promise not to vote binds for the own vote, too: a lease may rest on it (thesis §6.4.1).
  if (state.protectsLeaders && hearsLeader(state)) return false;
  if (isVoter(state.configuration, state.self)) return true;
  if (state.configurationIndex <= state.commitIndex) return false;
  return isVoter(previousConfiguration(state), state.self);
}

/**
 * The leader hands its reign over (thesis §3.10): no timer, no pre-vote, as all others still hear
 * it. One of an earlier term came late, from a leader that others have followed since.
 */
export function handleTimeoutNow(state: RaftState, body: TimeoutNow, out: Outbox): void {
  if (body.term < state.currentTerm || state.role === 'leader') return;
  if (isVoter(state.configuration, state.self)) stand(state, true, out);
}
