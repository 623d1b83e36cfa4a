/** The named situations of pre-votes, check-quorum and transfers (thesis §9.6, §6.2, §3.10). */
// In reports they come behind those of memberships.
import './membership-situations.ts';
import { situation } from './situation.ts';

/** What can be counted where leaders are protected, or hand over. */
export const LeadershipHappened = {
  preVoteGranted: situation('pre-vote-granted', 'A pre-vote was granted.', 1_000, 'preVote'),
  preVoteRefusedByLeader: situation(
    'pre-vote-refused-leader',
    'A pre-vote was refused by a server that had heard the leader of its term.',
    1_000,
    'preVote',
  ),
  preVoteRefusedByLog: situation(
    'pre-vote-refused-log',
    'A pre-vote was refused to a server with an older log.',
    1_000,
    'preVote',
  ),
  preVoteLate: situation(
    'pre-vote-late',
    'A pre-vote came when its server stood already in the term that it was about.',
    1_000,
    'preVote',
  ),
  quorumLost: situation(
    'leader-lost-quorum',
    'A leader stepped down by itself because it heard from no majority.',
    1_000,
    'checkQuorum',
  ),
  voteRefusedByLeader: situation(
    'vote-refused-leader',
    'A vote was refused, and the later term not taken up, by a server that heard its leader.',
    1_000,
    'checkQuorum',
  ),
  transferred: situation(
    'transferred',
    'A server was elected that its leader had asked to stand.',
    1_000,
    'transfer',
  ),
  transferGivenUp: situation(
    'transfer-given-up',
    'A leader gave a transfer up and led on.',
    1_000,
    'transfer',
  ),
  transferToLaggard: situation(
    'transfer-to-laggard',
    'A leader was asked to hand over to a server that did not have its log yet.',
    1_000,
    'transfer',
  ),
  askedToStandLate: situation(
    'timeout-now-late',
    'TimeoutNow arrived when its sender was deposed, or had given the transfer up.',
    1_000,
    'transfer',
  ),
};
