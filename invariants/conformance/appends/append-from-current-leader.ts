import type { Entry, LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Teachings } from '../teachings.ts';

export const appendFromCurrentLeader: Rule = {
  id: 'append-from-current-leader',
  section: '§5.1, Figure 2 (AppendEntries 1)',
  sentence: 'AppendEntries of a lower term is refused.',
  reason:
    'A deposed leader would write over what its successor has written, and has perhaps committed.',
};

/** An entry is written that only a leader of a lower term has sent. */
export function reportOutdated(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  entry: Entry,
  teachings: Teachings,
): void {
  scene.report(
    appendFromCurrentLeader,
    server,
    `took index ${index} (term ${entry.term}) from AppendEntries of term ${teachings.leaderTerm}, ` +
      `which S${teachings.leader} leads, though it was in term ${server.issuedTerm} itself`,
  );
}

/** A success answers AppendEntries of a lower term. */
export function checkAnswersCurrent(scene: Scene, server: ObservedServer): boolean {
  const { body } = scene;
  if (body === null || body.kind !== 'AppendEntries' || !scene.isOutdated) return true;
  scene.report(
    appendFromCurrentLeader,
    server,
    `accepted AppendEntries of term ${body.term} from S${scene.from}, though it was in term ${server.issuedTerm}`,
  );
  return false;
}
