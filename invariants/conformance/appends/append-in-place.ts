import type { Entry, LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Teachings } from '../teachings.ts';

export const appendInPlace: Rule = {
  id: 'append-in-place',
  section: '§5.3, Figure 2 (AppendEntries 3, 4)',
  sentence: 'An entry of the leader is written at the index that it has in the leader’s log.',
  reason:
    'An index and a term name an entry (Log Matching): at another index it passes for another entry.',
};

/** An entry is written where its leader does not have it. */
export function reportMisplaced(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  entry: Entry,
  teachings: Teachings,
  place: LogIndex,
): void {
  scene.report(
    appendInPlace,
    server,
    `wrote at index ${index} the entry of term ${entry.term} that S${teachings.leader} sent for index ${place}`,
  );
}
