import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const standsAfterTimeout: Rule = {
  id: 'stands-after-timeout',
  section: '§5.2, Figure 2 (followers)',
  sentence:
    'A server stands for election when a whole election timeout has passed since it last heard the leader of its term or gave its vote.',
  reason: 'It deposes a leader that is alive, or stands against the one it has just helped.',
};

/** The election timer has run out, and the server stands, or asks whether it may. */
export function checkTimeout(scene: Scene, server: ObservedServer): void {
  const { timer, heardUs } = scene;
  if (timer !== 'election' || heardUs < 0) return;
  const passed = Math.floor((scene.atUs - heardUs) / 1000);
  if (scene.localMsAtMost(heardUs) >= scene.config.electionMsMin) return;
  scene.report(
    standsAfterTimeout,
    server,
    `stood for election ${passed} ms after ${server.timer.heard}, which had not reset its election timer`,
  );
}
