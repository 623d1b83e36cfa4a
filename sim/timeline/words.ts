/** Facts in short words, as they stand in the timeline and in reports of differences. */
import type { AdminRequest, ClientRequest, Write } from '../../core/contract.ts';
import type { Command, LogIndex, Message, NodeId } from '../../core/messages.ts';
import type { SurvivingWrite } from '../../invariants/facts.ts';

/** More requests than this are counted, not listed. */
const REQUESTS_SHOWN_MAX = 3;
const OPAQUE_CHARACTERS_MAX = 60;

export function serverName(node: NodeId): string {
  return `S${node}`;
}

export function serverNames(nodes: readonly NodeId[]): string {
  return nodes.map(serverName).join(' ');
}

/** A message as it is sent: "AppendEntries term 2 prev 3/1 +2 commit 2"; 3/1 is index/term. */
export function messageWords(body: Message): string {
  return `${body.kind} ${messageFields(body)}`;
}

/** A message as it comes in: "AppendEntries from S2 term 2 prev 3/1 +2 commit 2". */
export function deliveryWords(body: Message, from: NodeId): string {
  return `${body.kind} from ${serverName(from)} ${messageFields(body)}`;
}

function messageFields(body: Message): string {
  switch (body.kind) {
    case 'RequestVote':
      return `term ${body.term} last ${body.lastLogIndex}/${body.lastLogTerm}`;
    case 'RequestVoteResponse':
      return `term ${body.term} ${body.voteGranted ? 'granted' : 'refused'}`;
    case 'AppendEntries': {
      const { term, prevLogIndex, prevLogTerm, entries, leaderCommit } = body;
      const count = entries.length === 0 ? '' : ` +${entries.length}`;
      return `term ${term} prev ${prevLogIndex}/${prevLogTerm}${count} commit ${leaderCommit}`;
    }
    case 'AppendEntriesResponse': {
      const { term, success, matchIndex, conflictIndex, conflictTerm } = body;
      if (success) return `term ${term} ok ${matchIndex}`;
      return `term ${term} refused, conflict ${conflictIndex}/${conflictTerm}`;
    }
    case 'InstallSnapshot': {
      const { term, lastIncludedIndex, lastIncludedTerm, offset, done } = body;
      const part = done ? (offset === 0 ? 'whole' : `from ${offset} to the end`) : `from ${offset}`;
      return `term ${term} last ${lastIncludedIndex}/${lastIncludedTerm} ${part}`;
    }
    case 'InstallSnapshotResponse': {
      const { term, lastIncludedIndex, nextOffset, done } = body;
      return `term ${term} last ${lastIncludedIndex} ${done ? 'done' : `next ${nextOffset}`}`;
    }
    case 'TimeoutNow':
      return `term ${body.term}`;
    default:
      return opaque(body);
  }
}

/** Bodies of foreign implementations. */
function opaque(body: object): string {
  const text = JSON.stringify(body);
  if (text.length <= OPAQUE_CHARACTERS_MAX) return text;
  return `${text.slice(0, OPAQUE_CHARACTERS_MAX)}…`;
}

/** `lastIndex` is that of the log before the write. */
export function writeWords(write: Write, lastIndex: LogIndex): string {
  switch (write.kind) {
    case 'hardState': {
      const vote = write.votedFor === 0 ? 'none' : serverName(write.votedFor);
      return `term ${write.currentTerm} vote ${vote}`;
    }
    case 'append':
      return `append ${range(lastIndex + 1, lastIndex + write.entries.length)}`;
    case 'truncateFrom':
      return `truncate from ${write.index}`;
    case 'overwrite':
      return `overwrite ${range(write.index, write.index + write.entries.length - 1)}`;
    case 'compactTo':
      return `compact to ${write.index}`;
    case 'snapshot':
      return `snapshot through ${write.snapshot.lastIncludedIndex}`;
  }
}

/** What an operator asks: "voters S1 S2 S4, learners none". */
export function adminWords(request: AdminRequest): string {
  switch (request.kind) {
    case 'changeMembership': {
      const learners = request.learners.length === 0 ? 'none' : serverNames(request.learners);
      return `voters ${serverNames(request.voters)}, learners ${learners}`;
    }
    case 'transferLeadership':
      return `let ${serverName(request.to)} lead`;
    case 'takeSnapshot':
      return 'take a snapshot';
  }
}

/** "3" or "3-5". */
export function range(first: number, last: number): string {
  return last > first ? `${first}-${last}` : `${first}`;
}

/** "1.4 put x1 1.4": the fourth operation of client 1. */
export function commandWords(command: Command): string {
  return `${operationName(command.clientId, command.seq)} ${command.op}`;
}

/** How the timeline names an operation of a client. */
export function operationName(clientId: number, seq: number): string {
  return `${clientId}.${seq}`;
}

export function requestsWords(requests: readonly ClientRequest[]): string {
  const shown = requests.slice(0, REQUESTS_SHOWN_MAX).map(({ command }) => commandWords(command));
  const more = requests.length - shown.length;
  return `request ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** "keeps 1 of 2 writes", or "keeps 1 of 2 writes and 1 in part" when an append was torn. */
export function survivorsWords(survivors: readonly SurvivingWrite[], pending: number): string {
  if (pending === 0) return 'no write unfinished';
  const partial = survivors.filter(({ kept }) => kept >= 0).length;
  const whole = survivors.length - partial;
  const part = partial === 0 ? '' : ` and ${partial} in part`;
  return `keeps ${whole} of ${pending} writes${part}`;
}

/** "1>2 1>3". */
export function linkWords(links: readonly number[]): string {
  return links.map((link) => `${Math.floor(link / 8)}>${link % 8}`).join(' ');
}

/** A value as a client sees it; null is no value. */
export function valueWords(value: string | null): string {
  return value === null ? '' : ` ${JSON.stringify(value)}`;
}
