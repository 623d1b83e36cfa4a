import type { NodeId, Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const oneVotePerTerm: Rule = {
  id: 'one-vote-per-term',
  section: '§5.2, Figure 2 (RequestVote 2)',
  sentence: 'A server votes for at most one candidate in a term, whatever happens in between.',
  reason: 'Two majorities share a server: if it votes twice, a term can have two leaders.',
};

/** A new vote is written over the one of the same term. */
export function checkVoteUnchanged(
  scene: Scene,
  voter: ObservedServer,
  term: Term,
  candidate: NodeId,
): boolean {
  const { issuedTerm, issuedVote } = voter;
  if (term !== issuedTerm || issuedVote === 0 || issuedVote === candidate) return true;
  const what =
    candidate === 0
      ? `forgot its vote of term ${term} for ${issuedVote === voter.node ? 'itself' : `S${issuedVote}`}, while still in that term`
      : `gave its vote of term ${term} to S${candidate}, after it had given it to S${issuedVote}`;
  scene.report(oneVotePerTerm, voter, what);
  return false;
}

/** A vote is told. */
export function checkGrantedOnce(
  scene: Scene,
  voter: ObservedServer,
  term: Term,
  candidate: NodeId,
): void {
  const before = voter.grants.get(term);
  if (before === undefined || before === candidate) return;
  scene.report(
    oneVotePerTerm,
    voter,
    `granted its vote of term ${term} to S${candidate}, after it had granted it to S${before}`,
  );
}
