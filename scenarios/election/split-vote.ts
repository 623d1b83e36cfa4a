/**
 * The election timeouts of three servers are forced to be equal, twice: 200 ms. All three stand at
 * the same moment, each votes for itself and has no vote left for the others. Nobody has two votes
 * of three; term 1 is over without a leader, and so is term 2. From then on the timeouts are
 * random again: one server stands before the others, and wins.
 */
import type { Term } from '../../core/messages.ts';
import { lastLeader, logsAgree, oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const equalTimeouts = script({ size: 3 });
for (const node of [1, 2, 3]) {
  equalTimeouts.timer(node, 'election', 1, 200).timer(node, 'election', 2, 200);
}

export const splitVote: Scenario = {
  id: 'split-vote',
  title: 'Split vote, resolved by randomized timeouts',
  milestone: 1,
  section: '§5.2',
  claim: 'Equal timeouts split the vote and elect nobody; random ones elect a leader soon after.',
  plan: equalTimeouts.until(3000).plan(),
  criterion,
};

function criterion(record: RunRecord): string | null {
  for (const term of [1, 2]) {
    const candidates = candidatesOf(record, term);
    if (candidates < 2)
      return `Term ${term} has ${candidates} candidates, so the vote is not split.`;
    const leader = record.leaderOf(term);
    if (leader !== null) return `S${leader.node} leads term ${term}, though the vote was split.`;
  }
  const leader = lastLeader(record);
  if (leader === null) return 'The split vote was never resolved.';
  return oneLeaderPerTerm(record) ?? logsAgree(record, record.nodes);
}

function candidatesOf(record: RunRecord, term: Term): number {
  return new Set(record.messagesSent('RequestVote', { term }).map(({ from }) => from)).size;
}
