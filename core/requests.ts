/** Client requests (§8), single or in batches. */
import { assert } from './assert.ts';
import type { ClientRequest, Outbox } from './contract.ts';
import type { Command, Entry } from './messages.ts';
import { addPendingRequest, isOverloaded } from './pending-requests.ts';
import { nobody, type RaftState } from './raft-state.ts';
import { addRead } from './reads.ts';
import { broadcastAppendEntries } from './replication.ts';
import { persistAppend } from './storage.ts';

/**
 * Where the configuration says so, reads go through the log like any command: a committed place in
 * the order makes them fresh. Else reads.ts has a shorter way for them.
 */
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
    else if (request.readOnly && state.config.reads !== 'log') addRead(state, request.id);
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

/**
 * While a transfer is under way the target must get a chance to have the whole log. Group commit:
 * while one write is under way, requests gather for the next.
 */
function mustQueue(state: RaftState): boolean {
  if (state.transfer !== null) return true;
  return state.config.groupCommit && state.durableIndex < state.log.lastIndex;
}
