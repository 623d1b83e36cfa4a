import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const oneAnswer: Rule = {
  id: 'one-answer',
  section: '§8',
  sentence: 'A request is answered once.',
  reason: 'A second answer is taken for the answer to another request, or contradicts the first.',
};

/** `what` is "command 1.3", or what an operator asked; `before` its first answer, null for none. */
export function checkUnanswered(
  scene: Scene,
  server: ObservedServer,
  what: string,
  before: string | null,
  outcome: string,
): void {
  if (before === null) return;
  scene.report(
    oneAnswer,
    server,
    `answered ${outcome} to ${what}, which it had answered ${before} before`,
  );
}

/** An answer to what this life was never asked. */
export function reportUnasked(scene: Scene, server: ObservedServer, requestId: string): void {
  scene.report(oneAnswer, server, `answered ${requestId}, which it was not asked in this life`);
}
