/** The names alone: what only checks a name need not load the generator. */
export const PROFILE_NAMES = [
  'swarm',
  'elections',
  'replication',
  'reigns',
  'disks',
  'partitions',
  'long',
  'tiny',
  'membership',
  'snapshots',
  'leases',
  'sessions',
  'figure-2',
  'programs',
  'wire',
  'calm',
] as const;

export type ProfileName = (typeof PROFILE_NAMES)[number];
