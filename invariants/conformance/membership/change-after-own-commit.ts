import type { Configuration, LogIndex } from '../../../core/messages.ts';
import { configurationWords } from '../../configuration-words.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const changeAfterOwnCommit: Rule = {
  id: 'change-after-own-commit',
  section: '§6, thesis §4.1 (with the correction of 2015)',
  sentence: 'A leader begins a change when an entry of its own term is committed.',
  reason:
    'A change that an earlier leader has left behind could still be committed by a majority of its own.',
};

/** A leader makes a configuration; `committed` is what it knows to be committed. */
export function checkOwnCommit(
  scene: Scene,
  server: ObservedServer,
  configuration: Configuration,
  committed: LogIndex,
): boolean {
  const { reign, reignTerm } = server;
  const isOwn = reign.firstIndex > 0 && committed >= reign.firstIndex;
  if (isOwn) return true;
  scene.report(
    changeAfterOwnCommit,
    server,
    `appended ${configurationWords(configuration)} as the leader of term ${reignTerm}, ` +
      `while it knew only index ${committed} to be committed, and no entry of its own term`,
  );
  return false;
}
