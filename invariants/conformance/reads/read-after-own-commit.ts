import type { LogIndex } from '../../../core/messages.ts';
import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const readAfterOwnCommit: Rule = {
  id: 'read-after-own-commit',
  section: '§8, thesis §6.4',
  sentence:
    'A leader answers a read without the log when an entry of its own term is committed, and what was committed when the read came is applied.',
  reason:
    'Until then it does not know how much its predecessors have committed, and answers with what was true before.',
};

/** A read was answered that no entry stands for; false when something was reported. */
export function checkOwnTerm(
  scene: Scene,
  server: ObservedServer,
  attempt: Attempt,
  committed: LogIndex,
): boolean {
  const { reign, reignTerm, lastApplied } = server;
  const answered = `answered the read ${attempt.command} as the leader of term ${reignTerm}`;
  if (reign.firstIndex === 0 || committed < reign.firstIndex) {
    const own = `while no entry of that term was committed as far as it knew (only index ${committed} was)`;
    scene.report(readAfterOwnCommit, server, `${answered}, ${own}`);
    return false;
  }
  const due = Math.max(attempt.commitAtAsk, reign.firstIndex);
  if (lastApplied >= due) return true;
  scene.report(
    readAfterOwnCommit,
    server,
    `${answered}, after it had applied only index ${lastApplied}: index ${due} was committed when the read came`,
  );
  return false;
}
