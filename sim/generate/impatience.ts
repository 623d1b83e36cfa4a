/**
 * Servers that wait a little less than a heartbeat for their leader, so that they ask for pre-votes
 * while the others hear it: who gets them then deposes a good leader again and again (thesis §9.6).
 */
import type { PinnedTimer, Plan } from '../kernel/plan.ts';
import { nodesOf } from './cluster.ts';
import { between, type Draw } from './draw.ts';

const TIMERS = 40;
/** Percent of a heartbeat. */
const patience = between(86, 98);
const latency = between(10, 40);

export function drawImpatience(draw: Draw, plan: Plan): Plan {
  const { cluster, network, disk } = plan;
  const heartbeatUs = cluster.config.heartbeatMs * 10;
  const timers: PinnedTimer[] = nodesOf(cluster.size).flatMap((node) =>
    Array.from({ length: TIMERS }, (_, i) => {
      return { node, timer: 'election', nth: i + 1, us: heartbeatUs * draw(patience) };
    }),
  );
  return {
    ...plan,
    cluster: { ...cluster, config: { ...cluster.config, checkQuorum: false } },
    network: { ...network, latencyUsMin: 500, latencyUsMax: heartbeatUs * draw(latency) },
    disk: { ...disk, latencyUsMin: 200, latencyUsMax: 200, noticeUsMax: 0, failPpm: 0 },
    phases: { ...plan.phases, chaosUs: 10_000 },
    faults: [],
    operators: [],
    timers,
  };
}
