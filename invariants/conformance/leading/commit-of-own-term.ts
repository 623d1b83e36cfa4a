import type { LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const commitOfOwnTerm: Rule = {
  id: 'commit-of-own-term',
  section: '§5.4.2, Figure 8',
  sentence:
    'A leader commits by counting copies only entries of its own term; earlier ones are committed with them.',
  reason:
    'An entry of an earlier term on a majority can still be replaced by a leader with a later last term.',
};

/** There are copies enough, but the entry is of an earlier term, and so is all above it. */
export function reportEarlierTerm(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  how: string,
): void {
  scene.report(
    commitOfOwnTerm,
    server,
    `took index ${index} for committed (${how}) by counting copies as the leader of term ${server.reignTerm}, ` +
      `though the entry is of term ${server.issued.termAt(index)} and none of its own term is on a majority`,
  );
}
