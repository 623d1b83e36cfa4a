import type { Entry, LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const leaderCreatesEntries: Rule = {
  id: 'leader-creates-entries',
  section: '§5.3, Figure 2 (leaders)',
  sentence: 'Only the leader of a term creates entries of it; others write what it has sent them.',
  reason: 'One leader per term makes one entry per index and term, which Log Matching rests on.',
};

/** An entry is written that nobody has sent, by a server that does not lead its term. */
export function reportInvented(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  entry: Entry,
): void {
  const { issuedTerm } = server;
  const where =
    entry.term === issuedTerm
      ? `which it does not lead`
      : `though it was in term ${issuedTerm} and nobody had sent it this entry`;
  scene.report(
    leaderCreatesEntries,
    server,
    `made an entry of its own at index ${index}, of term ${entry.term}, ${where}`,
  );
}
