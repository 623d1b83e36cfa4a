/** Schedules for the mutants of what a server makes of what its disk tells it (Figure 2). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/**
 * Writes take 20 ms. S3 writes down term 2, which it has heard of from S2, and then its vote of
 * term 2 for S1. It crashes when it is done with the first.
 *
 *              1   2
 *   S1 S3      1   1
 *   S2         1
 */
// biome-ignore format: one moment of the story per line
const termThenVote = script({ size: 3, quietTimers: true, diskMs: 20 })
  .image(1, { log: [1, 1] })
  .image(2, { log: [1] })
  .image(3, { log: [1, 1] })
  .drop({ from: 1, to: 2 })
  .drop({ from: 2, to: 1 })
  .at(100).elapse(2)
  .at(110).elapse(1)
  .at(145).crash(3, { restartMs: 10 })
  .until(300)
  .plan();

export const DISK_ANSWERS: readonly Directed[] = [
  {
    id: 'term-then-vote',
    mutant: 'older-hard-state-counts',
    story:
      'S3 writes down term 2 and then its vote in term 2. The first write is done, and S3 takes it for the second, answers S1, and crashes without its vote: only the newest write says what the server says (§5.2, Figure 2).',
    plan: termThenVote,
  },
];
