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
    weight: isLate ? 62 : isAgain ? 48 : 36,
    text: () => `${messageWords(body, from)} ${arrives} S${server.node}${delay}${where}`,
  });
}

/** "The vote of S2 (term 1)", "AppendEntries of S1 (term 2, index 3)". */
function messageWords(body: Message, from: NodeId): string {
  const of = `of S${from} (term ${body.term}`;
  switch (body.kind) {
    case 'RequestVote':
      return `The request for a vote ${of})`;
    case 'RequestVoteResponse':
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
    default:
      return `A message of S${from}`;
  }
}
