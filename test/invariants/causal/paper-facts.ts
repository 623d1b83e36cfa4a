/**
 * Facts of a run of the paper's messages, as the causal judge would get them of an opaque program:
 * commands are counted by position instead of by index, and stamps are its own.
 */
import type { Entry, LogIndex } from '../../../core/messages.ts';
import type { CausalJudge } from '../../../invariants/causal/causal-judge.ts';
import type { Facts } from '../../../invariants/facts.ts';

export function paperFacts(judge: CausalJudge): Facts {
  const stamps = new Map<number, number>();
  /** Commands through each index of the log, as whoever got there first has it. */
  const counts: number[] = [0];
  const isCommand = (entry: Entry): boolean =>
    entry.command !== null && entry.command.op !== 'register';
  const own: Partial<Facts> = {
    sent(node, to, messageId, copies, body) {
      const stamp = judge.sent(node, to, messageId, copies, body);
      stamps.set(messageId, stamp);
      return stamp;
    },
    delivered(atUs, node, from, messageId, _stamp, body) {
      judge.delivered(atUs, node, from, messageId, stamps.get(messageId)!, body);
    },
    applied(node, index, entry) {
      if (index === counts.length) counts.push(counts[index - 1]! + (isCommand(entry) ? 1 : 0));
      if (!isCommand(entry)) return;
      const before = counts[index - 1];
      judge.applied(node, (before ?? Number.NaN) + 1, entry);
    },
    restored(node, index: LogIndex, data) {
      judge.restored(node, counts[index] ?? Number.NaN, data);
    },
  };
  return new Proxy(judge, {
    get(target, name) {
      const mine = own[name as keyof Facts];
      if (mine !== undefined) return mine;
      const theirs = target[name as keyof Facts];
      return theirs.bind(target);
    },
  }) as unknown as Facts;
}
