import type { AppendEntries, AppendEntriesResponse, NodeId } from '../../../core/messages.ts';
import { entryWords } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const refusalPointsBack: Rule = {
  id: 'refusal-points-back',
  section: '§5.3',
  sentence:
    'A refused consistency check points to the conflicting term and its first index, or to the end of a log that is too short.',
  reason:
    'The leader goes back to the point named: named too high, it never finds where they agree.',
};

/** AppendEntries of the current term is refused. */
export function checkPointsBack(
  scene: Scene,
  server: ObservedServer,
  asked: AppendEntries,
  refusal: AppendEntriesResponse,
  leader: NodeId,
): void {
  const { prevLogIndex, prevLogTerm } = asked;
  if (refusal.conflictIndex <= prevLogIndex || asked.term !== refusal.term) return;
  if (server.issued.has(prevLogIndex, prevLogTerm)) return;
  const own = server.issued.termAt(prevLogIndex);
  scene.report(
    refusalPointsBack,
    server,
    `refused AppendEntries behind ${entryWords(prevLogIndex, prevLogTerm)}, where its own entry is of term ${own}, ` +
      `and pointed S${leader} to index ${refusal.conflictIndex}, which is further on`,
  );
}
