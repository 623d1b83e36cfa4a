/**
 * S1 leads term 1 with the vote of S3. S2 has been elsewhere: its disk says term 10, and it is cut
 * off until 500 ms. Then the first AppendEntries of S1 reaches it. S2 refuses, and says that the
 * term is 10. S1 takes the term over and leads no more: a leader of term 1 has no say in term 10.
 *
 * S3 has not heard of all this. It stands for term 2, is told 10 as well, stands for term 11, and
 * leads it.
 */
import { logsAgree, oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, quietTimers: true })
  .image(2, { term: 10 })
  .at(0).isolate(2)
  .at(100).elapse(1)
  .at(500).heal()
  .at(900).elapse(3)
  .at(1000).elapse(3)
  .until(1500)
  .plan();

export const termSynchronization: Scenario = {
  id: 'term-synchronization',
  title: 'Term synchronization',
  milestone: 1,
  section: '§5.1',
  claim: 'A leader that learns of a higher term takes it over and steps down.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  if (record.leaderOf(1)?.node !== 1) return 'S1 does not lead term 1.';
  const asked = record.messagesDelivered('AppendEntries', { from: 1, to: 2, term: 1 });
  if (asked.length === 0) return 'No AppendEntries of term 1 reaches S2.';
  const answers = record.messagesDelivered('AppendEntriesResponse', { from: 2, to: 1 });
  const refusal = answers.find(({ body }) => !body.success && body.term === 10);
  if (refusal === undefined) return 'S2 does not refuse term 1 with its own term 10.';
  if (record.durableOf(2, refusal.order).log.length > 0) return 'S2 took an entry of term 1.';
  const later = record.messagesSent('AppendEntries', {
    from: 1,
    term: 1,
    afterUs: refusal.atUs + 1,
  });
  if (later.length > 0) return 'S1 goes on leading term 1 after it was told of term 10.';
  if (!record.disks.some(({ node, durable }) => node === 1 && durable.currentTerm === 10)) {
    return 'S1 does not take term 10 over.';
  }
  if (record.leaderOf(11)?.node !== 3) return 'S3 does not lead term 11.';
  return oneLeaderPerTerm(record) ?? logsAgree(record, record.nodes);
}
