/** The follower's side of AppendEntries (§5.3): the consistency check, and taking the entries. */
import { adoptAppended, adoptTruncated } from './adopt-configuration.ts';
import { assert } from './assert.ts';
import { commitThrough } from './commit.ts';
import type { Outbox } from './contract.ts';
import type {
  AppendEntries,
  AppendEntriesResponse,
  Entry,
  InstallSnapshot,
  LogIndex,
  NodeId,
  Term,
} from './messages.ts';
import type { RaftState } from './raft-state.ts';
import { becomeFollower } from './roles.ts';
import { agreesAt, countPresent, firstIndexOfTerm, followerCommitIndex } from './rules.ts';
import { persistAppend, persistTruncate, sendWhenDurable } from './storage.ts';
import { resetElectionTimer } from './timers.ts';
import type { Transport } from './transport.ts';

/** Rounds count from 1; messages of leaders that do not count them have none. */
const noRound = 0;

export function handleAppendEntries(
  state: RaftState,
  from: NodeId,
  body: AppendEntries,
  out: Outbox,
): void {
  // A deposed leader must not overwrite what a newer one has written; the answer tells it the term.
  if (body.term < state.currentTerm) {
    refuse(state, from, 0, 0, noRound, out);
    return;
  }
  followLeader(state, body, out);
  // Heartbeats are checked as well: an unchecked yes would be counted as agreement.
  if (!agreesAt(state.log, body.prevLogIndex, body.prevLogTerm)) {
    refuseConflict(state, from, body, out);
    return;
  }
  takeEntries(state, body.prevLogIndex, body.entries, out);
  // What this message has verified, no more: behind it there may be a tail of another leader.
  const matchIndex = body.prevLogIndex + body.entries.length;
  commitThrough(state, followerCommitIndex(state.commitIndex, body.leaderCommit, matchIndex));
  acknowledge(state, from, matchIndex, body.round ?? noRound, out);
}

/**
 * The leader of this term has spoken, by entries, a heartbeat or a chunk of a snapshot. Called
 * before any check of what it says: a follower that is being brought up to date hears from a live
 * leader, too.
 */
export function followLeader(
  state: RaftState,
  body: AppendEntries | InstallSnapshot,
  out: Outbox,
): void {
  assert(state.role !== 'leader', 'one leader per term', body.term, body.leaderId);
  // §5.2: somebody else has won this term.
  if (state.role === 'candidate') becomeFollower(state, body.term, out);
  if (state.role === 'preCandidate') state.role = 'follower';
  state.leaderId = body.leaderId;
  state.protectsLeaderUntilMs = state.now + state.config.electionMsMin;
  resetElectionTimer(state, out);
}

/**
 * Appends what is not there yet. Truncates only from a conflict on: a late message with entries
 * that are there already must not remove those behind them, which may have been acknowledged.
 */
function takeEntries(
  state: RaftState,
  prevLogIndex: LogIndex,
  entries: readonly Entry[],
  out: Outbox,
): void {
  const present = countPresent(state.log, prevLogIndex, entries);
  if (present === entries.length) return;
  const firstNewIndex = prevLogIndex + present + 1;
  if (firstNewIndex <= state.log.lastIndex) truncateConflict(state, firstNewIndex, out);
  const newEntries = present === 0 ? entries : entries.slice(present);
  for (const entry of newEntries) state.log.append(entry);
  adoptAppended(state, newEntries);
  persistAppend(state, newEntries, out);
}

/** The conflicting entry goes, and all that follow it (Figure 2, AppendEntries 3). */
function truncateConflict(state: RaftState, index: LogIndex, out: Outbox): void {
  assert(index > state.commitIndex, 'what is committed stays', index, state.commitIndex);
  state.log.truncateFrom(index);
  adoptTruncated(state);
  persistTruncate(state, index, out);
}

/** Says that the log agrees through matchIndex, once it would survive a crash. */
function acknowledge(
  state: RaftState,
  to: NodeId,
  matchIndex: LogIndex,
  round: number,
  out: Outbox,
): void {
  const body = response(state.currentTerm, true, matchIndex, 0, 0, round);
  sendWhenDurable(state, to, body, matchIndex, out);
}

/** Tells the leader where to look: always below the entry that it has asked about. */
function refuseConflict(
  state: RaftState,
  to: NodeId,
  { prevLogIndex, round = noRound }: AppendEntries,
  transport: Transport,
): void {
  if (prevLogIndex > state.log.lastIndex) {
    refuse(state, to, 0, state.log.lastIndex + 1, round, transport);
    return;
  }
  const conflictTerm = state.log.termAt(prevLogIndex);
  refuse(state, to, conflictTerm, firstIndexOfTerm(state.log, prevLogIndex), round, transport);
}

function refuse(
  state: RaftState,
  to: NodeId,
  conflictTerm: Term,
  conflictIndex: LogIndex,
  round: number,
  transport: Transport,
): void {
  transport.send(to, response(state.currentTerm, false, 0, conflictTerm, conflictIndex, round));
}

/**
 * With the number of the round, if the message that it answers had one. A refusal of an older term
 * has none: it bears the current term, whose leader would take a number of an earlier reign of its
 * own for one of this (thesis §6.4).
 */
function response(
  term: Term,
  success: boolean,
  matchIndex: LogIndex,
  conflictTerm: Term,
  conflictIndex: LogIndex,
  round: number,
): AppendEntriesResponse {
  const kind = 'AppendEntriesResponse';
  if (round === noRound) return { kind, term, success, matchIndex, conflictTerm, conflictIndex };
  return { kind, term, success, matchIndex, conflictTerm, conflictIndex, round };
}
