/**
 * Requests that a leader has accepted and not answered yet: queued ones have no entry so far,
 * pending ones wait until theirs is applied. Every one of them gets one answer.
 */
import { assert } from './assert.ts';
import type { Outbox } from './contract.ts';
import type { Entry, LogIndex } from './messages.ts';
import { nobody, type RaftState } from './raft-state.ts';

/** Above this many unanswered requests a leader takes no more: it may have lost its majority. */
export const pendingRequestsMax = 10_000;

/** Queued and pending ones count, and reads that wait. */
export function isOverloaded(state: RaftState): boolean {
  const { pendingRequests, queuedRequests, waitingReads } = state;
  const waiting = pendingRequests.length + queuedRequests.length + waitingReads.length;
  return waiting >= pendingRequestsMax;
}

/** Remembers whom to answer when the last entry of the log has been applied. */
export function addPendingRequest(state: RaftState, id: string): void {
  assert(state.role === 'leader', 'only a leader accepts requests');
  state.pendingRequests.push({ index: state.log.lastIndex, term: state.currentTerm, id });
}

/** Answers the request, if any, that waits for the entry just applied. */
export function answerApplied(state: RaftState, index: LogIndex, entry: Entry, out: Outbox): void {
  const request = state.pendingRequests[0];
  if (request === undefined || request.index > index) return;
  assert(request.index === index, 'requests are answered in order', request.index, index);
  state.pendingRequests.shift();
  // The place alone does not say whose entry this is: had another leader's entry taken it, "ok"
  // would acknowledge a command that is lost.
  if (entry.term === request.term) out.respond(request.id, 'ok', nobody);
  else out.respond(request.id, 'rejected', nobody);
}

/**
 * A leader that steps down answers all: clients must not wait for ever. A queued request never
 * became an entry: it did not happen, and must not, for the next entries are another leader's.
 */
export function rejectQueued(state: RaftState, out: Outbox): void {
  for (const request of state.queuedRequests) out.respond(request.id, 'rejected', nobody);
  state.queuedRequests.length = 0;
}

/**
 * An operator's change of membership, when its leader steps down. Without an entry nothing has
 * happened and nothing will; with one the next leader decides.
 */
export function abandonChange(state: RaftState, out: Outbox): void {
  const change = state.membershipChange;
  state.membershipChange = null;
  if (change !== null) {
    out.respond(change.id, change.joining.length > 0 ? 'rejected' : 'unknown', nobody);
  }
}

/**
 * The entries of pending requests are in the log and perhaps in others, so the next leader may
 * commit them or replace them: nobody knows.
 */
export function answerUnknown(state: RaftState, out: Outbox): void {
  for (const request of state.pendingRequests) out.respond(request.id, 'unknown', nobody);
  state.pendingRequests.length = 0;
}

/** A read that was not answered has not happened. */
export function rejectReads(state: RaftState, out: Outbox): void {
  for (const read of state.waitingReads) out.respond(read.id, 'rejected', nobody);
  state.waitingReads.length = 0;
}

/**
 * The reign has ended (thesis §3.10). In a new term, after the target was asked: handed over. Was
 * it never asked, then nothing was; else it may still stand, and win.
 */
export function answerTransfer(state: RaftState, isNewTerm: boolean, out: Outbox): void {
  if (state.transfer === null) return;
  const { id, isAsked } = state.transfer;
  state.transfer = null;
  if (!isAsked) out.respond(id, 'rejected', nobody);
  else out.respond(id, isNewTerm ? 'ok' : 'unknown', nobody);
}
