import type fc from 'fast-check';
import type { ClusterPlan, DiskPlan } from '../kernel/plan.ts';
import { latencyUsLimit } from './cluster.ts';
import { between, type Draw, logBetween, weighted } from './draw.ts';

/** What the generator does with each knob of the disk. */
export const diskKnobs = {
  latencyUs:
    'A third of the seeds 0.1 to 0.5 ms, a third some ms, the rest up to 60 ms, within latencyUsLimit.',
  noticeUsMax: 'In a third of the seeds a server is told up to 1 to 60 ms late, and out of order.',
  failPpm: 'No failing writes in 7 of 8 seeds; else 0.02 % to 1 %.',
} as const;

/** What a disk is drawn from. */
export interface DiskTables {
  readonly latencyUsMax: fc.Arbitrary<number>;
  /** The longest over the shortest latency. */
  readonly spread: fc.Arbitrary<number>;
  readonly noticeUsMax: fc.Arbitrary<number>;
  readonly failPpm: fc.Arbitrary<number>;
}

export const diskTables: DiskTables = {
  latencyUsMax: weighted(
    [30, between(100, 500)],
    [40, logBetween(500, 10_000)],
    [30, logBetween(10_000, 60_000)],
  ),
  spread: weighted([30, 1], [70, between(2, 8)]),
  noticeUsMax: weighted([67, 0], [33, logBetween(1_000, 60_000)]),
  failPpm: weighted([88, 0], [12, logBetween(200, 10_000)]),
};

export function drawDisk(draw: Draw, tables: DiskTables, { config }: ClusterPlan): DiskPlan {
  const limit = latencyUsLimit(config);
  const slowest = Math.min(draw(tables.latencyUsMax), limit);
  const latencyUsMin = Math.floor(slowest / draw(tables.spread));
  const noticeUsMax = Math.min(draw(tables.noticeUsMax), limit);
  return {
    latencyUsMin,
    latencyUsMax: slowest,
    noticeUsMax,
    failPpm: draw(tables.failPpm),
    snapshotUsMin: 0,
    snapshotUsMax: 0,
  };
}
