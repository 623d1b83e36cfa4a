import type { NodeId, Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const voteForCurrentTerm: Rule = {
  id: 'vote-for-current-term',
  section: '§5.2, Figure 2 (RequestVote 1)',
  sentence: 'A vote goes to a candidate that has asked for it in the term that the voter is in.',
  reason:
    'A vote counts in one term only: given in a term that was left, or kept into the next, it elects two leaders, or none.',
};

/** A vote for another is written, or told. */
export function checkAsked(
  scene: Scene,
  voter: ObservedServer,
  term: Term,
  candidate: NodeId,
): boolean {
  if (voter.voteRequests.has(term * 8 + candidate)) return true;
  const asked = latestRequest(voter, candidate);
  const known =
    asked === 0 ? 'which has never asked for it' : `which asked for its vote of term ${asked}`;
  scene.report(
    voteForCurrentTerm,
    voter,
    `gave its vote of term ${term} to S${candidate}, ${known}`,
  );
  return false;
}

function latestRequest(voter: ObservedServer, candidate: NodeId): Term {
  let latest = 0;
  for (const key of voter.voteRequests.keys()) {
    if (key % 8 === candidate) latest = Math.max(latest, (key - candidate) / 8);
  }
  return latest;
}
