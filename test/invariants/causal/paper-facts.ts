/**
 * Facts of a run of the paper's messages, as the causal judge would get them of an opaque program:
 * commands are counted by position instead of by index, and stamps are its own.
 */
import type { Entry } from '../../../core/messages.ts';
import type { CausalJudge } from '../../../invariants/causal/causal-judge.ts';
import type { Facts } from '../../../invariants/facts.ts';

export function paperFacts(judge: CausalJudge): Facts {
  const stamps = new Map<number, number>();
  /** By node: how many commands its life has applied. */
  const applied = new Array<number>(8).fill(0);
  /** By index of the log: commands through there, as whoever got there first has it. */
  const through: number[] = [0];
  const own: Partial<Facts> = {
    started(atUs, node, boot, index) {
      applied[node] = through[index]!;
      judge.started(atUs, node, boot, index);
    },
    sent(node, to, messageId, copies, body) {
      const stamp = judge.sent(node, to, messageId, copies, body);
      stamps.set(messageId, stamp);
      return stamp;
    },
    delivered(atUs, node, from, messageId, _stamp, body) {
      judge.delivered(atUs, node, from, messageId, stamps.get(messageId)!, body);
    },
    applied(node, index, entry: Entry) {
      if (entry.command !== null) {
        applied[node]! += 1;
        judge.applied(node, applied[node]!, entry);
      }
      through[index] ??= applied[node]!;
    },
    restored(node, index, data) {
      applied[node] = through[index]!;
      judge.restored(node, applied[node]!, data);
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
