/**
 * Plans from seeds. A seed is a plan of this generator version only: what a run depends on is the
 * plan, which stays valid when the generator changes.
 */
import type { NodeId } from '../../core/messages.ts';
import type { ClusterPlan, PhasesPlan, Plan, WorkloadPlan } from '../kernel/plan.ts';
import { VERSIONS } from '../versions.ts';
import { drawClocks } from './clocks.ts';
import { drawCluster } from './cluster.ts';
import { drawDisk } from './disk.ts';
import { type Draw, openDraw } from './draw.ts';
import { drawFaults } from './faults.ts';
import { drawFeatures } from './features.ts';
import { forPrograms } from './for-programs.ts';
import { drawNetwork } from './network.ts';
import { drawOperators, drawSpares } from './operators.ts';
import { drawPhases } from './phases.ts';
import type { ProfileName } from './profile-names.ts';
import { PROFILES, profileOfSeed } from './profiles.ts';
import { drawScene } from './scenes.ts';
import type { Profile } from './swarm.ts';
import { drawWorkload } from './workload.ts';

export interface GenerateOptions {
  /** null or none: every seed draws its own. */
  readonly profile?: ProfileName | null | undefined;
  /** Replaces the drawn cluster size, 1 to 7. */
  readonly size?: number;
}

/** A run above this ends as a storm; the largest healthy ones stay well below half of it. */
export const EVENTS_MAX = 200_000;

export type Section =
  | 'profile'
  | 'features'
  | 'cluster'
  | 'network'
  | 'disk'
  | 'workload'
  | 'phases'
  | 'faults'
  | 'operators'
  | 'clocks'
  | 'scenes';

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
  const profile = chosenProfile(wanted, open);
  const plain = drawCluster(open('cluster'), profile.cluster, size ?? null);
  const chosen = drawFeatures(open('features'), profile.features, plain.config);
  const { features } = chosen;
  const operatorDraw = open('operators');
  const cluster: ClusterPlan = {
    size: plain.size,
    spares: drawSpares(operatorDraw, features, plain.size),
    config: { ...plain.config, ...chosen.config },
    stateMachine: plain.stateMachine,
    restartAfterHaltUs: plain.restartAfterHaltUs,
    ...chosen.cluster,
  };
  const network = drawNetwork(open('network'), profile.network, cluster);
  const disk = { ...drawDisk(open('disk'), profile.disk, cluster), ...chosen.disk };
  const surroundings = { cluster, network, disk };
  const drawn = drawWorkload(open('workload'), profile.workload, surroundings);
  const workload = { ...drawn, ...chosen.workload };
  const phases = drawPhases(open('phases'), profile.phases, cluster, workload);
  const whole = { cluster, phases };
  const change = drawOperators(operatorDraw, profile.features, features, whole);
  const faults = drawFaults(open('faults'), profile.faults, { ...whole, features });
  return drawScene(open('scenes'), profile.features.hasScene, {
    versions: VERSIONS,
    seed,
    cluster: { ...cluster, sessionExpiryMs: usableExpiryMs(cluster, workload) },
    network,
    disk,
    workload,
    phases: change.wiped === 0 ? phases : without(phases, change.wiped),
    faults: [...change.faults, ...faults],
    decisions: [],
    timers: [],
    operators: change.operators,
    clocks: drawClocks(open('clocks'), features, whole),
    images: [],
    eventsMax: EVENTS_MAX,
  });
}

/** Figure 2 is a part of all profiles, and programs are put to all of them too. */
function chosenProfile(wanted: ProfileName | null, open: (section: Section) => Draw): Profile {
  if (wanted !== null && wanted !== 'figure-2' && wanted !== 'programs') return PROFILES[wanted];
  const drawn = PROFILES[open('profile')(profileOfSeed)];
  switch (wanted) {
    case null:
      return drawn;
    case 'figure-2':
      return { ...drawn, features: PROFILES[wanted].features };
    case 'programs':
      return forPrograms(drawn);
  }
}

/** A client that comes more rarely than sessions expire would never get anything done. */
function usableExpiryMs({ sessionExpiryMs }: ClusterPlan, { intervalUs }: WorkloadPlan): number {
  return sessionExpiryMs === 0 ? 0 : Math.max(sessionExpiryMs, Math.ceil(intervalUs / 250));
}

/** Nothing heals a server whose disk is gone. */
function without(phases: PhasesPlan, wiped: NodeId): PhasesPlan {
  return { ...phases, core: phases.core.filter((node) => node !== wiped) };
}
