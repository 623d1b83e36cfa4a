import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const leaseInTime: Rule = {
  id: 'lease-in-time',
  section: 'thesis §6.4.1, §3.10',
  sentence:
    'A lease runs from the moment in which a round of heartbeats began that a majority has answered, for the shortest election timeout on the fastest clock, and ends when the leader asks another to stand.',
  reason: 'Later the voters may have elected another leader, which commits what this answer lacks.',
};

/** Does the lease still hold in true time, however fast the clocks of the voters are? */
export function holdsLease(scene: Scene, server: ObservedServer): boolean {
  const { reign } = server;
  const began = reign.rounds.get(server.reign.confirmedRound);
  if (began === undefined || reign.successor !== 0) return false;
  const { electionMsMin, clockDriftPpm } = scene.config;
  return (scene.atUs - began.atUs) * (1_000_000 + clockDriftPpm) <= electionMsMin * 1_000_000_000;
}

export function reportExpired(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  const { reign } = server;
  const round = server.reign.confirmedRound;
  const began = reign.rounds.get(round);
  const why =
    reign.successor !== 0
      ? `after it had asked S${reign.successor} to stand`
      : began === undefined
        ? 'before a majority had answered any round of heartbeats'
        : `${Math.floor((scene.atUs - began.atUs) / 1000)} ms after the last round began that a majority has answered, ` +
          `and voters wait for ${scene.config.electionMsMin} ms at most`;
  scene.report(
    leaseInTime,
    server,
    `answered the read ${attempt.command} from its lease as the leader of term ${server.reignTerm}, ${why}`,
  );
}
