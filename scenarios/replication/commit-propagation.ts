/**
 * Followers learn from leaderCommit what is committed; but only for the part of their log that the
 * same message has verified. n is the no-op of a reign:
 *
 *              1   2   3   4
 *   S3         n   a   b'          led term 1, cut off with b'
 *              1   1   1
 *   S1, S2     n   a   n   b       S1 leads term 2; all four are committed
 *              1   1   2   2
 *
 * When S3 can be reached again it first gets a heartbeat: "index 2 has term 1, and I have committed
 * through 4". It passes the check at 2, which says nothing about index 3. S3 may commit through
 * min(leaderCommit, index of the last entry verified) = 2. With the end of its own log instead of
 * the last entry verified, it would apply b', which nobody ever committed. Later messages bring the
 * entries, and then S3 applies them.
 */
import { appliesAgree, holdersOf, indexOfCommand, isApplied, logsAgree } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const OP = 'put b 2';
const LOST = 'put b lost';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, quietTimers: true })
  .at(100).elapse(3)
  .at(200).request(3, 'put a 1')
  .at(400).isolate(3)
  .at(410).request(3, LOST)
  .at(500).elapse(1)
  .at(510).request(1, OP)
  .at(530).heal()
  .until(1500)
  .plan();

export const commitPropagation: Scenario = {
  id: 'commit-propagation',
  title: 'Commit index propagation',
  milestone: 2,
  section: '§5.3',
  claim:
    'A follower commits through min(leaderCommit, last entry verified), no further, and in time.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const first = record.applies.find(({ entry }) => entry.command?.op === OP);
  if (first === undefined || first.node !== 1) return 'S1 is not the first to apply the entry.';
  const holders = holdersOf(record, OP, first.order);
  if (holders.length !== 2) return `${holders.length} disks of three hold the entry at its commit.`;
  const heard = record.messagesDelivered('AppendEntries', { from: 1, to: 3 });
  const isTempted = heard.some(({ order, body }) => {
    const verified = body.prevLogIndex + body.entries.length;
    const tail = indexOfCommand(record.issuedOf(3, order).log, LOST);
    return tail > verified && body.leaderCommit >= tail;
  });
  if (!isTempted) return 'S3 is never told of a commit index beyond what was verified.';
  if (isApplied(record, LOST)) return `A server applies "${LOST}", which was never committed.`;
  for (const { order, index } of record.appliedBy(3)) {
    const before = heard.filter((message) => message.order < order);
    // What it applied before it heard of S1 it had committed itself.
    if (before.length === 0) continue;
    const limits = before.map(({ body }) =>
      Math.min(body.leaderCommit, body.prevLogIndex + body.entries.length),
    );
    if (index > Math.max(...limits)) return `S3 applies index ${index} before it may.`;
  }
  if (!record.appliedBy(3).some(({ entry }) => entry.command?.op === OP)) {
    return 'S3 never applies the entry.';
  }
  return appliesAgree(record) ?? logsAgree(record, record.nodes);
}
