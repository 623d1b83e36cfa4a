/** Majorities of a fixed set of members: the two questions that Raft asks of them. */
import type { LogIndex, NodeId } from './messages.ts';

/** More than half, so that two majorities always share a member; for 4 members that is 3, not 2. */
export function majority(memberCount: number): number {
  return Math.floor(memberCount / 2) + 1;
}

export type VoteResult = 'won' | 'lost' | 'pending';

/** `votes` by node: granted, refused, or null for no answer. Lost: no majority can come any more. */
export function voteResult(
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
 * The highest index that a majority holds durably (§5.3): sorted from high to low, the index at
 * the place of the majority. For seven members at most, counting is faster than sorting and needs
 * no array. `matchIndex` by node, self included.
 */
export function committedIndex(
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
