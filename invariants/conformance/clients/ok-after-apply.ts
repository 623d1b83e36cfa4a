import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const okAfterApply: Rule = {
  id: 'ok-after-apply',
  section: '§5.3, §8, Figure 2 (leaders)',
  sentence: 'A client is told ok after its entry was applied to the state machine.',
  reason: 'An entry that is only in the log may be replaced by the next leader.',
};

export function checkApplied(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  if (attempt.readOnly || server.appliedCommands.has(attempt.command)) return;
  const where =
    attempt.index === 0
      ? 'which it has not even appended'
      : `which stood at index ${attempt.index} of its log and was not applied (it had applied through index ${server.lastApplied})`;
  scene.report(okAfterApply, server, `answered ok to command ${attempt.command}, ${where}`);
}
