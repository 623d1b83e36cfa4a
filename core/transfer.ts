/**
 * Leadership transfer (thesis §3.10), the leader's side: it takes no more requests, waits until the
 * target has its whole log, and asks it to stand. Requests that come meanwhile are queued: none of
 * them has an entry, so all can still be refused truthfully when the reign ends, or go on when the
 * transfer is given up.
 */
import { isVoter } from './configuration.ts';
import type { Outbox } from './contract.ts';
import type { NodeId } from './messages.ts';
import { nobody, type RaftState } from './raft-state.ts';
import { appendQueued } from './requests.ts';

export function handleTransfer(state: RaftState, id: string, to: NodeId, out: Outbox): void {
  if (state.role !== 'leader') {
    out.respond(id, 'redirect', state.leaderId);
    return;
  }
  if (state.transfer !== null || !isVoter(state.configuration, to)) {
    out.respond(id, 'rejected', nobody);
    return;
  }
  // There is nothing to hand over: a rejection would have the operator ask again for ever.
  if (to === state.self) {
    out.respond(id, 'ok', nobody);
    return;
  }
  state.transfer = {
    id,
    to,
    giveUpMs: state.now + state.config.electionMsMax,
    askMs: state.now,
    isAsked: false,
  };
}

/** Called at the end of every step while a transfer is under way. */
export function continueTransfer(state: RaftState, out: Outbox): void {
  const { transfer } = state;
  if (transfer === null) return;
  if (state.now >= transfer.giveUpMs) {
    giveUp(state, out);
    return;
  }
  const isUpToDate = state.matchIndex[transfer.to] === state.log.lastIndex;
  if (!isUpToDate || state.now < transfer.askMs) return;
  // Voters that hear this leader will vote all the same from now on, whenever the message arrives:
  // no lease holds any more, not even after the transfer was given up.
  state.isLeaseGivenUp = true;
  transfer.isAsked = true;
  transfer.askMs = state.now + state.config.heartbeatMs;
  out.send(transfer.to, { kind: 'TimeoutNow', term: state.currentTerm, leaderId: state.self });
}

/** Clients must not wait for a target that is dead (thesis §3.10). */
function giveUp(state: RaftState, out: Outbox): void {
  const { id, isAsked } = state.transfer!;
  state.transfer = null;
  // The target may still get the request to stand, and win.
  out.respond(id, isAsked ? 'unknown' : 'rejected', nobody);
  appendQueued(state, out);
}
