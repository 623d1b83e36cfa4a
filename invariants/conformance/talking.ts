/** Messages that come and go, held against the rules of their senders and receivers. */
import type {
  AppendEntries,
  AppendEntriesResponse,
  InstallSnapshot,
  InstallSnapshotResponse,
  LogIndex,
  Message,
  NodeId,
  RequestVote,
  RequestVoteResponse,
  Term,
  TimeoutNow,
} from '../../core/messages.ts';
import { checkAnswersCurrent } from './appends/append-from-current-leader.ts';
import { checkPrevious } from './appends/consistency-check.ts';
import { checkPointsBack } from './appends/refusal-points-back.ts';
import { checkSuccessDurable, checkTermDurable } from './appends/success-durable.ts';
import { checkSuccessTrue } from './appends/success-is-true.ts';
import { isKnownCommitted, verifiedBy } from './applying/apply-only-committed.ts';
import { checkVoteRefused } from './duties/due-vote-given.ts';
import { checkSendsNext } from './duties/follower-brought-up-to-date.ts';
import { checkOwnEntry } from './duties/inherited-tail-committed.ts';
import { checkContact } from './duties/lonely-leader-steps-down.ts';
import { checkCommits } from './duties/majority-is-committed.ts';
import { checkRefusal } from './duties/matching-append-accepted.ts';
import { checkInFull } from './duties/success-in-full.ts';
import { checkOwnLog } from './elections/candidate-shows-own-log.ts';
import { checkNotDeposed } from './elections/higher-term-heeded.ts';
import { checkUndisturbed } from './elections/leader-not-disturbed.ts';
import { isPreVote } from './elections/pre-vote-changes-nothing.ts';
import { checkHasAll } from './elections/successor-up-to-date.ts';
import { checkWasAsked } from './elections/transfer-only-when-asked.ts';
import { claimCommit, countedIndex, noteCounted } from './leading/commit-on-majority.ts';
import { checkContents } from './leading/sends-own-log.ts';
import { checkMayStand } from './membership/only-voters-stand.ts';
import { checkStillMember } from './membership/removed-leader-steps-down.ts';
import type { ObservedServer } from './observed-server.ts';
import { majorityOf } from './quorums.ts';
import { actAsLeader } from './reigning.ts';
import { askedNow, type Scene } from './scene.ts';
import { checkInstallDurable } from './snapshots/install-durable.ts';
import { checkOwnSnapshot } from './snapshots/sends-own-snapshot.ts';
import { checkTimeout } from './timers/stands-after-timeout.ts';
import { checkGrantedOnce } from './votes/one-vote-per-term.ts';
import { checkVoteDurable } from './votes/vote-durable.ts';
import { checkAsked } from './votes/vote-for-current-term.ts';
import { checkWouldVote, isUpToDate } from './votes/vote-up-to-date.ts';

/** A message arrives; its receiver has not acted on it yet. */
export function receive(scene: Scene, server: ObservedServer, from: NodeId, body: Message): void {
  scene.isOutdated = body.term < server.issuedTerm;
  if (!isPreVote(body)) server.seenTerm = Math.max(server.seenTerm, body.term);
  if (isDeposing(body)) server.deposedBy = Math.max(server.deposedBy, body.term);
  switch (body.kind) {
    case 'RequestVote':
      receiveVoteRequest(server, from, body);
      return;
    case 'RequestVoteResponse':
      receiveVote(server, from, body);
      return;
    case 'AppendEntries':
      receiveAppend(scene, server, from, body);
      return;
    case 'AppendEntriesResponse':
      hearFollower(scene, server, from, body);
      if (body.success) receiveSuccess(scene, server, from, body.term, body.matchIndex);
      return;
    case 'InstallSnapshot':
      server.hearSnapshot(body);
      server.snapshots.receive(body);
      hearLeader(scene, server, from, body);
      return;
    case 'InstallSnapshotResponse':
      hearFollower(scene, server, from, body);
      if (body.done) receiveSuccess(scene, server, from, body.term, body.lastIncludedIndex);
      return;
    case 'TimeoutNow':
      server.askedToStand = Math.max(server.askedToStand, body.term);
  }
}

/** Must its term be taken up? That of a candidate may be kept out; nobody is in that of a pre-vote. */
function isDeposing(body: Message): boolean {
  if (body.kind === 'RequestVote') return false;
  if (body.kind === 'RequestVoteResponse') return !body.voteGranted || body.preVote !== true;
  return true;
}

/** A message leaves. */
export function send(scene: Scene, server: ObservedServer, to: NodeId, body: Message): void {
  switch (body.kind) {
    case 'RequestVote':
      askForVotes(scene, server, body);
      return;
    case 'RequestVoteResponse':
      if (body.preVote === true) answerPreVote(scene, server, to, body);
      else answerCandidate(scene, server, to, body);
      return;
    case 'AppendEntries':
      sendAppend(scene, server, to, body);
      return;
    case 'AppendEntriesResponse':
      if (body.success) reportSuccess(scene, server, to, body);
      else refuseAppend(scene, server, to, body);
      return;
    case 'InstallSnapshot':
      lead(scene, server, body);
      server.reign.sendRound(body.round, scene);
      checkOwnSnapshot(scene, server, to, body);
      return;
    case 'TimeoutNow':
      lead(scene, server, body);
      server.reign.successor = to;
      checkHasAll(scene, server, to);
      return;
    case 'InstallSnapshotResponse':
      if (body.done) checkInstallDurable(scene, server, to, body);
  }
}

/** A message leaves that only leaders send. */
function lead(
  scene: Scene,
  server: ObservedServer,
  body: AppendEntries | InstallSnapshot | TimeoutNow,
): void {
  checkNotDeposed(scene, server, body);
  actAsLeader(scene, server, body.term);
  checkStillMember(scene, server, body);
  server.reign.count(server.node, server.inForce);
  checkContact(scene, server);
}

function askForVotes(scene: Scene, server: ObservedServer, body: RequestVote): void {
  checkOwnLog(scene, server, body);
  checkWasAsked(scene, server, body);
  if (body.preVote !== true) return;
  checkTimeout(scene, server);
  checkMayStand(scene, server);
}

function receiveVoteRequest(server: ObservedServer, from: NodeId, body: RequestVote): void {
  if (body.preVote === true) return;
  server.voteRequests.set(body.term * 8 + from, {
    lastLogIndex: body.lastLogIndex,
    lastLogTerm: body.lastLogTerm,
    isUpToDate: isUpToDate(body, server.issued),
  });
}

function receiveVote(
  server: ObservedServer,
  from: NodeId,
  { term, voteGranted, preVote }: RequestVoteResponse,
): void {
  const votes = preVote === true ? server.preVotes : server.votes;
  if (voteGranted) votes.set(term, (votes.get(term) ?? 0) | (1 << from));
}

/** Contact: be it a refusal, who answers follows. */
function hearFollower(
  scene: Scene,
  server: ObservedServer,
  from: NodeId,
  { term, round }: AppendEntriesResponse | InstallSnapshotResponse,
): void {
  if (term !== server.reignTerm) return;
  server.reign.hearAnswer(from, round, scene.atUs);
  server.reign.count(server.node, server.inForce);
}

function receiveAppend(
  scene: Scene,
  server: ObservedServer,
  from: NodeId,
  body: AppendEntries,
): void {
  server.hear(body);
  hearLeader(scene, server, from, body);
}

function hearLeader(
  scene: Scene,
  server: ObservedServer,
  from: NodeId,
  { kind, term }: AppendEntries | InstallSnapshot,
): void {
  if (scene.isOutdated) return;
  server.duties.votesRefused = 0;
  server.leaderHeardUs = scene.atUs;
  server.leaderHeardTerm = term;
  server.timer.heardUs = scene.atUs;
  server.timer.heard = `${kind} of S${from}, the leader of term ${term}`;
}

/** Success of AppendEntries, or of an install: so far the log is on the disk of the follower. */
function receiveSuccess(
  scene: Scene,
  server: ObservedServer,
  from: NodeId,
  term: Term,
  matchIndex: LogIndex,
): void {
  if (term < server.successTerm) return;
  if (term > server.successTerm) {
    server.successTerm = term;
    server.successes = [];
  }
  server.successes[from] = Math.max(server.successes[from] ?? 0, matchIndex);
  server.duties.answered[from] = true;
  noteCounted(scene, server);
}

function answerCandidate(
  scene: Scene,
  server: ObservedServer,
  candidate: NodeId,
  { term, voteGranted }: RequestVoteResponse,
): void {
  if (!voteGranted) {
    scene.hasRefusedVote = true;
    const asked = askedNow(scene, candidate, 'RequestVote') as RequestVote | null;
    if (asked !== null) checkVoteRefused(scene, server, asked);
    return;
  }
  server.duties.votesRefused = 0;
  checkGrantedOnce(scene, server, term, candidate);
  if (server.durableVotes.get(term) !== candidate) {
    if (checkAsked(scene, server, term, candidate))
      checkVoteDurable(scene, server, term, candidate);
  }
  server.grants.set(term, candidate);
  if (!server.timer.hasVoted) return;
  server.timer.hasVoted = false;
  server.timer.heardUs = scene.atUs;
  server.timer.heard = `its vote for S${candidate} in term ${term}`;
}

/** It promises nothing: a vote that is asked for later may be refused (thesis §9.6). */
function answerPreVote(
  scene: Scene,
  server: ObservedServer,
  candidate: NodeId,
  { term, voteGranted }: RequestVoteResponse,
): void {
  if (!voteGranted) {
    scene.hasRefusedVote = true;
    return;
  }
  const asked = askedNow(scene, candidate, 'RequestVote') as RequestVote | null;
  if (asked !== null) checkWouldVote(scene, server, asked);
  checkUndisturbed(scene, server, `told S${candidate} that it would vote for it in term ${term}`);
}

function sendAppend(scene: Scene, server: ObservedServer, to: NodeId, body: AppendEntries): void {
  lead(scene, server, body);
  server.reign.sendRound(body.round, scene);
  checkContents(scene, server, to, body);
  if (!isKnownCommitted(server, body.leaderCommit)) {
    claimCommit(scene, server, body.leaderCommit, `it told S${to} so`);
  }
  checkCommits(scene, server, body);
  checkOwnEntry(scene, server, countedIndex(scene, server, majorityOf));
  checkSendsNext(scene, server, to, body);
}

function reportSuccess(
  scene: Scene,
  server: ObservedServer,
  leader: NodeId,
  { term, matchIndex }: AppendEntriesResponse,
): void {
  server.duties.refusals = 0;
  const asked = askedNow(scene, leader, 'AppendEntries') as AppendEntries | null;
  if (asked !== null && !checkAnswersCurrent(scene, server)) return;
  checkTermDurable(scene, server, term, leader);
  if (asked !== null) {
    if (!checkPrevious(scene, server, asked, leader)) return;
    server.duties.toldCommit = Math.max(server.duties.toldCommit, verifiedBy(asked));
    checkInFull(scene, server, asked, matchIndex);
  }
  if (matchIndex === 0) return;
  if (!checkSuccessTrue(scene, server, term, leader, matchIndex)) return;
  checkSuccessDurable(scene, server, term, leader, matchIndex);
}

function refuseAppend(
  scene: Scene,
  server: ObservedServer,
  leader: NodeId,
  body: AppendEntriesResponse,
): void {
  const asked = askedNow(scene, leader, 'AppendEntries') as AppendEntries | null;
  if (asked === null || asked.term !== body.term) return;
  checkPointsBack(scene, server, asked, body, leader);
  checkRefusal(scene, server, asked);
}
