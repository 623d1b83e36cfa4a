/**
 * A quorum of the leader's configuration is not always enough: a server that has another one in its
 * log, older or never committed, may win an election among those who do not have the entry.
 */
import type { LogIndex } from '../../core/messages.ts';
import { electableWithout } from '../ledgers/electability.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const committedForGood: Property = {
  id: 'committed-for-good',
  title: 'Committed for good',
  sentence:
    'What a leader treats as committed cannot be lost any more: no server without it could win the votes of a quorum of the configuration in its own log.',
  section: '§5.4.3, §6, thesis §4.1',
  kind: 'safety',
  facts: ['sent', 'applied', 'persisted', 'stepEnded'],
};

/**
 * The log `id`, through `index`, is claimed for the first time. Without a change of configuration
 * there is nothing to add to the copies on a quorum.
 */
export function checkCommittedForGood(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  id: LogId,
): void {
  const { log, configurations } = ledgers;
  if (log.eras.count === 1) return;
  const node = electableWithout(ledgers, index, id);
  if (node === 0) return;
  const { tip } = ledgers.server(node).durable;
  const other = log.configurationOf(tip);
  ledgers.report(committedForGood, {
    node: server.node,
    rule: 'can-be-lost',
    relation: other === log.configurationOf(id) ? 'same-configuration' : 'other-configuration',
    detail:
      `S${server.node} treats index ${index} as committed under the configuration ` +
      `${configurations.describe(log.configurationOf(id))}. S${node} does not have it and can still be ` +
      `elected: the newest configuration in its log is ${configurations.describe(other)}, and a ` +
      'quorum of that has logs that are not newer.',
    messageKind: null,
  });
}
