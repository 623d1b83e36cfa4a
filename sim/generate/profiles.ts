/**
 * Profiles: what a seed is drawn from. Each leans towards one way in which Raft can go wrong; what
 * a profile does not say is as in `swarm`.
 */
import { clusterTables } from './cluster.ts';
import { diskTables } from './disk.ts';
import { between, constant, logBetween, percent, weighted } from './draw.ts';
import { actionTables } from './fault-action.ts';
import { wireTriggerKinds } from './fault-trigger.ts';
import { faultTables } from './faults.ts';
import { featureProfiles } from './feature-profiles.ts';
import { type FeatureTables, featureTables, noFeatures } from './features.ts';
import { forPrograms } from './for-programs.ts';
import { type Latency, networkTables } from './network.ts';
import { phasesTables } from './phases.ts';
import { PROFILE_NAMES, type ProfileName } from './profile-names.ts';
import { type Profile, swarm } from './swarm.ts';
import { workloadTables } from './workload.ts';

const nearLatency = logBetween(2, 60).map(
  (share): Latency => ({ of: 'heartbeat', percent: share }),
);
const farLatency = between(25, 45).map((share): Latency => ({ of: 'election', percent: share }));
/** What plain Raft needs many seeds for is looked for in plain Raft. */
const rareFeatures: FeatureTables = {
  ...featureTables,
  count: weighted([55, 0], [20, 1], [15, 2], [10, 3]),
};
const shortRuns = logBetween(200, 1_600);

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  swarm,
  elections: {
    ...swarm,
    sentence:
      'Elections after elections: close timeouts, late votes, voters that die of their vote.',
    weight: 9,
    features: rareFeatures,
    cluster: {
      ...clusterTables,
      size: weighted([1, 1], [17, 2], [21, 3], [13, 4], [12, 5], [6, 6], [30, 7]),
      electionMs: weighted<readonly [number, number]>(
        [20, [150, 300]],
        [40, [150, 170]],
        [30, [50, 100]],
        [10, [100, 250]],
      ),
      heartbeatsPerTimeout: between(3, 6),
    },
    network: { ...networkTables, latency: weighted<Latency>([35, nearLatency], [65, farLatency]) },
    phases: { ...phasesTables, chaosEvents: logBetween(200, 2_000), healsAll: percent(15) },
    faults: {
      ...faultTables,
      hasRival: percent(30),
      kinds: ['crash', 'crash', 'elapse', 'interfere', 'isolate', 'pause', 'outrun', 'stall'],
      facts: [
        'candidate',
        'candidate',
        'voteGranted',
        'voteGranted',
        'leader',
        'senders',
        'started',
      ],
      isFitting: percent(50),
    },
  },
  replication: {
    ...swarm,
    sentence: 'Full windows on bad links: entries lost, doubled, late and out of order.',
    weight: 6,
    features: rareFeatures,
    cluster: {
      ...clusterTables,
      batchEntriesMax: weighted([45, 1], [35, 2], [20, between(3, 8)]),
      inflightMax: weighted([15, 1], [15, 2], [40, between(3, 8)], [30, 16]),
    },
    network: {
      ...networkTables,
      hasTail: percent(85),
      hasLoss: percent(80),
      hasDuplicates: percent(70),
      hasGraveyard: percent(60),
    },
    workload: { ...workloadTables, interval: logBetween(40, 250), readPpm: constant(0) },
    faults: {
      ...faultTables,
      kinds: ['crash', 'isolate', 'isolate', 'clog', 'interfere', 'interfere', 'exhume', 'block'],
      facts: ['leader', 'leader', 'commit', 'success', 'success', 'truncate', 'apply'],
    },
  },
  reigns: {
    ...swarm,
    sentence:
      'Leader after leader is cut off with what it has written, comes back, and leads again while old messages arrive.',
    weight: 16,
    features: rareFeatures,
    cluster: {
      ...clusterTables,
      size: weighted([22, 3], [8, 4], [50, 5], [8, 6], [12, 7]),
      groupCommit: percent(40),
    },
    network: { ...networkTables, hasGraveyard: percent(60) },
    workload: {
      ...workloadTables,
      interval: logBetween(60, 300),
      readPpm: weighted([60, 0], [40, logBetween(20_000, 300_000)]),
      followRedirects: percent(45),
    },
    faults: {
      ...faultTables,
      kinds: ['isolate', 'isolate', 'isolate', 'crash', 'block', 'exhume', 'outrun', 'stall'],
      facts: ['leader', 'leader', 'leader', 'leaderAgain', 'leaderAgain', 'commit', 'truncate'],
      factCount: weighted([30, 2], [40, 3], [30, 4]),
      triggeredCount: between(3, 12),
      hasComebacks: percent(60),
      isFitting: percent(70),
      action: { ...actionTables, cutLength: logBetween(150, 900), isPartial: percent(60) },
    },
  },
  disks: {
    ...swarm,
    sentence:
      'Slow, stalled and failing disks, late notices, and crashes exactly where something becomes durable.',
    weight: 9,
    cluster: { ...clusterTables, groupCommit: percent(40) },
    disk: {
      ...diskTables,
      noticeUsMax: weighted([40, 0], [60, logBetween(1_000, 60_000)]),
      failPpm: weighted([65, 0], [35, logBetween(200, 10_000)]),
    },
    faults: {
      ...faultTables,
      hasRival: percent(65),
      kinds: [
        'crash',
        'crash',
        'outrun',
        'outrun',
        'stall',
        'stall',
        'slow',
        'failWrites',
        'isolate',
      ],
      facts: [
        'write',
        'write',
        'success',
        'sendBehindWrite',
        'sendBehindWrite',
        'voteGranted',
        'truncate',
        'started',
        'leader',
      ],
      isFitting: percent(50),
      action: { ...actionTables, isPartial: percent(50) },
    },
  },
  partitions: {
    ...swarm,
    sentence: 'Long partitions of every shape, one-way ones too, over servers that do not crash.',
    weight: 6,
    features: { ...featureTables, hasWipe: constant(false), hasScene: constant(false) },
    cluster: { ...clusterTables, size: weighted([25, 3], [20, 4], [35, 5], [8, 6], [12, 7]) },
    faults: {
      ...faultTables,
      hasComebacks: constant(false),
      kinds: ['block', 'block', 'block', 'isolate', 'isolate', 'clog'],
      kindCount: weighted([50, 1], [50, 2]),
      timedCount: between(1, 8),
      facts: ['leader', 'leader', 'candidate', 'commit', 'voteGranted'],
      action: { ...actionTables, isPartial: percent(50) },
    },
  },
  long: {
    ...swarm,
    sentence: 'Long runs with few faults: what needs many entries, or many calm reigns.',
    weight: 2,
    phases: { ...phasesTables, chaosEvents: logBetween(8_000, 40_000), chaosTimeouts: [16, 1_000] },
    faults: {
      ...faultTables,
      timedCount: weighted([50, between(1, 4)], [50, between(4, 12)]),
      triggeredCount: between(0, 4),
    },
  },
  tiny: {
    ...swarm,
    sentence: 'Short runs of one to three servers with bounds of one or two.',
    weight: 7,
    features: rareFeatures,
    cluster: {
      ...clusterTables,
      size: weighted([6, 1], [30, 2], [64, 3]),
      batchEntriesMax: weighted([60, 1], [40, 2]),
      inflightMax: weighted([60, 1], [40, 2]),
      applyBatchMax: weighted([40, 1_000_000], [40, 1], [20, 2]),
    },
    phases: { ...phasesTables, chaosEvents: shortRuns },
    faults: { ...faultTables, hasRival: percent(75) },
  },
  ...featureProfiles,
  'figure-2': {
    ...swarm,
    sentence:
      'All profiles as in an ordinary campaign, without the larger parts of Raft: what a server that knows only Figure 2 is put to.',
    weight: 0,
    features: noFeatures,
  },
  programs: {
    ...forPrograms(swarm),
    sentence:
      'As `figure-2`, and snapshots in every second seed, for state machines that begin empty: what a program that speaks the protocol is put to.',
    weight: 0,
  },
  wire: {
    ...swarm,
    sentence:
      'Faults that fire on times and on facts that any implementation raises, and that need no names of messages, timers or streams.',
    weight: 0,
    features: noFeatures,
    faults: {
      ...faultTables,
      kinds: faultTables.kinds.filter((kind) => kind !== 'elapse' && kind !== 'interfere'),
      hasRival: constant(false),
      hasComebacks: constant(false),
      facts: wireTriggerKinds,
      action: { ...actionTables, isNamed: false },
    },
  },
  calm: {
    ...swarm,
    sentence: 'No faults, nothing lost, doubled or late, and disks that never fail.',
    weight: 0,
    network: {
      ...networkTables,
      hasTail: constant(false),
      hasLoss: constant(false),
      hasDuplicates: constant(false),
      hasGraveyard: constant(false),
    },
    disk: { ...diskTables, failPpm: constant(0) },
    workload: { ...workloadTables, hasLoss: constant(false) },
    features: { ...featureTables, hasWipe: constant(false), hasScene: constant(false) },
    faults: {
      ...faultTables,
      timedCount: constant(0),
      triggeredCount: constant(0),
      hasRival: constant(false),
      hasComebacks: constant(false),
    },
  },
};

/** The profile of a seed, when none is asked for. */
export const profileOfSeed = weighted(
  ...PROFILE_NAMES.filter((name) => PROFILES[name].weight > 0).map(
    (name) => [PROFILES[name].weight, name] as const,
  ),
);
