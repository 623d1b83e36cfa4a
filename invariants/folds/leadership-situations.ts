/** What pre-votes, step-downs and transfers are like: counters for situations, no verdict. */
import type { Outcome } from '../../core/contract.ts';
import type {
  NodeId,
  RequestVote,
  RequestVoteResponse,
  Term,
  TimeoutNow,
} from '../../core/messages.ts';
import { LeadershipHappened } from '../leadership-situations.ts';
import type { AskedOfServer } from '../ledgers/administration.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import { MembershipHappened } from '../membership-situations.ts';

/** The answer to a pre-vote is sent. */
export function countPreVote(ledgers: Ledgers, voter: ServerView, body: RequestVoteResponse): void {
  const { docket, situations } = ledgers;
  if (body.voteGranted) {
    situations.count(LeadershipHappened.preVoteGranted);
    return;
  }
  const request = docket.stepMessage;
  if (request === null || request.term <= voter.issuedTerm) return;
  if (isBehind(ledgers, voter, request)) {
    situations.count(LeadershipHappened.preVoteRefusedByLog);
  } else if (hasHeardLeader(voter)) {
    situations.count(LeadershipHappened.preVoteRefusedByLeader);
  }
}

/** A granted pre-vote arrives. */
export function countPreVoteArrived(ledgers: Ledgers, server: ServerView, term: Term): void {
  if (server.issuedTerm === term && server.issuedVote === server.node) {
    ledgers.situations.count(LeadershipHappened.preVoteLate);
  }
}

/** A vote is refused to a candidate of a later term, and that is not taken up. */
export function countProtected(ledgers: Ledgers, voter: ServerView, answer: Term): void {
  const request = ledgers.docket.stepMessage;
  if (request === null || answer >= request.term || !hasHeardLeader(voter)) return;
  ledgers.situations.count(LeadershipHappened.voteRefusedByLeader);
}

/** "I follow in this term", from who leads it: by itself, without a later term. */
export function countStepDown(ledgers: Ledgers, server: ServerView, term: Term): void {
  if (!reigns(server) || term !== server.reignTerm) return;
  const { log, configurations, situations } = ledgers;
  const voters = configurations.votersOf(log.configurationOf(server.issued.tip));
  const isVoter = (voters & (1 << server.node)) !== 0;
  const { quorumLost } = LeadershipHappened;
  situations.count(isVoter ? quorumLost : MembershipHappened.leftOutSteppedDown);
}

/** A leader is asked to hand over. */
export function countTransferAsked(ledgers: Ledgers, server: ServerView, to: NodeId): void {
  const target = ledgers.servers[to];
  if (!reigns(server) || target === undefined || target.durable.tip === server.issued.tip) return;
  ledgers.situations.count(LeadershipHappened.transferToLaggard);
}

/** An operator who asked for that is told that nothing came of it, or that nobody knows. */
export function countGivenUp(
  ledgers: Ledgers,
  server: ServerView,
  asked: AskedOfServer,
  outcome: Outcome,
): void {
  if (outcome === 'ok' || asked.step === ledgers.docket.step || !reigns(server)) return;
  ledgers.situations.count(LeadershipHappened.transferGivenUp);
}

/** A server is asked to stand. */
export function receiveTimeoutNow(
  ledgers: Ledgers,
  server: ServerView,
  from: NodeId,
  body: TimeoutNow,
): void {
  if (body.term > server.askedToStand) server.askedToStand = body.term;
  const sender = ledgers.server(from);
  const isStill = ledgers.administration.open(from, sender.boot).some(({ request }) => {
    return request.kind === 'transferLeadership';
  });
  if (isStill && body.term >= server.seenTerm) return;
  ledgers.situations.count(LeadershipHappened.askedToStandLate);
}

/** A server was elected. */
export function countTransferred({ situations }: Ledgers, server: ServerView, term: Term): void {
  if (server.askedToStand !== 0 && term === server.askedToStand + 1) {
    situations.count(LeadershipHappened.transferred);
  }
}

function hasHeardLeader({ heardTerm, issuedTerm }: ServerView): boolean {
  return heardTerm !== 0 && heardTerm === issuedTerm;
}

/** Is the candidate's log older than the voter's (§5.4.1)? */
function isBehind({ log }: Ledgers, { issued }: ServerView, request: RequestVote): boolean {
  const lastTerm = log.termOf(issued.tip);
  if (request.lastLogTerm !== lastTerm) return request.lastLogTerm < lastTerm;
  return request.lastLogIndex < issued.last;
}
