import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const decidedRequestAnswered: Rule = {
  id: 'decided-request-answered',
  section: '§8',
  sentence: 'A server that took a request answers it once it has applied an entry at its place.',
  reason: 'The client waits for an answer that never comes.',
};

/** So many milliseconds with a step, after it could have known. */
const TICKS = 20;

/** At the end of a tick: the request is appended and not answered. */
export function checkAnswered(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  const { command, index } = attempt;
  if (index > server.lastApplied) return;
  if (attempt.decidedTick === 0) attempt.decidedTick = server.ticks;
  if (server.ticks !== attempt.decidedTick + TICKS) return;
  scene.report(
    decidedRequestAnswered,
    server,
    `has not answered command ${command}, which it appended at index ${index}, though it applied that index long ago`,
  );
}
