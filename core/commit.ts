/** What is committed, and applying it (§5.3, §5.4). */
import { assert } from './assert.ts';
import type { Outbox } from './contract.ts';
import type { LogIndex } from './messages.ts';
import { answerApplied } from './pending-requests.ts';
import { committedIndex } from './quorum.ts';
import type { RaftState } from './raft-state.ts';
import { committableIndex } from './rules.ts';

/** A leader commits what a majority holds; called when a follower or its own disk has got further. */
export function advanceCommitIndex(state: RaftState, out: Outbox): void {
  assert(state.role === 'leader', 'only a leader counts');
  const { log, commitIndex, currentTerm } = state;
  // A leader counts itself once, like any other: by what is safe on its own disk.
  state.matchIndex[state.self] = state.durableIndex;
  const majorityIndex = committedIndex(state.members, state.matchIndex);
  commitThrough(state, committableIndex(log, commitIndex, majorityIndex, currentTerm), out);
}

/** Raises commitIndex and applies what it covers; does nothing when it is not higher. */
export function commitThrough(state: RaftState, commitIndex: LogIndex, out: Outbox): void {
  assert(commitIndex <= state.log.lastIndex, 'commits what it has', commitIndex);
  assert(commitIndex >= state.commitIndex, 'commitIndex never falls', commitIndex);
  state.commitIndex = commitIndex;
  applyCommitted(state, out);
}

/** Applies in the order of the log, each index once, and nothing that is not committed (§5.3). */
function applyCommitted(state: RaftState, out: Outbox): void {
  assert(state.commitIndex >= state.lastApplied, 'applied only what is committed');
  for (let index = state.lastApplied + 1; index <= state.commitIndex; index += 1) {
    const entry = state.log.entryAt(index);
    out.apply(index, entry);
    answerApplied(state, index, entry, out);
  }
  state.lastApplied = state.commitIndex;
}
