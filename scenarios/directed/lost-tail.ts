/**
 * S1 leads term 1 and is cut off with two commands that nobody else has. S2 leads term 2, and its
 * no-op, n, is committed in the place of the first of them. When S1 can be reached again, the first
 * thing that it hears is a heartbeat, which begins behind index 1 and says that index 2 is committed.
 *
 *              1   2   3
 *   S1         n   a   b
 *              1   1   1
 *   S2 S3      n   n
 *              1   2
 */
import type { Plan } from '../../sim/kernel/plan.ts';
import { script } from '../script.ts';

export const LOST_TAIL = lostTail(false);

/** Nothing more happens, and it is judged whether all is well then. */
export const LOST_TAIL_AT_REST = lostTail(true);

function lostTail(settle: boolean): Plan {
  // biome-ignore format: one moment of the story per line
  return script({ size: 3, quietTimers: true, settle })
    .at(100).elapse(1)
    .at(150).isolate(1)
    .at(160).request(1, 'put a 1', 'put b 1')
    .at(200).elapse(2)
    .at(240).heal()
    .until(400)
    .plan();
}
