import type { Rule } from '../rule.ts';

export const preVoteIsNoVote: Rule = {
  id: 'pre-vote-is-no-vote',
  section: 'thesis §9.6',
  sentence: 'A pre-vote is no vote: who won them stands, and needs the votes of a majority then.',
  reason: 'A pre-vote promises nothing: the same server may give it to several candidates.',
};
