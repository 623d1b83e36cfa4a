/** Who has to take part once the faults are over: whom the newest configuration names. */
import type { NodeId } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';

/**
 * The servers of the core that the newest configuration names, learners included: that in the log of
 * the leader or, while nobody leads (0), in the newest log on a disk of the core. Removed and spare
 * servers need not agree with anybody, nor do those that are gone for good.
 */
export function membersOf(
  ledgers: Ledgers,
  core: readonly NodeId[],
  leader: NodeId,
): readonly NodeId[] {
  const { log, configurations } = ledgers;
  if (hasFixedMembership(ledgers)) return core;
  const tip = leader === 0 ? newestTip(ledgers, core) : ledgers.server(leader).issued.tip;
  const members = configurations.membersOf(log.configurationOf(tip));
  return core.filter((node) => (members & (1 << node)) !== 0 && !ledgers.server(node).isWiped);
}

/** No configuration but the first one, and no spare servers. */
export function hasFixedMembership({ log, size, members }: Ledgers): boolean {
  return log.eras.count === 1 && size === members;
}

function newestTip({ log, servers }: Ledgers, core: readonly NodeId[]): number {
  let newest = 0;
  for (const node of core) {
    const { tip } = servers[node]!.durable;
    if (log.isUpToDate(tip, newest)) newest = tip;
  }
  return newest;
}
