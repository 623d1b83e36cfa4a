import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const requestTaken: Rule = {
  id: 'request-taken',
  section: '§8',
  sentence: 'A server appends a request or answers it, if not at once, then when its disk is idle.',
  reason: 'The client waits for an answer that never comes.',
};

/** So many milliseconds with a step, and without any write under way. */
const TICKS = 40;

/** At the end of a tick: the request is neither appended nor answered. */
export function checkTaken(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  // A read that is not appended waits for others, however long that takes.
  if (attempt.readOnly && scene.config.reads !== 'log') return;
  if (server.pending.length > 0 || isHandingOver(server)) attempt.idleTicks = 0;
  else attempt.idleTicks += 1;
  if (attempt.idleTicks !== TICKS) return;
  scene.report(
    requestTaken,
    server,
    `has neither appended nor answered command ${attempt.command} for a long time in which its disk was idle`,
  );
}

/** A leader takes no request while it brings its successor up to date (thesis §3.10). */
function isHandingOver({ adminAttempts }: ObservedServer): boolean {
  for (const { request, answer } of adminAttempts.values()) {
    if (request.kind === 'transferLeadership' && answer === null) return true;
  }
  return false;
}
