/** Every property that is judged, in the order in which reports list them. */
import { acknowledgedIsCommitted } from './clients/acknowledged-is-committed.ts';
import { exactlyOnce } from './clients/exactly-once.ts';
import { freshReads } from './clients/fresh-reads.ts';
import { linearizability } from './clients/linearizability.ts';
import { noOperatorForgotten } from './clients/no-operator-forgotten.ts';
import { noRequestForgotten } from './clients/no-request-forgotten.ts';
import { oneAnswer } from './clients/one-answer.ts';
import { operatorsToldTruly } from './clients/operators-told-truly.ts';
import { refusedNeverCommitted } from './clients/refused-never-committed.ts';
import { stateEqualsLog } from './clients/state-equals-log.ts';
import { configurationSettles } from './liveness/configuration-settles.ts';
import { convergence } from './liveness/convergence.ts';
import { leaderElectionLiveness } from './liveness/leader-election-liveness.ts';
import { leaderStability } from './liveness/leader-stability.ts';
import { replicationLiveness } from './liveness/replication-liveness.ts';
import { trafficProgress } from './liveness/traffic-progress.ts';
import type { Property } from './property.ts';
import { appliedInOrder } from './safety/applied-in-order.ts';
import { appliedOnlyCommitted } from './safety/applied-only-committed.ts';
import { commitIndexOnDisk } from './safety/commit-index-on-disk.ts';
import { commitMonotonicity } from './safety/commit-monotonicity.ts';
import { commitOfEarlierTerm } from './safety/commit-of-earlier-term.ts';
import { committedForGood } from './safety/committed-for-good.ts';
import { committedNeverDropped } from './safety/committed-never-dropped.ts';
import { committedOnQuorum } from './safety/committed-on-quorum.ts';
import { configurationsIntersect } from './safety/configurations-intersect.ts';
import { durablePromise } from './safety/durable-promise.ts';
import { electedByMajority } from './safety/elected-by-majority.ts';
import { electionSafety } from './safety/election-safety.ts';
import { leaderAppendOnly } from './safety/leader-append-only.ts';
import { leaderCompleteness } from './safety/leader-completeness.ts';
import { leaderCreatesEntries } from './safety/leader-creates-entries.ts';
import { logJoinsSnapshot } from './safety/log-joins-snapshot.ts';
import { logMatching } from './safety/log-matching.ts';
import { noInventedCommand } from './safety/no-invented-command.ts';
import { oneVotePerTerm } from './safety/one-vote-per-term.ts';
import { quorumIntersection } from './safety/quorum-intersection.ts';
import { snapshotContent } from './safety/snapshot-content.ts';
import { snapshotLabel } from './safety/snapshot-label.ts';
import { stateMachineSafety } from './safety/state-machine-safety.ts';
import { termMonotonicity } from './safety/term-monotonicity.ts';
import { trueSuccess } from './safety/true-success.ts';

export const PROPERTIES: readonly Property[] = [
  electionSafety,
  electedByMajority,
  oneVotePerTerm,
  durablePromise,
  termMonotonicity,
  leaderAppendOnly,
  logMatching,
  leaderCreatesEntries,
  noInventedCommand,
  trueSuccess,
  leaderCompleteness,
  committedOnQuorum,
  commitOfEarlierTerm,
  committedForGood,
  commitMonotonicity,
  committedNeverDropped,
  commitIndexOnDisk,
  quorumIntersection,
  configurationsIntersect,
  stateMachineSafety,
  appliedInOrder,
  appliedOnlyCommitted,
  snapshotLabel,
  snapshotContent,
  logJoinsSnapshot,
  acknowledgedIsCommitted,
  refusedNeverCommitted,
  oneAnswer,
  exactlyOnce,
  freshReads,
  linearizability,
  stateEqualsLog,
  noRequestForgotten,
  operatorsToldTruly,
  noOperatorForgotten,
  leaderElectionLiveness,
  replicationLiveness,
  configurationSettles,
  convergence,
  leaderStability,
  trafficProgress,
];
