/**
 * Linearizable reads without the log (thesis §6.4). A leader notes its commit index, makes sure
 * that it still led when the read came, and answers when it has applied that far: by a round of
 * heartbeats that began later and was answered by a majority, or by a lease.
 *
 * Reads that come while a round is under way wait together for the next one. They must not join it:
 * its answers may be older than what another leader has committed since.
 */
import { beginRound } from './check-quorum.ts';
import type { Outbox } from './contract.ts';
import { nobody, type RaftState } from './raft-state.ts';
import { sendHeartbeats } from './replication.ts';
import { readIndex } from './rules.ts';

export function addRead(state: RaftState, id: string): void {
  state.waitingReads.push({
    id,
    readIndex: readIndex(state.commitIndex, state.reignIndex),
    round: state.rounds.newest + 1,
  });
}

/** Called at the end of every step while reads wait. */
export function serveReads(state: RaftState, out: Outbox): void {
  answerReads(state, out);
  if (!needsRound(state)) return;
  beginRound(state);
  sendHeartbeats(state, out);
  // Where the leader is a majority by itself.
  answerReads(state, out);
}

/** In the order of their arrival: neither readIndex nor round ever falls in it. */
function answerReads(state: RaftState, out: Outbox): void {
  const { waitingReads, rounds, lastApplied } = state;
  const confirmed = holdsLease(state) ? rounds.newest + 1 : rounds.confirmed;
  let answered = 0;
  for (const read of waitingReads) {
    if (read.round > confirmed || read.readIndex > lastApplied) break;
    out.respond(read.id, 'ok', nobody);
    answered += 1;
  }
  waitingReads.splice(0, answered);
}

/**
 * One round at a time; if it is lost, the next heartbeat begins another. Under a lease reads wait
 * for nothing but what is to be applied.
 */
function needsRound(state: RaftState): boolean {
  const { waitingReads, rounds } = state;
  if (waitingReads.length === 0 || holdsLease(state)) return false;
  const newestRead = waitingReads[waitingReads.length - 1]!;
  return newestRead.round > rounds.newest && rounds.newest === rounds.confirmed;
}

/**
 * A majority was heard in a round that began less than a lease ago, and refuses its vote for longer
 * (thesis §6.4.1). From the begin of the round, not from the answers: these come late, and the
 * promise runs from when the question came. By the clock: a pause stops events, not time.
 */
function holdsLease(state: RaftState): boolean {
  const { rounds, leaseMs } = state;
  if (leaseMs === 0 || rounds.confirmed === 0) return false;
  if (state.transfer !== null || state.isLeaseGivenUp) return false;
  return state.now < rounds.confirmedBeganMs + leaseMs;
}
