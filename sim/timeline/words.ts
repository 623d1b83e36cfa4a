/** Facts in short words, as they stand in the timeline and in reports of differences. */
import type { AdminRequest, ClientRequest, Write } from '../../core/contract.ts';
import type { Command, LogIndex, Message, Snapshot } from '../../core/messages.ts';
import { configurationsAmong, configurationWords } from '../../invariants/configuration-words.ts';
import type { SurvivingWrite } from '../../invariants/facts.ts';
import { plainText } from '../grading/plain-text.ts';
import { type OpaqueMessage, writeOfProgram } from '../kernel/opaque.ts';
import type { ProgramWrite } from '../protocol/actions.ts';
import { type NameOf, serverName, serverNames } from './server-name.ts';

/** More requests than this are counted, not listed. */
const REQUESTS_SHOWN_MAX = 3;
const OPAQUE_CHARACTERS_MAX = 60;

/** A message as it is sent: "AppendEntries term 2 prev 3/1 +2 commit 2"; 3/1 is index/term. */
export function messageWords(body: Message): string {
  const ofProgram = opaqueOf(body);
  return ofProgram === null ? `${body.kind} ${messageFields(body)}` : opaqueWords(ofProgram);
}

/** A message as it comes in: "AppendEntries from S2 term 2 prev 3/1 +2 commit 2". */
export function deliveryWords(body: Message, from: string): string {
  const ofProgram = opaqueOf(body);
  if (ofProgram !== null) return `message from ${from} ${opaqueWords(ofProgram)}`;
  return `${body.kind} from ${from} ${messageFields(body)}`;
}

function opaqueOf(body: Message): OpaqueMessage | null {
  const message = body as unknown as OpaqueMessage;
  return message.kind === 'Opaque' ? message : null;
}

/** What its sender says that it means, and the body itself. */
function opaqueWords({ body, about }: OpaqueMessage): string {
  return about === null ? shortJson(body) : `${shortJson(about)} ${shortJson(body)}`;
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
      return shortJson(body);
  }
}

function preVoteWord(preVote: true | undefined): string {
  return preVote === true ? 'pre-vote ' : '';
}

function roundWords(round: number | undefined): string {
  return round === undefined ? '' : ` round ${round}`;
}

/** Of bodies and entries that only their authors can read. */
function shortJson(value: unknown): string {
  const text = plainText(JSON.stringify(value));
  if (text.length <= OPAQUE_CHARACTERS_MAX) return text;
  return `${text.slice(0, OPAQUE_CHARACTERS_MAX)}…`;
}

/** "put term voted", "append 2 entries", "truncate from 3". */
export function programWriteWords(write: ProgramWrite): string {
  if ('put' in write) return `put ${plainText(Object.keys(write.put).join(' '))}`;
  if ('append' in write) return `append ${entriesCount(write.append.length)}`;
  if ('truncateFrom' in write) return `truncate from ${write.truncateFrom}`;
  if ('compactTo' in write) return `compact to ${write.compactTo}`;
  const { index, entries } = write.overwrite;
  return `overwrite ${entriesCount(entries.length)} from ${index}`;
}

function entriesCount(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
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
    default:
      return programWriteWords(writeOfProgram(write));
  }
}

/** "through 9/2 of S1 S2 S3": index, term, and the configuration there. */
function snapshotWords({ lastIncludedIndex, lastIncludedTerm, configuration }: Snapshot): string {
  return `through ${lastIncludedIndex}/${lastIncludedTerm} of ${configurationWords(configuration)}`;
}

/** What an operator asks: "voters S1 S2 S4, learners none". */
export function adminWords(request: AdminRequest, nameOf: NameOf): string {
  switch (request.kind) {
    case 'changeMembership': {
      const learners =
        request.learners.length === 0 ? 'none' : serverNames(request.learners, nameOf);
      return `voters ${serverNames(request.voters, nameOf)}, learners ${learners}`;
    }
    case 'transferLeadership':
      return `let ${nameOf(request.to)} lead`;
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
