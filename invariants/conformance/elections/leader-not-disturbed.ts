import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const leaderNotDisturbed: Rule = {
  id: 'leader-not-disturbed',
  section: '§6, thesis §4.2.3, §9.6',
  sentence:
    'A server that has heard its leader within the shortest election timeout helps nobody to depose it, unless the leader itself has asked for that.',
  reason:
    'Removed servers, and those that the leader cannot reach, would end its reign again and again; and a lease rests on this.',
};

/** A term is taken up, or a vote or pre-vote given, because somebody asked for it. */
export function checkUndisturbed(scene: Scene, server: ObservedServer, what: string): void {
  const { leaderHeardUs, leaderHeardTerm } = server;
  if (leaderHeardUs < 0 || leaderHeardTerm !== scene.termBefore) return;
  const passed = scene.localMsAtMost(leaderHeardUs);
  // Clocks are read in whole milliseconds.
  if (passed + 1 >= scene.config.electionMsMin) return;
  scene.report(
    leaderNotDisturbed,
    server,
    `${what}, ${Math.floor((scene.atUs - leaderHeardUs) / 1000)} ms after it had heard the leader of term ${leaderHeardTerm}`,
  );
}
