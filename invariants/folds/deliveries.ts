/** What deliveries tell about the network's tricks: counters for situations, no verdict. */
import type { AppendEntries, Message, NodeId } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import { countServers } from '../ledgers/votes.ts';
import type { Reachability } from '../liveness/reachability.ts';
import { Happened } from '../situations.ts';

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
  if (term < server.seenTerm) situations.count(Happened.staleTermDelivered);
  switch (body.kind) {
    case 'AppendEntries':
      if (traffic.isOvertaken(from, server.node, messageId)) {
        situations.count(Happened.appendReordered);
      }
      return;
    case 'AppendEntriesResponse':
      if (!body.success) {
        if (term === server.reignTerm) traffic.noteRefusal(server.node, from);
      } else if (term < server.reignTerm && ledgers.leaders.nodeOf(term) === server.node) {
        situations.count(Happened.ackOfEarlierReign);
      }
      return;
    case 'RequestVoteResponse':
      if (body.voteGranted && term < server.seenTerm) {
        situations.count(Happened.staleVoteDelivered);
      }
      return;
    case 'RequestVote':
  }
}

/** AppendEntries is sent: after a refusal it should begin further back. */
export function countRefusal(
  ledgers: Ledgers,
  server: ServerView,
  to: NodeId,
  body: AppendEntries,
): void {
  const { traffic } = ledgers;
  if (traffic.isBacktracking(server.node, to, body.prevLogIndex)) {
    ledgers.situations.count(Happened.refusalBacktracked);
  }
}

/** Links were blocked or freed. */
export function countCutOff(ledgers: Ledgers, links: Reachability): void {
  const { size, majority, servers, situations } = ledgers;
  for (const server of servers) {
    if (!server.isUp || !reigns(server)) continue;
    const reached = countServers(links.connectedWith(server.node, size));
    if (reached < majority) situations.count(Happened.leaderCutOff);
  }
}
