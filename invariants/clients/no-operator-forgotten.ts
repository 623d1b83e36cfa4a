/** Once everything has settled, no operator waits for an answer of a live server. */
import type { NodeId } from '../../core/messages.ts';
import type { AskedOfServer } from '../ledgers/administration.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const noOperatorForgotten: Property = {
  id: 'no-operator-forgotten',
  title: 'No operator forgotten',
  sentence:
    'When the faults are over and all logs agree, no live server owes an operator an answer, unless it has to wait for a server that is not there.',
  section: 'contract (admin, respond)',
  kind: 'client',
  facts: ['adminRequested', 'responded', 'phaseBegan', 'crashed'],
};

/** The quiet is over; `core` are the servers that had everything they need, since `settledUs`. */
export function checkNoOperatorForgotten(
  ledgers: Ledgers,
  core: readonly NodeId[],
  settledUs: number,
): void {
  for (const node of core) {
    const server = ledgers.server(node);
    if (!server.isUp) continue;
    const asked = ledgers.administration.open(node, server.boot).find((each) => {
      return each.askedUs <= settledUs && !waitsForAbsent(ledgers, core, each);
    });
    if (asked === undefined) continue;
    const { kind } = asked.request;
    ledgers.report(noOperatorForgotten, {
      node,
      rule: 'unanswered',
      relation: kind,
      detail:
        `S${node} was asked for ${kind} (${asked.id}) at ${Math.floor(asked.askedUs / 1000)} ms, ` +
        'and has not answered by the end of the quiet.',
      messageKind: 'none',
    });
    return;
  }
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
