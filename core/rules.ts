/**
 * What the paper states as a rule, each as a function of plain values: hold them against Figure 2.
 */
import type { LogStore } from './log-store.ts';
import type { AppendEntriesResponse, Entry, LogIndex, NodeId, Term } from './messages.ts';
import { nobody } from './raft-state.ts';

/** The last entry of a log, as a candidate sends it: 0, 0 for an empty log. */
export interface LogEnd {
  readonly lastLogTerm: Term;
  readonly lastLogIndex: LogIndex;
}

/** One vote per term, first come, first served; asking again gets the same answer (§5.2). */
export function canGrantVote(votedFor: NodeId, candidateId: NodeId): boolean {
  return votedFor === nobody || votedFor === candidateId;
}

/**
 * Is the candidate's log at least as up-to-date as this one (§5.4.1)? The later last term wins;
 * length counts only between equal last terms. By length alone, a deposed leader with a long tail
 * that nobody else has would be elected and erase what was committed meanwhile.
 */
export function isLogUpToDate(candidate: LogEnd, log: LogStore): boolean {
  if (candidate.lastLogTerm !== log.lastTerm) return candidate.lastLogTerm > log.lastTerm;
  return candidate.lastLogIndex >= log.lastIndex;
}

/**
 * The commitIndex of a leader, given what a majority holds. Only an entry of the current term
 * commits by counting, and those before it with it (§5.4.2): an older entry on a majority can
 * still be replaced by a leader that was elected without it (Figure 8).
 */
export function committableIndex(
  log: LogStore,
  commitIndex: LogIndex,
  majorityIndex: LogIndex,
  currentTerm: Term,
): LogIndex {
  if (majorityIndex <= commitIndex) return commitIndex;
  if (log.termAt(majorityIndex) !== currentTerm) return commitIndex;
  return majorityIndex;
}

/**
 * How far the log must be applied before a read may be answered without it (§8, thesis §6.4). All
 * that was ever acknowledged is committed; but a new leader learns how far that goes only by
 * committing an entry of its own term, of which `reignIndex` is the first.
 */
export function readIndex(commitIndex: LogIndex, reignIndex: LogIndex): LogIndex {
  return Math.max(commitIndex, reignIndex);
}

/**
 * The commitIndex of a follower (Figure 2, AppendEntries 5): not above the last entry that this
 * message has verified, since behind it there may be a tail that its leader does not have; and
 * never lower than before, since a new leader may know less than the last one told.
 */
export function followerCommitIndex(
  commitIndex: LogIndex,
  leaderCommit: LogIndex,
  lastVerifiedIndex: LogIndex,
): LogIndex {
  return Math.max(commitIndex, Math.min(leaderCommit, lastVerifiedIndex));
}

/**
 * The consistency check of AppendEntries (§5.3). What was compacted is committed, so that every
 * leader has the same there (§7): an unknown term is agreement, not a conflict.
 */
export function agreesAt(log: LogStore, prevLogIndex: LogIndex, prevLogTerm: Term): boolean {
  return prevLogIndex < log.baseIndex || log.has(prevLogIndex, prevLogTerm);
}

/**
 * How many of the entries that follow prevLogIndex are in the log already, or were when they were
 * compacted. Entries with the same index and term are the same (§5.3, Log Matching), so terms
 * decide.
 */
export function countPresent(
  log: LogStore,
  prevLogIndex: LogIndex,
  entries: readonly Entry[],
): number {
  let present = Math.min(entries.length, Math.max(0, log.baseIndex - prevLogIndex));
  while (present < entries.length && log.has(prevLogIndex + present + 1, entries[present]!.term)) {
    present += 1;
  }
  return present;
}

/** The first index, behind the base, of the term that stands at `index` (§5.3, end). */
export function firstIndexOfTerm(log: LogStore, index: LogIndex): LogIndex {
  const term = log.termAt(index);
  let first = index;
  while (first > log.baseIndex + 1 && log.termAt(first - 1) === term) first -= 1;
  return first;
}

/**
 * Where a leader looks next for the point of agreement after a refusal (§5.3, end): behind its own
 * last entry of the conflicting term, or, if it has none, at the first entry of that term in the
 * follower's log; at the follower's end when that log is too short. Never below what is known to
 * agree. Below the base of the leader's log its terms are not known, and the follower's word stands.
 */
export function nextIndexAfterRefusal(
  log: LogStore,
  refusal: AppendEntriesResponse,
  nextIndex: LogIndex,
  matchIndex: LogIndex,
): LogIndex {
  const { conflictTerm, conflictIndex } = refusal;
  if (conflictTerm === 0) return Math.max(conflictIndex, matchIndex + 1);
  // The entry before nextIndex was refused: the leader's last entry of that term is further down.
  const lowest = Math.max(matchIndex + 1, log.baseIndex);
  let index = Math.min(nextIndex - 1, log.lastIndex);
  while (index >= lowest && log.termAt(index) > conflictTerm) index -= 1;
  const leaderHasTerm = index >= lowest && log.termAt(index) === conflictTerm;
  return Math.max(leaderHasTerm ? index + 1 : conflictIndex, matchIndex + 1);
}
