/** What is drawn for programs that speak the protocol, where they differ from servers of the contract. */
import type { ClusterTables } from './cluster.ts';
import { constant, weighted } from './draw.ts';
import { type FeatureTables, featureTables } from './features.ts';
import type { Profile } from './swarm.ts';
import type { WorkloadTables } from './workload.ts';

/** What every program may be asked for, whatever it declares. */
const features: FeatureTables = {
  ...featureTables,
  count: weighted([50, 0], [50, 1]),
  choice: ['snapshots'],
};

/**
 * The timeouts are those that programs declare unless they say otherwise. A program may write and
 * send each command by itself: clients must have the patience for that, or a slow disk never gets
 * to the end of its queue.
 */
const cluster: Partial<ClusterTables> = {
  electionMs: constant([150, 300] as const),
  heartbeatsPerTimeout: constant(3),
  batchEntriesMax: constant(1),
  inflightMax: constant(1),
  // The protocol has no words for one that survives a crash.
  stateMachine: constant<'volatile' | 'durable'>('volatile'),
};
const workload: Partial<WorkloadTables> = { batchMax: constant(1) };

export function forPrograms(profile: Profile): Profile {
  return {
    ...profile,
    features,
    cluster: { ...profile.cluster, ...cluster },
    workload: { ...profile.workload, ...workload },
  };
}
