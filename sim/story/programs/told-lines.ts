/** What may be told of a run of programs: lines, and how much each of them matters. */
import type { NodeId } from '../../../core/messages.ts';
import { serverName } from '../../adapters/program-words.ts';
import { plainText } from '../../grading/plain-text.ts';
import {
  type ActionRecord,
  isStep,
  type StepRecord,
  type Trace,
  type TraceRecord,
  type WorldRecord,
} from '../../trace/format.ts';
import { linkSentence } from '../links.ts';
import { actionWords, type MessageNames, stepWords } from './acts.ts';
import { amount } from './amounts.ts';

export interface ToldLine {
  /** Of a fact between steps the step before it. */
  readonly step: number;
  readonly atUs: number;
  /** 0 to 100. */
  readonly weight: number;
  readonly text: string;
  /** Kind of the fact; a message counts as `sent` where it leaves, and as `delivered` where it arrives. */
  readonly kind: TraceRecord['k'] | ActionRecord['k'];
  /** Of messages. */
  readonly messageId: number;
  readonly isWorld: boolean;
}

/** Every line that there could be, in the order of the run. */
export function toldLines({ header, records }: Trace, names: MessageNames): ToldLine[] {
  const { size, spares } = header.plan.cluster;
  const world = new ToldWorld(size + spares);
  let step = 0;
  return records.flatMap((record) => {
    if (!isStep(record)) return world.lines(record, step);
    step = record.i;
    return stepLines(record, names, world);
  });
}

function stepLines(step: StepRecord, names: MessageNames, world: ToldWorld): ToldLine[] {
  const { i, t, n } = step;
  const lines: ToldLine[] = [];
  const add = (kind: ToldLine['kind'], weight: number, text: string, messageId = 0): void => {
    lines.push({
      step: i,
      atUs: t,
      weight,
      text: plainText(text),
      kind,
      messageId,
      isWorld: false,
    });
  };
  if (step.k === 'delivered') {
    const { from, messageId } = step;
    add(step.k, 22, arrow(from, n, names.of(messageId)), messageId);
  } else add(step.k, eventWeight(step), alone(n, stepWords(step)));
  for (const item of step.actions) {
    if ('t' in item) lines.push(...world.lines(item, i));
    else if (item.k === 'sent') {
      add(item.k, 0, arrow(n, item.to, names.of(item.messageId)), item.messageId);
    } else {
      world.noteWrite(n, item);
      add(item.k, actionWeight(item), alone(n, actionWords(item)));
    }
  }
  if (step.k === 'persisted') world.noteSafe(n, step.writeId);
  return lines;
}

/** "n2 ──▶ n3   message 3 of n2, 61 characters". */
function arrow(from: NodeId, to: NodeId, what: string): string {
  return `${serverName(from)} ──▶ ${serverName(to)}   ${what}`;
}

function alone(node: NodeId, what: string): string {
  return `${serverName(node)}          ${what}`;
}

function eventWeight(step: StepRecord): number {
  switch (step.k) {
    case 'started':
      return step.boot === 0 ? 0 : 66;
    case 'requested':
      return 40;
    case 'persistFailed':
      return 70;
    default:
      return 4;
  }
}

function actionWeight({ k }: ActionRecord): number {
  switch (k) {
    case 'halted':
      return 90;
    case 'claimed':
      return 58;
    case 'responded':
      return 48;
    case 'applied':
      return 34;
    case 'restored':
      return 40;
    case 'persistIssued':
      return 24;
    default:
      return 0;
  }
}

/** What the world does to servers; counts their unfinished writes. */
class ToldWorld {
  private readonly size: number;
  private isWhole = true;
  private readonly pending: { readonly id: number; readonly stream: string }[][] = [];

  constructor(size: number) {
    this.size = size;
  }

  noteWrite(node: NodeId, action: ActionRecord): void {
    if (action.k !== 'persistIssued') return;
    this.pending[node] ??= [];
    this.pending[node].push({ id: action.writeId, stream: action.stream });
  }

  noteSafe(node: NodeId, writeId: number): void {
    const writes = this.pending[node] ?? [];
    const stream = writes.find(({ id }) => id === writeId)?.stream;
    this.pending[node] = writes.filter((one) => one.stream !== stream || one.id > writeId);
  }

  lines(record: WorldRecord, step: number): ToldLine[] {
    const say = (weight: number, text: string): ToldLine[] => {
      const { t: atUs, k: kind } = record;
      return [{ step, atUs, weight, text, kind, messageId: 0, isWorld: true }];
    };
    switch (record.k) {
      case 'crashed':
        return say(72, alone(record.n, this.crashWords(record)));
      case 'paused':
        return say(60, alone(record.n, 'is paused'));
      case 'resumed':
        return say(50, alone(record.n, 'goes on'));
      case 'wiped':
        return say(60, alone(record.n, 'loses its disk'));
      case 'blocked': {
        const { links } = record;
        const wasWhole = this.isWhole;
        this.isWhole = links.length === 0;
        // Who mends a network may find it whole.
        if (wasWhole && this.isWhole) return [];
        return say(this.isWhole ? 44 : 56, linkSentence(links, this.size, serverName));
      }
      case 'phaseBegan':
        return record.phase === 'heal' ? say(20, 'the faults are over') : [];
      default:
        return [];
    }
  }

  private crashWords({ n, survivors }: WorldRecord & { readonly k: 'crashed' }): string {
    const lost = (this.pending[n]?.length ?? 0) - survivors.filter(({ kept }) => kept < 0).length;
    this.pending[n] = [];
    return lost > 0 ? `crash; ${amount(lost, 'write is', 'writes are')} lost` : 'crash';
  }
}
