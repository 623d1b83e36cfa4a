import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const decidedRequestAnswered: Rule = {
  id: 'decided-request-answered',
  section: '§8',
  sentence: 'A server that took a request answers it once it has applied an entry at its place.',
  reason: 'The client waits for an answer that never comes.',
};

/** So many steps after it could have known. */
const STEPS = 20;

/** At the end of a step: the request is appended and not answered. */
export function checkAnswered(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  const { command, index } = attempt;
  if (index > server.lastApplied) return;
  if (attempt.decidedStep === 0) attempt.decidedStep = server.steps;
  if (server.steps !== attempt.decidedStep + STEPS) return;
  scene.report(
    decidedRequestAnswered,
    server,
    `has not answered command ${command}, which it appended at index ${index}, though it applied that index ${STEPS} steps ago`,
  );
}
