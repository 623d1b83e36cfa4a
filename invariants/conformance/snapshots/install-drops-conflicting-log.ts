import type { Snapshot } from '../../../core/messages.ts';
import type { ObservedLog } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const installDropsConflictingLog: Rule = {
  id: 'install-drops-conflicting-log',
  section: '§7, Figure 13 (InstallSnapshot 7)',
  sentence: 'A log that does not have the last entry of an installed snapshot is discarded whole.',
  reason:
    'What stands behind the place belongs to the log of another leader, and would pass for what follows the snapshot.',
};

/** A snapshot was installed, and entries behind its end are still there. */
export function reportConflictKept(
  scene: Scene,
  server: ObservedServer,
  before: ObservedLog,
  { lastIncludedIndex, lastIncludedTerm }: Snapshot,
): void {
  const own = before.termAt(lastIncludedIndex);
  const has = own < 0 ? 'which its log did not reach' : `where its own entry was of term ${own}`;
  scene.report(
    installDropsConflictingLog,
    server,
    `installed a snapshot through index ${lastIncludedIndex} (term ${lastIncludedTerm}), ${has}, ` +
      `and kept its log behind it, through index ${server.issued.last}`,
  );
}
