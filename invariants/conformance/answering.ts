/** Answers to clients. */
import type { Outcome } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import { checkApplied } from './clients/ok-after-apply.ts';
import { checkUnanswered, reportUnasked } from './clients/one-answer.ts';
import { checkHint } from './clients/redirect-elsewhere.ts';
import { checkNotAppended } from './clients/refused-not-appended.ts';
import type { ObservedServer } from './observed-server.ts';
import type { Scene } from './scene.ts';

export function answer(
  scene: Scene,
  server: ObservedServer,
  requestId: string,
  outcome: Outcome,
  hint: NodeId,
): void {
  const attempt = server.attempts.get(requestId);
  if (attempt === undefined) {
    reportUnasked(scene, server, requestId);
    return;
  }
  checkUnanswered(scene, server, attempt, outcome);
  if (outcome === 'ok') checkApplied(scene, server, attempt);
  else if (outcome !== 'unknown') checkNotAppended(scene, server, attempt, outcome);
  if (outcome === 'redirect') checkHint(scene, server, hint);
  attempt.answer = outcome;
}
