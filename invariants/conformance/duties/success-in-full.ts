import type { AppendEntries, LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const successInFull: Rule = {
  id: 'success-in-full',
  section: '§5.3, Figure 2 (AppendEntries 4)',
  sentence: 'A success reports everything that AppendEntries has verified and that is on disk.',
  reason:
    'The leader sends the same entries again for ever, since it never hears that they arrived.',
};

/** One answer may say less than is true; so many in a row have no reason to. */
const REPEATS = 5;

/** A success is sent in the step in which AppendEntries of its term came. */
export function checkInFull(
  scene: Scene,
  server: ObservedServer,
  asked: AppendEntries,
  matchIndex: LogIndex,
): void {
  const { entries, prevLogIndex, prevLogTerm } = asked;
  const last = prevLogIndex + entries.length;
  const lastTerm = entries.length === 0 ? prevLogTerm : entries[entries.length - 1]!.term;
  if (matchIndex >= last || !server.durable.has(last, lastTerm)) {
    server.duties.partSuccesses = 0;
    return;
  }
  server.duties.partSuccesses += 1;
  if (server.duties.partSuccesses !== REPEATS) return;
  scene.report(
    successInFull,
    server,
    `reported success only through index ${matchIndex}, for the ${REPEATS}th time in a row, ` +
      `though its disk has all that S${scene.from} sent, through index ${last}`,
  );
}
