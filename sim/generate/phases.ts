import type fc from 'fast-check';
import type { ClusterPlan, PhasesPlan, WorkloadPlan } from '../kernel/plan.ts';
import { nodesOf, serversOf } from './cluster.ts';
import { between, type Draw, drawSome, logBetween, percent, weighted } from './draw.ts';

/** What the generator does with each knob of the phases. */
export const phasesKnobs = {
  chaosUs:
    'As long as some 200 to 800 server events take in every fifth seed, 800 to 4,000 in most, up to 12,000 in some; and at least 16 election timeouts.',
  core: 'All servers in 6 of 10 seeds, and wherever there are spare ones; else a bare majority.',
  rest: 'Dead or cut off, evenly.',
  inFlight: 'Dropped or hurried, evenly.',
  trafficOperations: '5 to 20.',
  settle: 'Always: every plan ends with heal, quiet and traffic.',
} as const;

/** What phases are drawn from. */
export interface PhasesTables {
  /** Server events of the chaos phase that are aimed at. */
  readonly chaosEvents: fc.Arbitrary<number>;
  /** Bounds of the chaos phase, in the longest election timeouts. */
  readonly chaosTimeouts: readonly [min: number, max: number];
  readonly healsAll: fc.Arbitrary<boolean>;
  readonly rest: fc.Arbitrary<'dead' | 'cut'>;
  readonly inFlight: fc.Arbitrary<'drop' | 'hurry'>;
  readonly trafficOperations: fc.Arbitrary<number>;
}

export const phasesTables: PhasesTables = {
  chaosEvents: weighted(
    [20, logBetween(200, 800)],
    [65, logBetween(800, 4_000)],
    [15, logBetween(4_000, 12_000)],
  ),
  chaosTimeouts: [16, 200],
  healsAll: percent(60),
  rest: weighted<'dead' | 'cut'>([1, 'dead'], [1, 'cut']),
  inFlight: weighted<'drop' | 'hurry'>([1, 'drop'], [1, 'hurry']),
  trafficOperations: between(5, 20),
};

export function drawPhases(
  draw: Draw,
  tables: PhasesTables,
  cluster: ClusterPlan,
  workload: WorkloadPlan,
): PhasesPlan {
  const nodes = nodesOf(cluster.size);
  const events = draw(tables.chaosEvents);
  const all = draw(tables.healsAll);
  const majority = drawSome(draw, nodes, Math.floor(cluster.size / 2) + 1);
  const [min, max] = tables.chaosTimeouts;
  const timeoutUs = cluster.config.electionMsMax * 1_000;
  const chaosUs = chaosUsFor(events, cluster, workload);
  return {
    chaosUs: Math.min(Math.max(chaosUs, timeoutUs * min), timeoutUs * max),
    // Which servers are a majority in the end, where the membership changes, nobody knows.
    core: cluster.spares > 0 ? serversOf(cluster) : all ? nodes : majority,
    rest: draw(tables.rest),
    inFlight: draw(tables.inFlight),
    trafficOperations: draw(tables.trafficOperations),
    settle: true,
  };
}

/** The time in which a healthy cluster takes about this many events. */
function chaosUsFor(events: number, { size, config }: ClusterPlan, workload: WorkloadPlan): number {
  const heartbeatsPerSecond = 1_000 / config.heartbeatMs;
  const requestsPerSecond = (workload.clients * 1_000_000) / workload.intervalUs;
  const eventsPerSecond = heartbeatsPerSecond * (2 * size - 1) + requestsPerSecond * (3 * size - 1);
  return Math.floor((events * 1_000_000) / eventsPerSecond);
}
