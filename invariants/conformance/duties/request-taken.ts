import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const requestTaken: Rule = {
  id: 'request-taken',
  section: '§8',
  sentence: 'A server appends a request or answers it, if not at once, then when its disk is idle.',
  reason: 'The client waits for an answer that never comes.',
};

/** So many steps without any write under way. */
const STEPS = 40;

/** At the end of a step: the request is neither appended nor answered. */
export function checkTaken(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  if (server.pending.length > 0) attempt.idleSteps = 0;
  else attempt.idleSteps += 1;
  if (attempt.idleSteps !== STEPS) return;
  scene.report(
    requestTaken,
    server,
    `has neither appended nor answered command ${attempt.command} in ${STEPS} steps, though its disk was idle`,
  );
}
