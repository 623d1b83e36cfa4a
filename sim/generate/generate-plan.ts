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
import { drawWorkload } from './workload.ts';

/**
 * - swarm: everything that the reference implementation can be put through.
 * - wire: faults fire on times and on facts that any implementation raises, nothing else.
 * - calm: no faults, no loss, no duplicates, no tails.
 */
export type Profile = 'swarm' | 'wire' | 'calm';

export interface GenerateOptions {
  readonly profile?: Profile;
  /** Replaces the drawn cluster size, 1 to 7. */
  readonly size?: number;
}

/** A run above this ends as a storm; the largest healthy ones stay well below half of it. */
export const EVENTS_MAX = 100_000;

export type Section = 'cluster' | 'network' | 'disk' | 'workload' | 'phases' | 'faults';

/** The plan of a seed (a decimal integer below 2^64): equal on every machine. */
export function generatePlan(seed: string, options: GenerateOptions = {}): Plan {
  return drawPlan(seed, (section) => openDraw(seed, section), options);
}

/** A plan whose sections are drawn from these streams. */
export function drawPlan(
  seed: string,
  open: (section: Section) => Draw,
  { profile = 'swarm', size }: GenerateOptions,
): Plan {
  const cluster = drawCluster(open('cluster'), size ?? null);
  const network = drawNetwork(open('network'), cluster);
  const disk = drawDisk(open('disk'), cluster);
  const workload = drawWorkload(open('workload'), { cluster, network, disk });
  const phases = drawPhases(open('phases'), cluster, workload);
  const faults = drawFaults(open('faults'), { cluster, phases, wireOnly: profile === 'wire' });
  const isCalm = profile === 'calm';
  return {
    versions: VERSIONS,
    seed,
    cluster,
    network: isCalm ? { ...network, tailPpm: 0, lossPpm: 0, duplicatePpm: 0 } : network,
    disk,
    workload: isCalm ? { ...workload, lossPpm: 0 } : workload,
    phases,
    faults: isCalm ? [] : faults,
    decisions: [],
    timers: [],
    images: [],
    eventsMax: EVENTS_MAX,
  };
}
