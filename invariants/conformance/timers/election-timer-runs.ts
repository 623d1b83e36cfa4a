import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const electionTimerRuns: Rule = {
  id: 'election-timer-runs',
  section: '§5.2, Figure 2 (followers; candidates)',
  sentence: 'On every server that does not lead an election timer runs.',
  reason: 'If the leader dies, nobody else may stand.',
};

/** At the end of a step. */
export function checkRuns(scene: Scene, server: ObservedServer): void {
  const { timer } = server;
  if (!timer.isKnown || timer.isRunning || server.isHalted || scene.size === 1) return;
  if (server.isLeading) return;
  scene.report(
    electionTimerRuns,
    server,
    `was left without an election timer, though it does not lead term ${server.issuedTerm}`,
  );
  // Once: it stays like this.
  timer.isKnown = false;
}
