import type { LogIndex, Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const conflictAndAllAfter: Rule = {
  id: 'conflict-and-all-after',
  section: '§5.3, Figure 2 (AppendEntries 3)',
  sentence: 'With a conflicting entry go all that follow it.',
  reason: 'Those behind it belong to the log of another leader, and would pass for part of this.',
};

/** An entry was replaced, and one behind it has stayed. */
export function reportKept(
  scene: Scene,
  server: ObservedServer,
  replaced: LogIndex,
  kept: LogIndex,
  term: Term,
): void {
  scene.report(
    conflictAndAllAfter,
    server,
    `replaced its conflicting entry at index ${replaced}, and kept the one behind it (index ${kept}, term ${term})`,
  );
}
