/** Who could win an election, going by what is on the disks: never by what servers say. */
import type { NodeId } from '../../core/messages.ts';
import type { Ledgers } from './ledgers.ts';
import type { ServerView } from './server-view.ts';

/** All servers, as bits. */
export const ANYBODY = 0xfe;

/**
 * Would a quorum of the configuration in its own log vote for this server, if only `voters` could?
 * Whoever is not a voter of its own configuration does not stand.
 */
export function canBeElected(ledgers: Ledgers, node: NodeId, voters: number): boolean {
  const { log, configurations, servers, size } = ledgers;
  const { tip } = servers[node]!.durable;
  const configuration = log.configurationOf(tip);
  const among = voters & configurations.votersOf(configuration);
  if ((among & (1 << node)) === 0) return false;
  let votes = 0;
  for (let voter = 1; voter <= size; voter += 1) {
    if ((among & (1 << voter)) === 0 || !isAbleToVote(ledgers, servers[voter]!)) continue;
    if (log.isUpToDate(tip, servers[voter]!.durable.tip)) votes |= 1 << voter;
  }
  return configurations.isQuorum(configuration, votes);
}

/** A spare server neither votes nor stands before its log has brought it a configuration. */
function isAbleToVote({ log, members }: Ledgers, server: ServerView): boolean {
  if (server.isWiped) return false;
  return server.node <= members || log.eraOf(server.durable.tip) !== 0;
}
