/**
 * What happens to a program and what it answers, in the words of the protocol. Bodies and writes are
 * their author's own business: they are shown as they are, and cut where they are long.
 */
import type { NodeId } from '../../../core/messages.ts';
import {
  eventWords,
  serverName,
  type ToldEvent,
  wireId,
  wireOp,
} from '../../adapters/program-words.ts';
import { plainText } from '../../grading/plain-text.ts';
import { type OpaqueMessage, writeOfProgram } from '../../kernel/opaque.ts';
import { programWriteWords } from '../../timeline/words.ts';
import {
  type ActionRecord,
  isStep,
  type StepRecord,
  type TraceRecord,
} from '../../trace/format.ts';
import { amount } from './amounts.ts';

const ABOUT_MAX = 60;
const BODY_MAX = 80;

/** The event of a step, as the program was told: "timer election", "request c2.17/1: get x2". */
export function stepWords(step: StepRecord): string {
  const words = eventWords(toldEvent(step));
  if (step.k === 'started') return step.boot === 0 ? words : `${words}, from its disk`;
  if (step.k !== 'requested') return words;
  return `${words}: ${step.requests.map(({ command }) => wireOp(command).slice(0, 30)).join(', ')}`;
}

function toldEvent(step: StepRecord): ToldEvent {
  switch (step.k) {
    case 'started':
      return { kind: 'start', boot: step.boot };
    case 'delivered':
      return { kind: 'message', from: serverName(step.from) };
    case 'fired':
      return { kind: 'timer', name: step.timer };
    case 'requested': {
      const requests = step.requests.map(({ id }) => ({ id: wireId(id) }));
      const [only, ...more] = requests;
      return more.length === 0 ? { kind: 'request', ...only! } : { kind: 'requests', requests };
    }
    case 'persisted':
    case 'persistFailed':
      return { kind: step.k, id: step.writeId };
    case 'snapshotTaken':
      return { kind: 'snapshotTaken', index: step.index };
    case 'adminRequested':
      return { kind: 'admin', id: step.requestId };
  }
}

/** An action as it stands in an answer: `send n2 {"term":4,"voteGranted":true}`. */
export function actionWords(action: ActionRecord): string {
  switch (action.k) {
    case 'sent':
      return `send ${serverName(action.to)} ${cut(JSON.stringify(opaqueOf(action).body), BODY_MAX)}`;
    case 'timerSet': {
      const { minMs, maxMs } = action;
      return `setTimer ${action.timer} ${minMs === maxMs ? minMs : `${minMs} to ${maxMs}`} ms`;
    }
    case 'timerCancelled':
      return `cancelTimer ${action.timer}`;
    case 'persistIssued': {
      const stream = action.stream === 'main' ? '' : ` of ${action.stream}`;
      const words = programWriteWords(writeOfProgram(action.write));
      return `persist ${action.writeId}${stream}: ${words}`;
    }
    case 'applied':
      return `apply ${action.entry.command === null ? 'nothing' : wireOp(action.entry.command).slice(0, 40)}`;
    case 'snapshotAsked':
      return 'takeSnapshot';
    case 'restored':
      return 'restore a snapshot';
    case 'responded':
      return `respond ${action.outcome} to ${wireId(action.requestId)}`;
    case 'claimed':
      return `claim ${action.role}, term ${action.term}`;
    case 'halted':
      return `halt: ${action.reason}`;
    case 'noted':
      return `note ${action.text.slice(0, 40)}`;
  }
}

/** "message 3 of n2, 61 characters", or the text that its sender gave it. */
export class MessageNames {
  private readonly names = new Map<number, string>();

  constructor(records: readonly TraceRecord[]) {
    const counts = new Map<NodeId, number>();
    for (const record of records) {
      if (!isStep(record)) continue;
      for (const action of record.actions) {
        if ('t' in action || action.k !== 'sent') continue;
        const count = (counts.get(record.n) ?? 0) + 1;
        counts.set(record.n, count);
        this.names.set(action.messageId, nameOf(record.n, count, opaqueOf(action)));
      }
    }
  }

  of(messageId: number): string {
    return this.names.get(messageId) ?? 'a message';
  }
}

function opaqueOf(action: ActionRecord & { readonly k: 'sent' }): OpaqueMessage {
  return action.body as unknown as OpaqueMessage;
}

function nameOf(node: NodeId, count: number, { body, about }: OpaqueMessage): string {
  if (about === null || about === undefined) {
    const size = amount(JSON.stringify(body).length, 'character', 'characters');
    return `message ${count} of ${serverName(node)}, ${size}`;
  }
  return cut(typeof about === 'string' ? about : JSON.stringify(about), ABOUT_MAX);
}

function cut(raw: string, lengthMax: number): string {
  const text = plainText(raw);
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax)}…`;
}
