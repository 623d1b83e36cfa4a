import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const refusedNotAppended: Rule = {
  id: 'refused-not-appended',
  section: '§8',
  sentence:
    'A request is refused only if it cannot happen any more: its entry was never made, or another one was applied in its place.',
  reason:
    'An entry that was appended may still be committed by the next leader, and the client sends it again.',
};

/** rejected and redirect say that it did not and will not happen. */
export function checkNotAppended(
  scene: Scene,
  server: ObservedServer,
  attempt: Attempt,
  outcome: string,
): void {
  const { index, command } = attempt;
  if (index === 0 || index <= server.lastApplied) return;
  scene.report(
    refusedNotAppended,
    server,
    `answered ${outcome} to command ${command}, which it had appended at index ${index} and which may still be committed`,
  );
}

/** A request is appended: was it refused before? */
export function checkNotRefused(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  const { answer, index, command } = attempt;
  if (answer !== 'rejected' && answer !== 'redirect') return;
  scene.report(
    refusedNotAppended,
    server,
    `appended command ${command} at index ${index}, after it had answered ${answer} to it`,
  );
}
