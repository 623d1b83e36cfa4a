/**
 * The story of a run of programs, for a screen. Bodies are their own business: messages are spoken of
 * by number and size, or as their sender calls them in `about`.
 */
import type { Message, NodeId } from '../../core/messages.ts';
import type { OpaqueMessage } from '../kernel/opaque.ts';
import type { ActionRecord, StepRecord, Trace, TraceRecord, WorldRecord } from '../trace/format.ts';
import { isStep } from '../trace/format.ts';
import { plainText } from './plain-text.ts';
import { milliseconds } from './why-words.ts';

/** Lines of a story, the marked one included. */
export const STORY_LINES_MAX = 11;

interface Told {
  readonly step: number;
  readonly atUs: number;
  readonly weight: number;
  readonly text: string;
}

/** The most telling lines, in the order of the run; `✗` marks the step that broke the rule. */
export function programStory(trace: Trace): readonly string[] {
  const { records, end } = trace;
  const isStuck = end.violations[0]?.relation === 'stuck';
  const last = lastStep(trace);
  const names = new MessageNames(records);
  const cone = causesOf(records, last);
  const told = records.flatMap((record) => tell(record, names, cone));
  const until = told.filter(({ step, atUs }) => step <= last && atUs <= end.virtualUs);
  const chosen = [...until]
    .sort((a, b) => b.weight - a.weight || b.step - a.step)
    .slice(0, STORY_LINES_MAX);
  return until
    .filter((one) => chosen.includes(one))
    .map(({ step, atUs, text }) => {
      const mark = step === last && !isStuck ? '✗' : ' ';
      return `${mark} ${milliseconds(atUs).padStart(10)}  ${text}`.slice(0, 100);
    });
}

/** What the program answered in the step that broke the rule; null where no step did. */
export function answerOf(trace: Trace): string | null {
  const { end } = trace;
  // What never came about has no step that did it.
  if (end.violations[0]?.relation === 'stuck') return null;
  const last = lastStep(trace);
  const step = trace.records.filter(isStep).find(({ i }) => i === last);
  if (step === undefined) return null;
  const names = new MessageNames(trace.records);
  const actions = step.actions.filter((item): item is ActionRecord => !('t' in item));
  const said = actions.map((action) => actionWords(action, names)).join('; ');
  const answered = said === '' ? 'nothing' : said;
  return plainText(
    `To event ${last} (n${step.n}: ${eventWords(step, names)}) it answered: ${answered}.`,
  );
}

function lastStep({ end }: Trace): number {
  return end.violations[0]?.step ?? end.exception?.event ?? end.events;
}

/** Steps that may have had a part in the last one: of the same server, or heard of since. */
function causesOf(records: readonly TraceRecord[], last: number): ReadonlySet<number> {
  const steps = records.filter(isStep);
  const inside = new Set<number>([last]);
  const nodes = new Map<NodeId, number>();
  for (const step of [...steps].reverse()) {
    const isOfNode = (nodes.get(step.n) ?? 0) >= step.i;
    if (!inside.has(step.i) && !isOfNode) continue;
    inside.add(step.i);
    nodes.set(step.n, Math.max(nodes.get(step.n) ?? 0, step.i));
    if (step.k === 'delivered' && step.cause > 0) {
      inside.add(step.cause);
      const sender = steps[step.cause - 1];
      if (sender !== undefined) nodes.set(sender.n, Math.max(nodes.get(sender.n) ?? 0, step.cause));
    }
  }
  return inside;
}

/** "message 3 of n2, 61 characters", or the text that its sender gave it. */
class MessageNames {
  private readonly names = new Map<number, string>();

  constructor(records: readonly TraceRecord[]) {
    const counts = new Map<NodeId, number>();
    for (const record of records) {
      if (!isStep(record)) continue;
      for (const action of record.actions) {
        if ('t' in action || action.k !== 'sent') continue;
        const count = (counts.get(record.n) ?? 0) + 1;
        counts.set(record.n, count);
        this.names.set(action.messageId, nameOf(record.n, count, action.body));
      }
    }
  }

  of(messageId: number): string {
    return this.names.get(messageId) ?? 'a message';
  }
}

const ABOUT_MAX = 60;

function nameOf(node: NodeId, count: number, message: Message): string {
  const { body, about } = message as unknown as OpaqueMessage;
  if (about !== null && about !== undefined) {
    const said = typeof about === 'string' ? about : JSON.stringify(about);
    return `"${plainText(said).slice(0, ABOUT_MAX)}" of n${node}`;
  }
  return `message ${count} of n${node}, ${JSON.stringify(body).length} characters`;
}

function tell(record: TraceRecord, names: MessageNames, cone: ReadonlySet<number>): Told[] {
  if (!isStep(record)) return worldTold(record, 0);
  const { i, t, n } = record;
  const isInCone = cone.has(i);
  const told: Told[] = [];
  const add = (weight: number, text: string, atUs = t): void => {
    told.push({ step: i, atUs, weight: weight + (isInCone ? 20 : 0), text });
  };
  if (record.k === 'started')
    add(record.boot === 0 ? 0 : 60, `n${n}          ${eventWords(record, names)}`);
  else if (record.k === 'delivered')
    add(22, `n${record.from} ──▶ n${n}   ${names.of(record.messageId)}`);
  else add(record.k === 'requested' ? 40 : 5, `n${n}          ${eventWords(record, names)}`);
  for (const action of record.actions) {
    if ('t' in action) told.push(...worldTold(action, i));
    else if (isNotable(action))
      add(weightOf(action), `n${n}          ${actionWords(action, names)}`);
  }
  return told;
}

function isNotable({ k }: ActionRecord): boolean {
  return k !== 'timerSet' && k !== 'timerCancelled' && k !== 'sent' && k !== 'noted';
}

function weightOf({ k }: ActionRecord): number {
  switch (k) {
    case 'claimed':
      return 65;
    case 'responded':
      return 50;
    case 'halted':
      return 90;
    case 'applied':
      return 30;
    default:
      return 26;
  }
}

function worldTold(record: WorldRecord, step: number): Told[] {
  const say = (weight: number, text: string): Told[] => [{ step, atUs: record.t, weight, text }];
  switch (record.k) {
    case 'crashed':
      return say(70, `n${record.n}          crashes`);
    case 'paused':
      return say(60, `n${record.n}          is paused`);
    case 'resumed':
      return say(50, `n${record.n}          goes on`);
    case 'wiped':
      return say(60, `n${record.n}          loses its disk`);
    case 'blocked':
      return say(
        45,
        record.links.length === 0 ? 'all links are whole' : blockedWords(record.links),
      );
    case 'phaseBegan':
      return record.phase === 'heal' ? say(20, 'the faults are over') : [];
    case 'returned':
      return say(30, `client c${record.clientId} is told ${record.outcome}`);
    default:
      return [];
  }
}

function blockedWords(links: readonly number[]): string {
  const names = links.slice(0, 4).map((link) => `n${link >> 3}▶n${link & 7}`);
  return `cut: ${names.join(', ')}${links.length > 4 ? ` and ${links.length - 4} more links` : ''}`;
}

function eventWords(step: StepRecord, names: MessageNames): string {
  switch (step.k) {
    case 'started':
      return step.boot === 0 ? 'start' : `start number ${step.boot + 1}, from its disk`;
    case 'delivered':
      return `${names.of(step.messageId)} arrives`;
    case 'fired':
      return `timer ${JSON.stringify(step.timer)} runs out`;
    case 'requested':
      return `request ${step.requests.map(({ command }) => command.op.slice(0, 30)).join(', ')}`;
    case 'persisted':
      return `write ${step.writeId} is safe`;
    case 'persistFailed':
      return `write ${step.writeId} has failed`;
    case 'snapshotTaken':
      return 'the snapshot is there';
    case 'adminRequested':
      return `the operator asks for ${step.request.kind}`;
  }
}

function actionWords(action: ActionRecord, names: MessageNames): string {
  switch (action.k) {
    case 'sent':
      return `send n${action.to} ${names.of(action.messageId)}`;
    case 'timerSet':
      return `setTimer ${action.timer} ${action.minMs} to ${action.maxMs} ms`;
    case 'timerCancelled':
      return `cancelTimer ${action.timer}`;
    case 'persistIssued':
      return `persist write ${action.writeId} to "${action.stream}"`;
    case 'applied':
      return `apply ${action.entry.command?.op.slice(0, 30) ?? 'nothing'}`;
    case 'snapshotAsked':
      return 'takeSnapshot';
    case 'restored':
      return 'restore a snapshot';
    case 'responded':
      return `respond ${action.outcome} to ${action.requestId}`;
    case 'claimed':
      return `claim ${action.role}, term ${action.term}`;
    case 'halted':
      return `halt: ${action.reason}`;
    case 'noted':
      return `note ${action.text.slice(0, 40)}`;
  }
}
