/**
 * S1 leads, and a client hands it one command. S1 appends it and sends it to both followers in one
 * AppendEntries each. As soon as it is on two of three disks it is committed: S1 applies it and
 * answers the client. The followers learn of that from the leaderCommit of the next heartbeat.
 */
import { holdersOf, indexOfCommand, logsAgree } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const OP = 'put x 5';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(300).request(1, OP)
  .until(1300)
  .plan();

export const singleEntry: Scenario = {
  id: 'single-entry',
  title: 'Single entry replication',
  milestone: 2,
  section: '§5.3',
  claim: 'An entry on the disks of a majority is committed, answered, and then applied everywhere.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const index = indexOfCommand(record.durableOf(1).log, OP);
  if (index === 0) return 'S1 does not have the command on its disk.';
  const applies = record.applies.filter(({ entry }) => entry.command?.op === OP);
  const first = applies[0];
  if (first === undefined || first.node !== 1) return 'The leader is not the first to apply.';
  const holders = holdersOf(record, OP, first.order);
  if (holders.length < 2) return `S1 applies it while ${holders.length} disk has it, of three.`;
  if (record.outcomeOf(OP) !== 'ok') return 'The client does not get an ok.';
  for (const node of [2, 3]) {
    const apply = applies.find((item) => item.node === node);
    if (apply === undefined) return `S${node} does not apply it.`;
    const told = record
      .messagesDelivered('AppendEntries', { from: 1, to: node })
      .some(({ order, body }) => order < apply.order && body.leaderCommit >= index);
    if (!told) return `S${node} applies it before its leader says that it is committed.`;
  }
  return logsAgree(record, record.nodes);
}
