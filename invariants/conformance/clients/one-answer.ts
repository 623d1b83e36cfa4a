import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const oneAnswer: Rule = {
  id: 'one-answer',
  section: '§8',
  sentence: 'A request is answered once.',
  reason: 'A second answer is taken for the answer to another request, or contradicts the first.',
};

export function checkUnanswered(
  scene: Scene,
  server: ObservedServer,
  attempt: Attempt,
  outcome: string,
): void {
  if (attempt.answer === null) return;
  scene.report(
    oneAnswer,
    server,
    `answered ${outcome} to command ${attempt.command}, which it had answered ${attempt.answer} before`,
  );
}

/** An answer to what this life was never asked. */
export function reportUnasked(scene: Scene, server: ObservedServer, requestId: string): void {
  scene.report(oneAnswer, server, `answered ${requestId}, which it was not asked in this life`);
}
