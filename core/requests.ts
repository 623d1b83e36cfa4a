/** Client requests (§8), single or in batches. */
import { assert } from './assert.ts';
import type { ClientRequest, Outbox } from './contract.ts';
import type { Command, Entry } from './messages.ts';
import { addPendingRequest, isOverloaded } from './pending-requests.ts';
import { nobody, type RaftState } from './raft-state.ts';
import { broadcastAppendEntries } from './replication.ts';
import { persistAppend } from './storage.ts';

/** Reads go through the log like any command: only a committed place in the order makes them fresh. */
export function handleRequests(
  state: RaftState,
  requests: readonly ClientRequest[],
  out: Outbox,
): void {
  // The role now, not when the client asked: an entry is stamped with the current term, and only
  // the leader of a term may make entries of it.
  if (state.role !== 'leader') {
    for (const request of requests) out.respond(request.id, 'redirect', state.leaderId);
    return;
  }
  for (const request of requests) {
    if (isOverloaded(state)) out.respond(request.id, 'rejected', nobody);
    else state.queuedRequests.push(request);
  }
  appendQueued(state, out);
}

/** Appends what is queued, in order and with one write, unless it waits for the write before. */
export function appendQueued(state: RaftState, out: Outbox): void {
  assert(state.role === 'leader', 'only a leader makes entries');
  if (state.queuedRequests.length === 0 || mustQueue(state)) return;
  const entries: Entry[] = [];
  for (const request of state.queuedRequests) {
    const entry = entryOf(state, request.command);
    entries.push(entry);
    state.log.append(entry);
    addPendingRequest(state, request.id);
  }
  state.queuedRequests.length = 0;
  persistAppend(state, entries, out);
  broadcastAppendEntries(state, out);
}

/** With the leader's time, where it is logged: servers that read their own clocks would disagree. */
function entryOf(state: RaftState, command: Command): Entry {
  if (!state.config.logTime) return { term: state.currentTerm, command };
  return { term: state.currentTerm, command, wallClock: state.wallClock };
}

/** Group commit: while one write is under way, requests gather for the next. */
function mustQueue(state: RaftState): boolean {
  return state.config.groupCommit && state.durableIndex < state.log.lastIndex;
}
