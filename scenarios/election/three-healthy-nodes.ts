/**
 * Three servers start at the same moment, and nothing goes wrong. Each waits for a time of its own,
 * drawn between 150 and 300 ms. The first whose timer runs out asks the other two for their votes
 * before they think of standing themselves; its heartbeats keep it that way.
 */

import { lastLeader, oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

/** By then an election has come to its end, even if the first ones were split. */
const SETTLED_US = 1_000_000;

export const threeHealthyNodes: Scenario = {
  id: 'three-healthy-nodes',
  title: 'Three-node cluster, all healthy',
  milestone: 1,
  section: '§5.2',
  claim: 'Within a few election timeouts exactly one of three healthy servers leads, and it stays.',
  plan: script({ size: 3, latencyMs: [0.5, 5] })
    .until(2000)
    .plan(),
  criterion,
};

function criterion(record: RunRecord): string | null {
  const leader = lastLeader(record);
  if (leader === null) return 'Nobody led within two seconds.';
  for (const node of record.nodes) {
    const { currentTerm } = record.durableOf(node);
    if (currentTerm !== leader.term) {
      return `S${node} is in term ${currentTerm}, but S${leader.node} leads term ${leader.term}.`;
    }
  }
  const late = record.messagesSent('RequestVote', { afterUs: SETTLED_US })[0];
  if (late !== undefined) return `S${late.from} stands for term ${late.body.term} after a second.`;
  for (const { from } of record.messagesSent('AppendEntries', { afterUs: SETTLED_US })) {
    if (from !== leader.node) return `S${from} acts as a leader beside S${leader.node}.`;
  }
  return oneLeaderPerTerm(record);
}
