/** Messages that arrive: those that are late, come twice, or speak of an old term. */
import type { Message, NodeId } from '../../core/messages.ts';
import type { StepRecord } from '../trace/format.ts';
import { duration, indexes } from './beat.ts';
import type { Narration } from './narration.ts';
import type { ToldServer } from './told-server.ts';

export function tellArrival(
  narrator: Narration,
  server: ToldServer,
  step: StepRecord & { readonly k: 'delivered' },
): void {
  const { from, body } = step;
  const letter = narrator.letters.get(step.messageId);
  if (body.kind === 'AppendEntriesResponse' && body.success && body.term === server.term) {
    server.successes[from] = Math.max(server.successes[from] ?? 0, body.matchIndex);
  }
  if (body.kind === 'InstallSnapshotResponse' && body.done && body.term === server.term) {
    server.successes[from] = Math.max(server.successes[from] ?? 0, body.lastIncludedIndex);
  }
  if (letter === undefined) return;
  letter.arrivals += 1;
  const isLate = step.t - letter.sentUs > narrator.lateUs;
  const isAgain = letter.arrivals > 1;
  const isOld = body.term < server.term;
  if (!isLate && !isAgain && !isOld) return;
  const delay = isLate ? ` ${duration(step.t - letter.sentUs)} after it was sent` : '';
  const arrives = isAgain ? 'arrives once more at' : 'arrives at';
  const where = isOld ? `; S${server.node} is in term ${server.term} by now` : '';
  narrator.tell({
    nodes: [server.node, from],
    isArrival: true,
    weight: weightOf(server, body, isLate),
    text: () => `${messageWords(body, from)} ${arrives} S${server.node}${delay}${where}`,
  });
}

/** What may be counted, and must not be, matters most; then what may overwrite a log. */
function weightOf(server: ToldServer, body: Message, isLate: boolean): number {
  const isOld = body.term < server.term;
  const late = isLate ? 12 : 0;
  switch (body.kind) {
    case 'AppendEntriesResponse':
      return body.success && isOld && server.role === 'leader' ? 66 : 20;
    case 'RequestVoteResponse':
      if (body.preVote === true) return 14;
      return body.voteGranted && server.role === 'candidate' ? 60 : 14;
    case 'AppendEntries':
      return (body.entries.length > 0 ? 48 : 28) + late;
    case 'RequestVote':
      return 34 + late;
    case 'InstallSnapshot':
    case 'TimeoutNow':
      return 42 + late;
    case 'InstallSnapshotResponse':
      return body.done && isOld && server.role === 'leader' ? 60 : 20;
    default:
      return 30 + late;
  }
}

/** "The vote of S2 (term 1)", "AppendEntries of S1 (term 2, index 3)". */
function messageWords(body: Message, from: NodeId): string {
  const of = `of S${from} (term ${body.term}`;
  switch (body.kind) {
    case 'RequestVote':
      return `The request for a ${body.preVote === true ? 'pre-vote' : 'vote'} ${of})`;
    case 'RequestVoteResponse':
      if (body.preVote === true) return `The answer to a pre-vote ${of})`;
      return body.voteGranted ? `The vote ${of})` : `The refusal ${of})`;
    case 'AppendEntries': {
      const { prevLogIndex, entries } = body;
      if (entries.length === 0) return `A heartbeat ${of})`;
      const what = indexes(prevLogIndex + 1, prevLogIndex + entries.length);
      return `AppendEntries ${of}, ${what})`;
    }
    case 'AppendEntriesResponse':
      return body.success
        ? `The success ${of}, through index ${body.matchIndex})`
        : `The refusal ${of})`;
    case 'InstallSnapshot':
      return `A piece of the snapshot ${of}, through index ${body.lastIncludedIndex})`;
    case 'InstallSnapshotResponse': {
      const what = body.done ? 'has installed' : 'goes on with';
      return `The answer ${of}) that it ${what} the snapshot through index ${body.lastIncludedIndex}`;
    }
    case 'TimeoutNow':
      return `TimeoutNow ${of})`;
    default:
      return `A message of S${from}`;
  }
}
