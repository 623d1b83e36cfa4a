import type { NodeId, Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const voteDurable: Rule = {
  id: 'vote-durable',
  section: '§5.2, Figure 2 (persistent state)',
  sentence: 'A vote is on stable storage before the candidate is told of it.',
  reason: 'A voter that crashes would have forgotten its vote, and give it to another candidate.',
};

/** RequestVoteResponse that grants is sent. */
export function checkVoteDurable(
  scene: Scene,
  voter: ObservedServer,
  term: Term,
  candidate: NodeId,
): void {
  if (voter.durableVotes.get(term) === candidate) return;
  scene.report(
    voteDurable,
    voter,
    `granted its vote of term ${term} to S${candidate}, while its disk held ${voteWords(voter)}`,
  );
}

/** "term 2 and a vote for S1". */
export function voteWords({ durableTerm, durableVote }: ObservedServer): string {
  const vote = durableVote === 0 ? 'no vote' : `a vote for S${durableVote}`;
  return `term ${durableTerm} and ${vote}`;
}
