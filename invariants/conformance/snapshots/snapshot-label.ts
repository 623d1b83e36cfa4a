import type { LogIndex, Snapshot } from '../../../core/messages.ts';
import { configurationWords, isSameConfiguration } from '../../configuration-words.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const snapshotLabel: Rule = {
  id: 'snapshot-label',
  section: '§7, Figure 12 (last included index, term and configuration)',
  sentence:
    'A snapshot is labelled with the last entry that the state machine had applied when it was taken: index, term, and the configuration in force there.',
  reason:
    'Who restores it goes on behind its label: entries between the label and what it holds are lost, or applied twice.',
};

/** The server asks for its state machine as it is now. */
export function noteAsked(scene: Scene, server: ObservedServer, index: LogIndex): void {
  const { lastApplied, issued, snapshots } = server;
  const { configuration } = server.placedAt(index);
  snapshots.asked = { index, term: issued.termAt(index), configuration };
  if (index === lastApplied) return;
  scene.report(
    snapshotLabel,
    server,
    `asked for a snapshot through index ${index}, while its state machine held the log through index ${lastApplied}`,
  );
}

/** It writes what the host has delivered in this step. */
export function checkLabel(scene: Scene, server: ObservedServer, snapshot: Snapshot): void {
  const { asked, taken } = server.snapshots;
  if (taken === null || asked === null) return;
  const { lastIncludedIndex, lastIncludedTerm, configuration } = snapshot;
  const wrote = `wrote the snapshot that it took at index ${taken.index}`;
  if (lastIncludedIndex !== taken.index) {
    scene.report(snapshotLabel, server, `${wrote}, as one through index ${lastIncludedIndex}`);
  } else if (asked.index !== taken.index) {
    return;
  } else if (asked.term >= 0 && lastIncludedTerm !== asked.term) {
    const said = `with lastIncludedTerm ${lastIncludedTerm}, and that entry is of term ${asked.term}`;
    scene.report(snapshotLabel, server, `${wrote}, ${said}`);
  } else if (!isSameConfiguration(configuration, asked.configuration)) {
    const said = `with the configuration ${configurationWords(configuration)}`;
    const own = `and there it was ${configurationWords(asked.configuration)}`;
    scene.report(snapshotLabel, server, `${wrote}, ${said}, ${own}`);
  }
}
