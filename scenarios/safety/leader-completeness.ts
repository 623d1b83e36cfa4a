/**
 * An entry is on three disks of five: S1, S2, S3. S1 has committed it and told the client; in that
 * very moment S1 dies, and soon after it S2. One live server has the entry, two do not know it.
 *
 *   S1  n x   dead          S4 stands for term 2: S5 votes for it, S3 refuses, since the log of S4
 *   S2  n x   dead          is behind its own. Two votes of five.
 *   S3  n x                 S3 stands for term 3: S4 and S5 vote for it.
 *   S4  n
 *   S5  n                   The new leader has the entry, and with its own no-op commits it again.
 */
import {
  appliesAgree,
  holdersOf,
  indexOfCommand,
  lastLeader,
  logsAgree,
  oneLeaderPerTerm,
} from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const OP = 'put x 5';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 5, quietTimers: true, settle: true, phases: { core: [3, 4, 5] } })
  .at(100).elapse(1)
  .at(300).cut(1, [4, 5])
  .at(310).request(1, OP)
  .when('acknowledged').crash()
  .at(330).crash(2)
  .at(340).heal()
  .at(400).elapse(4)
  .at(600).elapse(3)
  .until(1500)
  .plan();

export const leaderCompleteness: Scenario = {
  id: 'leader-completeness',
  title: 'Leader completeness',
  milestone: 3,
  section: '§5.4.1',
  claim: 'An entry that was committed once is in the log of every later leader.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const told = record.returns.find(({ op, outcome }) => op === OP && outcome === 'ok');
  if (told === undefined) return 'The client is never told that its command is committed.';
  const holders = holdersOf(record, OP, told.order);
  if (holders.length !== 3) return `${holders.length} disks have the entry when it is committed.`;
  const deaths = record.lifecycles.filter(({ what }) => what === 'crashed').map(({ node }) => node);
  if (!deaths.includes(1) || !deaths.includes(2)) return 'S1 and S2 did not both die.';
  const refusal = record
    .messagesSent('RequestVoteResponse', { from: 3, to: 4 })
    .find(({ body }) => !body.voteGranted);
  if (refusal === undefined) return 'S3 does not refuse its vote to S4, whose log is behind.';
  const later = record.leaders().filter(({ order }) => order > told.order);
  for (const { node, term, order } of later) {
    if (indexOfCommand(record.issuedOf(node, order).log, OP) === 0) {
      return `S${node} leads term ${term} without the entry that was committed before.`;
    }
  }
  if (later.length === 0) return 'Nobody leads after S1.';
  if ((lastLeader(record)?.term ?? 0) < 3) return 'S4 was elected at its first attempt.';
  const alive = [3, 4, 5];
  const missing = alive.find(
    (node) => !record.appliedBy(node).some(({ entry }) => entry.command?.op === OP),
  );
  if (missing !== undefined) return `S${missing} never applies the entry.`;
  return oneLeaderPerTerm(record) ?? appliesAgree(record) ?? logsAgree(record, alive);
}
