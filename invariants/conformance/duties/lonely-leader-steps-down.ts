import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const lonelyLeaderStepsDown: Rule = {
  id: 'lonely-leader-steps-down',
  section: '§6, thesis §6.2',
  sentence:
    'With check-quorum a leader that hears from no majority for an election timeout steps down.',
  reason: 'It keeps its clients waiting, while the others may have a leader that could serve them.',
};

/** So many longest election timeouts without contact, and then so many messages all the same. */
const TIMEOUTS = 3;
const REPEATS = 4;

/** A message is sent that only leaders send. */
export function checkContact(scene: Scene, server: ObservedServer): void {
  if (!scene.config.checkQuorum || !scene.isTick) return;
  const { reign } = server;
  if (scene.localMsSince(reign.contactUs) <= TIMEOUTS * scene.config.electionMsMax) {
    reign.lonelyTicks = 0;
    return;
  }
  // Once in a step, whomever it speaks to.
  if (reign.lonelyStep === scene.step) return;
  reign.lonelyStep = scene.step;
  reign.lonelyTicks += 1;
  if (reign.lonelyTicks !== REPEATS) return;
  scene.report(
    lonelyLeaderStepsDown,
    server,
    `leads term ${server.reignTerm} still, though it has not heard from a majority for ${TIMEOUTS} election timeouts`,
  );
}
