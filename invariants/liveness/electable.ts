/**
 * The one excuse for standing still: no live server could win an election, whatever it does. Told
 * from the logs on disk, from who is up, and from the links; never from what servers say.
 */
import type { NodeId } from '../../core/messages.ts';
import { canBeElected } from '../ledgers/electability.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { hasFixedMembership } from './membership.ts';
import type { Reachability } from './reachability.ts';

/** Why nobody of the core can be elected, as a sentence; null when somebody can. */
export function excuseOf(
  ledgers: Ledgers,
  links: Reachability,
  core: readonly NodeId[],
): string | null {
  const live = core.filter((node) => isLive(ledgers, node, core));
  if (live.some((node) => canWin(ledgers, links, node, core))) return null;
  const { size } = ledgers;
  if (live.length === 0) return 'Nobody can be elected: no server is up.';
  const names = live.map((node) => `S${node}`).join(', ');
  const areUp =
    live.length === 1 ? 'is up, and does not reach' : 'are up, and none of them reaches';
  const others = hasFixedMembership(ledgers)
    ? othersNeeded(size >> 1)
    : 'a quorum of the configuration in its log whose logs are';
  const all = size === 1 ? 'the one server' : `the ${size} servers`;
  return `Nobody can be elected: of ${all} ${names} ${areUp} ${others} not newer than its own.`;
}

function othersNeeded(count: number): string {
  return count === 1 ? 'another one whose log is' : `${count} others whose logs are`;
}

/** The plan wipes whom it expects to settle: no disk is left that could go on. */
export const EXCUSE_OF_EMPTY_CORE =
  'Nobody is left to settle: every server that was to go on after the faults was wiped.';

/** A removed server, and nothing that keeps it from deposing one leader after the other (§6). */
export function excuseOfDisturbance(removed: NodeId): string {
  return (
    `S${removed} was removed, does not know it and stands for election again and again, ` +
    'and neither pre-vote nor check-quorum is on.'
  );
}

/**
 * Who stopped itself counts as live: it is no excuse. Outside the core it counts as dead: nobody
 * would start it again there.
 */
function isLive(ledgers: Ledgers, node: NodeId, core: readonly NodeId[]): boolean {
  const server = ledgers.server(node);
  if (server.haltReason !== null) return core.includes(node);
  return server.isUp && !server.isPaused;
}

/**
 * By the newest configuration of its own durable log: does it vote there, and who else is live, and
 * connected both ways?
 */
function canWin(
  ledgers: Ledgers,
  links: Reachability,
  node: NodeId,
  core: readonly NodeId[],
): boolean {
  const { log, configurations } = ledgers;
  const configuration = log.configurationOf(ledgers.server(node).durable.tip);
  if ((configurations.votersOf(configuration) & (1 << node)) === 0) return false;
  let voters = 1 << node;
  for (let voter = 1; voter <= ledgers.size; voter += 1) {
    if (!isLive(ledgers, voter, core) || !links.isConnected(node, voter)) continue;
    if (hasConfiguration(ledgers, voter)) voters |= 1 << voter;
  }
  return canBeElected(ledgers, node, voters);
}

/** A spare server neither votes nor stands before its log or a snapshot has brought it one. */
function hasConfiguration(ledgers: Ledgers, node: NodeId): boolean {
  const { durable, durableSnapshot } = ledgers.server(node);
  return node <= ledgers.members || durableSnapshot !== 0 || ledgers.log.eraOf(durable.tip) !== 0;
}
