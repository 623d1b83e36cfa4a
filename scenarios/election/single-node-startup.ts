/**
 * One server alone. It hears from no leader, so its election timer runs out; it stands for term 1,
 * votes for itself, and is the majority of its cluster. It has nobody to send a message to, and
 * commits what its own disk holds.
 *
 * The vote for itself counts only when it is on disk: a server that led before that could crash,
 * start again in term 0, and lead term 1 a second time.
 */
import { oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const electionMs = [150, 300] as const;

// biome-ignore format: one moment of the story per line
const plan = script({ size: 1, electionMs })
  .at(600).request(1, 'put x 5')
  .until(1000)
  .plan();

export const singleNodeStartup: Scenario = {
  id: 'single-node-startup',
  title: 'Single-node startup',
  milestone: 1,
  section: '§5.2',
  claim: 'A single server elects itself after one election timeout and commits alone.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const leaders = record.leaders();
  const leader = leaders[0];
  if (leader === undefined) return 'Nobody led.';
  if (leaders.length > 1 || leader.term !== 1) {
    return `It leads terms ${leaders.map(({ term }) => term).join(', ')} instead of term 1 alone.`;
  }
  // A write may take some time on top of the timeout.
  const [min, max] = electionMs;
  const atMs = leader.atUs / 1000;
  if (atMs < min || atMs > max + 5) return `It leads at ${atMs} ms, outside its election timeout.`;
  const { currentTerm, votedFor } = record.durableOf(1, leader.order);
  if (currentTerm !== 1 || votedFor !== 1) return 'It leads before its own vote is on disk.';
  if (record.sends.length > 0) return 'It sends messages, though there is nobody else.';
  if (record.outcomeOf('put x 5') !== 'ok') return 'The command of its client is not acknowledged.';
  return oneLeaderPerTerm(record);
}
