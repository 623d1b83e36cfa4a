import type { Entry, LogIndex } from '../../../core/messages.ts';
import { isSameEntry } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const applyOwnEntry: Rule = {
  id: 'apply-own-entry',
  section: '§5.3, Figure 2 (all servers)',
  sentence: 'What is applied at an index is the entry that the log has there.',
  reason:
    'Only logs are agreed upon: another command at this index is one that nobody else applies.',
};

export function checkOwnEntry(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  entry: Entry,
): void {
  const own = server.issued.at(index);
  if (own !== undefined && isSameEntry(own, entry)) return;
  // What a leader has sent may be applied before it is written, if it is committed.
  if (own === undefined && server.leaders.some((leader) => leader.shows(index, entry))) return;
  if (index <= server.issued.base) return;
  const has =
    own === undefined
      ? `its log ends at index ${server.issued.last}`
      : `its log has another entry there, of term ${own.term}`;
  scene.report(
    applyOwnEntry,
    server,
    `applied an entry of term ${entry.term} at index ${index}, and ${has}`,
  );
}
