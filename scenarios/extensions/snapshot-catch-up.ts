/**
 * S1 leads term 1 and is cut off; six commands of its clients are on its own disk only. S2 and S3
 * commit three of term 2 and take a snapshot, so that the entries are gone from the log.
 *
 *   S1   1n 1t 1u 1v 1w 1x 1y
 *   S2   [snapshot through 2c: 1n 2n 2a 2b 2c]
 *
 * When S1 is back, S2 has nothing but its snapshot to send. It ends at index 5, where S1 has another
 * entry: so what S1 has behind it follows something else, and the whole log goes, not only its
 * beginning (§7). S1 goes on from the snapshot, and applies nothing that it covers.
 */
import { appliesAgree, isApplied, logsAgree } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const LOST = ['put t 1', 'put u 1', 'put v 1', 'put w 1', 'put x 1', 'put y 1'];
const KEPT = ['put a 2', 'put b 2', 'put c 2'];

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, quietTimers: true, snapshotEntries: 5 })
  .at(100).elapse(1)
  .at(155).isolate(1)
  .at(160).request(1, ...LOST)
  .at(200).elapse(2)
  .at(250).request(2, ...KEPT)
  .at(350).heal()
  .at(500).request(2, 'put d 2')
  .until(900)
  .plan();

export const snapshotCatchUp: Scenario = {
  id: 'snapshot-catch-up',
  title: 'A follower is brought up to date by a snapshot',
  milestone: 'extension',
  section: '§7',
  claim: 'A snapshot takes the place of a log that says otherwise, with all that is behind it.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const install = record.installs(1)[0];
  if (install === undefined) return 'S1 never installs a snapshot.';
  const before = record.messagesDelivered('InstallSnapshot', { to: 1 })[0];
  const tail = record.durableOf(1, before?.order).log;
  for (const op of LOST) {
    if (!tail.some(({ command }) => command?.op === op)) return `S1 never has "${op}" on disk.`;
    if (isApplied(record, op)) return `"${op}" is applied, which no majority ever had.`;
  }
  if (tail.length <= install.index) return 'The log of S1 does not go beyond the snapshot.';
  const after = record.durableOf(1);
  const kept = after.log.find(({ command }) => command !== null && LOST.includes(command.op));
  if (kept !== undefined) return `S1 keeps "${kept.command?.op}" behind the snapshot.`;
  if (after.snapshot?.lastIncludedIndex !== install.index) return 'The snapshot is not on disk.';
  const again = record
    .appliedBy(1)
    .find(({ order, index }) => order > install.order && index <= install.index);
  if (again !== undefined) return `S1 applies index ${again.index}, which the snapshot covers.`;
  const next = record.appliedBy(1).some(({ entry }) => entry.command?.op === 'put d 2');
  if (!next) return 'S1 does not go on behind the snapshot.';
  return appliesAgree(record) ?? logsAgree(record, record.nodes);
}
