import type { LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const inheritedTailCommitted: Rule = {
  id: 'inherited-tail-committed',
  section: '§5.4.2, §8',
  sentence: 'A new leader appends an entry of its own term, a no-op if need be.',
  reason: 'Entries of earlier terms are committed only with one of the leader’s own term.',
};

/** So many AppendEntries after a majority had all of it. */
const REPEATS = 10;

/** AppendEntries is sent by the leader of its term; `counted` is what a majority has. */
export function checkOwnEntry(scene: Scene, server: ObservedServer, counted: LogIndex): void {
  const { issued, duties, reignTerm, knownCommit } = server;
  const isWaiting =
    issued.last > knownCommit && issued.lastTerm < reignTerm && counted >= issued.last;
  if (!isWaiting) {
    duties.tailWaits = 0;
    return;
  }
  duties.tailWaits += 1;
  if (duties.tailWaits !== REPEATS) return;
  scene.report(
    inheritedTailCommitted,
    server,
    `has led term ${reignTerm} for some time without an entry of that term, while index ${issued.last} ` +
      `(term ${issued.lastTerm}) is on a majority and cannot be committed`,
  );
}
