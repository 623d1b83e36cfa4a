/** Every rule that a step is held against: the boxes of Figure 2, then clients, timers and duties. */
import { appendFromCurrentLeader } from './appends/append-from-current-leader.ts';
import { appendInPlace } from './appends/append-in-place.ts';
import { conflictAndAllAfter } from './appends/conflict-and-all-after.ts';
import { consistencyCheck } from './appends/consistency-check.ts';
import { refusalPointsBack } from './appends/refusal-points-back.ts';
import { successDurable } from './appends/success-durable.ts';
import { successIsTrue } from './appends/success-is-true.ts';
import { truncateOnlyConflict } from './appends/truncate-only-conflict.ts';
import { applyInOrder } from './applying/apply-in-order.ts';
import { applyOnlyCommitted } from './applying/apply-only-committed.ts';
import { applyOwnEntry } from './applying/apply-own-entry.ts';
import { persistedCommitIsSafe } from './applying/persisted-commit-is-safe.ts';
import { okAfterApply } from './clients/ok-after-apply.ts';
import { oneAnswer } from './clients/one-answer.ts';
import { redirectElsewhere } from './clients/redirect-elsewhere.ts';
import { refusedNotAppended } from './clients/refused-not-appended.ts';
import { committedIsApplied } from './duties/committed-is-applied.ts';
import { decidedRequestAnswered } from './duties/decided-request-answered.ts';
import { dueVoteGiven } from './duties/due-vote-given.ts';
import { followerBroughtUpToDate } from './duties/follower-brought-up-to-date.ts';
import { inheritedTailCommitted } from './duties/inherited-tail-committed.ts';
import { majorityIsCommitted } from './duties/majority-is-committed.ts';
import { matchingAppendAccepted } from './duties/matching-append-accepted.ts';
import { requestTaken } from './duties/request-taken.ts';
import { successInFull } from './duties/success-in-full.ts';
import { candidateShowsOwnLog } from './elections/candidate-shows-own-log.ts';
import { electedByMajority } from './elections/elected-by-majority.ts';
import { higherTermHeeded } from './elections/higher-term-heeded.ts';
import { ownVoteDurable } from './elections/own-vote-durable.ts';
import { termNeverFalls } from './elections/term-never-falls.ts';
import { termTakenAsItIs } from './elections/term-taken-as-it-is.ts';
import { commitOfOwnTerm } from './leading/commit-of-own-term.ts';
import { commitOnMajority } from './leading/commit-on-majority.ts';
import { leaderAppendOnly } from './leading/leader-append-only.ts';
import { leaderCreatesEntries } from './leading/leader-creates-entries.ts';
import { oneEntryPerPlace } from './leading/one-entry-per-place.ts';
import { requestAppendedOnce } from './leading/request-appended-once.ts';
import { sendsOwnLog } from './leading/sends-own-log.ts';
import type { Rule } from './rule.ts';
import { electionTimeoutRandomised } from './timers/election-timeout-randomised.ts';
import { electionTimerReset } from './timers/election-timer-reset.ts';
import { electionTimerRuns } from './timers/election-timer-runs.ts';
import { standsAfterTimeout } from './timers/stands-after-timeout.ts';
import { oneVotePerTerm } from './votes/one-vote-per-term.ts';
import { voteDurable } from './votes/vote-durable.ts';
import { voteForCurrentTerm } from './votes/vote-for-current-term.ts';
import { voteUpToDate } from './votes/vote-up-to-date.ts';

export const RULES: readonly Rule[] = [
  voteForCurrentTerm,
  voteUpToDate,
  oneVotePerTerm,
  voteDurable,
  termNeverFalls,
  termTakenAsItIs,
  higherTermHeeded,
  candidateShowsOwnLog,
  electedByMajority,
  ownVoteDurable,
  appendFromCurrentLeader,
  consistencyCheck,
  appendInPlace,
  truncateOnlyConflict,
  conflictAndAllAfter,
  successIsTrue,
  successDurable,
  refusalPointsBack,
  sendsOwnLog,
  leaderCreatesEntries,
  oneEntryPerPlace,
  requestAppendedOnce,
  leaderAppendOnly,
  commitOnMajority,
  commitOfOwnTerm,
  applyInOrder,
  applyOwnEntry,
  applyOnlyCommitted,
  persistedCommitIsSafe,
  okAfterApply,
  oneAnswer,
  refusedNotAppended,
  redirectElsewhere,
  electionTimerReset,
  standsAfterTimeout,
  electionTimeoutRandomised,
  electionTimerRuns,
  matchingAppendAccepted,
  successInFull,
  dueVoteGiven,
  followerBroughtUpToDate,
  majorityIsCommitted,
  inheritedTailCommitted,
  committedIsApplied,
  requestTaken,
  decidedRequestAnswered,
];

/** The rule of this id; there is one for every wrong action. */
export function ruleOf(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}
