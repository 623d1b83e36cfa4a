import type { AppendEntries, Entry, LogIndex, NodeId, Term } from '../../../core/messages.ts';
import { COVERED, entryWords } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Teachings } from '../teachings.ts';

export const consistencyCheck: Rule = {
  id: 'consistency-check',
  section: '§5.3, Figure 2 (AppendEntries 2)',
  sentence:
    'AppendEntries, with entries or without, succeeds only if the log has an entry of prevLogTerm at prevLogIndex.',
  reason:
    'By this check two logs with the same last entry are the same throughout; the leader counts a success as a copy of its log.',
};

/** An entry is written behind another one than its leader has there. */
export function checkPredecessor(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  entry: Entry,
  teachings: Teachings,
): void {
  const expected = teachings.termAt(index - 1);
  const own = server.issued.termAt(index - 1);
  if (expected < 0 || own === expected || own === COVERED) return;
  const where = own < 0 ? 'beyond the end of its log' : `behind an entry of term ${own}`;
  scene.report(
    consistencyCheck,
    server,
    `wrote index ${index} (term ${entry.term}) ${where}; ` +
      `in the log of S${teachings.leader} it follows ${entryWords(index - 1, expected)}`,
  );
}

/** A success answers AppendEntries whose entry before the new ones is not in the log. */
export function checkPrevious(
  scene: Scene,
  server: ObservedServer,
  body: AppendEntries,
  leader: NodeId,
): boolean {
  const { prevLogIndex, prevLogTerm } = body;
  if (server.issued.has(prevLogIndex, prevLogTerm)) return true;
  scene.report(
    consistencyCheck,
    server,
    `reported success to S${leader} for AppendEntries behind ${entryWords(prevLogIndex, prevLogTerm)}, ` +
      ownWords(server, prevLogIndex),
  );
  return false;
}

function ownWords({ issued }: ObservedServer, index: LogIndex): string {
  const own: Term = issued.termAt(index);
  if (own < 0) return `and its log ends at index ${issued.last}`;
  return `and its own entry there is of term ${own}`;
}
