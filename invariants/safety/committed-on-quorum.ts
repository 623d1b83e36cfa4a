/** A claimed commit has enough durable copies to survive every election. */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { countServers, listServers } from '../ledgers/votes.ts';
import type { Property } from '../property.ts';

export const committedOnQuorum: Property = {
  id: 'committed-on-quorum',
  title: 'Committed on a quorum',
  sentence:
    'When a leader treats an entry as committed, its log through that entry is durable on servers that every majority includes one of.',
  section: '§5.3, thesis §10.2.1',
  kind: 'safety',
  facts: ['sent', 'applied', 'persisted', 'crashed', 'stepEnded'],
};

/**
 * `copies` has a bit per server, crashed ones included, that holds it durably. The leader itself
 * need not be among them; of an even number half is enough, since an election needs one more.
 */
export function checkCommittedOnQuorum(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  copies: number,
): void {
  const count = countServers(copies);
  if (count >= ledgers.copiesMin) return;
  const { node } = server;
  const hasOwn = (copies & (1 << node)) !== 0;
  ledgers.report(committedOnQuorum, {
    node,
    rule: 'too-few-copies',
    relation: hasOwn ? 'copies-missing' : 'own-copy-not-durable',
    detail:
      `S${node}, leader of term ${server.reignTerm}, treats index ${index} as committed, which is ` +
      `durable on ${listServers(copies)}: ${count} of ${ledgers.size}, ` +
      `and ${ledgers.copiesMin} are needed.`,
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
