/** Schedules for the mutants that count time where they should read it (thesis §4.2.3, §6.4.1). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/** S1, cut off, is paused for longer than its lease; a read waits for it, and S2 has committed x. */
// biome-ignore format: one moment of the story per line
const pausedLeader = script({ size: 3, quietTimers: true, reads: 'lease', checkQuorum: true })
  .timer(1, 'election', 1, 150)
  .timer(2, 'election', 1, 160)
  .at(310).isolate(1).pause(1, 180)
  .at(470).request(2, 'put x 1')
  .at(485).request(1, 'get x')
  .until(700)
  .plan();

/** S1 leads and dies; S2 and S3 are to agree on another leader. */
// biome-ignore format: one moment of the story per line
const deadLeader = script({ size: 3, checkQuorum: true, settle: true,
                            phases: { core: [2, 3], rest: 'dead' } })
  .timer(1, 'election', 1, 150)
  .timer(2, 'election', 1, 290)
  .timer(3, 'election', 1, 290)
  .at(400).crash(1)
  .until(500)
  .plan();

export const PAUSED_TIME: readonly Directed[] = [
  {
    id: 'read-after-a-pause',
    mutant: 'lease-in-ticks-with-pause',
    story:
      'S1 is cut off and paused, S2 is elected and commits x, and then S1 goes on and finds a client that asks for x. Its heartbeats stood still with it, but the time of its lease is over: a lease ends by the clock, whatever a server gets to do meanwhile (thesis §6.4.1).',
    plan: pausedLeader,
  },
  {
    id: 'in-lockstep',
    mutant: 'lease-tick-lockstep-livelock',
    story:
      'S1 dies, and S2 and S3 stand in turn. Each refuses the other for as long as the longest election timeout, counted anew whenever it stands itself, and so they go on for ever: only the word of a leader protects it, for the shortest timeout (thesis §4.2.3).',
    plan: deadLeader,
  },
];
