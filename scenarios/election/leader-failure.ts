/**
 * S1 leads. At 1000 ms it dies. S2 and S3 hear no heartbeat any more; the timer of S2 runs out
 * first, it stands for the next term and gets the vote of S3. When S1 comes back at 2000 ms it
 * starts as a follower, whatever it was before, and hears of the new term.
 */
import { logsAgree, oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const CRASH_MS = 1000;
const RESTART_MS = 2000;

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3 })
  .timer(1, 'election', 1, 160)
  .timer(2, 'election', 1, 220)
  .timer(3, 'election', 1, 290)
  .at(CRASH_MS).crash(1)
  .at(RESTART_MS).restart(1)
  .until(3000)
  .plan();

export const leaderFailure: Scenario = {
  id: 'leader-failure',
  title: 'Leader failure and re-election',
  milestone: 1,
  section: '§5.2',
  claim: 'When the leader dies the others elect a new one, in a higher term.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const hasDied = record.lifecycles.some(({ node, what }) => node === 1 && what === 'crashed');
  if (!hasDied) return 'S1 does not die.';
  const [first, second] = record.leaders();
  if (first === undefined || first.node !== 1) return 'S1 was not the first to lead.';
  if (second === undefined) return 'Nobody followed S1 as leader.';
  if (second.term <= first.term) return `The new leader has term ${second.term}, not a higher one.`;
  if (second.node === 1) return 'S1 leads again instead of S2 or S3.';
  const sinceCrashMs = second.atUs / 1000 - CRASH_MS;
  if (sinceCrashMs <= 0) return 'The new leader was there before S1 died.';
  if (sinceCrashMs > 1000) return `It took ${sinceCrashMs} ms to replace S1.`;
  const late = record.messagesSent('AppendEntries', { from: 1, afterUs: RESTART_MS * 1000 });
  if (late.length > 0) return 'S1 still acts as a leader after its restart.';
  return oneLeaderPerTerm(record) ?? logsAgree(record, record.nodes);
}
