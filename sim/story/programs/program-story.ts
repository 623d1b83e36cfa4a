/**
 * The story of a run of programs that failed, for a screen: what led to the step that broke the rule,
 * with the first wrong action where one can be told from outside, or the operations of clients that
 * cannot be ordered. Servers are n1 … n7.
 */
import { serverName } from '../../adapters/program-words.ts';
import { type ActionRecord, isStep, type Trace } from '../../trace/format.ts';
import { Cone } from '../cone.ts';
import { actionWords, MessageNames, stepWords } from './acts.ts';
import { amount, milliseconds } from './amounts.ts';
import { historyPicture } from './history-picture.ts';
import { anomalyOf, conclusions, type ToldOperation } from './told-history.ts';
import { type ToldLine, toldLines } from './told-lines.ts';
import { readWords } from './told-read.ts';
import { type UnsafeVoice, unsafeVoice } from './unsafe-voice.ts';

export interface ProgramStory {
  /** "3 servers, 1 crash, nothing lost". */
  readonly run: string;
  /** Operations that cannot be ordered, and why not; empty where the failure is another one. */
  readonly picture: readonly string[];
  readonly lines: readonly StoryText[];
  /** What is known of the first wrong action, one sentence each. */
  readonly evidence: readonly string[];
  /** The server that did it; null where it was none in particular. */
  readonly server: string | null;
}

export interface StoryText {
  readonly text: string;
  /** With what is only told to those who may know the first wrong action. */
  readonly closer: string;
}

const LINES_MAX = 10;
/** Beside a picture. */
const WORLD_LINES_MAX = 4;
/** Less for each line of the same shape that is told already. */
const REPEATED = 7;
const COLUMNS_MAX = 100;

/** Of the failure that the run has ended with. */
export function tellProgramStory(trace: Trace): ProgramStory {
  const isHistory = trace.end.violations[0]?.property === 'linearizability';
  const operations = isHistory ? anomalyOf(trace) : [];
  const voice = unsafeVoice(trace);
  const chosen = chooseLines(trace, operations, voice);
  const read = operations.length > 0 ? readWords(trace, operations) : null;
  return {
    run: runWords(trace),
    picture:
      operations.length > 0 ? [...historyPicture(operations), ...conclusions(operations)] : [],
    lines: chosen,
    evidence: [read, answerWords(trace, voice)].filter((sentence) => sentence !== null),
    server: serverIn(trace, voice),
  };
}

function serverIn(trace: Trace, voice: UnsafeVoice | null): string | null {
  if (isStuck(trace)) return null;
  const { exception } = trace.end;
  if (exception !== null) return serverName(exception.node);
  const node = voice?.node ?? trace.records.filter(isStep)[endStep(trace) - 1]?.n ?? 0;
  return node === 0 ? null : serverName(node);
}

/** The step that broke the rule, or in which the program ended; the last one of a run that is stuck. */
function endStep({ end }: Trace): number {
  return end.violations[0]?.step ?? end.exception?.event ?? end.events;
}

function isStuck({ end }: Trace): boolean {
  return end.violations[0]?.relation === 'stuck';
}

function chooseLines(
  trace: Trace,
  operations: readonly ToldOperation[],
  voice: UnsafeVoice | null,
): StoryText[] {
  const { records, end } = trace;
  const last = endStep(trace);
  const all = toldLines(trace, new MessageNames(records));
  const told = all.filter(({ step, atUs }) => step <= last && atUs <= end.virtualUs);
  if (operations.length > 0) {
    const world = told.filter(({ isWorld, kind, weight }) => {
      return weight >= 44 && (isWorld || kind === 'claimed' || kind === 'started');
    });
    return world.slice(-WORLD_LINES_MAX).map((line) => storyText(line, ' ', ''));
  }
  const broken = isStuck(trace) ? null : brokenLine(told, trace);
  const spoken =
    voice && told.find((line) => line.kind === 'sent' && line.messageId === voice.messageId);
  const forced = told.filter((line) => line === broken || line === spoken);
  const chosen = new Set([...forced, ...mostTelling(told, forced, trace)]);
  return told
    .filter((line) => chosen.has(line))
    .map((line) => {
      const where = `(event ${line.step})`;
      if (line === broken) return storyText(line, '✗', where);
      if (line !== spoken) return storyText(line, ' ', '');
      const what = voice!.hasWritten ? 'not on disk yet' : 'nothing was written';
      return storyText(line, ' ', '', '▶', `first wrong action: ${what}`);
    });
}

function mostTelling(
  told: readonly ToldLine[],
  forced: readonly ToldLine[],
  trace: Trace,
): ToldLine[] {
  const costs = isStuck(trace) ? null : new Cone(trace.records).leadingTo(endStep(trace));
  const near = ({ step, isWorld }: ToldLine): number => {
    if (isWorld || costs === null) return 0;
    return Math.max(-30, 30 - 3 * (costs[step] ?? Number.POSITIVE_INFINITY));
  };
  const ranked = told
    .filter((line) => line.weight > 0 && !forced.includes(line))
    .map((line) => ({ line, score: line.weight + near(line) }))
    .sort((a, b) => b.score - a.score || b.line.atUs - a.line.atUs);
  const counts = new Map<string, number>();
  const chosen: ToldLine[] = [];
  for (const least of [40, 24, 8]) {
    for (const { line, score } of ranked) {
      if (chosen.length + forced.length >= LINES_MAX) return chosen;
      const shape = line.text.replaceAll(/\d+/g, '#');
      const count = counts.get(shape) ?? 0;
      if (chosen.includes(line) || score - REPEATED * count < least) continue;
      counts.set(shape, count + 1);
      chosen.push(line);
    }
  }
  return chosen;
}

/** The action that the broken rule is about; where there is none of its kind, the last one told. */
function brokenLine(told: readonly ToldLine[], trace: Trace): ToldLine | null {
  const last = endStep(trace);
  const { exception } = trace.end;
  // What a program died of may not be in the trace: the step before, of another server, is not it.
  const step = trace.records.filter(isStep).find(({ i }) => i === last);
  if (exception !== null && step?.n !== exception.node) return null;
  const own = told.filter((line) => line.step === last && !line.isWorld && line.weight > 0);
  const wanted = /elect|claim/.test(trace.end.violations[0]?.property ?? '')
    ? ['claimed']
    : ['halted', 'responded', 'applied', 'restored'];
  return own.findLast(({ kind }) => wanted.includes(kind)) ?? own.at(-1) ?? null;
}

function storyText(
  { atUs, text }: ToldLine,
  mark: string,
  note: string,
  closerMark = mark,
  closerNote = note,
): StoryText {
  const at = milliseconds(atUs).padStart(10);
  const row = (sign: string, more: string): string => {
    const body = more === '' ? text : `${text.padEnd(46)} ${more}`;
    return `${sign} ${at}  ${body}`.slice(0, COLUMNS_MAX).trimEnd();
  };
  return { text: row(mark, note), closer: row(closerMark, closerNote) };
}

/** What the program answered to the event that went wrong; null where no event did. */
function answerWords(trace: Trace, voice: UnsafeVoice | null): string | null {
  if (isStuck(trace)) return null;
  const number = voice?.step ?? endStep(trace);
  const step = trace.records.filter(isStep).find(({ i }) => i === number);
  if (step === undefined || step.ends === 'open') return null;
  const own = step.actions.filter((item): item is ActionRecord => !('t' in item));
  const said = own.length === 0 ? 'nothing' : own.map(actionWords).join('; ');
  return `To event ${number} (n${step.n}, ${stepWords(step)}) your program answered: ${said}.${noPersist(trace, own)}`;
}

function noPersist({ end }: Trace, own: readonly ActionRecord[]): string {
  const isAboutDisks = end.violations[0]?.property.includes('durable') === true;
  return isAboutDisks && own.every(({ k }) => k !== 'persistIssued') ? ' No persist.' : '';
}

function runWords({ header, records }: Trace): string {
  const { size, spares } = header.plan.cluster;
  let crashes = 0;
  let lost = 0;
  for (const record of records) {
    if (!isStep(record)) {
      if (record.k === 'crashed') crashes += 1;
      continue;
    }
    for (const item of record.actions) {
      if (item.k === 'crashed') crashes += 1;
      if (item.k === 'sent' && item.copies === 0) lost += 1;
    }
  }
  const servers = amount(size + spares, 'server', 'servers');
  const crashed = crashes === 0 ? 'no crash' : amount(crashes, 'crash', 'crashes');
  const missing = lost === 0 ? 'nothing lost' : `${amount(lost, 'message', 'messages')} lost`;
  return `${servers}, ${crashed}, ${missing}`;
}
