/** Reads that are answered without the log (§8, thesis §6.4). */
import { committableIndex } from '../leading/commit-on-majority.ts';
import type { Attempt, ObservedServer } from '../observed-server.ts';
import { copiesMinOf } from '../quorums.ts';
import type { Scene } from '../scene.ts';
import { holdsLease, reportExpired } from './lease-in-time.ts';
import { isFresh, reportStale } from './read-after-fresh-round.ts';
import { checkOwnTerm } from './read-after-own-commit.ts';

/** A read was answered ok that this life has not applied. */
export function checkRead(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  const { reads } = scene.config;
  if (reads === 'log') return;
  const committed = Math.max(
    server.countedCommit,
    scene.claimedIndex,
    committableIndex(scene, server, copiesMinOf),
  );
  if (!checkOwnTerm(scene, server, attempt, committed)) return;
  // Who does not number its rounds cannot be followed.
  if (server.reign.rounds.size === 0 || isFresh(server, attempt)) return;
  if (reads === 'readIndex') reportStale(scene, server, attempt);
  else if (!holdsLease(scene, server)) reportExpired(scene, server, attempt);
}
