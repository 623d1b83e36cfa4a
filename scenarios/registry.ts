/** All scenarios, in the order in which they teach. */
import { leaderFailure } from './election/leader-failure.ts';
import { PATIENCE } from './election/patience.ts';
import { singleNodeStartup } from './election/single-node-startup.ts';
import { splitVote } from './election/split-vote.ts';
import { termSynchronization } from './election/term-synchronization.ts';
import { threeHealthyNodes } from './election/three-healthy-nodes.ts';
import { VOTING } from './election/votes.ts';
import { LEASES } from './extensions/leases.ts';
import { sessionRetry } from './extensions/session-retry.ts';
import { snapshotCatchUp } from './extensions/snapshot-catch-up.ts';
import { SNAPSHOT_EDGES } from './extensions/snapshot-edges.ts';
import { staleLeaderRead } from './extensions/stale-leader-read.ts';
import { TRANSFERS } from './extensions/transfers.ts';
import { figure7 } from './figures/figure-7.ts';
import { figure8, figure8Committed } from './figures/figure-8.ts';
import { changeAvailability } from './membership/change-availability.ts';
import { configurationCommitment } from './membership/configuration-commitment.ts';
import { ELECTIONS_BETWEEN } from './membership/elections-between.ts';
import { EXCHANGES } from './membership/exchanges.ts';
import { jointConsensus } from './membership/joint-consensus.ts';
import { jointMajorities } from './membership/joint-majorities.ts';
import { serverAddition } from './membership/server-addition.ts';
import { serverRemoval } from './membership/server-removal.ts';
import { PARTIAL_PARTITIONS } from './network/partial-partitions.ts';
import { CRASH_POINTS } from './recovery/crash-points.ts';
import { WALK_THROUGHS } from './recovery/walk-throughs.ts';
import { commitPropagation } from './replication/commit-propagation.ts';
import { CONFIRMATION } from './replication/confirmation.ts';
import { consecutiveEntries } from './replication/consecutive-entries.ts';
import { DIVERGENCE } from './replication/divergence.ts';
import { followerRecovery } from './replication/follower-recovery.ts';
import { heartbeats } from './replication/heartbeats.ts';
import { singleEntry } from './replication/single-entry.ts';
import { electionSafety } from './safety/election-safety.ts';
import { figure8Prevention } from './safety/figure-8-prevention.ts';
import { leaderCompleteness } from './safety/leader-completeness.ts';
import { logMatching } from './safety/log-matching.ts';
import { stateMachineSafety } from './safety/state-machine-safety.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [
  singleNodeStartup,
  threeHealthyNodes,
  leaderFailure,
  splitVote,
  termSynchronization,
  singleEntry,
  consecutiveEntries,
  followerRecovery,
  heartbeats,
  commitPropagation,
  electionSafety,
  leaderCompleteness,
  stateMachineSafety,
  figure8Prevention,
  logMatching,
  serverAddition,
  serverRemoval,
  jointConsensus,
  configurationCommitment,
  changeAvailability,
  jointMajorities,
  ...VOTING,
  ...PATIENCE,
  ...CONFIRMATION,
  ...DIVERGENCE,
  ...EXCHANGES,
  ...ELECTIONS_BETWEEN,
  ...PARTIAL_PARTITIONS,
  ...WALK_THROUGHS,
  ...CRASH_POINTS,
  snapshotCatchUp,
  staleLeaderRead,
  sessionRetry,
  ...SNAPSHOT_EDGES,
  ...LEASES,
  ...TRANSFERS,
  figure7,
  figure8,
  figure8Committed,
];

/** The scenario of this id, or null. */
export function findScenario(id: string): Scenario | null {
  return SCENARIOS.find((scenario) => scenario.id === id) ?? null;
}
