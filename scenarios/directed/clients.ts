/** Schedules for the mutants of what clients are told (§8). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';
import { LOST_TAIL, LOST_TAIL_AT_REST } from './lost-tail.ts';

/** S2 has the command of S1, but S1 does not hear of it; then S2 is elected, by S1. */
// biome-ignore format: one moment of the story per line
const stillPossible = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(110).isolate(3)
  .drop({ from: 2, to: 1, kind: 'AppendEntriesResponse', nth: 2 })
  .at(120).request(1, 'put x 1')
  .at(140).elapse(2)
  .until(250)
  .plan();

/** S1 leads and gets two requests in one event. */
// biome-ignore format: one moment of the story per line
const twoRequests = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1', 'put y 1')
  .until(300)
  .plan();

/** S2 leads, and a client that has all the time in the world asks S1. */
// biome-ignore format: one moment of the story per line
const wrongDoor = script({ size: 3, quietTimers: true, settle: true,
                           workload: { clients: 1, timeoutUs: 60_000_000 } })
  .at(100).elapse(2)
  .until(300)
  .plan();

export const CLIENTS: readonly Directed[] = [
  {
    id: 'other-entry-at-index',
    mutant: 'pending-keyed-by-index',
    story:
      'A client waits at S1 for index 2. S1 is deposed, follows S2, and an entry of S2 is committed at index 2: the place is the same, the command is lost, and "ok" would be a lie (§8).',
    plan: LOST_TAIL,
  },
  {
    id: 'nobody-answers',
    mutant: 'pending-dropped-silently',
    story:
      'Two clients wait at S1 when S1 is deposed. It cannot say what becomes of their commands, but that is an answer; with none they wait for ever (§8).',
    plan: LOST_TAIL_AT_REST,
  },
  {
    id: 'still-possible',
    mutant: 'stepdown-reports-definite-failure',
    story:
      'S1 is deposed with a command that S2 has, too, and S2 is the next leader. The command is committed after all, so "it did not happen" would be a lie, and a client that tries again would have it done twice (§8).',
    plan: stillPossible,
  },
  {
    id: 'answered-on-append',
    mutant: 'acknowledged-on-append',
    story:
      'S1, cut off, appends two commands, and the next leader replaces them. "Ok" means committed: an entry in the log of a leader can still be lost (§5.3, §8).',
    plan: LOST_TAIL,
  },
  {
    id: 'two-requests',
    mutant: 'answered-twice',
    story:
      'S1 leads, and two clients ask. When their entries are committed they are applied in the same moment, and that is one reason to answer, not two: the second answer would be taken for that of another attempt (§8).',
    plan: twoRequests,
  },
  {
    id: 'two-requests-at-once',
    mutant: 'batch-takes-last-command',
    story:
      'Two requests come to S1 together, and both entries hold the second command. The first client is told ok for what nobody has, and the second command is carried out twice (§8).',
    plan: twoRequests,
  },
  {
    id: 'wrong-door',
    mutant: 'redirect-to-self',
    story:
      'S2 leads, and a client asks S1, which sends it to S1, again and again. A follower knows who leads, and names it (§8).',
    plan: wrongDoor,
  },
];
