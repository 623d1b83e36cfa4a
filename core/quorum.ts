/**
 * Majorities of a configuration: the two questions that Raft asks of them. While joint both sides
 * must agree, each with a majority of its own (§6); a majority of all servers together could be one
 * that leaves out a whole side. Who is in neither side does not count, whatever it says: learners,
 * removed servers, and a leader that is not in C_new.
 */
import type { Configuration, LogIndex, NodeId } from './messages.ts';

/** More than half, so that two majorities always share a member; for 4 members that is 3, not 2. */
export function majority(memberCount: number): number {
  return Math.floor(memberCount / 2) + 1;
}

export type VoteResult = 'won' | 'lost' | 'pending';

/** `votes` by node: granted, refused, or null for no answer. Lost: no majority can come any more. */
export function voteResult(
  { voters, newVoters }: Configuration,
  votes: readonly (boolean | null)[],
): VoteResult {
  const result = voteResultAmong(voters, votes);
  if (newVoters === null) return result;
  const newResult = voteResultAmong(newVoters, votes);
  if (result === 'lost' || newResult === 'lost') return 'lost';
  return result === 'won' ? newResult : 'pending';
}

function voteResultAmong(
  members: readonly NodeId[],
  votes: readonly (boolean | null)[],
): VoteResult {
  let granted = 0;
  let refused = 0;
  for (const member of members) {
    if (votes[member] === true) granted += 1;
    if (votes[member] === false) refused += 1;
  }
  if (granted >= majority(members.length)) return 'won';
  return members.length - refused >= majority(members.length) ? 'pending' : 'lost';
}

/**
 * The highest index that a majority holds durably (§5.3), of both sides while joint. `matchIndex`
 * by node, self included.
 */
export function committedIndex(
  { voters, newVoters }: Configuration,
  matchIndex: readonly LogIndex[],
): LogIndex {
  const committed = committedIndexAmong(voters, matchIndex);
  if (newVoters === null) return committed;
  return Math.min(committed, committedIndexAmong(newVoters, matchIndex));
}

/**
 * Sorted from high to low, the index at the place of the majority. For seven members at most,
 * counting is faster than sorting and needs no array.
 */
function committedIndexAmong(
  members: readonly NodeId[],
  matchIndex: readonly LogIndex[],
): LogIndex {
  const needed = majority(members.length);
  let committed = 0;
  for (const member of members) {
    const index = matchIndex[member]!;
    if (index > committed && countAtLeast(members, matchIndex, index) >= needed) {
      committed = index;
    }
  }
  return committed;
}

function countAtLeast(
  members: readonly NodeId[],
  matchIndex: readonly LogIndex[],
  index: LogIndex,
): number {
  let count = 0;
  for (const member of members) {
    if (matchIndex[member]! >= index) count += 1;
  }
  return count;
}
