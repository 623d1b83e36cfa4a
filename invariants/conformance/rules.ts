/**
 * Every rule that a step is held against: the boxes of Figures 2 and 13, membership and reads, then
 * clients, timers and duties.
 */
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
import { lonelyLeaderStepsDown } from './duties/lonely-leader-steps-down.ts';
import { majorityIsCommitted } from './duties/majority-is-committed.ts';
import { matchingAppendAccepted } from './duties/matching-append-accepted.ts';
import { requestTaken } from './duties/request-taken.ts';
import { successInFull } from './duties/success-in-full.ts';
import { candidateShowsOwnLog } from './elections/candidate-shows-own-log.ts';
import { electedByMajority } from './elections/elected-by-majority.ts';
import { higherTermHeeded } from './elections/higher-term-heeded.ts';
import { leaderNotDisturbed } from './elections/leader-not-disturbed.ts';
import { ownVoteDurable } from './elections/own-vote-durable.ts';
import { preVoteChangesNothing } from './elections/pre-vote-changes-nothing.ts';
import { preVoteIsNoVote } from './elections/pre-vote-is-no-vote.ts';
import { restartedVoterWaits } from './elections/restarted-voter-waits.ts';
import { successorUpToDate } from './elections/successor-up-to-date.ts';
import { termNeverFalls } from './elections/term-never-falls.ts';
import { termTakenAsItIs } from './elections/term-taken-as-it-is.ts';
import { transferOnlyWhenAsked } from './elections/transfer-only-when-asked.ts';
import { commitOfOwnTerm } from './leading/commit-of-own-term.ts';
import { commitOnMajority } from './leading/commit-on-majority.ts';
import { leaderAppendOnly } from './leading/leader-append-only.ts';
import { leaderCreatesEntries } from './leading/leader-creates-entries.ts';
import { oneEntryPerPlace } from './leading/one-entry-per-place.ts';
import { requestAppendedOnce } from './leading/request-appended-once.ts';
import { sendsOwnLog } from './leading/sends-own-log.ts';
import { changeAfterOwnCommit } from './membership/change-after-own-commit.ts';
import { changeInSteps } from './membership/change-in-steps.ts';
import { jointMajorities } from './membership/joint-majorities.ts';
import { latestConfigurationCounts } from './membership/latest-configuration-counts.ts';
import { learnerNotCounted } from './membership/learner-not-counted.ts';
import { jointCommittedFirst, oneChangeAtATime } from './membership/one-change-at-a-time.ts';
import { onlyVotersStand } from './membership/only-voters-stand.ts';
import { operatorToldTruth } from './membership/operator-told-truth.ts';
import { removedLeaderStepsDown } from './membership/removed-leader-steps-down.ts';
import { leaseInTime } from './reads/lease-in-time.ts';
import { readAfterFreshRound } from './reads/read-after-fresh-round.ts';
import { readAfterOwnCommit } from './reads/read-after-own-commit.ts';
import type { Rule } from './rule.ts';
import { compactionBehindSnapshot } from './snapshots/compaction-behind-snapshot.ts';
import { installDropsConflictingLog } from './snapshots/install-drops-conflicting-log.ts';
import { installDurable } from './snapshots/install-durable.ts';
import { installKeepsAgreeingLog } from './snapshots/install-keeps-agreeing-log.ts';
import { newestSnapshotStays } from './snapshots/newest-snapshot-stays.ts';
import { sendsOwnSnapshot } from './snapshots/sends-own-snapshot.ts';
import { snapshotLabel } from './snapshots/snapshot-label.ts';
import { snapshotReceivedWhole } from './snapshots/snapshot-received-whole.ts';
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
  leaderNotDisturbed,
  restartedVoterWaits,
  preVoteIsNoVote,
  preVoteChangesNothing,
  transferOnlyWhenAsked,
  successorUpToDate,
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
  snapshotLabel,
  newestSnapshotStays,
  snapshotReceivedWhole,
  compactionBehindSnapshot,
  installKeepsAgreeingLog,
  installDropsConflictingLog,
  installDurable,
  sendsOwnSnapshot,
  jointMajorities,
  latestConfigurationCounts,
  learnerNotCounted,
  onlyVotersStand,
  oneChangeAtATime,
  jointCommittedFirst,
  changeAfterOwnCommit,
  changeInSteps,
  removedLeaderStepsDown,
  operatorToldTruth,
  readAfterOwnCommit,
  readAfterFreshRound,
  leaseInTime,
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
  lonelyLeaderStepsDown,
];

/** The rule of this id; there is one for every wrong action. */
export function ruleOf(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}
