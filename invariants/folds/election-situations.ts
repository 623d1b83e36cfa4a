/** What elections are like: counters for situations, no verdict. */
import type { NodeId, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import { countServers } from '../ledgers/votes.ts';
import { Happened } from '../situations.ts';
import { countProtected, countTransferred } from './leadership-situations.ts';
import { countElectedUnder } from './membership-situations.ts';

export interface Election {
  readonly term: Term;
  /** The term that this life led before; 0 for none. */
  readonly reignBefore: Term;
  /** Bit per server whose vote it had. */
  readonly voters: number;
  /** Its log when it was elected. */
  readonly tip: LogId;
}

/** A term has its leader. The ledgers do not know it yet. */
export function countElection(ledgers: Ledgers, server: ServerView, election: Election): void {
  const { leaders, commits, situations, statistics, configurations } = ledgers;
  const configuration = ledgers.log.configurationOf(election.tip);
  const size = configurations.sizeOf(configuration);
  const { term, reignBefore, voters } = election;
  const before = leaders.newestTerm;
  statistics.leaders += 1;
  situations.count(Happened.leaderElected);
  if (term < before) situations.count(Happened.lateLeaderOfLowerTerm);
  if (size % 2 === 0) situations.count(Happened.evenSizedLeader);
  if (size > 1 && configurations.isBareQuorum(configuration, voters)) {
    situations.count(Happened.electedByBareMajority);
  }
  if (ledgers.log.eras.count > 1) countElectedUnder(ledgers, server, election.tip);
  countTransferred(ledgers, server, term);
  if (ledgers.hasOneWayCut) situations.count(Happened.electedUnderOneWayCut);
  if ((leaders.haveLed & (1 << server.node)) !== 0) situations.count(Happened.leaderAgain);
  if (reignBefore !== 0) situations.count(Happened.leaderAgainInOneLife);
  if (before > 0 && commits.termAt(commits.last) !== before) {
    situations.count(Happened.reignWithoutCommit);
  }
  for (const other of ledgers.servers) {
    if (other === server || !other.isUp) continue;
    if (reigns(other)) situations.count(Happened.twoLeadersAtOnce);
    countLogShape(ledgers, server, election.tip, other);
  }
}

/** How the log of another server stands to that of the new leader (Figure 7). */
function countLogShape(
  { situations, log }: Ledgers,
  leader: ServerView,
  tip: LogId,
  { issued }: ServerView,
): void {
  const last = log.indexOf(tip);
  const common = Math.min(last, leader.issued.commonPrefix(issued));
  if (issued.last === common) {
    if (common < last) situations.count(Happened.followerLacksEntries);
    return;
  }
  situations.count(common < last ? Happened.followerDiverges : Happened.followerHasMore);
  if (log.termOf(issued.at(common + 1)) !== log.termOf(issued.tip)) {
    situations.count(Happened.followerDivergesOverTerms);
  }
}

/** A term is over: did its candidates take the votes from each other? */
export function countSplitVote(ledgers: Ledgers, term: Term): void {
  const { votes, leaders, situations, configurations } = ledgers;
  if (term < 1 || leaders.nodeOf(term) !== 0) return;
  const candidates = votes.candidatesOf(term);
  if (countServers(candidates) < 2) return;
  situations.count(Happened.splitVote);
  const voters = configurations.votersOf(ledgers.configurationNow);
  let halves = 0;
  for (let node = 1; node <= ledgers.size; node += 1) {
    if ((candidates & (1 << node)) === 0) continue;
    const half = votes.votersFor(term, node, ledgers.size) & voters;
    if (countServers(half) * 2 === countServers(voters)) halves += 1;
  }
  if (halves === 2) situations.count(Happened.evenSplit);
}

/** A candidate gets no vote: why not? The refusal bears the term `answer`. */
export function countRefusedVote(
  ledgers: Ledgers,
  voter: ServerView,
  candidate: NodeId,
  answer: Term,
): void {
  const { docket, log, situations } = ledgers;
  const request = docket.stepMessage;
  if (request === null) return;
  countProtected(ledgers, voter, answer);
  const { issued, issuedTerm, issuedVote } = voter;
  if (request.term < issuedTerm) {
    situations.count(Happened.voteRefusedByTerm);
  } else if (request.term === issuedTerm && issuedVote !== 0 && issuedVote !== candidate) {
    situations.count(Happened.voteAlreadyGiven);
  }
  const lastTerm = log.termOf(issued.tip);
  const isOlder =
    request.lastLogTerm === lastTerm
      ? request.lastLogIndex < issued.last
      : request.lastLogTerm < lastTerm;
  if (isOlder) situations.count(Happened.voteRefusedByLog);
}
