/** Once everything has settled, nobody waits for an answer of a live server. */
import type { NodeId } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const noRequestForgotten: Property = {
  id: 'no-request-forgotten',
  title: 'No request forgotten',
  sentence:
    'When the faults are over and all logs agree, no live server holds a request that it has not answered.',
  section: '§8; contract (respond)',
  kind: 'client',
  facts: ['requested', 'responded', 'phaseBegan', 'crashed'],
};

/**
 * The quiet is over; `core` are the servers that had everything they need, since `settledUs`. What
 * a client that was refused before has handed to one of them later may still be under way.
 */
export function checkNothingForgotten(
  ledgers: Ledgers,
  core: readonly NodeId[],
  settledUs: number,
): void {
  const { attempts, commands } = ledgers;
  for (const node of core) {
    const server = ledgers.server(node);
    if (!server.isUp || attempts.open[node] === 0) continue;
    const attempt = attempts.oldestOpen(node, server.boot);
    if (attempt === undefined || attempt.handedUs > settledUs) continue;
    ledgers.report(noRequestForgotten, {
      node,
      rule: 'unanswered',
      relation: commands.record(attempt.payload).committedAt === 0 ? 'not-committed' : 'committed',
      detail:
        `S${node} was handed attempt ${attempt.id}, ${commands.describe(attempt.payload)}, ` +
        'and has not answered it by the end of the quiet.',
      messageKind: 'none',
    });
    return;
  }
}
