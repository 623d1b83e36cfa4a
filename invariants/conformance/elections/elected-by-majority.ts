import type { Term } from '../../../core/messages.ts';
import { type Mistake, mistakeOf } from '../membership/whose-majority.ts';
import type { ObservedServer } from '../observed-server.ts';
import { isQuorum, majorityOf, tallyWords } from '../quorums.ts';
import type { Rule } from '../rule.ts';
import { type Scene, serversOf } from '../scene.ts';
import { preVoteIsNoVote } from './pre-vote-is-no-vote.ts';

export const electedByMajority: Rule = {
  id: 'elected-by-majority',
  section: '§5.2, Figure 2 (candidates)',
  sentence:
    'A candidate leads when votes of a majority, given to it in this term, have reached it in this life.',
  reason: 'Two majorities have a server in common, so a term has one leader; fewer votes may not.',
};

/** This life acts as the leader of a term for the first time; false when something was reported. */
export function checkElected(scene: Scene, server: ObservedServer, term: Term): boolean {
  const voters = votersOf(server, term);
  const { inForce, stoodIn } = server;
  if (isQuorum(inForce, voters) || isQuorum(stoodIn, voters)) return true;
  const mistake = mistakeOf(server, voters, majorityOf) ?? preVotesCounted(server, term, voters);
  const { rule, words } = mistake ?? { rule: electedByMajority, words: whereFrom(server, term) };
  scene.report(
    rule,
    server,
    `acted as the leader of term ${term} with the votes of ${serversOf(voters)}: ` +
      `${tallyWords(inForce, voters, majorityOf)}${words}`,
  );
  return false;
}

/** Bit per server: its own vote of this term, and the grants that have reached this life. */
function votersOf(server: ObservedServer, term: Term): number {
  const own = server.issuedTerm === term && server.issuedVote === server.node;
  return (server.votes.get(term) ?? 0) | (own ? 1 << server.node : 0);
}

function preVotesCounted(server: ObservedServer, term: Term, voters: number): Mistake | null {
  const preVotes = server.preVotes.get(term) ?? 0;
  if (!isQuorum(server.inForce, voters | preVotes)) return null;
  return { rule: preVoteIsNoVote, words: ` (and it has pre-votes of ${serversOf(preVotes)})` };
}

/** What it may have mistaken for votes. */
function whereFrom(server: ObservedServer, term: Term): string {
  if (server.issuedTerm !== term) return ` (it is in term ${server.issuedTerm})`;
  for (let older = term - 1; older > 0; older -= 1) {
    const voters = server.votes.get(older) ?? 0;
    if (voters !== 0) return ` (of term ${older} it has ${serversOf(voters)})`;
  }
  if (server.boot > 0) return ` (this is its life ${server.boot + 1})`;
  return '';
}
