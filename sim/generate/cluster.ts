import type fc from 'fast-check';
import type { NodeId } from '../../core/messages.ts';
import type { ClusterPlan } from '../kernel/plan.ts';
import { between, type Draw, logBetween, percent, weighted } from './draw.ts';
import type { FeatureConfig } from './features.ts';

/** What the generator does with each knob of the cluster. */
export const clusterKnobs = {
  size: '1 to 7 servers; mostly 3, 4 and 5, even sizes in a third of the seeds, one server rarely.',
  electionMs: 'Mostly 150-300 ms; narrow (150-170), short (50-100) and wide (100-250) ranges too.',
  heartbeatMs:
    'A third to a sixth of the shortest election timeout, mostly a third: fewer events per reign.',
  batchEntriesMax: '1 or 2 in every second seed, to need many messages; else up to 64.',
  inflightMax: '1 or 2 in every second seed, to have a full window; else up to 16.',
  backtracking: 'The conflict term in 2 of 3 seeds, else one step at a time.',
  groupCommit: 'In every fourth seed: requests wait for the write before them.',
  applyBatchMax: '1 to 4 entries in every third seed, to be behind; else no limit.',
  persistCommitIndex: 'In every fourth seed.',
  stateMachine: 'Durable in every third seed, else empty after a crash.',
  restartAfterHaltUs:
    'Half to eight of the longest election timeouts; not before the heal in 1 of 5.',
} as const;

/** What a cluster is drawn from. */
export interface ClusterTables {
  readonly size: fc.Arbitrary<number>;
  readonly electionMs: fc.Arbitrary<readonly [min: number, max: number]>;
  readonly heartbeatsPerTimeout: fc.Arbitrary<number>;
  readonly batchEntriesMax: fc.Arbitrary<number>;
  readonly inflightMax: fc.Arbitrary<number>;
  readonly backtracking: fc.Arbitrary<'conflictTerm' | 'decrement'>;
  readonly groupCommit: fc.Arbitrary<boolean>;
  readonly applyBatchMax: fc.Arbitrary<number>;
  readonly persistCommitIndex: fc.Arbitrary<boolean>;
  readonly stateMachine: fc.Arbitrary<'volatile' | 'durable'>;
  /** Percent of the longest election timeout; null: not before the heal. */
  readonly restartAfterHalt: fc.Arbitrary<number | null>;
}

const APPLY_ALL = 1_000_000;

export const clusterTables: ClusterTables = {
  size: weighted([1, 1], [9, 2], [27, 3], [18, 4], [29, 5], [7, 6], [9, 7]),
  electionMs: weighted<readonly [number, number]>(
    [60, [150, 300]],
    [12, [150, 170]],
    [15, [50, 100]],
    [13, [100, 250]],
  ),
  heartbeatsPerTimeout: weighted([45, 3], [30, 4], [15, 5], [10, 6]),
  batchEntriesMax: weighted([28, 1], [24, 2], [24, between(3, 8)], [24, 64]),
  inflightMax: weighted([28, 1], [24, 2], [28, between(3, 8)], [20, 16]),
  backtracking: weighted<'conflictTerm' | 'decrement'>([65, 'conflictTerm'], [35, 'decrement']),
  groupCommit: percent(25),
  applyBatchMax: weighted([65, APPLY_ALL], [15, 1], [20, between(2, 4)]),
  persistCommitIndex: percent(25),
  stateMachine: weighted<'volatile' | 'durable'>([65, 'volatile'], [35, 'durable']),
  restartAfterHalt: weighted<number | null>([20, null], [80, logBetween(50, 800)]),
};

/** What is drawn of a cluster; spare servers and the larger parts of Raft come with the features. */
export interface PlainCluster
  extends Pick<ClusterPlan, 'size' | 'stateMachine' | 'restartAfterHaltUs'> {
  readonly config: Omit<ClusterPlan['config'], keyof FeatureConfig>;
}

/** A size from outside replaces the drawn one. */
export function drawCluster(
  draw: Draw,
  tables: ClusterTables,
  sizeWanted: number | null,
): PlainCluster {
  const sizeDrawn = draw(tables.size);
  const [electionMsMin, electionMsMax] = draw(tables.electionMs);
  const heartbeatMs = Math.floor(electionMsMin / draw(tables.heartbeatsPerTimeout));
  const config = {
    electionMsMin,
    electionMsMax,
    heartbeatMs,
    batchEntriesMax: draw(tables.batchEntriesMax),
    inflightMax: draw(tables.inflightMax),
    backtracking: draw(tables.backtracking),
    groupCommit: draw(tables.groupCommit),
    applyBatchMax: draw(tables.applyBatchMax),
    persistCommitIndex: draw(tables.persistCommitIndex),
  };
  const stateMachine = draw(tables.stateMachine);
  const restart = draw(tables.restartAfterHalt);
  const restartAfterHaltUs = restart === null ? null : electionMsMax * 10 * restart;
  return { size: sizeWanted ?? sizeDrawn, config, stateMachine, restartAfterHaltUs };
}

/**
 * Candidates whose timeouts differ by less than a vote takes to come split the vote again and
 * again, healed or not: usual latencies stay below half of the spread of the timeouts.
 */
export function latencyUsLimit({ electionMsMin, electionMsMax }: ClusterPlan['config']): number {
  return Math.min(electionMsMin * 450, (electionMsMax - electionMsMin) * 500);
}

/** All servers, spare ones too. */
export function serversOf({ size, spares }: ClusterPlan): NodeId[] {
  return nodesOf(size + spares);
}

/** Servers 1 … size. */
export function nodesOf(size: number): NodeId[] {
  return Array.from({ length: size }, (_, index) => index + 1);
}
