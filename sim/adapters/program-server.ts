/**
 * A program as a server of the world: events of the world go to it as events of the protocol, and
 * its actions are carried out, one after the other. What only somebody who sees the whole run can
 * find wrong in an action is found here; the form of actions is the business of the host.
 *
 * Behind a barrier an action waits until all writes before it are safe, and is lost with the server.
 * Timers do not wait: they are the server's own, and one that was cancelled must not run out.
 */
import type { Server, ServerEvent, StartEvent } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import { assert } from '../../invariants/assert.ts';
import type { ProgramOutbox } from '../kernel/opaque.ts';
import type { ProgramAction } from '../protocol/actions.ts';
import type { ProgramEvent } from '../protocol/events.ts';
import { type FailureKind, type Program, ProgramFailure } from '../protocol/program.ts';
import { ActionRules, RuleError } from './action-rules.ts';
import { carryOut, type LifeOfProgram } from './carry-out.ts';
import { adminEvent, messageEvent, requestEvents, startEvent } from './program-events.ts';
import type { ProgramRun } from './program-run.ts';
import { eventWords } from './program-words.ts';

/** The greeting is line 1 of every life. */
const LINES_BEFORE_START = 1;

/** An action, and where it stood: in the answer to which line, at which place. */
interface Placed {
  readonly action: ProgramAction;
  readonly line: number;
  readonly place: number;
  readonly event: ProgramEvent;
}

export class ProgramServer implements Server {
  private readonly run: ProgramRun;
  private readonly hasBarrier: boolean;
  private node: NodeId = 0;
  private program: Program | null = null;
  private line = LINES_BEFORE_START;
  private life: LifeOfProgram | null = null;
  /** Behind a barrier: writes that are not safe yet, and what waits for them, in order. */
  private unsafeWrites = 0;
  private held: Placed[] = [];
  /** What the program was told ahead of its turn, and as which event of the world. */
  private foretold: { readonly event: ServerEvent; readonly told: ProgramEvent } | null = null;

  constructor(run: ProgramRun) {
    this.run = run;
    this.hasBarrier = run.capabilities.durability === 'barrier';
  }

  /** The next event, ahead of its turn: `step` follows with an equal one. */
  foretell(event: ServerEvent): void {
    const { program } = this;
    if (this.foretold !== null || program?.foretell === undefined) return;
    const told = toldAs(event);
    if (told === null || (told.kind === 'persisted' && this.hasBarrier)) return;
    this.foretold = { event, told };
    program.foretell(told);
  }

  step(event: ServerEvent, outbox: ProgramOutbox): void {
    const { foretold } = this;
    if (foretold !== null) {
      assert(areEqual(foretold.event, event), 'what was foretold comes', this.node, event.now);
      this.foretold = null;
      this.tell(foretold.told, outbox);
      return;
    }
    switch (event.kind) {
      case 'start':
        this.begin(event, outbox);
        return;
      case 'message':
      case 'timer':
        this.tell(toldAs(event)!, outbox);
        return;
      case 'request':
        for (const request of requestEvents(event, this.run)) this.tell(request, outbox);
        return;
      case 'persisted':
        if (this.hasBarrier) this.release(outbox);
        else this.tell(toldAs(event)!, outbox);
        return;
      case 'persistFailed':
        this.failWrite(event.now, event.id, event.error, outbox);
        return;
      case 'snapshotTaken': {
        const ref = this.run.handSnapshot(event.index, event.data);
        const index = this.life!.snapshotsAsked.shift()!;
        this.tell({ kind: 'snapshotTaken', now: event.now, index, ref }, outbox);
        return;
      }
      case 'admin':
        this.tell(adminEvent(event, this.run), outbox);
    }
  }

  private begin(event: StartEvent, outbox: ProgramOutbox): void {
    this.node = event.self;
    const start = startEvent(event, this.run);
    this.life = {
      node: event.self,
      run: this.run,
      rules: new ActionRules(event.self, this.run, start.durable),
      applied: 0,
      snapshotsAsked: [],
    };
    this.program = this.run.begin(event.self);
    this.tell(start, outbox);
  }

  private tell(event: ProgramEvent, outbox: ProgramOutbox): void {
    this.line += 1;
    const { line } = this;
    const actions = this.program!.answer(event);
    for (let i = 0; i < actions.length; i += 1) {
      const action = actions[i]!;
      if (this.unsafeWrites === 0 || isTimer(action)) {
        this.carryOut(action, line, i + 1, event, outbox);
      } else this.held.push({ action, line, place: i + 1, event });
    }
  }

  private carryOut(
    action: ProgramAction,
    line: number,
    place: number,
    event: ProgramEvent,
    outbox: ProgramOutbox,
  ): void {
    try {
      carryOut(action, this.life!, outbox);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      throw this.failure(error.kind, error.message, { action, line, place, event });
    }
    if (action.kind === 'persist' && this.hasBarrier) this.unsafeWrites += 1;
    if (action.kind !== 'halt' || this.run.hasFailedWrite(this.node)) return;
    const why = `stopped itself (${action.reason}), though none of its writes had failed`;
    throw this.failure('HALT', why, { action, line, place, event });
  }

  /** A write is safe: what waited for it is carried out, up to the next one. */
  private release(outbox: ProgramOutbox): void {
    this.unsafeWrites -= 1;
    if (this.unsafeWrites > 0) return;
    const { held } = this;
    let place = 0;
    while (place < held.length && this.unsafeWrites === 0) {
      const { action, line, place: nth, event } = held[place]!;
      this.carryOut(action, line, nth, event, outbox);
      place += 1;
    }
    this.held = held.slice(place);
  }

  /** A program that waits for its disk to be safe has no way to go on when it is not. */
  private failWrite(now: number, id: number, error: string, outbox: ProgramOutbox): void {
    this.run.noteFailedWrite(this.node);
    this.life!.rules.forgetLists();
    if (this.hasBarrier) outbox.halt(error);
    else this.tell({ kind: 'persistFailed', now, id, error }, outbox);
  }

  private failure(kind: FailureKind, message: string, { action, line, place, event }: Placed) {
    const where = `line ${line} (${eventWords(event)}): action ${place} (${action.kind})`;
    return new ProgramFailure(kind, `${where}: ${message}`, this.run.host.log().slice(-20));
  }
}

/** Events that are told as they come, whatever else is known; null for others. */
function toldAs(event: ServerEvent): ProgramEvent | null {
  switch (event.kind) {
    case 'message':
      return messageEvent(event);
    case 'timer':
      return { kind: 'timer', now: event.now, name: event.name };
    case 'persisted':
      return { kind: 'persisted', now: event.now, id: event.id };
    default:
      return null;
  }
}

function areEqual(a: ServerEvent, b: ServerEvent): boolean {
  if (a.kind !== b.kind || a.now !== b.now) return false;
  switch (a.kind) {
    case 'message':
      return b.kind === 'message' && a.from === b.from && a.body === b.body;
    case 'timer':
      return b.kind === 'timer' && a.name === b.name;
    case 'persisted':
      return b.kind === 'persisted' && a.id === b.id;
    default:
      return false;
  }
}

function isTimer({ kind }: ProgramAction): boolean {
  return kind === 'setTimer' || kind === 'cancelTimer';
}
