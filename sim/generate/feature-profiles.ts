/** Profiles that lean towards one of the larger parts of Raft. */
import { clusterTables } from './cluster.ts';
import { between, constant, logBetween, percent, weighted } from './draw.ts';
import { actionTables } from './fault-action.ts';
import { faultTables } from './faults.ts';
import { featureTables } from './features.ts';
import type { ProfileName } from './profile-names.ts';
import { type Profile, swarm } from './swarm.ts';
import { workloadTables } from './workload.ts';

type FeatureProfile = Extract<ProfileName, 'membership' | 'snapshots' | 'leases' | 'sessions'>;

export const featureProfiles: Readonly<Record<FeatureProfile, Profile>> = {
  membership: {
    ...swarm,
    sentence:
      'Servers come and go, by one operator or two, while leaders are cut off, die and are replaced.',
    weight: 10,
    features: { ...featureTables, always: ['membership'] },
    cluster: {
      ...clusterTables,
      size: weighted([8, 1], [17, 2], [35, 3], [25, 4], [10, 5], [5, 6]),
    },
    faults: {
      ...faultTables,
      kinds: ['crash', 'crash', 'isolate', 'isolate', 'isolate', 'block', 'exhume', 'pause'],
      isFitting: percent(50),
      action: { ...actionTables, isPartial: percent(50) },
    },
  },
  snapshots: {
    ...swarm,
    sentence:
      'Snapshots every few entries, in small chunks, slow to make, sent to whoever lags behind.',
    weight: 10,
    features: {
      ...featureTables,
      always: ['snapshots'],
      snapshotEntries: weighted([80, between(1, 3)], [20, between(4, 12)]),
    },
    workload: { ...workloadTables, interval: logBetween(60, 300) },
    faults: {
      ...faultTables,
      kinds: ['crash', 'crash', 'isolate', 'isolate', 'interfere', 'outrun', 'stall', 'exhume'],
      isFitting: percent(50),
    },
  },
  leases: {
    ...swarm,
    sentence:
      'Reads without the log, by lease or read index, while leaders are paused, cut off and replaced.',
    weight: 5,
    features: { ...featureTables, always: ['lease', 'checkQuorum', 'transfer', 'clocks'] },
    workload: { ...workloadTables, interval: logBetween(40, 250), keys: constant(1) },
    faults: {
      ...faultTables,
      kinds: ['pause', 'pause', 'isolate', 'isolate', 'crash', 'block', 'clog'],
      action: { ...actionTables, isPartial: percent(50) },
    },
  },
  sessions: {
    ...swarm,
    sentence: 'Clients that send again what they have no answer to, over leaders that change.',
    weight: 3,
    features: { ...featureTables, always: ['sessions', 'operations'] },
    workload: {
      ...workloadTables,
      timeoutTenths: logBetween(8, 30),
      hasLoss: percent(80),
      keys: between(1, 2),
    },
  },
};
