import { type ClusterTables, clusterTables } from './cluster.ts';
import { type DiskTables, diskTables } from './disk.ts';
import { type FaultTables, faultTables } from './faults.ts';
import { type FeatureTables, featureTables } from './features.ts';
import { type NetworkTables, networkTables } from './network.ts';
import { type PhasesTables, phasesTables } from './phases.ts';
import { type WorkloadTables, workloadTables } from './workload.ts';

export interface Profile {
  readonly sentence: string;
  /** So many of a hundred seeds are of this profile, when none is asked for. */
  readonly weight: number;
  readonly features: FeatureTables;
  readonly cluster: ClusterTables;
  readonly network: NetworkTables;
  readonly disk: DiskTables;
  readonly workload: WorkloadTables;
  readonly phases: PhasesTables;
  readonly faults: FaultTables;
}

/** What a profile does not say is as here. */
export const swarm: Profile = {
  sentence: 'Everything, and in each seed only some of it: one or two kinds of fault, any bounds.',
  weight: 17,
  features: featureTables,
  cluster: clusterTables,
  network: networkTables,
  disk: diskTables,
  workload: workloadTables,
  phases: phasesTables,
  faults: faultTables,
};
