/** Who could win an election, going by what is on the disks: never by what servers say. */
import type { LogIndex, NodeId } from '../../core/messages.ts';
import type { Ledgers } from './ledgers.ts';
import type { LogId } from './log-ledger.ts';

/** All servers, as bits. */
const ANYBODY = 0xfe;

/**
 * Would a quorum of the configuration in its own log vote for this server, if only `voters` could?
 * The dead of today may be back tomorrow, but for those that are gone for good.
 */
export function canBeElected(ledgers: Ledgers, node: NodeId, voters: number): boolean {
  const { log, configurations, servers } = ledgers;
  if (servers[node]!.isWiped) return false;
  const { tip } = servers[node]!.durable;
  const willing = willingToElect(ledgers, tip) & voters;
  return configurations.isQuorum(log.configurationOf(tip), willing);
}

/** Bit per server whose log on disk is not newer than this one (§5.4.1). */
export function willingToElect({ log, servers, size }: Ledgers, tip: LogId): number {
  let willing = 0;
  for (let voter = 1; voter <= size; voter += 1) {
    const { isWiped, durable } = servers[voter]!;
    if (!isWiped && log.isUpToDate(tip, durable.tip)) willing |= 1 << voter;
  }
  return willing;
}

/** A server that does not hold the log `id`, through `index`, and could be elected; 0 for none. */
export function electableWithout(ledgers: Ledgers, index: LogIndex, id: LogId): NodeId {
  for (let node = 1; node <= ledgers.size; node += 1) {
    if (ledgers.server(node).durable.at(index) === id) continue;
    if (canBeElected(ledgers, node, ANYBODY)) return node;
  }
  return 0;
}
