/** A read that found what was replaced: what did the server that answered it know by then? */
import type { NodeId } from '../../../core/messages.ts';
import { serverName, wireId } from '../../adapters/program-words.ts';
import { isStep, type StepRecord, type Trace } from '../../trace/format.ts';
import { milliseconds } from './amounts.ts';
import type { ToldOperation } from './told-history.ts';

/** Two sentences at most; null where there is nothing to say of it. */
export function readWords(
  { header, records }: Trace,
  operations: readonly ToldOperation[],
): string | null {
  const read = operations.findLast(({ op, attempt }) => op.startsWith('get ') && attempt !== '');
  if (read === undefined) return null;
  const steps = records.filter(isStep);
  const answers = (step: StepRecord): boolean =>
    step.actions.some((item) => item.k === 'responded' && wireId(item.requestId) === read.attempt);
  const end = steps.find(answers);
  const begin = steps.find(
    (step) => step.k === 'requested' && step.requests.some(({ id }) => wireId(id) === read.attempt),
  );
  if (begin === undefined || end === undefined || begin.n !== end.n) return null;
  const majority = Math.floor(header.plan.cluster.size / 2) + 1;
  if (heardBack(steps, begin, end).size + 1 >= majority) return null;
  const name = serverName(end.n);
  const before = steps.findLast(
    (step) => step.i <= begin.i && step.n === begin.n && step.k === 'delivered',
  );
  const silence = begin.t - (before?.t ?? 0);
  const last =
    before === undefined
      ? `It had heard from no other server in all the run`
      : `It last heard from another server at ${milliseconds(before.t)}, ${milliseconds(silence)} before it was asked`;
  return (
    `At ${milliseconds(end.t)} ${name} answers the read. ${last}: no round trip to a majority lies ` +
    'between question and answer (thesis §6.4).'
  );
}

/** Who has told this server something, in between, that rests on what it sent in between. */
function heardBack(
  steps: readonly StepRecord[],
  begin: StepRecord,
  end: StepRecord,
): ReadonlySet<NodeId> {
  const asked = new Set<number>();
  const answered = new Set<number>();
  const reached = new Set<NodeId>();
  const heard = new Set<NodeId>();
  for (const step of steps.slice(begin.i - 1, end.i)) {
    const isOwn = step.n === begin.n;
    if (step.k === 'delivered') {
      if (!isOwn && asked.has(step.messageId)) reached.add(step.n);
      if (isOwn && answered.has(step.messageId)) heard.add(step.from);
    }
    for (const item of step.actions) {
      if (item.k !== 'sent') continue;
      if (isOwn) asked.add(item.messageId);
      else if (reached.has(step.n)) answered.add(item.messageId);
    }
  }
  return heard;
}
