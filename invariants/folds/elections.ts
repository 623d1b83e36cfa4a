/** What the ledgers learn from votes and from the first act of a reign. */
import type { NodeId, RequestVoteResponse, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { checkGrantDurable, checkReignDurable } from '../safety/durable-promise.ts';
import { checkClaimed, checkElectedByMajority } from '../safety/elected-by-majority.ts';
import { checkElectionSafety } from '../safety/election-safety.ts';
import { checkNewLeaderComplete } from '../safety/leader-completeness.ts';
import { checkGrant } from '../safety/one-vote-per-term.ts';
import { checkElectionQuorum } from '../safety/quorum-intersection.ts';
import { Happened } from '../situations.ts';
import { countElection, countRefusedVote, countSplitVote } from './election-situations.ts';
import { noteHandedOver } from './made-for-operators.ts';
import { countStanding, countVoter } from './membership-situations.ts';
import { countEmptyLog } from './snapshot-situations.ts';

/** RequestVote is sent. It is no promise: it may leave before the vote for oneself is durable. */
export function standForElection(ledgers: Ledgers, candidate: ServerView, term: Term): void {
  const { votes, statistics } = ledgers;
  if (votes.candidatesOf(term) === 0) {
    statistics.elections += 1;
    countSplitVote(ledgers, term - 1);
  }
  if (candidate.issued.base > 0) countEmptyLog(ledgers, candidate);
  if (ledgers.log.eras.count > 1) countStanding(ledgers, candidate.node);
  votes.stand(term, candidate.node);
}

/** RequestVoteResponse is sent. */
export function answerCandidate(
  ledgers: Ledgers,
  voter: ServerView,
  candidate: NodeId,
  body: RequestVoteResponse,
): void {
  const { term } = body;
  const { votes, situations } = ledgers;
  if (!body.voteGranted) {
    countRefusedVote(ledgers, voter, candidate, term);
    return;
  }
  if (voter.issued.base > 0) countEmptyLog(ledgers, voter);
  checkGrant(ledgers, voter, candidate, term);
  checkGrantDurable(ledgers, voter, candidate, term);
  const isAgain = votes.grantOf(term, voter.node) === candidate;
  if (voter.boot > 0) situations.count(Happened.voteAfterRestart);
  if (ledgers.log.eras.count > 1) countVoter(ledgers, voter, candidate);
  if (isAgain && votes.grantBoot(term, voter.node) !== voter.boot) {
    situations.count(Happened.voteAskedAgainAfterRestart);
  }
  votes.grant(term, voter.node, candidate, voter.boot);
  if (term > voter.promisedTerm) voter.promisedTerm = term;
}

/** RequestVoteResponse arrives. */
export function receiveVote(server: ServerView, from: NodeId, body: RequestVoteResponse): void {
  if (!body.voteGranted || body.preVote === true || body.term < server.votesTerm) return;
  if (body.term > server.votesTerm) {
    server.votesTerm = body.term;
    server.votesReceived = 0;
  }
  server.votesReceived |= 1 << from;
}

/** "I lead this term": makes nobody a leader, but must be true. */
export function claimLeadership(ledgers: Ledgers, server: ServerView, term: Term): void {
  if (ledgers.leaders.isLedBy(term, server.node, server.boot)) return;
  checkClaimed(ledgers, server, term, ledgers.votes.votersFor(term, server.node, ledgers.size));
}

/**
 * This life acts as the leader of a term: it sends what only leaders send, or creates an entry of it.
 * At the first such act of the term it becomes leader(term).
 */
export function actAsLeader(ledgers: Ledgers, server: ServerView, term: Term): void {
  const { leaders, votes } = ledgers;
  if (leaders.isLedBy(term, server.node, server.boot)) return;
  const reignBefore = server.reignTerm;
  if (term > reignBefore) server.reignTerm = term;
  if (term > server.seenTerm) server.seenTerm = term;
  if (leaders.nodeOf(term) !== 0) {
    checkElectionSafety(ledgers, server, term);
    return;
  }
  const voters = votes.votersFor(term, server.node, ledgers.size);
  const tip = tipBelow(ledgers, server, term);
  countElection(ledgers, server, { term, reignBefore, voters, tip });
  leaders.add(term, server.node, server.boot, tip, ledgers.log.eraOf(tip), voters);
  if (server.askedBy !== 0) noteHandedOver(ledgers, server, term);
  checkElectedByMajority(ledgers, server, term, voters, tip);
  checkReignDurable(ledgers, server, term);
  checkGrant(ledgers, server, server.node, term);
  checkNewLeaderComplete(ledgers, term);
  checkElectionQuorum(ledgers, term, voters);
  votes.grant(term, server.node, server.node, server.boot);
  if (term > server.promisedTerm) server.promisedTerm = term;
}

/** The log that the server was elected with. */
function tipBelow(ledgers: Ledgers, server: ServerView, term: Term): number {
  const { log } = ledgers;
  let tip = server.issued.tip;
  while (tip !== 0 && log.termOf(tip) === term) tip = log.parentOf(tip);
  return tip;
}
