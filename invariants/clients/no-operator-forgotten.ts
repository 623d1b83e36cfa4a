/** Once everything has settled, no operator waits for an answer of a live server. */
import type { NodeId } from '../../core/messages.ts';
import type { AskedOfServer } from '../ledgers/administration.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const noOperatorForgotten: Property = {
  id: 'no-operator-forgotten',
  title: 'No operator forgotten',
  sentence:
    'When the faults are over, every live server comes to answer its operators, unless it has to wait for a server that is not there.',
  section: 'contract (admin, respond)',
  kind: 'client',
  facts: ['adminRequested', 'responded', 'phaseBegan', 'inspected', 'crashed'],
};

/** The oldest request that a live server of the core owes an answer to; null for none. */
export function owedToOperator(ledgers: Ledgers, core: readonly NodeId[]): AskedOfServer | null {
  for (const node of core) {
    const { isUp, boot } = ledgers.server(node);
    if (!isUp) continue;
    for (const asked of ledgers.administration.open(node, boot)) {
      if (!waitsForAbsent(ledgers, core, asked)) return asked;
    }
  }
  return null;
}

/** Nothing has moved for too long, and this is all that is missing. */
export function reportOperatorForgotten(
  ledgers: Ledgers,
  asked: AskedOfServer,
  waited: string,
  seen: string,
): void {
  ledgers.report(noOperatorForgotten, {
    node: asked.node,
    rule: 'unanswered',
    relation: asked.request.kind,
    detail: `${waited}: ${seen}.`,
    messageKind: 'none',
  });
}

/** A new server that is dead, or cut off, may be waited for. */
function waitsForAbsent(
  ledgers: Ledgers,
  core: readonly NodeId[],
  { request }: AskedOfServer,
): boolean {
  if (request.kind !== 'changeMembership') return false;
  return [...request.voters, ...request.learners].some((node) => {
    return !core.includes(node) || !ledgers.server(node).isUp;
  });
}
