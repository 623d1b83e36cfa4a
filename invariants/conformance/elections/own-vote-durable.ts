import type { Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';
import { voteWords } from '../votes/vote-durable.ts';

export const ownVoteDurable: Rule = {
  id: 'own-vote-durable',
  section: '§5.2, Figure 2 (persistent state)',
  sentence: 'A candidate leads only when its vote for itself is on stable storage.',
  reason:
    'A leader that crashes would have forgotten its term, and could be elected in it once more, or vote for another.',
};

/** This life acts as the leader of a term for the first time. */
export function checkOwnVoteDurable(scene: Scene, server: ObservedServer, term: Term): void {
  if (server.durableVotes.get(term) === server.node) return;
  scene.report(
    ownVoteDurable,
    server,
    `acted as the leader of term ${term}, while its disk held ${voteWords(server)}`,
  );
}
