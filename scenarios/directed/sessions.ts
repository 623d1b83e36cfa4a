/** Schedules for the mutants of client sessions (§8). */
import type { Plan } from '../../sim/kernel/plan.ts';
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/**
 * A client registers and swaps the value of x0, which is `none`, by up to `batchMax` commands in one
 * request. S1 commits them and dies before it answers; the client sends them again, to S2.
 */
// biome-ignore format: one moment of the story per line
function lostAnswers(seed: string, batchMax: number): Plan {
  const workload = { clients: 1, keys: 1, readPpm: 0, casPpm: 1_000_000, batchMax };
  return script({ size: 3, seed, quietTimers: true, sessions: true, workload })
    .at(1).elapse(1)
    .at(5).request(1, 'put x0 none')
    // S1 has committed its no-op, x0, the registration, and now the swaps.
    .when('commit', { node: 1, nth: 4 }).crash(1)
    .at(150).elapse(2)
    .until(400)
    .plan();
}

/** S1, cut off, has the command of a client, which sends it again when no answer comes. */
// biome-ignore format: one moment of the story per line
const cutOff = script({ size: 3, quietTimers: true, sessions: true,
                        workload: { clients: 1, keys: 1, readPpm: 0, casPpm: 0, batchMax: 1, timeoutUs: 50_000 } })
  .at(1).elapse(1)
  .at(60).isolate(1)
  .until(900)
  .plan();

export const SESSIONS: readonly Directed[] = [
  {
    id: 'answer-lost-with-the-leader',
    mutant: 'retry-applied-twice',
    story:
      'S1 commits the swap of a client and dies before it answers, so the client sends it again, to S2, whose log has it already. Both copies are committed; the second must change nothing and get the answer of the first, that the values were swapped (§8, thesis §6.3).',
    plan: lostAnswers('1', 1),
  },
  {
    id: 'answers-lost-with-the-leader',
    mutant: 'dedup-wrong-cached-response',
    story:
      'S1 commits several swaps that a client has sent together, of which the first succeeds, and dies before it answers. The client sends all of them again, to S2, and each gets its own answer of the first time, not that of the last one (§8, thesis §6.3).',
    plan: lostAnswers('2', 4),
  },
  {
    id: 'answer-from-the-log',
    mutant: 'dedup-recorded-at-append',
    story:
      'S1, cut off, has appended a command that nobody else has, and its client sends it again. That it is in a log makes no duplicate of it: what was not applied has no answer yet, and the next leader may replace it (§8, thesis §6.3).',
    plan: cutOff,
  },
];
