import type { ClusterPlan, DiskPlan } from '../kernel/plan.ts';
import { latencyUsLimit } from './cluster.ts';
import { between, type Draw, logBetween, weighted } from './draw.ts';

/** What the generator does with each knob of the disk. */
export const diskKnobs = {
  latencyUs:
    'A third of the seeds 0.1 to 0.5 ms, a third some ms, the rest up to 60 ms, within latencyUsLimit.',
} as const;

const latencyUsMax = weighted(
  [30, between(100, 500)],
  [40, logBetween(500, 10_000)],
  [30, logBetween(10_000, 60_000)],
);
const spread = weighted([30, 1], [70, between(2, 8)]);

export function drawDisk(draw: Draw, { config }: ClusterPlan): DiskPlan {
  const slowest = Math.min(draw(latencyUsMax), latencyUsLimit(config));
  const latencyUsMin = Math.floor(slowest / draw(spread));
  return { latencyUsMin, latencyUsMax: slowest, noticeUsMax: 0, failPpm: 0 };
}
