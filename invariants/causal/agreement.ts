/** What the core still has to do before everything has settled, and whether it can. */
import type { NodeId } from '../../core/messages.ts';
import { type CausalLedgers, namesOf } from './causal-ledgers.ts';
import { countOf } from './voter-sets.ts';

/** Servers of the core that take part in every configuration that may be in force. */
export function membersAmong(ledgers: CausalLedgers, core: readonly NodeId[]): readonly NodeId[] {
  const { voters, servers } = ledgers;
  const members = voters.certainMembers;
  return core.filter((node) => (members & (1 << node)) !== 0 && !servers[node]!.isWiped);
}

/** All as sentences without a full stop; null when there is nothing more to do. */
export function missingServer(ledgers: CausalLedgers, members: readonly NodeId[]): string | null {
  for (const node of members) {
    const { isUp, isPaused, haltReason } = ledgers.server(node);
    if (haltReason !== null) return `n${node} has stopped itself (${haltReason})`;
    if (!isUp || isPaused) return `n${node} is ${isUp ? 'paused' : 'down'}`;
  }
  return null;
}

/**
 * The live server of the core that says it leads, in the newest term; 0 for none. While membership
 * changes it may be one that not every configuration names.
 */
export function newestLeader(ledgers: CausalLedgers, core: readonly NodeId[]): NodeId {
  let newest = 0;
  for (const node of core) {
    const { isUp, role, leaderTerm } = ledgers.server(node);
    if (!isUp || role !== 'leader') continue;
    if (newest === 0 || leaderTerm > ledgers.server(newest).leaderTerm) newest = node;
  }
  return newest;
}

/** Who is connected with the leader, both ways, and the leader itself. */
export function reachedBy(
  ledgers: CausalLedgers,
  leader: NodeId,
  members: readonly NodeId[],
): readonly NodeId[] {
  return members.filter((node) => node === leader || ledgers.links.isConnected(leader, node));
}

/** Who has not heard from the leader since it said that it leads? */
export function missingContact(
  ledgers: CausalLedgers,
  members: readonly NodeId[],
  leader: NodeId,
): string | null {
  for (const node of members) {
    if (hasHeard(ledgers, node, leader)) continue;
    return `n${node} has not heard from n${leader}, which leads term ${ledgers.server(leader).leaderTerm}`;
  }
  return null;
}

export function isHeardByMajority(ledgers: CausalLedgers, leader: NodeId): boolean {
  let hearing = 0;
  for (let node = 1; node <= ledgers.options.size; node += 1) {
    if (ledgers.server(node).isUp && hasHeard(ledgers, node, leader)) hearing |= 1 << node;
  }
  return ledgers.voters.isQuorum(hearing, ledgers.voters.era, false);
}

function hasHeard({ clocks, servers }: CausalLedgers, node: NodeId, leader: NodeId): boolean {
  return (
    node === leader || clocks.knows(node, clocks.columnOf(leader), servers[leader]!.leaderDate)
  );
}

/** Who has not applied everything that was ever applied? */
export function missingApplied(ledgers: CausalLedgers, members: readonly NodeId[]): string | null {
  const { length } = ledgers.sequence;
  for (const node of members) {
    const { lastApplied } = ledgers.server(node);
    if (lastApplied < length) return `n${node} has applied ${lastApplied} of ${length} commands`;
  }
  return null;
}

/**
 * The one excuse for standing still: no majority of live servers that are connected with each other.
 * Who stopped itself counts as live in the core, for it is no excuse.
 */
export function excuseOf(ledgers: CausalLedgers, core: readonly NodeId[]): string | null {
  const { options, voters } = ledgers;
  let live = 0;
  for (let node = 1; node <= options.size; node += 1) {
    if (isLive(ledgers, node, core)) live |= 1 << node;
  }
  for (let servers = live; servers > 0; servers = (servers - 1) & live) {
    if (!voters.isQuorum(servers, voters.era, false)) continue;
    if (isConnected(ledgers, servers)) return null;
  }
  return (
    `Nobody can be elected: of the ${voters.votersCount} servers ${namesOf(live)} ` +
    `${countOf(live) === 1 ? 'is' : 'are'} up, and no majority of them is connected with each other.`
  );
}

function isLive(ledgers: CausalLedgers, node: NodeId, core: readonly NodeId[]): boolean {
  const { haltReason, isUp, isPaused } = ledgers.server(node);
  if (haltReason !== null) return core.includes(node);
  return isUp && !isPaused;
}

function isConnected({ links, options }: CausalLedgers, servers: number): boolean {
  for (let node = 1; node <= options.size; node += 1) {
    if ((servers & (1 << node)) === 0) continue;
    if ((links.connectedWith(node, options.size) & servers) !== servers) return false;
  }
  return true;
}
