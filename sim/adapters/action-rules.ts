/** What may be wrong with an action though its form is right: it depends on what came before. */
import type { NodeId } from '../../core/messages.ts';
import type { ProgramAction } from '../protocol/actions.ts';
import type { DurableStream } from '../protocol/events.ts';
import type { FailureKind } from '../protocol/program.ts';
import { nearestName, show } from '../usage-error.ts';
import type { ProgramRun } from './program-run.ts';
import { serverName, serverOf } from './program-words.ts';
import { WrittenLists } from './written-lists.ts';

/** What is wrong: the message goes behind the place of the action. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly kind: FailureKind;

  constructor(message: string, kind: FailureKind = 'PROTOCOL') {
    super(message);
    this.kind = kind;
  }
}

type Write = ProgramAction & { readonly kind: 'persist' };
type Answer = ProgramAction & { readonly kind: 'respond' };

/** More names than these in one life are no names but numbers. */
const TIMERS_MAX = 1_000;
const STREAMS_MAX = 100;

/** The rules for one life of one server. Every check throws a RuleError. */
export class ActionRules {
  private readonly node: NodeId;
  private readonly run: ProgramRun;
  private readonly lists: WrittenLists;
  private readonly timers = new Set<string>();
  private readonly writes = new Set<number>();
  private lastWrite = 0;
  private readonly answered = new Set<string>();

  constructor(
    node: NodeId,
    run: ProgramRun,
    durable: Readonly<Record<string, DurableStream>> | null,
  ) {
    this.node = node;
    this.run = run;
    this.lists = new WrittenLists(durable);
  }

  /** A write has failed: how long the lists are is not known any more. */
  forgetLists(): void {
    this.lists.forget();
  }

  checkDestination(to: string): void {
    const node = serverOf(to);
    if (node === this.node) throw new RuleError(`"to" is ${to}, which is this server itself`);
    if (node === 0 || node > this.run.size) throw new RuleError(this.noSuchServer('to', to));
  }

  checkTimer(name: string): void {
    this.timers.add(name);
    if (this.timers.size <= TIMERS_MAX) return;
    const limit = TIMERS_MAX.toLocaleString('en');
    throw new RuleError(
      `more than ${limit} different names of timers in one life, the last of them ${show(name)}: ` +
        'use a name again once its timer has run out or is cancelled',
      'LIMIT',
    );
  }

  checkWrite({ id, stream, after, write }: Write): void {
    if (this.run.capabilities.durability === 'none') {
      throw new RuleError(
        'there is nothing to persist with the durability "none"; declare "barrier", "immediate" or "explicit"',
      );
    }
    if (id <= this.lastWrite) {
      const last = this.lastWrite;
      throw new RuleError(`"id" must rise within a life: it is ${id}, and the last was ${last}`);
    }
    if (after !== 0 && !this.writes.has(after)) {
      const nearest = this.lastWrite === 0 ? 'there was none' : `the last was ${this.lastWrite}`;
      throw new RuleError(`"after" is ${after}, which is no write of this life; ${nearest}`);
    }
    this.lastWrite = id;
    this.writes.add(id);
    const problem = this.lists.take(stream, write);
    if (problem !== null) throw new RuleError(problem);
    if (this.lists.count <= STREAMS_MAX) return;
    throw new RuleError(`more than ${STREAMS_MAX} different streams`, 'LIMIT');
  }

  checkAnswer({ id, outcome, value, hint }: Answer): void {
    if (!this.run.hasHanded(id)) {
      const meant = nearestName(id, this.run.lastHanded());
      const question = meant === null ? '' : `; did you mean ${show(meant)}?`;
      throw new RuleError(`no request has the id ${show(id)}${question}`);
    }
    if (this.answered.has(id)) {
      throw new RuleError(`${show(id)} was answered by this server before; one answer for each`);
    }
    this.answered.add(id);
    if (typeof hint === 'string') {
      const node = serverOf(hint);
      if (node === 0 || node > this.run.size) throw new RuleError(this.noSuchServer('hint', hint));
    }
    if (outcome !== 'ok' || value !== undefined || !this.mustTell(id)) return;
    throw new RuleError(
      `"value" is missing: with the state machine "own", the answer to a read says what it found, null for nothing`,
    );
  }

  /** After so many commands the state was the one that this text stands for. */
  checkedPosition(ref: string): number {
    const position = this.run.positionOf(ref);
    if (position !== undefined) return position;
    throw new RuleError(
      `"ref" is ${show(ref)} (${ref.length} characters), which no snapshotTaken event has brought; ` +
        'put the chunks of a snapshot together exactly as they were',
    );
  }

  /** Clients that read wait for a value. */
  private mustTell(id: string): boolean {
    return this.run.capabilities.stateMachine === 'own' && this.run.isRead(id);
  }

  private noSuchServer(field: string, name: string): string {
    const last = serverName(this.run.size);
    return `"${field}" is ${name}, and the servers of this run are n1 to ${last}`;
  }
}
