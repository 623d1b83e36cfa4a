import type { LogIndex, Snapshot, Term } from '../../../core/messages.ts';
import type { ObservedLog } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';
import { reportConflictKept } from './install-drops-conflicting-log.ts';

export const installKeepsAgreeingLog: Rule = {
  id: 'install-keeps-agreeing-log',
  section: '§7, Figure 13 (InstallSnapshot 6)',
  sentence:
    'If the log has the last entry of an installed snapshot, by index and term, what follows it stays.',
  reason: 'It may be committed, and this server have confirmed it.',
};

/** At the end of a step in which a received snapshot was put in the place of the state machine. */
export function checkInstalled(scene: Scene, server: ObservedServer, snapshot: Snapshot): void {
  const { lastIncludedIndex: index, lastIncludedTerm: term } = snapshot;
  const { issued } = server;
  const before = server.snapshots.logBefore ?? issued;
  if (before.has(index, term)) {
    if (issued.last < before.last) reportSuffixLost(scene, server, before, index, term);
    return;
  }
  if (issued.last > index) reportConflictKept(scene, server, before, snapshot);
}

function reportSuffixLost(
  scene: Scene,
  server: ObservedServer,
  before: ObservedLog,
  index: LogIndex,
  term: Term,
): void {
  scene.report(
    installKeepsAgreeingLog,
    server,
    `installed a snapshot through index ${index} (term ${term}), which its log had, ` +
      `and dropped what followed there: indexes ${server.issued.last + 1} to ${before.last}`,
  );
}
