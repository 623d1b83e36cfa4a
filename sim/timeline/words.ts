/** Facts in short words, as they stand in the timeline and in reports of differences. */
import type { AdminRequest, ClientRequest, Write } from '../../core/contract.ts';
import type { Command, LogIndex, Message, NodeId, Snapshot } from '../../core/messages.ts';
import { configurationsAmong, configurationWords } from '../../invariants/configuration-words.ts';
import type { SurvivingWrite } from '../../invariants/facts.ts';
import { serverName, serverNames } from './server-name.ts';

/** More requests than this are counted, not listed. */
const REQUESTS_SHOWN_MAX = 3;
const OPAQUE_CHARACTERS_MAX = 60;

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
    case 'RequestVote': {
      const { term, lastLogIndex, lastLogTerm, preVote, leadershipTransfer } = body;
      const why = leadershipTransfer === true ? ', asked to stand' : '';
      return `${preVoteWord(preVote)}term ${term} last ${lastLogIndex}/${lastLogTerm}${why}`;
    }
    case 'RequestVoteResponse': {
      const { term, voteGranted, preVote } = body;
      return `${preVoteWord(preVote)}term ${term} ${voteGranted ? 'granted' : 'refused'}`;
    }
    case 'AppendEntries': {
      const { term, prevLogIndex, prevLogTerm, entries, leaderCommit, round } = body;
      const count = entries.length === 0 ? '' : ` +${entries.length}`;
      const known = configurationsAmong(entries, prevLogIndex + 1);
      const place = `prev ${prevLogIndex}/${prevLogTerm}${count}${known}`;
      return `term ${term} ${place} commit ${leaderCommit}${roundWords(round)}`;
    }
    case 'AppendEntriesResponse': {
      const { term, success, matchIndex, conflictIndex, conflictTerm, round } = body;
      if (success) return `term ${term} ok ${matchIndex}${roundWords(round)}`;
      return `term ${term} refused, conflict ${conflictIndex}/${conflictTerm}${roundWords(round)}`;
    }
    case 'InstallSnapshot': {
      const { term, lastIncludedIndex, lastIncludedTerm, offset, done, round } = body;
      const part = done ? (offset === 0 ? 'whole' : `from ${offset} to the end`) : `from ${offset}`;
      const whose = configurationWords(body.configuration);
      const place = `last ${lastIncludedIndex}/${lastIncludedTerm} of ${whose}, ${part}`;
      return `term ${term} ${place}${roundWords(round)}`;
    }
    case 'InstallSnapshotResponse': {
      const { term, lastIncludedIndex, nextOffset, done, round } = body;
      const part = done ? 'done' : `next ${nextOffset}`;
      return `term ${term} last ${lastIncludedIndex} ${part}${roundWords(round)}`;
    }
    case 'TimeoutNow':
      return `term ${body.term}`;
    default:
      return opaque(body);
  }
}

function preVoteWord(preVote: true | undefined): string {
  return preVote === true ? 'pre-vote ' : '';
}

function roundWords(round: number | undefined): string {
  return round === undefined ? '' : ` round ${round}`;
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
    case 'append': {
      const { entries } = write;
      const place = range(lastIndex + 1, lastIndex + entries.length);
      return `append ${place}${configurationsAmong(entries, lastIndex + 1)}`;
    }
    case 'truncateFrom':
      return `truncate from ${write.index}`;
    case 'overwrite': {
      const { entries, index } = write;
      const place = range(index, index + entries.length - 1);
      return `overwrite ${place}${configurationsAmong(entries, index)}`;
    }
    case 'compactTo':
      return `compact to ${write.index}`;
    case 'snapshot':
      return `snapshot ${snapshotWords(write.snapshot)}`;
  }
}

/** "through 9/2 of S1 S2 S3": index, term, and the configuration there. */
function snapshotWords({ lastIncludedIndex, lastIncludedTerm, configuration }: Snapshot): string {
  return `through ${lastIncludedIndex}/${lastIncludedTerm} of ${configurationWords(configuration)}`;
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

/** "1.4 put x1 1.4": the fourth operation of client 1; " in session 9" where it has one. */
export function commandWords({ clientId, seq, op, session }: Command): string {
  const where = session === undefined ? '' : ` in session ${session}`;
  return `${operationName(clientId, seq)} ${op}${where}`;
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
