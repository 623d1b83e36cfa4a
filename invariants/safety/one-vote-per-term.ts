/** One vote per term and server, restarts included. */
import type { NodeId, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const oneVotePerTerm: Property = {
  id: 'one-vote-per-term',
  title: 'Vote Safety',
  sentence: 'A server votes for at most one candidate in a term, even across restarts.',
  section: '§5.2',
  kind: 'safety',
  facts: ['sent', 'persistIssued'],
};

/** A vote is granted: by message, or by a server to itself when it acts as leader. */
export function checkGrant(
  ledgers: Ledgers,
  voter: ServerView,
  candidate: NodeId,
  term: Term,
): void {
  const before = ledgers.votes.grantOf(term, voter.node);
  if (before === 0 || before === candidate) return;
  const isSameLife = ledgers.votes.grantBoot(term, voter.node) === voter.boot;
  ledgers.report(oneVotePerTerm, {
    node: voter.node,
    rule: 'granted-twice',
    relation: isSameLife ? 'same-life' : 'other-life',
    detail:
      `S${voter.node} votes for S${candidate} in term ${term}, ` +
      `and has already voted for S${before} in that term.`,
    messageKind: null,
  });
}

/** A hard state is written: within a term the vote, once given, stays. */
export function checkVoteKept(
  ledgers: Ledgers,
  server: ServerView,
  currentTerm: Term,
  votedFor: NodeId,
): void {
  if (currentTerm !== server.issuedTerm) return;
  if (server.issuedVote === 0 || server.issuedVote === votedFor) return;
  ledgers.report(oneVotePerTerm, {
    node: server.node,
    rule: 'vote-changed',
    relation: votedFor === 0 ? 'forgotten' : 'other-candidate',
    detail:
      `S${server.node} changes its vote of term ${currentTerm} from S${server.issuedVote} ` +
      `to ${votedFor === 0 ? 'nobody' : `S${votedFor}`}.`,
    messageKind: null,
  });
}
