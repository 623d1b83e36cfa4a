/** A commit index that survives a crash covers only what the log on the same disk holds. */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const commitIndexOnDisk: Property = {
  id: 'commit-index-on-disk',
  title: 'Commit index on disk',
  sentence:
    'A commit index is written only when its server knows it, and is on disk only behind the entries that it covers: a restart may apply through it.',
  section: '§5.3, Figure 2 (commitIndex); contract (persist)',
  kind: 'safety',
  facts: ['persistIssued', 'persisted', 'crashed'],
};

/** A server that does not lead writes what no leader has told it. */
export function reportWrittenUntold(
  ledgers: Ledgers,
  server: ServerView,
  commitIndex: LogIndex,
): void {
  ledgers.report(commitIndexOnDisk, {
    node: server.node,
    rule: 'not-told',
    relation: commitIndex <= ledgers.commits.last ? 'committed-elsewhere' : 'not-committed',
    detail:
      `S${server.node} writes that everything through index ${commitIndex} is committed, ` +
      `and leaders have told it so through index ${server.toldCommitted}.`,
    messageKind: null,
  });
}

/** A disk has changed that holds a commit index. */
export function checkCommitIndexCovered(ledgers: Ledgers, server: ServerView): void {
  const { commits } = ledgers;
  const { durable, durableCommit } = server;
  const isLongEnough = durableCommit <= durable.last;
  const isCommitted =
    durableCommit > commits.last || durable.at(durableCommit) === commits.idAt(durableCommit);
  if (isLongEnough && isCommitted) return;
  ledgers.report(commitIndexOnDisk, {
    node: server.node,
    rule: 'ahead-of-log',
    relation: isLongEnough ? 'other-entry' : 'log-too-short',
    detail:
      `The disk of S${server.node} says that everything through index ${durableCommit} is ` +
      `committed, and holds ` +
      (isLongEnough ? 'another entry there than what is.' : `a log of ${durable.last} entries.`),
    messageKind: null,
  });
}
