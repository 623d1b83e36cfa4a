import type { NodeId, Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const restartedVoterWaits: Rule = {
  id: 'restarted-voter-waits',
  section: 'thesis §6.4.1',
  sentence:
    'With leases, a server that has started again votes for nobody until an election timeout has passed, the shortest at least.',
  reason:
    'In its last life it may have confirmed a lease, and does not know: with its vote another leader would commit while the lease holds.',
};

/** A new vote is written because somebody asked for it. */
export function checkWaited(
  scene: Scene,
  server: ObservedServer,
  term: Term,
  candidate: NodeId,
): void {
  if (scene.config.reads !== 'lease' || server.boot === 0) return;
  const passed = scene.localMsAtMost(server.startedUs);
  if (passed + 1 >= scene.config.electionMsMin) return;
  scene.report(
    restartedVoterWaits,
    server,
    `gave its vote of term ${term} to S${candidate}, ${Math.floor((scene.atUs - server.startedUs) / 1000)} ms after it had started again`,
  );
}
