/** What criteria of short scripts expect in the end: each answer is null, or what went otherwise. */
import type { LogIndex, NodeId, Term } from '../core/messages.ts';
import { appliesAgree, isApplied, logsAgree, oneLeaderPerTerm } from './agreement.ts';
import type { RunRecord } from './run-record.ts';

/** These terms have these leaders, { term: leader }, and no other term has any. */
export function wrongReigns(
  record: RunRecord,
  wanted: Readonly<Record<Term, NodeId>>,
): string | null {
  const reigns = record.leaders().sort((a, b) => a.term - b.term || a.node - b.node);
  const found = reigns.map(({ term, node }) => `S${node} in ${term}`).join(', ');
  const expected = Object.entries(wanted)
    .map(([term, node]) => `S${node} in ${term}`)
    .join(', ');
  return found === expected ? null : `Leaders are ${found || 'none'} instead of ${expected}.`;
}

/** Clients are told ok for each of these commands. */
export function wrongAnswers(record: RunRecord, ops: readonly string[]): string | null {
  const op = ops.find((one) => record.outcomeOf(one) !== 'ok');
  return op === undefined ? null : `The client of "${op}" is told ${record.outcomeOf(op)}.`;
}

/** These commands, which were asked for, are never applied, nor answered with ok. */
export function wrongEffects(record: RunRecord, ops: readonly string[]): string | null {
  for (const op of ops) {
    if (!record.invocations.some((item) => item.op === op)) return `Nobody asks for "${op}".`;
    if (isApplied(record, op)) return `"${op}" is applied.`;
    if (record.outcomeOf(op) === 'ok') return `The client of "${op}" is told ok.`;
  }
  return null;
}

/** One leader per term, one order of applies, and at the end one log on the disks of these. */
export function disagreement(
  record: RunRecord,
  nodes: readonly NodeId[] = record.nodes,
): string | null {
  return oneLeaderPerTerm(record) ?? appliesAgree(record) ?? logsAgree(record, nodes);
}

/** When a server died, started, … for the nth time, as a place among all facts. */
export function momentOf(
  record: RunRecord,
  node: NodeId,
  what: (typeof record.lifecycles)[number]['what'],
  nth = 1,
): number | null {
  const all = record.lifecycles.filter((item) => item.node === node && item.what === what);
  return all[nth - 1]?.order ?? null;
}

/** Whether a log on disk, just before `order`, has entries of these terms and no others. */
export function hasLog(
  record: RunRecord,
  node: NodeId,
  terms: readonly Term[],
  order?: number,
): boolean {
  const { log } = record.durableOf(node, order);
  return log.length === terms.length && log.every(({ term }, at) => term === terms[at]);
}

/** A vote of this term that was given, or refused, and reached the candidate. */
export function voteOf(
  record: RunRecord,
  voter: NodeId,
  candidate: NodeId,
  term: Term,
): boolean | null {
  const answer = record
    .messagesDelivered('RequestVoteResponse', { from: voter, to: candidate })
    .find(({ body }) => body.term === term && body.preVote === undefined);
  return answer?.body.voteGranted ?? null;
}

/** Where a command stands in the log on a disk just before `order`; 0: nowhere. */
export function placeOf(record: RunRecord, op: string, node: NodeId, order?: number): LogIndex {
  const { firstIndex, log } = record.durableOf(node, order);
  const at = log.findIndex(({ command }) => command?.op === op);
  return at < 0 ? 0 : firstIndex + at;
}
