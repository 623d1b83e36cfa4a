/** A snapshot says what it stands for, and that is true. */
import type { Configuration, LogIndex, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const snapshotLabel: Property = {
  id: 'snapshot-label',
  title: 'Snapshot label',
  sentence:
    'A snapshot that is written or sent bears the index and term of a committed entry that its server has applied or was sent, and the configuration that is in force there.',
  section: '§7, Figure 13 (lastIncludedIndex, lastIncludedTerm)',
  kind: 'safety',
  facts: ['persistIssued', 'sent', 'applied', 'restored', 'delivered'],
};

/**
 * Returns the log that the label stands for; -1 when there is none. Only applied entries are in a
 * snapshot, and these have been claimed in an earlier step: taking it was a step of its own.
 */
export function checkLabel(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  term: Term,
): LogId {
  const { log, commits } = ledgers;
  // A transfer that goes on while everybody has got further: nobody knows the term any more.
  if (index >= 0 && index < log.floor) return 0;
  if (index <= commits.last) {
    const id = commits.idAt(index);
    if (log.indexOf(id) === index && log.termOf(id) === term) return id;
  }
  const id = log.find(index, term);
  const isCommittedElse = index <= commits.last;
  ledgers.report(snapshotLabel, {
    node: server.node,
    rule: id < 0 ? 'unknown-entry' : isCommittedElse ? 'other-entry' : 'not-committed',
    relation: isCommittedElse ? 'differs-from-committed' : 'ahead-of-commits',
    detail:
      `S${server.node} has a snapshot of the log through index ${index}, term ${term}; ` +
      (isCommittedElse
        ? `the committed entry there is of term ${log.termOf(commits.idAt(index))}.`
        : `only ${commits.last} entries are committed.`),
    messageKind: null,
  });
  return id;
}

/** The configuration in a snapshot of the log `id` (§7: the latest one through there). */
export function checkSnapshotConfiguration(
  ledgers: Ledgers,
  server: ServerView,
  id: LogId,
  configuration: Configuration,
): void {
  const { log, configurations } = ledgers;
  if (id === 0 && log.floor > 0) return;
  const named = configurations.numberOf(configuration);
  const inForce = log.configurationOf(id);
  if (named === inForce) return;
  ledgers.report(snapshotLabel, {
    node: server.node,
    rule: 'other-configuration',
    relation: isOlderEra(ledgers, id, named) ? 'older-configuration' : 'unknown-configuration',
    detail:
      `S${server.node} has a snapshot of the log through index ${log.indexOf(id)} with the ` +
      `configuration ${configurations.describe(named)}; ` +
      `in force there is ${configurations.describe(inForce)}.`,
    messageKind: null,
  });
}

/** A snapshot is written: the server has made it of what it applied, or got it from its leader. */
export function checkLabelReached(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  if (index <= server.lastApplied || index <= server.offeredSnapshot) return;
  ledgers.report(snapshotLabel, {
    node: server.node,
    rule: 'ahead-of-state',
    relation: 'higher-index',
    detail:
      `S${server.node} writes a snapshot of the log through index ${index}, has applied ` +
      `${server.lastApplied} entries, and was sent snapshots through index ${server.offeredSnapshot}.`,
    messageKind: null,
  });
}

/** Was this configuration in force earlier in the log `id`? */
function isOlderEra({ log }: Ledgers, id: LogId, configuration: number): boolean {
  const { eras } = log;
  for (let era = log.eraOf(id); era !== 0; ) {
    era = eras.previousOf(era);
    if (eras.configurationOf(era) === configuration) return true;
  }
  return false;
}
