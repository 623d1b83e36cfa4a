/** What is committed, and applying it (§5.3, §5.4). */
import { assert } from './assert.ts';
import type { Outbox } from './contract.ts';
import type { LogIndex } from './messages.ts';
import { answerApplied } from './pending-requests.ts';
import { committedIndex } from './quorum.ts';
import type { RaftState } from './raft-state.ts';
import { committableIndex } from './rules.ts';
import { setApplyTimer } from './timers.ts';

/** A leader commits what a majority holds; called when a follower or its own disk has got further. */
export function advanceCommitIndex(state: RaftState): void {
  assert(state.role === 'leader', 'only a leader counts');
  const { log, commitIndex, currentTerm } = state;
  // A leader counts itself once, like any other: by what is safe on its own disk.
  state.matchIndex[state.self] = state.durableIndex;
  const majorityIndex = committedIndex(state.configuration, state.matchIndex);
  commitThrough(state, committableIndex(log, commitIndex, majorityIndex, currentTerm));
}

/** Raises commitIndex; what it covers is applied at the end of the step. */
export function commitThrough(state: RaftState, commitIndex: LogIndex): void {
  assert(commitIndex <= state.log.lastIndex, 'commits what it has', commitIndex);
  assert(commitIndex >= state.commitIndex, 'commitIndex never falls', commitIndex);
  state.commitIndex = commitIndex;
}

/**
 * Applies in the order of the log, each index once, and nothing that is not committed (§5.3): a
 * batch in one step, so that a long backlog does not keep the server from its heartbeats.
 */
export function applyCommitted(state: RaftState, out: Outbox): void {
  const { lastApplied } = state;
  const applicable = applicableIndex(state);
  assert(applicable >= lastApplied, 'applied only what is committed', applicable, lastApplied);
  // The rest of an earlier step waits for its timer.
  if (applicable === lastApplied || state.isApplyTimerSet) return;
  const lastOfBatch = Math.min(applicable, lastApplied + state.config.applyBatchMax);
  for (let index = lastApplied + 1; index <= lastOfBatch; index += 1) {
    const entry = state.log.entryAt(index);
    out.apply(index, entry);
    answerApplied(state, index, entry, out);
  }
  state.lastApplied = lastOfBatch;
  if (lastOfBatch < applicable) setApplyTimer(state, out);
}

/**
 * What is committed; where the state machine survives crashes, as far as it is safe in the own log.
 * It could come back with entries that the log has lost, or with others than stand there.
 */
function applicableIndex(state: RaftState): LogIndex {
  const { commitIndex, durableIndex } = state;
  return state.isStateMachineDurable ? Math.min(commitIndex, durableIndex) : commitIndex;
}

/** Time for the next batch, which the end of this step applies. */
export function handleApplyTimeout(state: RaftState): void {
  state.isApplyTimerSet = false;
}
