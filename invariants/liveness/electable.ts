/**
 * The one excuse for standing still: no live server could win an election, whatever it does. Told
 * from the logs on disk, from who is up, and from the links; never from what servers say.
 */
import type { NodeId } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Reachability } from './reachability.ts';

/** Why nobody of the core can be elected, as a sentence; null when somebody can. */
export function excuseOf(
  ledgers: Ledgers,
  links: Reachability,
  core: readonly NodeId[],
): string | null {
  const live = core.filter((node) => isLive(ledgers, node));
  if (live.some((node) => canWin(ledgers, links, node))) return null;
  const names = live.map((node) => `S${node}`).join(', ');
  return (
    `Nobody can be elected: of the ${ledgers.size} servers ${names === '' ? 'none is' : `${names} are`} ` +
    `up, and none of them reaches ${ledgers.majority - 1} others whose logs are not newer than its own.`
  );
}

/** Whoever stopped itself counts as live: it is no excuse. */
export function isLive(ledgers: Ledgers, node: NodeId): boolean {
  const server = ledgers.server(node);
  return (server.isUp && !server.isPaused) || server.haltReason !== null;
}

function canWin(ledgers: Ledgers, links: Reachability, node: NodeId): boolean {
  const { tip } = ledgers.server(node).durable;
  let votes = 1;
  for (let voter = 1; voter <= ledgers.size; voter += 1) {
    if (voter === node || !isLive(ledgers, voter) || !links.isConnected(node, voter)) continue;
    if (ledgers.log.isUpToDate(tip, ledgers.server(voter).durable.tip)) votes += 1;
  }
  return votes >= ledgers.majority;
}
