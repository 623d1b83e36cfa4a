/**
 * How a leader repairs a log that has gone astray. Index by index, n for the no-op with which a
 * reign begins, and the terms below:
 *
 *              1   2   3   4   5   6   7
 *   S3         n   a   b'  c'              leader of term 1, cut off with two commands
 *              1   1   1   1
 *   S1, S2     n   a   n   b   c   d       leader of term 2 is S1
 *              1   1   2   2   2   2
 *   S2         n   a   n   b   c   d   n   leader of term 3 is S2; now S3 can be reached again
 *              1   1   2   2   2   2   3
 *
 * S2 begins at the end of its own log: "here is 7, which follows 6 of term 2". S3 has no index 6
 * and refuses. So S2 tries 5, 4, and 3, one index at a time (there are faster ways); at 2 the logs
 * agree. S3 removes what is behind it, b' and c', and takes the rest.
 */
import { appliesAgree, isApplied, isSameLog, logsAgree, showTerms } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const LOST = ['put b lost', 'put c lost'] as const;
const HEAL_MS = 820;

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, quietTimers: true, backtracking: 'decrement' })
  .at(100).elapse(3)
  .at(200).request(3, 'put a 1')
  .at(400).isolate(3)
  .at(410).request(3, LOST[0])
  .at(420).request(3, LOST[1])
  .at(500).elapse(1)
  .at(600).request(1, 'put b 2')
  .at(610).request(1, 'put c 3')
  .at(620).request(1, 'put d 4')
  .at(800).elapse(2)
  .at(HEAL_MS).heal()
  .until(2000)
  .plan();

export const followerRecovery: Scenario = {
  id: 'follower-recovery',
  title: 'Follower log inconsistency recovery',
  milestone: 2,
  section: '§5.3',
  claim:
    'A refused leader steps back until the logs agree; from there on the follower takes its log.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const healUs = HEAL_MS * 1000;
  const atHeal = record.disks.findLast(({ node, atUs }) => node === 3 && atUs < healUs)?.durable;
  if (atHeal === undefined || showTerms(atHeal.log) !== '1 1 1 1') {
    return 'S3 does not have two entries of its own when it comes back.';
  }
  const refused = record
    .messagesSent('AppendEntriesResponse', { from: 3, to: 2, term: 3 })
    .filter(({ body }) => !body.success);
  if (refused.length < 2) return `S3 refuses ${refused.length} times, so nobody stepped back.`;
  const asked = record
    .messagesDelivered('AppendEntries', { from: 2, to: 3, term: 3 })
    .slice(0, refused.length + 1)
    .map(({ body }) => body.prevLogIndex);
  if (asked.some((prevLogIndex, i) => i > 0 && prevLogIndex >= asked[i - 1]!)) {
    return `S2 asks about indexes ${asked.join(', ')} instead of going down.`;
  }
  const agreed = atHeal.log.slice(0, 2);
  const later = record.disks.filter(({ node, atUs }) => node === 3 && atUs >= healUs);
  if (!later.every(({ issued }) => isSameLog(issued.log.slice(0, 2), agreed))) {
    return 'S3 removed entries on which the logs agree.';
  }
  const revived = LOST.find((op) => isApplied(record, op) || record.outcomeOf(op) === 'ok');
  if (revived !== undefined) return `"${revived}", which no majority ever had, took effect.`;
  return appliesAgree(record) ?? logsAgree(record, record.nodes);
}
