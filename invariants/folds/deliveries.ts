/** What deliveries tell about the network's tricks: counters for situations, no verdict. */
import type { AppendEntries, Message, NodeId } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import type { Reachability } from '../liveness/reachability.ts';
import { Happened } from '../situations.ts';
import { countPreVoteArrived, receiveTimeoutNow } from './leadership-situations.ts';

/**
 * Pre-votes, and grants of them, bear a term that nobody is in (thesis §9.6). A refusal bears the
 * term of who refuses.
 */
export function isHypothetical(body: Message): boolean {
  if (body.kind === 'RequestVote') return body.preVote === true;
  return body.kind === 'RequestVoteResponse' && body.preVote === true && body.voteGranted;
}

/** A message arrives; `server` does not know its term yet. */
export function countDelivery(
  ledgers: Ledgers,
  server: ServerView,
  from: NodeId,
  messageId: number,
  body: Message,
): void {
  const { situations, traffic } = ledgers;
  ledgers.statistics.messagesDelivered += 1;
  if (!traffic.markDelivered(messageId)) situations.count(Happened.duplicateDelivered);
  if (messageId < server.firstMessageId) situations.count(Happened.deliveredToLaterLife);
  const { term } = body;
  if (term !== server.seenTerm && !isHypothetical(body)) {
    if (term < server.seenTerm) countStale(ledgers, server, body);
    else countLaterTerm(ledgers, server, body);
  }
  switch (body.kind) {
    case 'AppendEntries':
      if (term === server.issuedTerm && server.issuedVote === server.node) {
        if (server.reignTerm !== term) situations.count(Happened.candidateHeardLeader);
      }
      if (traffic.isOvertaken(from, server.node, messageId)) {
        situations.count(Happened.appendReordered);
      }
      return;
    case 'AppendEntriesResponse':
      if (term !== server.reignTerm) return;
      traffic.noteAnswer(from, server.node);
      if (!body.success) traffic.noteRefusal(server.node, from);
      return;
    case 'RequestVoteResponse':
      if (body.preVote === true && body.voteGranted) countPreVoteArrived(ledgers, server, term);
      return;
    case 'TimeoutNow':
      server.askedBy = messageId;
      receiveTimeoutNow(ledgers, server, from, body);
      return;
    case 'RequestVote':
  }
}

/** A message arrives from a term that its receiver has left. */
function countStale(ledgers: Ledgers, server: ServerView, body: Message): void {
  const { situations, leaders } = ledgers;
  const { term } = body;
  situations.count(Happened.staleTermDelivered);
  if (term + 2 <= server.seenTerm) situations.count(Happened.twoTermsLate);
  switch (body.kind) {
    case 'AppendEntries':
      if (body.entries.length > 0) situations.count(Happened.entriesOfPastTerm);
      return;
    case 'AppendEntriesResponse':
      if (term >= server.reignTerm || leaders.nodeOf(term) !== server.node) return;
      situations.count(body.success ? Happened.ackOfEarlierReign : Happened.refusalOfEarlierReign);
      return;
    case 'RequestVoteResponse':
      if (body.voteGranted) situations.count(Happened.staleVoteDelivered);
      return;
    case 'RequestVote':
  }
}

/** A message tells its receiver of a later term. */
function countLaterTerm({ situations }: Ledgers, server: ServerView, body: Message): void {
  if (reigns(server)) situations.count(Happened.leaderMetHigherTerm);
  if (body.kind === 'AppendEntriesResponse' || body.kind === 'RequestVoteResponse') {
    situations.count(Happened.termLearntFromAnswer);
  }
}

/** AppendEntries is sent: after a refusal it should begin further back. */
export function countAppend(
  ledgers: Ledgers,
  server: ServerView,
  to: NodeId,
  body: AppendEntries,
): void {
  const { traffic, situations } = ledgers;
  const { prevLogIndex, entries } = body;
  const stepsBack = traffic.stepsBack(server.node, to, prevLogIndex);
  if (stepsBack > 0) situations.count(Happened.refusalBacktracked);
  if (stepsBack > 1) situations.count(Happened.backtrackedFar);
  if (entries.length === 0) return;
  if (entries.length > 1) situations.count(Happened.severalEntriesAtOnce);
  if (traffic.isPipelined(server.node, to, prevLogIndex, entries.length)) {
    situations.count(Happened.pipelined);
  }
}

/** Links were blocked or freed. */
export function countCutOff(ledgers: Ledgers, links: Reachability): void {
  const { size, servers, situations, log, configurations } = ledgers;
  ledgers.hasOneWayCut = links.hasOneWay();
  for (const server of servers) {
    if (!server.isUp || !reigns(server)) continue;
    const { reignTerm } = server;
    const reached = links.connectedWith(server.node, size);
    if (!configurations.isQuorum(log.configurationOf(server.issued.tip), reached)) {
      situations.count(Happened.leaderCutOff);
      server.cutOffTerm = reignTerm;
    } else if (server.cutOffTerm === reignTerm) {
      situations.count(Happened.majorityRegained);
      server.cutOffTerm = 0;
    }
  }
}
