/**
 * Plans from seeds. A seed is a plan of this generator version only: what a run depends on is the
 * plan, which stays valid when the generator changes.
 */
import type { Plan } from '../kernel/plan.ts';
import { VERSIONS } from '../versions.ts';
import { drawCluster } from './cluster.ts';
import { drawDisk } from './disk.ts';
import { type Draw, openDraw } from './draw.ts';
import { drawFaults } from './faults.ts';
import { drawNetwork } from './network.ts';
import { drawPhases } from './phases.ts';
import type { ProfileName } from './profile-names.ts';
import { PROFILES, profileOfSeed } from './profiles.ts';
import { drawWorkload } from './workload.ts';

export interface GenerateOptions {
  /** null or none: every seed draws its own. */
  readonly profile?: ProfileName | null | undefined;
  /** Replaces the drawn cluster size, 1 to 7. */
  readonly size?: number;
}

/** A run above this ends as a storm; the largest healthy ones stay well below half of it. */
export const EVENTS_MAX = 200_000;

export type Section = 'profile' | 'cluster' | 'network' | 'disk' | 'workload' | 'phases' | 'faults';

/** The plan of a seed (a decimal integer below 2^64): equal on every machine. */
export function generatePlan(seed: string, options: GenerateOptions = {}): Plan {
  return drawPlan(seed, (section) => openDraw(seed, section), options);
}

/** A plan whose sections are drawn from these streams. */
export function drawPlan(
  seed: string,
  open: (section: Section) => Draw,
  { profile: wanted = null, size }: GenerateOptions,
): Plan {
  const profile = PROFILES[wanted ?? open('profile')(profileOfSeed)];
  const cluster = drawCluster(open('cluster'), profile.cluster, size ?? null);
  const network = drawNetwork(open('network'), profile.network, cluster);
  const disk = drawDisk(open('disk'), profile.disk, cluster);
  const workload = drawWorkload(open('workload'), profile.workload, { cluster, network, disk });
  const phases = drawPhases(open('phases'), profile.phases, cluster, workload);
  const faults = drawFaults(open('faults'), profile.faults, { cluster, phases });
  return {
    versions: VERSIONS,
    seed,
    cluster,
    network,
    disk,
    workload,
    phases,
    faults,
    decisions: [],
    timers: [],
    operators: [],
    clocks: [],
    images: [],
    eventsMax: EVENTS_MAX,
  };
}
