import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const readAfterFreshRound: Rule = {
  id: 'read-after-fresh-round',
  section: '§8, thesis §6.4',
  sentence:
    'A read without the log is answered when a majority has answered heartbeats that were sent after the read came.',
  reason: 'Another leader may have been elected before, and have committed what this answer lacks.',
};

/** Has a majority answered a round that began after this was asked? */
export function isFresh(server: ObservedServer, attempt: Attempt): boolean {
  const round = server.reign.confirmedRound;
  if (round === Number.POSITIVE_INFINITY) return true;
  const began = server.reign.rounds.get(round);
  return began !== undefined && began.step >= attempt.askedStep;
}

export function reportStale(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  const round = server.reign.confirmedRound;
  const began = server.reign.rounds.get(round);
  const last =
    began === undefined
      ? 'no round of heartbeats in this reign'
      : `only round ${round}, which began ${msBetween(began.atUs, attempt.askedUs)} ms before the read came`;
  scene.report(
    readAfterFreshRound,
    server,
    `answered the read ${attempt.command} as the leader of term ${server.reignTerm}, when a majority had answered ${last}`,
  );
}

function msBetween(fromUs: number, toUs: number): number {
  return Math.max(0, Math.floor((toUs - fromUs) / 1000));
}
