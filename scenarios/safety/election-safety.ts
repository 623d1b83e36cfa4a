/**
 * Five servers, and twice a network that falls into a part of two and a part of three.
 *
 * First the leader is in the small part. S1 does not know, and goes on leading term 1: it takes a
 * command that it will never be able to commit. In the large part S3 is elected for term 2. Now
 * there are two leaders at the same time, but in different terms, and only one of them can commit.
 * When the network is whole again S1 hears of term 2 and steps down.
 *
 * Then both parts hold an election for the same term 3 at the same moment: S4 with the vote of S3,
 * S1 with the votes of S2 and S5. Two of five are no majority, three are. As two majorities of the
 * same five always share a server, and a server has one vote in a term, there cannot be two.
 */
import { isApplied, logsAgree, oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const SPLIT_MS = 400;
const HEAL_MS = 800;
const MINORITY = 'put x minority';
const MAJORITY = 'put x majority';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 5, quietTimers: true, settle: true })
  .at(100).elapse(1)
  .at(200).request(1, 'put x 1')
  .at(SPLIT_MS).partition([1, 2], [3, 4, 5])
  .at(410).request(1, MINORITY)
  .at(500).elapse(3)
  .at(600).request(3, MAJORITY)
  .at(HEAL_MS).heal()
  .at(1200).partition([3, 4], [1, 2, 5])
  .at(1300).elapse(1).elapse(4)
  .at(1600).heal()
  .until(2000)
  .plan();

export const electionSafety: Scenario = {
  id: 'election-safety',
  title: 'Election safety under partition',
  milestone: 3,
  section: '§5.2, §5.4',
  claim:
    'A term has at most one leader, whatever the partition; an old one steps down when it hears.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const twice = oneLeaderPerTerm(record);
  if (twice !== null) return twice;
  for (const [term, node] of [
    [1, 1],
    [2, 3],
    [3, 1],
  ] as const) {
    if (record.leaderOf(term)?.node !== node) return `S${node} does not lead term ${term}.`;
  }
  const inSplit = { beforeUs: HEAL_MS * 1000, afterUs: 600_000 };
  for (const [from, term] of [
    [1, 1],
    [3, 2],
  ] as const) {
    if (record.messagesSent('AppendEntries', { ...inSplit, from, term }).length === 0) {
      return `S${from} does not lead term ${term} during the partition.`;
    }
  }
  if (record.messagesSent('RequestVote', { from: 4, term: 3 }).length === 0) {
    return 'S4 does not stand in the small part.';
  }
  if (record.outcomeOf(MAJORITY) !== 'ok') return 'The large part does not commit its command.';
  if (record.outcomeOf(MINORITY) === 'ok' || isApplied(record, MINORITY)) {
    return 'A command that two of five servers had was committed.';
  }
  const told = record.deliveries.find(({ to, body }) => to === 1 && body.term >= 2);
  const late = record
    .messagesSent('AppendEntries', { from: 1, term: 1 })
    .find(({ order }) => told === undefined || order > told.order);
  if (late !== undefined) return 'S1 leads term 1 after it has heard of term 2.';
  return logsAgree(record, record.nodes);
}
