/** What the ledgers learn from votes and from the first act of a reign. */
import type { NodeId, RequestVoteResponse, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import { countServers } from '../ledgers/votes.ts';
import { checkGrantDurable, checkReignDurable } from '../safety/durable-promise.ts';
import { checkClaimed, checkElectedByMajority } from '../safety/elected-by-majority.ts';
import { checkElectionSafety } from '../safety/election-safety.ts';
import { checkNewLeaderComplete } from '../safety/leader-completeness.ts';
import { checkGrant } from '../safety/one-vote-per-term.ts';
import { checkElectionQuorum } from '../safety/quorum-intersection.ts';
import { Happened } from '../situations.ts';

/** RequestVote is sent. It is no promise: it may leave before the vote for oneself is durable. */
export function standForElection(ledgers: Ledgers, candidate: ServerView, term: Term): void {
  const { votes, statistics } = ledgers;
  if (votes.candidatesOf(term) === 0) {
    statistics.elections += 1;
    if (isSplit(ledgers, term - 1)) ledgers.situations.count(Happened.splitVote);
  }
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
    if (isRefusedByLog(ledgers, voter)) situations.count(Happened.voteRefusedByLog);
    return;
  }
  checkGrant(ledgers, voter, candidate, term);
  checkGrantDurable(ledgers, voter, candidate, term);
  const isAgain = votes.grantOf(term, voter.node) === candidate;
  if (isAgain && votes.grantBoot(term, voter.node) !== voter.boot) {
    situations.count(Happened.voteAskedAgainAfterRestart);
  }
  votes.grant(term, voter.node, candidate, voter.boot);
  if (term > voter.promisedTerm) voter.promisedTerm = term;
}

/** RequestVoteResponse arrives. */
export function receiveVote(server: ServerView, from: NodeId, body: RequestVoteResponse): void {
  if (!body.voteGranted || body.term < server.votesTerm) return;
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
 * This life acts as the leader of a term: it sends AppendEntries of it, or creates an entry of it.
 * At the first such act of the term it becomes leader(term).
 */
export function actAsLeader(ledgers: Ledgers, server: ServerView, term: Term): void {
  const { leaders, votes } = ledgers;
  if (leaders.isLedBy(term, server.node, server.boot)) return;
  if (term > server.reignTerm) server.reignTerm = term;
  if (term > server.seenTerm) server.seenTerm = term;
  if (leaders.nodeOf(term) !== 0) {
    checkElectionSafety(ledgers, server, term);
    return;
  }
  const voters = votes.votersFor(term, server.node, ledgers.size);
  countElection(ledgers, server, term);
  leaders.add(term, server.node, server.boot, tipBelow(ledgers, server, term), voters);
  checkElectedByMajority(ledgers, server, term, voters);
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

function isSplit(ledgers: Ledgers, term: Term): boolean {
  if (term < 1 || ledgers.leaders.nodeOf(term) !== 0) return false;
  return countServers(ledgers.votes.candidatesOf(term)) >= 2;
}

function isRefusedByLog(ledgers: Ledgers, voter: ServerView): boolean {
  const request = ledgers.docket.stepMessage;
  if (request === null || request.kind !== 'RequestVote') return false;
  const { last, tip } = voter.issued;
  const lastTerm = ledgers.log.termOf(tip);
  if (request.lastLogTerm !== lastTerm) return request.lastLogTerm < lastTerm;
  return request.lastLogIndex < last;
}

function countElection(ledgers: Ledgers, server: ServerView, term: Term): void {
  const { leaders, commits, situations, statistics } = ledgers;
  const before = leaders.newestTerm;
  statistics.leaders += 1;
  situations.count(Happened.leaderElected);
  if (term < before) situations.count(Happened.lateLeaderOfLowerTerm);
  if (ledgers.size % 2 === 0) situations.count(Happened.evenSizedLeader);
  if (before > 0 && commits.termAt(commits.last) !== before) {
    situations.count(Happened.reignWithoutCommit);
  }
  for (const other of ledgers.servers) {
    if (other === server || !other.isUp || !reigns(other)) continue;
    situations.count(Happened.twoLeadersAtOnce);
  }
}
