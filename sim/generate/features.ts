/**
 * Which of the larger parts of Raft a seed turns on, and with which bounds. In each seed only some,
 * and none in many: what two of them do to each other is found where the rest is quiet.
 */
import type fc from 'fast-check';
import type { ServerConfig } from '../../core/contract.ts';
import type { ClusterPlan, DiskPlan, WorkloadPlan } from '../kernel/plan.ts';
import { between, constant, type Draw, drawSome, logBetween, percent, weighted } from './draw.ts';

/** What the generator does with the parts of Raft that a plan can turn on. */
export const featuresKnobs = {
  features: 'None in 3 of 10 seeds, else one to three of them, and in every eighth seed all.',
  snapshotEntries: 'A snapshot every 1 to 3 entries in 6 of 10 cases, else every 4 to 40.',
  trailingEntries: 'None stay behind a snapshot in every second case, else 1 to 8.',
  snapshotChunkMax: '4 to 60 characters in 6 of 10 cases, else all in one message.',
  snapshotUs: 'At once in 3 of 10 cases, else up to two of the longest election timeouts.',
  preVote: 'On or off, by itself or with others.',
  checkQuorum: 'On or off; always on with leases.',
  reads: 'By read index or by lease, with many reads.',
  clockDriftPpm: 'Nothing, a thousandth or a tenth, where clocks may differ.',
  membership: 'Joint consensus in 2 of 3 cases, else one server at a time.',
  sessions: 'Clients register, and send again what they have no answer to.',
  sessionExpiryMs:
    'Never in every second case, else after one to ten election timeouts, and not before a client comes again.',
  operations: 'Compare-and-swap, reads of several keys, and values that end by logged time.',
} as const;

export const FEATURES = [
  'snapshots',
  'membership',
  'preVote',
  'checkQuorum',
  'transfer',
  'readIndex',
  'lease',
  'sessions',
  'operations',
  'clocks',
] as const;

export type Feature = (typeof FEATURES)[number];

/** What features are drawn from. */
export interface FeatureTables {
  /** How many of them a seed has. */
  readonly count: fc.Arbitrary<number>;
  /** Of which. */
  readonly choice: readonly Feature[];
  /** Those that every seed has. */
  readonly always: readonly Feature[];
  readonly snapshotEntries: fc.Arbitrary<number>;
  /** Where the membership changes: does a server lose its disk for good? */
  readonly hasWipe: fc.Arbitrary<boolean>;
  /** Do several things come together that are hardly ever drawn together? */
  readonly hasScene: fc.Arbitrary<boolean>;
}

export const featureTables: FeatureTables = {
  count: weighted([30, 0], [25, 1], [20, 2], [13, 3], [12, FEATURES.length]),
  choice: FEATURES,
  always: [],
  snapshotEntries: weighted([60, between(1, 3)], [40, logBetween(4, 40)]),
  hasWipe: percent(10),
  hasScene: percent(25),
};

/** Plain Raft. */
export const noFeatures: FeatureTables = { ...featureTables, count: constant(0) };

const trailingEntries = weighted([50, 0], [50, between(1, 8)]);
const snapshotChunkMax = weighted([60, logBetween(4, 60)], [40, 1_000_000]);
/** Percent of the longest election timeout. */
const snapshotLength = weighted([30, 0], [70, logBetween(1, 200)]);
const drift = weighted([30, 0], [40, 1_000], [30, 100_000]);
const readShare = logBetween(200_000, 700_000);
const isJoint = percent(67);
const isSteady = percent(75);
/** Percent of the longest election timeout; 0: never. */
const expiry = weighted([50, 0], [50, logBetween(100, 1_000)]);
const operationShare = logBetween(50_000, 400_000);

/** What of a server's configuration features decide about; the rest is drawn with the cluster. */
export type FeatureConfig = Pick<
  ServerConfig,
  | 'preVote'
  | 'checkQuorum'
  | 'reads'
  | 'clockDriftPpm'
  | 'membership'
  | 'snapshotEntries'
  | 'trailingEntries'
  | 'snapshotChunkMax'
  | 'logTime'
>;

/** What features change in the other sections. */
export interface FeatureChoices {
  readonly features: ReadonlySet<Feature>;
  readonly config: FeatureConfig;
  readonly cluster: Pick<ClusterPlan, 'sessionExpiryMs'>;
  readonly disk: Pick<DiskPlan, 'snapshotUsMin' | 'snapshotUsMax'>;
  readonly workload: Partial<WorkloadPlan>;
}

/** Every seed draws the same values, whatever they are used for. */
export function drawFeatures(
  draw: Draw,
  tables: FeatureTables,
  { electionMsMax }: Pick<ServerConfig, 'electionMsMax'>,
): FeatureChoices {
  const features = drawSet(draw, tables);
  const has = (feature: Feature): boolean => features.has(feature);
  const [entries, trailing] = [draw(tables.snapshotEntries), draw(trailingEntries)];
  const [chunk, length] = [draw(snapshotChunkMax), draw(snapshotLength)];
  const [driftPpm, reads, joint] = [draw(drift), draw(readShare), draw(isJoint)];
  const [steady, expires] = [draw(isSteady), draw(expiry)];
  const [cas, ttl, range] = [draw(operationShare), draw(operationShare), draw(operationShare)];
  const snapshotUsMax = has('snapshots') ? electionMsMax * 10 * length : 0;
  const isRead = has('readIndex') || has('lease');
  // Who was removed and does not know it would stand for ever: something has to keep it quiet.
  const needsQuiet = has('membership') && steady && !has('preVote');
  return {
    features,
    config: {
      preVote: has('preVote'),
      checkQuorum: has('checkQuorum') || has('lease') || needsQuiet,
      reads: has('lease') ? 'lease' : has('readIndex') ? 'readIndex' : 'log',
      clockDriftPpm: has('clocks') || has('lease') ? driftPpm : 0,
      membership: joint ? 'joint' : 'singleServer',
      snapshotEntries: has('snapshots') ? entries : 0,
      trailingEntries: has('snapshots') ? trailing : 0,
      snapshotChunkMax: has('snapshots') ? chunk : 1_000_000,
      logTime: has('operations') || has('sessions'),
    },
    cluster: {
      sessionExpiryMs: has('sessions') ? Math.floor((electionMsMax * expires) / 100) : 0,
    },
    disk: { snapshotUsMin: Math.floor(snapshotUsMax / 4), snapshotUsMax },
    workload: {
      ...(isRead ? { readPpm: reads } : {}),
      ...(has('sessions') ? { sessions: true } : {}),
      ...(has('operations') ? { casPpm: cas, ttlPpm: ttl, rangePpm: range } : {}),
    },
  };
}

function drawSet(draw: Draw, { count, choice, always }: FeatureTables): Set<Feature> {
  const some = drawSome(draw, choice, draw(count));
  return new Set([...always, ...some]);
}
