import type { ClusterPlan, PhasesPlan, WorkloadPlan } from '../kernel/plan.ts';
import { nodesOf } from './cluster.ts';
import { between, type Draw, drawSome, logBetween, percent, weighted } from './draw.ts';

/** What the generator does with each knob of the phases. */
export const phasesKnobs = {
  chaosUs: 'As long as some 800 to 4,000 server events take, and at least 16 election timeouts.',
  core: 'All servers in 6 of 10 seeds, else a bare majority.',
  rest: 'Dead or cut off, evenly.',
  inFlight: 'Dropped or hurried, evenly.',
  trafficOperations: '5 to 20.',
  settle: 'Always: every plan ends with heal, quiet and traffic.',
} as const;

/** Server events of the chaos phase that are aimed at. */
const chaosEvents = logBetween(800, 4_000);
const CHAOS_TIMEOUTS_MIN = 16;
const CHAOS_TIMEOUTS_MAX = 200;

const healsAll = percent(60);
const rest = weighted<'dead' | 'cut'>([1, 'dead'], [1, 'cut']);
const inFlight = weighted<'drop' | 'hurry'>([1, 'drop'], [1, 'hurry']);
const trafficOperations = between(5, 20);

export function drawPhases(draw: Draw, cluster: ClusterPlan, workload: WorkloadPlan): PhasesPlan {
  const nodes = nodesOf(cluster.size);
  const events = draw(chaosEvents);
  const all = draw(healsAll);
  const majority = drawSome(draw, nodes, Math.floor(cluster.size / 2) + 1);
  return {
    chaosUs: chaosUsFor(events, cluster, workload),
    core: all ? nodes : majority,
    rest: draw(rest),
    inFlight: draw(inFlight),
    trafficOperations: draw(trafficOperations),
    settle: true,
  };
}

/** The time in which a healthy cluster takes about this many events, within bounds. */
function chaosUsFor(events: number, { size, config }: ClusterPlan, workload: WorkloadPlan): number {
  const heartbeatsPerSecond = 1_000 / config.heartbeatMs;
  const requestsPerSecond = (workload.clients * 1_000_000) / workload.intervalUs;
  const eventsPerSecond = heartbeatsPerSecond * (2 * size - 1) + requestsPerSecond * (3 * size - 1);
  const chaosUs = Math.floor((events * 1_000_000) / eventsPerSecond);
  const timeoutUs = config.electionMsMax * 1_000;
  return Math.min(
    Math.max(chaosUs, timeoutUs * CHAOS_TIMEOUTS_MIN),
    timeoutUs * CHAOS_TIMEOUTS_MAX,
  );
}
