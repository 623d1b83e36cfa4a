/** Stepping down, the way back to follower. The ways up are in pre-vote.ts and election.ts. */
import { updatePeers } from './adopt-configuration.ts';
import { assert } from './assert.ts';
import type { Outbox } from './contract.ts';
import type { Term } from './messages.ts';
import {
  abandonChange,
  answerTransfer,
  answerUnknown,
  rejectQueued,
  rejectReads,
} from './pending-requests.ts';
import { nobody, type RaftState } from './raft-state.ts';
import { dropWaiting } from './storage.ts';
import { cancelHeartbeatTimer, resetElectionTimer } from './timers.ts';

/**
 * Follows in `term`: because a message has shown a higher one (§5.1), or as a candidate whose term
 * has found its leader (§5.2). The term is taken as it is: counting on from it would make up terms
 * in which nobody has stood.
 */
export function becomeFollower(state: RaftState, term: Term, out: Outbox): void {
  assert(term >= state.currentTerm, 'the term never falls', term, state.currentTerm);
  const isNewTerm = term > state.currentTerm;
  if (term > state.currentTerm) {
    state.currentTerm = term;
    // A new term, a new vote: with the old one kept, this server could vote for nobody else.
    state.votedFor = nobody;
  }
  state.leaderId = nobody;
  dropWaiting(state);
  const { role } = state;
  state.role = 'follower';
  if (role === 'follower' || role === 'preCandidate') return;
  out.claim('follower', state.currentTerm);
  if (role === 'leader') stopLeading(state, isNewTerm, out);
}

function stopLeading(state: RaftState, isNewTerm: boolean, out: Outbox): void {
  // Otherwise the next heartbeat would go out in a term that belongs to another leader.
  cancelHeartbeatTimer(out);
  resetElectionTimer(state, out);
  rejectQueued(state, out);
  answerUnknown(state, out);
  rejectReads(state, out);
  answerTransfer(state, isNewTerm, out);
  abandonChange(state, out);
  state.leaving = [];
  state.leavingUntilMs = 0;
  updatePeers(state);
}
