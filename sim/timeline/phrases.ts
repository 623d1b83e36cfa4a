/**
 * Facts as phrases. Making a phrase also moves the view of the server, so each fact must pass by
 * here once, in order.
 */
import type { NodeId } from '../../core/messages.ts';
import type { ActionRecord, StepItem, StepRecord, WorldRecord } from '../trace/format.ts';
import { serverNames } from './server-name.ts';
import type { ServerView, ServerViews } from './server-view.ts';
import {
  adminWords,
  deliveryWords,
  linkWords,
  messageWords,
  operationName,
  range,
  requestsWords,
  survivorsWords,
  valueWords,
  writeWords,
} from './words.ts';

export interface Phrase {
  /** Kind of the fact. */
  readonly kind: (StepRecord | StepItem)['k'];
  /** The server that acts or is struck; 0 for none. */
  readonly node: NodeId;
  readonly text: string;
}

/** The event that a step begins with. */
export function eventPhrase(step: StepRecord, view: ServerView): Phrase {
  return { kind: step.k, node: step.n, text: eventText(step, view) };
}

function eventText(step: StepRecord, view: ServerView): string {
  switch (step.k) {
    case 'started':
      view.start();
      return step.boot === 0 ? 'starts' : `starts again, life ${step.boot + 1}`;
    case 'delivered':
      return deliveryWords(step.body, view.nameOf(step.from));
    case 'fired':
      return `${step.timer} timer runs out`;
    case 'requested':
      return requestsWords(step.requests);
    case 'persistFailed':
      view.log.fail(step.writeId);
      return `write ${step.writeId} fails: ${step.error}`;
    case 'snapshotTaken':
      return `gets the snapshot through ${step.index}`;
    case 'adminRequested':
      return `${step.requestId} asks: ${adminWords(step.request, view.nameOf)}`;
    case 'persisted': {
      const words = view.log.persist(step.writeId);
      return `write ${step.writeId} is durable${words === null ? '' : `: ${words}`}`;
    }
  }
}

/** The actions of a step; neighbours that say the same are drawn together. */
export function itemPhrases(step: StepRecord, views: ServerViews): Phrase[] {
  const phrases: Phrase[] = [];
  const { n, actions } = step;
  for (let i = 0; i < actions.length; ) {
    const item = actions[i]!;
    const count = 't' in item ? 1 : likeCount(actions, i);
    const like = actions.slice(i, i + count);
    if ('t' in item) phrases.push(worldPhrase(item, views, n));
    else phrases.push({ kind: item.k, node: n, text: actionText(like, views.of(n)) });
    i += count;
  }
  return phrases;
}

/** How many actions from `first` on make one phrase. */
function likeCount(actions: readonly StepItem[], first: number): number {
  let count = 1;
  while (first + count < actions.length) {
    const previous = actions[first + count - 1]!;
    const next = actions[first + count]!;
    if (!continues(previous, next)) break;
    count += 1;
  }
  return count;
}

function continues(previous: StepItem, next: StepItem): boolean {
  if (previous.k === 'applied' && next.k === 'applied') return next.index === previous.index + 1;
  if (previous.k !== 'sent' || next.k !== 'sent' || previous.copies !== next.copies) return false;
  return messageWords(previous.body) === messageWords(next.body);
}

/** `like` are actions that make one phrase together, at least one. */
function actionText(like: readonly StepItem[], view: ServerView): string {
  const action = like[0] as ActionRecord;
  switch (action.k) {
    case 'sent': {
      const to = like.map((one) => (one as typeof action).to);
      return `sends ${messageWords(action.body)} to ${serverNames(to, view.nameOf)}${fate(action.copies)}`;
    }
    case 'timerSet':
      return `sets ${action.timer} timer ${range(action.minMs, action.maxMs)} ms`;
    case 'timerCancelled':
      return `stops ${action.timer} timer`;
    case 'persistIssued': {
      const { writeId, stream, write } = action;
      if (write.kind === 'hardState') view.term = Math.max(view.term, write.currentTerm);
      return `persists ${view.log.issue(writeId, stream, write)}`;
    }
    case 'applied':
      return `applies ${range(action.index, action.index + like.length - 1)}`;
    case 'snapshotAsked':
      return `asks for a snapshot through ${action.index}`;
    case 'restored':
      return `restores the state machine through ${action.index}`;
    case 'responded': {
      const { requestId, outcome, hint, value } = action;
      const where = outcome === 'redirect' && hint !== 0 ? ` to ${view.nameOf(hint)}` : '';
      return `answers ${requestId} ${outcome}${where}${valueWords(value)}`;
    }
    case 'claimed':
      view.claim(action.role, action.term);
      return `is ${action.role} of term ${action.term}`;
    case 'halted':
      return `halts: ${action.reason}`;
    case 'noted':
      return `notes: ${action.text}`;
  }
}

function fate(copies: number): string {
  if (copies === 0) return ' (lost)';
  return copies === 1 ? '' : ' (twice)';
}

/** `actor` is the server whose step runs: it is not named; 0 between steps. */
export function worldPhrase(record: WorldRecord, views: ServerViews, actor: NodeId): Phrase {
  const node = 'n' in record ? record.n : 0;
  const isNamed = node !== 0 && node !== actor;
  const text = worldText(record, views);
  return { kind: record.k, node, text: isNamed ? `${views.nameOf(node)} ${text}` : text };
}

function worldText(record: WorldRecord, views: ServerViews): string {
  switch (record.k) {
    case 'struck':
      return `fault ${record.place} strikes`;
    case 'crashed':
      return crash(record, views.of(record.n));
    case 'wiped':
      return 'is gone for good, and its disk with it';
    case 'paused':
      views.of(record.n).isPaused = true;
      return 'is paused';
    case 'resumed':
      views.of(record.n).isPaused = false;
      return 'goes on';
    case 'blocked':
      return record.links.length === 0 ? 'all links free' : `links cut: ${linkWords(record.links)}`;
    case 'prepared':
      return prepare(record, views.of(record.n));
    case 'phaseBegan':
      if (record.phase === 'end') return 'the run is over';
      return `${record.phase} begins, core ${serverNames(record.core, views.nameOf)}`;
    case 'inspected':
      return 'the bench looks at the whole';
    case 'stateInspected':
      return stateText(record);
    case 'invoked': {
      const operation = operationName(record.clientId, record.seq);
      return `client ${record.clientId} invokes ${operation} ${record.op}`;
    }
    case 'returned': {
      const operation = operationName(record.clientId, record.seq);
      return `client ${record.clientId} gets ${operation} ${record.outcome}${valueWords(record.value)}`;
    }
  }
}

function crash(record: WorldRecord & { readonly k: 'crashed' }, view: ServerView): string {
  const words = survivorsWords(record.survivors, view.log.pendingCount);
  view.log.crash(record.survivors);
  view.stop();
  return `crashes, ${words}`;
}

function prepare(record: WorldRecord & { readonly k: 'prepared' }, view: ServerView): string {
  const { currentTerm, votedFor, entries } = record;
  view.log.prepare(entries.length);
  const terms =
    entries.length === 0 ? 'no log' : `log terms ${entries.map((e) => e.term).join(' ')}`;
  return `has on disk ${writeWords({ kind: 'hardState', currentTerm, votedFor, commitIndex: 0 }, 0)}, ${terms}`;
}

function stateText({ index, contents }: WorldRecord & { readonly k: 'stateInspected' }): string {
  const pairs = contents.map(([key, value]) => `${key}=${value}`).join(' ');
  return `holds at index ${index}: ${pairs === '' ? 'nothing' : pairs}`;
}
