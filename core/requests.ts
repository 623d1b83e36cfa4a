/** Client requests (§8), single or in batches. */
import type { ClientRequest, Outbox } from './contract.ts';
import type { Entry } from './messages.ts';
import { addPendingRequest, pendingRequestsMax } from './pending-requests.ts';
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
  const entries: Entry[] = [];
  for (const request of requests) {
    if (state.pendingRequests.length >= pendingRequestsMax) {
      out.respond(request.id, 'rejected', nobody);
      continue;
    }
    const entry: Entry = { term: state.currentTerm, command: request.command };
    entries.push(entry);
    state.log.append(entry);
    addPendingRequest(state, request.id);
  }
  if (entries.length === 0) return;
  persistAppend(state, entries, out);
  broadcastAppendEntries(state, out);
}
