/**
 * An entry of an earlier term is not committed by copies alone (Figure 8): a server without it may
 * hold a newer last term, and win. Judged on the logs that are on disk: is there such a server?
 */
import type { LogIndex } from '../../core/messages.ts';
import { electableWithout } from '../ledgers/electability.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const commitOfEarlierTerm: Property = {
  id: 'commit-of-earlier-term',
  title: 'Commit of earlier terms',
  sentence:
    'A leader treats an entry of an earlier term as committed only when no server without it can be elected any more, as by committing an entry of its own term behind it.',
  section: '§5.4.2, Figure 8',
  kind: 'safety',
  facts: ['sent', 'applied', 'persisted', 'stepEnded'],
};

/** `id` is the log through the claimed index. Entries of the leader's own term pass at once. */
export function checkCommitOfEarlierTerm(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  id: LogId,
): void {
  const entryTerm = ledgers.log.termOf(id);
  if (entryTerm === server.reignTerm) return;
  const node = electableWithout(ledgers, index, id);
  if (node === 0) return;
  const { tip } = ledgers.server(node).durable;
  ledgers.report(commitOfEarlierTerm, {
    node: server.node,
    rule: 'can-be-lost',
    relation: 'older-term',
    detail:
      `S${server.node}, leader of term ${server.reignTerm}, treats index ${index} as committed, ` +
      `whose entry is of term ${entryTerm}; S${node} does not have it and can still be elected: ` +
      `its last entry is of term ${ledgers.log.termOf(tip)}.`,
    messageKind: null,
  });
}
