/** A claimed commit has enough durable copies to survive every election. */
import type { LogIndex } from '../../core/messages.ts';
import { isBacked } from '../ledgers/backing.ts';
import type { EraId } from '../ledgers/eras.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const committedOnQuorum: Property = {
  id: 'committed-on-quorum',
  title: 'Committed on a quorum',
  sentence:
    'When a leader treats an entry as committed, its log through that entry is durable on servers that every majority of the configuration in force includes one of.',
  section: '§5.3, §6, thesis §10.2.1',
  kind: 'safety',
  facts: ['sent', 'applied', 'persisted', 'crashed', 'stepEnded'],
};

/**
 * `copies` has a bit per server, crashed ones included, that holds it durably, and `era` is where the
 * leader's log has come to. The leader itself need not be among them; of an even number half is
 * enough, since an election needs one more. Copies of servers that do not vote count for nothing.
 */
export function checkCommittedOnQuorum(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  copies: number,
  era: EraId,
): void {
  if (isBacked(ledgers, era, index, copies)) return;
  const { node } = server;
  const configuration = ledgers.log.eras.configurationOf(era);
  const hasOwn = (copies & (1 << node)) !== 0;
  ledgers.report(committedOnQuorum, {
    node,
    rule: 'too-few-copies',
    relation: hasOwn ? 'copies-missing' : 'own-copy-not-durable',
    detail:
      `S${node}, leader of term ${server.reignTerm}, treats index ${index} as committed, which is ` +
      `durable on ${ledgers.configurations.tallyCopies(configuration, copies)}.`,
    messageKind: null,
  });
}

/** A leader claims more than its log has. */
export function reportBeyondLog(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  ledgers.report(committedOnQuorum, {
    node: server.node,
    rule: 'beyond-own-log',
    relation: 'log-too-short',
    detail:
      `S${server.node}, leader of term ${server.reignTerm}, treats index ${index} as committed, ` +
      `and its log has ${server.issued.last} entries.`,
    messageKind: null,
  });
}
