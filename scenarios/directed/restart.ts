/** Schedules for the mutants of what a server knows when it starts again (Figure 2). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/** S1 starts anew with two commands on its disk that nobody else has; S2 and S3 go on meanwhile. */
// biome-ignore format: one moment of the story per line
const tailOnDisk = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(150).isolate(1)
  .at(160).request(1, 'put a 1', 'put b 1')
  .at(180).crash(1, { restartMs: 10 })
  .at(200).elapse(2)
  .at(240).heal()
  .until(400)
  .plan();

export const RESTARTS: readonly Directed[] = [
  {
    id: 'tail-on-disk',
    mutant: 'restart-commits-own-log',
    story:
      'S1 starts anew with two commands on its disk that nobody else has, while S2 and S3 go on without them. The log alone does not tell what is committed: a server learns it from a leader (§5.3, Figure 2).',
    plan: tailOnDisk,
  },
];
