import type { NodeId } from '../../core/messages.ts';
import type { ClusterPlan } from '../kernel/plan.ts';
import { between, type Draw, weighted } from './draw.ts';

/** What the generator does with each knob of the cluster. */
export const clusterKnobs = {
  size: '1 to 7 servers; mostly 3, 4 and 5, even sizes in 37 of 100 seeds, one server in 1 of 100.',
  electionMs: 'Mostly 150-300 ms; narrow (150-170), short (50-100) and wide (100-250) ranges too.',
  heartbeatMs:
    'A third to a sixth of the shortest election timeout, mostly a third: fewer events per reign.',
  batchEntriesMax: '1 or 2 in every second seed, to need many messages; else up to 64.',
  inflightMax: '1 or 2 in every second seed, to have a full window; else up to 16.',
  backtracking: 'The conflict term in 2 of 3 seeds, else one step at a time.',
} as const;

const size = weighted([1, 1], [9, 2], [27, 3], [20, 4], [25, 5], [8, 6], [10, 7]);

const electionMs = weighted<readonly [number, number]>(
  [60, [150, 300]],
  [12, [150, 170]],
  [15, [50, 100]],
  [13, [100, 250]],
);

const heartbeatsPerTimeout = weighted([45, 3], [30, 4], [15, 5], [10, 6]);
const batchEntriesMax = weighted([28, 1], [24, 2], [24, between(3, 8)], [24, 64]);
const inflightMax = weighted([28, 1], [24, 2], [28, between(3, 8)], [20, 16]);
const backtracking = weighted<'conflictTerm' | 'decrement'>(
  [65, 'conflictTerm'],
  [35, 'decrement'],
);

/** The cluster of a plan; a size from outside replaces the drawn one. */
export function drawCluster(draw: Draw, sizeWanted: number | null): ClusterPlan {
  const sizeDrawn = draw(size);
  const [electionMsMin, electionMsMax] = draw(electionMs);
  return {
    size: sizeWanted ?? sizeDrawn,
    config: {
      electionMsMin,
      electionMsMax,
      heartbeatMs: Math.floor(electionMsMin / draw(heartbeatsPerTimeout)),
      batchEntriesMax: draw(batchEntriesMax),
      inflightMax: draw(inflightMax),
      backtracking: draw(backtracking),
      groupCommit: false,
      applyBatchMax: 1_000_000,
      persistCommitIndex: false,
    },
    stateMachine: 'volatile',
    restartAfterHaltUs: null,
  };
}

/**
 * Candidates whose timeouts differ by less than a vote takes to come split the vote again and
 * again, healed or not: usual latencies stay below half of the spread of the timeouts.
 */
export function latencyUsLimit({ electionMsMin, electionMsMax }: ClusterPlan['config']): number {
  return Math.min(electionMsMin * 450, (electionMsMax - electionMsMin) * 500);
}

/** Servers 1 … size. */
export function nodesOf(size: number): NodeId[] {
  return Array.from({ length: size }, (_, index) => index + 1);
}
