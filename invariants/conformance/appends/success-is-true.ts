import type { LogIndex, NodeId, Term } from '../../../core/messages.ts';
import { COVERED, entryWords } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const successIsTrue: Rule = {
  id: 'success-is-true',
  section: '§5.3, Figure 2 (AppendEntries 2, 4)',
  sentence:
    'A follower reports success through the last entry that the leader’s messages have verified, and has all of them.',
  reason: 'The leader counts a success as a copy of its own log, and commits by it.',
};

/** The log that a success claims is in the log as written; false when something was reported. */
export function checkSuccessTrue(
  scene: Scene,
  server: ObservedServer,
  term: Term,
  leader: NodeId,
  matchIndex: LogIndex,
): boolean {
  const taught = server.taughtBy(term)?.termAt(matchIndex) ?? -1;
  const own = server.issued.termAt(matchIndex);
  if (taught < 0) return checkKnown(scene, server, term, leader, matchIndex);
  if (own === taught || own === COVERED) return true;
  const said = `reported success through index ${matchIndex} to S${leader} in term ${term}`;
  const has =
    own < 0
      ? lacking(server)
      : `whose entry there is of term ${taught}, and its own is of term ${own}`;
  scene.report(successIsTrue, server, `${said}, ${has}`);
  return false;
}

function lacking({ issued, hasLostWrites }: ObservedServer): string {
  if (hasLostWrites) return `and since a write failed its log ends at index ${issued.last}`;
  return `and it has written its log only through index ${issued.last}`;
}

/** No message has shown this place: then it must be known to be committed. */
function checkKnown(
  scene: Scene,
  server: ObservedServer,
  term: Term,
  leader: NodeId,
  matchIndex: LogIndex,
): boolean {
  if (matchIndex <= server.knownCommit && matchIndex <= server.issued.last) return true;
  const last = server.taughtBy(term)?.last ?? -1;
  const brought =
    last < 0
      ? 'and no message of that leader has come'
      : `and messages of that leader go only through index ${last}`;
  const own = entryWords(server.issued.last, server.issued.lastTerm);
  scene.report(
    successIsTrue,
    server,
    `reported success through index ${matchIndex} to S${leader} in term ${term}, ${brought} (its own log ends with ${own})`,
  );
  return false;
}
