/** What servers got and did in one run, as they themselves saw it: enough to feed one of them alone. */
import type {
  CreateServer,
  Outbox,
  Outcome,
  Server,
  ServerEvent,
  Write,
} from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import type { Implementation } from '../run.ts';
import { thrownWords } from '../thrown.ts';
import type { ActionRecord, StepEvent, StepRecord } from '../trace/format.ts';

/** One event, and all that the server answered: more than the world took when it crashed midway. */
export interface TapeStep {
  /** Number of the event in the run, from 1. */
  readonly place: number;
  readonly node: NodeId;
  /** The life: 0 for the first. */
  readonly boot: number;
  readonly event: ServerEvent;
  readonly actions: readonly ActionRecord[];
  /** It did not return: what it threw, or the world threw at it. */
  readonly thrown: string | null;
}

export interface Tape {
  readonly steps: readonly TapeStep[];
  /** False when the run went on after the last step. */
  readonly isWhole: boolean;
}

/** A longer run is taped so far: a tape is kept in memory, and sent to another process. */
const STEPS_MAX = 100_000;

export class TapeRecorder {
  private readonly steps: TapeStep[] = [];
  private place = 0;

  get tape(): Tape {
    return { steps: this.steps, isWhole: this.place <= STEPS_MAX };
  }

  /** The same implementation, taped. */
  taped(implementation: Implementation): Implementation {
    const { createServer } = implementation;
    const create: CreateServer = () => new TapedServer(createServer(), (step) => this.take(step));
    return { ...implementation, createServer: create };
  }

  private take(step: Omit<TapeStep, 'place'>): void {
    this.place += 1;
    if (this.place <= STEPS_MAX) this.steps.push({ place: this.place, ...step });
  }
}

class TapedServer implements Server {
  private node: NodeId = 0;
  private boot = 0;
  private readonly server: Server;
  private readonly take: (step: Omit<TapeStep, 'place'>) => void;

  constructor(server: Server, take: (step: Omit<TapeStep, 'place'>) => void) {
    this.server = server;
    this.take = take;
  }

  step(event: ServerEvent, out: Outbox): void {
    if (event.kind === 'start') {
      this.node = event.self;
      this.boot = event.boot;
    }
    // Before the server can change what it was given.
    const taped = { node: this.node, boot: this.boot, event: structuredClone(event) };
    const outbox = new TapedOutbox(out);
    try {
      this.server.step(event, outbox);
    } catch (error) {
      this.take({ ...taped, actions: outbox.actions, thrown: thrownWords(error) });
      throw error;
    }
    this.take({ ...taped, actions: outbox.actions, thrown: null });
  }
}

/** Writes actions down, and passes them on to the world when there is one. */
export class TapedOutbox implements Outbox {
  readonly actions: ActionRecord[] = [];
  private readonly out: Outbox | null;

  constructor(out: Outbox | null) {
    this.out = out;
  }

  send(to: NodeId, body: Message): void {
    this.actions.push({ k: 'sent', to, messageId: 0, copies: 1, body });
    this.out?.send(to, body);
  }

  setTimer(timer: string, minMs: number, maxMs: number): void {
    this.actions.push({ k: 'timerSet', timer, minMs, maxMs });
    this.out?.setTimer(timer, minMs, maxMs);
  }

  cancelTimer(timer: string): void {
    this.actions.push({ k: 'timerCancelled', timer });
    this.out?.cancelTimer(timer);
  }

  persist(writeId: number, stream: string, after: number, write: Write): void {
    this.actions.push({ k: 'persistIssued', writeId, stream, after, write });
    this.out?.persist(writeId, stream, after, write);
  }

  apply(index: LogIndex, entry: Entry): void {
    this.actions.push({ k: 'applied', index, entry });
    this.out?.apply(index, entry);
  }

  takeSnapshot(index: LogIndex): void {
    this.actions.push({ k: 'snapshotAsked', index });
    this.out?.takeSnapshot(index);
  }

  restore(index: LogIndex, data: string): void {
    this.actions.push({ k: 'restored', index, data });
    this.out?.restore(index, data);
  }

  respond(requestId: string, outcome: Outcome, hint: NodeId): void {
    this.actions.push({ k: 'responded', requestId, outcome, hint, value: null });
    this.out?.respond(requestId, outcome, hint);
  }

  claim(role: 'follower' | 'candidate' | 'leader', term: Term): void {
    this.actions.push({ k: 'claimed', role, term });
    this.out?.claim(role, term);
  }

  halt(reason: string): void {
    this.actions.push({ k: 'halted', reason });
    this.out?.halt(reason);
  }

  note(text: string): void {
    this.actions.push({ k: 'noted', text });
    this.out?.note(text);
  }
}

/**
 * A step as it would stand in a trace, with these actions; the time is that of the server's own
 * clock, and what only the world knows is 0.
 */
export function recordOf(step: TapeStep, actions: readonly ActionRecord[]): StepRecord {
  const { place, node, boot, event } = step;
  const head = { i: place, t: event.now * 1000, n: node };
  return {
    ...head,
    ...eventOf(event, boot),
    actions,
    ends: step.thrown === null ? 'done' : 'open',
  };
}

function eventOf(event: ServerEvent, boot: number): StepEvent {
  switch (event.kind) {
    case 'start':
      return { k: 'started', cause: 0, boot, applied: event.applied ?? 0 };
    case 'message':
      return { k: 'delivered', cause: 0, from: event.from, messageId: 0, body: event.body };
    case 'timer':
      return { k: 'fired', cause: 0, timer: event.name };
    case 'request':
      return { k: 'requested', cause: 0, requests: event.requests };
    case 'persisted':
      return { k: 'persisted', cause: 0, writeId: event.id };
    case 'persistFailed':
      return { k: 'persistFailed', cause: 0, writeId: event.id, error: event.error };
    case 'snapshotTaken':
      return { k: 'snapshotTaken', cause: 0, index: event.index, data: event.data };
    case 'admin':
      return { k: 'adminRequested', cause: 0, requestId: event.id, request: event.request };
  }
}
