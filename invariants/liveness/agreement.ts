/** What the core still has to do before everything has settled, in the order in which it comes. */
import type { NodeId } from '../../core/messages.ts';
import { owedToOperator } from '../clients/no-operator-forgotten.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';

/** All as sentences without a full stop; null when there is nothing more to do. */
export function missingServer(ledgers: Ledgers, members: readonly NodeId[]): string | null {
  for (const node of members) {
    const { isUp, isPaused, haltReason } = ledgers.server(node);
    if (haltReason !== null) return `S${node} has stopped itself (${haltReason})`;
    if (!isUp || isPaused) return `S${node} is ${isUp ? 'paused' : 'down'}`;
  }
  return null;
}

/** Who has not heard the leader, or has not taken up its term? */
export function missingContact(
  ledgers: Ledgers,
  members: readonly NodeId[],
  leader: NodeId,
): string | null {
  const { reignTerm } = ledgers.server(leader);
  for (const node of members) {
    const { heardTerm, issuedTerm } = ledgers.server(node);
    const isHeard = node === leader || heardTerm === reignTerm;
    if (isHeard && issuedTerm === reignTerm) continue;
    return `S${node} has not heard S${leader}, the leader of term ${reignTerm}`;
  }
  return null;
}

/** Joint consensus must be left, and who is left out by C_new must stop leading (§6). */
export function missingChange(ledgers: Ledgers, leader: NodeId): string | null {
  const { log, configurations } = ledgers;
  const configuration = log.configurationOf(ledgers.server(leader).issued.tip);
  const named = configurations.describe(configuration);
  if (configurations.isJoint(configuration)) return `the configuration is still joint: ${named}`;
  if ((configurations.votersOf(configuration) & (1 << leader)) !== 0) return null;
  return `S${leader} still leads, and the configuration is ${named}`;
}

/** Who has another log than the leader, on disk or in memory, or has not applied all of it? */
export function missingEntries(
  ledgers: Ledgers,
  members: readonly NodeId[],
  leader: NodeId,
): string | null {
  const { issued } = ledgers.server(leader);
  for (const node of members) {
    const { durable, issued: own, lastApplied } = ledgers.server(node);
    if (durable.tip !== issued.tip || own.tip !== issued.tip) {
      const same = durable.commonPrefix(issued);
      return `S${node} has ${same} of the ${issued.last} entries of S${leader} on disk, of ${own.last}`;
    }
    if (lastApplied !== issued.last) {
      return `S${node} has applied ${lastApplied} entries, and S${leader} has ${issued.last}`;
    }
  }
  return null;
}

/** Who still owes an operator an answer: a change may be under way that no log tells of yet. */
export function missingAnswer(ledgers: Ledgers, core: readonly NodeId[]): string | null {
  const owed = owedToOperator(ledgers, core);
  if (owed === null) return null;
  const { id, node, request, askedUs } = owed;
  const sinceMs = Math.floor(askedUs / 1000);
  return `S${node} has not answered ${request.kind} (${id}), which it was asked for at ${sinceMs} ms`;
}
