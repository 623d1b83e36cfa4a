import type { LogIndex } from '../../../core/messages.ts';
import { entryWords } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const leaderAppendOnly: Rule = {
  id: 'leader-append-only',
  section: '§5.3, Figure 3 (Leader Append-Only)',
  sentence: 'A leader never overwrites or deletes entries of its log; it only appends.',
  reason: 'A new leader cannot know which of its entries are committed: it must keep all of them.',
};

/** A server that stands, or leads, cuts its log from `index` on. */
export function reportDeleted(scene: Scene, server: ObservedServer, index: LogIndex): void {
  const { issued, issuedTerm } = server;
  const role = server.isLeading ? 'leader' : 'candidate or leader';
  const what =
    index === issued.last
      ? `its last entry (${entryWords(index, issued.lastTerm)})`
      : `its log from index ${index} (term ${issued.termAt(index)}) on`;
  scene.report(
    leaderAppendOnly,
    server,
    `deleted ${what}, being the ${role} of term ${issuedTerm}`,
  );
}
