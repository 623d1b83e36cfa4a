/** Snapshot and log on a disk make up one log, whenever it crashes. */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const logJoinsSnapshot: Property = {
  id: 'log-joins-snapshot',
  title: 'Log joins snapshot',
  sentence:
    'Entries leave a log only when a snapshot that covers them is on the same disk, and no older snapshot takes its place: no crash leaves a gap between the two.',
  section: '§7; contract (compactTo)',
  kind: 'safety',
  facts: ['persistIssued', 'persisted', 'crashed'],
};

/** A compaction through `index` is issued, in this stream and ordered after this write. */
export function checkCompaction(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  stream: string,
  after: number,
): void {
  const { log } = ledgers;
  const safe = log.indexOf(server.durableSnapshot);
  if (safe >= index || isOrderedBehind(ledgers, server, index, stream, after)) return;
  const isWritten = log.indexOf(server.issuedSnapshot) >= index;
  ledgers.report(logJoinsSnapshot, {
    node: server.node,
    rule: 'compacted-too-early',
    relation: isWritten ? 'write-pending' : 'never-written',
    detail:
      `S${server.node} drops its entries through index ${index} for a snapshot, ` +
      `and the one on its disk covers ${safe}.`,
    messageKind: null,
  });
}

/** A snapshot is issued: entries before the log are nowhere else. */
export function checkSnapshotKept(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  const { base } = server.issued;
  if (index >= base) return;
  ledgers.report(logJoinsSnapshot, {
    node: server.node,
    rule: 'snapshot-taken-back',
    relation: 'older-snapshot',
    detail:
      `S${server.node} writes a snapshot of ${index} entries over one of ` +
      `${ledgers.log.indexOf(server.issuedSnapshot)}, and its log begins behind index ${base}.`,
    messageKind: null,
  });
}

/** Is a snapshot on its way to disk that covers `index`, and cannot come later? */
function isOrderedBehind(
  { log }: Ledgers,
  { pending }: ServerView,
  index: LogIndex,
  stream: string,
  after: number,
): boolean {
  for (let at = 0; at < pending.count; at += 1) {
    const record = pending.at(at);
    if (record.isDone || record.write!.kind !== 'snapshot') continue;
    if (record.stream !== stream && record.id !== after) continue;
    if (log.indexOf(record.tip) >= index) return true;
  }
  return false;
}
