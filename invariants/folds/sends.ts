/** A message leaves: what it says, and what it promises. */
import type { Message, NodeId } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { countAppend } from './deliveries.ts';
import { actAsLeader, answerCandidate, standForElection } from './elections.ts';
import { countPreVote } from './leadership-situations.ts';
import { noteAskedToStand } from './made-for-operators.ts';
import { answerAppend, sendAppend } from './replication.ts';
import type { Settling } from './settling.ts';
import { answerInstall, sendInstall } from './snapshots.ts';

/** Returns the stamp of the message: for AppendEntries the log through its last entry, else 0. */
export function send(
  ledgers: Ledgers,
  settling: Settling,
  server: ServerView,
  to: NodeId,
  copies: number,
  body: Message,
): number {
  ledgers.statistics.messagesSent += 1;
  if (copies === 0) ledgers.statistics.messagesLost += 1;
  switch (body.kind) {
    case 'AppendEntries':
      countAppend(ledgers, server, to, body);
      if (settling.isWatching) settling.noteAppend(body.term, to, body.prevLogIndex);
      return ledgers.log.stampOf(sendAppend(ledgers, server, body));
    case 'AppendEntriesResponse':
      answerAppend(ledgers, server, to, body);
      return 0;
    case 'RequestVote':
      // To ask whether an election could be won is not to stand: nobody is in that term yet.
      if (body.preVote === true) return 0;
      if (settling.isWatching) settling.noteCandidate(server.node, body.term);
      standForElection(ledgers, server, body.term);
      return 0;
    case 'RequestVoteResponse':
      if (body.preVote === true) {
        countPreVote(ledgers, server, body);
        return 0;
      }
      answerCandidate(ledgers, server, to, body);
      return 0;
    case 'InstallSnapshot':
      sendInstall(ledgers, server, to, copies, body);
      return 0;
    case 'InstallSnapshotResponse':
      answerInstall(ledgers, server, body);
      return 0;
    case 'TimeoutNow':
      if (server.reignTerm !== body.term) actAsLeader(ledgers, server, body.term);
      noteAskedToStand(ledgers, server, to, body.term);
      return 0;
  }
}
