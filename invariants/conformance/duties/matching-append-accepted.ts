import type { AppendEntries } from '../../../core/messages.ts';
import { entryWords } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const matchingAppendAccepted: Rule = {
  id: 'matching-append-accepted',
  section: '§5.3, Figure 2 (AppendEntries 1, 2)',
  sentence:
    'AppendEntries is refused only if its term is lower, or if the log has no entry of prevLogTerm at prevLogIndex.',
  reason: 'A leader whose messages are refused for ever replicates nothing.',
};

/** One refusal may have its reasons; so many in a row have not. */
const REPEATS = 5;

/** AppendEntries of the current term is refused in the step in which it came. */
export function checkRefusal(scene: Scene, server: ObservedServer, asked: AppendEntries): void {
  const { prevLogIndex, prevLogTerm } = asked;
  if (!server.issued.has(prevLogIndex, prevLogTerm)) return;
  server.duties.refusals += 1;
  if (server.duties.refusals !== REPEATS) return;
  const at =
    prevLogIndex === 0
      ? 'the beginning of the log'
      : `${entryWords(prevLogIndex, prevLogTerm)}, which its log has`;
  scene.report(
    matchingAppendAccepted,
    server,
    `refused AppendEntries of S${scene.from} for the ${REPEATS}th time in a row, though it is of the current term ${asked.term} and follows ${at}`,
  );
}
