import type { LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const truncateOnlyConflict: Rule = {
  id: 'truncate-only-conflict',
  section: '§5.3, Figure 2 (AppendEntries 3)',
  sentence:
    'A follower deletes entries only from the first one on whose term differs from what its leader has there.',
  reason:
    'Messages come late and twice: what an older one does not mention may have been acknowledged and committed since.',
};

/** The log is cut, or written over, from `index` on. */
export function checkConflict(scene: Scene, server: ObservedServer, index: LogIndex): void {
  const own = server.issued.termAt(index);
  let isShown = false;
  for (const teachings of server.leaders) {
    const theirs = teachings.termAt(index);
    if (theirs >= 0 && theirs !== own) return;
    if (theirs === own) isShown = true;
  }
  const why = isShown
    ? 'though its leader has the same entry there'
    : 'though nothing that it was sent conflicts with it';
  scene.report(
    truncateOnlyConflict,
    server,
    `deleted its log from index ${index} (term ${own}) on, ${why}`,
  );
}
