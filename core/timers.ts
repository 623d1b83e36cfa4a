/**
 * The timers of a server. The host draws the duration anew each time a timer is set, from the
 * range it is given.
 */
import type { Outbox } from './contract.ts';
import type { RaftState } from './raft-state.ts';

export const electionTimer = 'election';
export const heartbeatTimer = 'heartbeat';
export const applyTimer = 'apply';

/**
 * Set by standing for election, by granting a vote, and by an AppendEntries of the current leader
 * (§5.2); not by a refused vote or a higher term alone, or servers that cannot win could keep those
 * that can from ever standing. A range, not a fixed time: with equal timeouts servers stand
 * together, split the vote, and do so again for ever.
 */
export function resetElectionTimer(state: RaftState, out: Outbox): void {
  out.setTimer(electionTimer, state.config.electionMsMin, state.config.electionMsMax);
}

/** A leader needs no election. */
export function cancelElectionTimer(out: Outbox): void {
  out.cancelTimer(electionTimer);
}

export function resetHeartbeatTimer(state: RaftState, out: Outbox): void {
  out.setTimer(heartbeatTimer, state.config.heartbeatMs, state.config.heartbeatMs);
}

export function cancelHeartbeatTimer(out: Outbox): void {
  out.cancelTimer(heartbeatTimer);
}

/** At once, but after what has happened meanwhile: what is left to apply takes its turn. */
export function setApplyTimer(state: RaftState, out: Outbox): void {
  state.isApplyTimerSet = true;
  out.setTimer(applyTimer, 0, 0);
}
