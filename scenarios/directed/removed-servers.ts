/** Schedules for the mutants of servers that are no members any more (§6). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/** S1 and S2 go on without the others, of whom only S3 knows; then S3 meets S4 and S5. */
// biome-ignore format: one moment of the story per line
const oldFriends = script({ size: 5, quietTimers: true })
  .at(100).elapse(1)
  .at(150).partition([1, 2, 3], [4, 5])
  .at(160).changeMembership([1, 2], { node: 1 })
  .at(400).heal().partition([1, 2], [3, 4, 5])
  .at(410).elapse(4)
  .at(450).request(1, 'put x 1')
  .at(460).request(4, 'put y 1')
  .until(600)
  .plan();

export const REMOVED_SERVERS: readonly Directed[] = [
  {
    id: 'vote-of-the-removed',
    mutant: 'removed-node-resurrected-empty',
    story:
      'S1 and S2 are all that is left of five servers. S3 knows, S4 and S5 have missed it, and S4 stands. With the log that S3 had it refuses; with an empty one it votes, and S4 leads three of the old five, beside S1 (§5.4.1, §6).',
    plan: oldFriends,
  },
];
