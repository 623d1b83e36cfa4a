/** Plays a transcript to a program, and says in one sentence what is wrong with its answers. */
import { isDeepStrictEqual } from 'node:util';
import { imageOfProgram, opaqueWrite } from '../kernel/opaque.ts';
import { OpaqueContent } from '../kernel/opaque-content.ts';
import type { ProgramAction } from '../protocol/actions.ts';
import type { Ready } from '../protocol/capabilities.ts';
import type { ProgramEvent, ProgramStartEvent } from '../protocol/events.ts';
import { ProgramFailure } from '../protocol/program.ts';
import { StdioProcess } from './stdio-process.ts';
import type { Supervision } from './stdio-supervision.ts';
import type { Transcript, TranscriptStep } from './transcript.ts';

export interface TranscriptResult {
  /** null: all is well. */
  readonly problem: string | null;
  /** It does not concern this program. */
  readonly isSkipped: boolean;
  /** The last lines of log before the problem. */
  readonly log: readonly string[];
}

class Mismatch extends Error {}

const BENCH = 'whitewater';
/** Firing stops when a program has asked for so many events more. */
const PERSISTED_MAX = 1_000;

export function playTranscript(transcript: Transcript, supervision: Supervision): TranscriptResult {
  let player: Player | null = null;
  try {
    player = new Player(supervision);
    for (const step of transcript.steps) {
      player.play(step);
      const { ready } = player;
      if (ready !== null && transcript.needsReset && !ready.capabilities.reset) {
        return { problem: null, isSkipped: true, log: [] };
      }
    }
    return { problem: null, isSkipped: false, log: [] };
  } catch (error) {
    if (error instanceof ProgramFailure) {
      return { problem: error.message, isSkipped: false, log: error.log };
    }
    if (!(error instanceof Mismatch)) throw error;
    return { problem: error.message, isSkipped: false, log: player?.log ?? [] };
  } finally {
    player?.close();
  }
}

/** A server without a world: its timers and its disk are here, and nobody else. */
class Player {
  ready: Ready | null = null;
  readonly log: string[] = [];
  private readonly supervision: Supervision;
  private process: StdioProcess;
  private answer: Readonly<Record<string, unknown>> = {};
  private start: ProgramStartEvent | null = null;
  private disk = new OpaqueContent();
  private now = 0;
  private readonly timers = new Map<string, number>();
  /** All events since the start, and what they were answered with. */
  private readonly steps: { readonly event: ProgramEvent; readonly actions: unknown }[] = [];

  constructor(supervision: Supervision) {
    this.supervision = supervision;
    this.process = this.open();
  }

  play(step: TranscriptStep): void {
    switch (step.do) {
      case 'write':
        this.write(step.line);
        return;
      case 'expect':
        this.expect(step.fields);
        return;
      case 'fire':
        this.fire();
        return;
      case 'restart':
        this.restart();
        return;
      case 'again':
        this.again();
        return;
      case 'end of input':
        this.finish();
    }
  }

  close(): void {
    this.process.kill();
  }

  private open(): StdioProcess {
    return new StdioProcess(this.supervision, (line) => this.log.push(line));
  }

  private write({ n: _, kind, ...fields }: Readonly<Record<string, unknown>>): void {
    if (kind !== 'hello') {
      this.tell({ kind, ...fields } as unknown as ProgramEvent);
      return;
    }
    const { protocols: _protocols, bench: _bench, ...more } = fields;
    this.ready = this.process.greet(BENCH, more);
    this.answer = { ...this.ready };
  }

  private tell(event: ProgramEvent): readonly ProgramAction[] {
    if (event.kind === 'start') {
      this.start = event;
      this.now = event.now;
      this.timers.clear();
      this.steps.length = 0;
    }
    const actions = this.process.answer(event);
    this.steps.push({ event, actions });
    this.answer = { done: this.steps.length + 1, actions };
    for (const action of actions) {
      if (action.kind === 'setTimer') this.timers.set(action.name, this.now + action.minMs);
      if (action.kind === 'cancelTimer') this.timers.delete(action.name);
      if (action.kind === 'persist') {
        this.disk.carryOut(opaqueWrite(action.write), action.stream, -1);
      }
    }
    return actions;
  }

  private expect(fields: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(fields)) {
      if (isDeepStrictEqual(this.answer[name], value)) continue;
      const got = JSON.stringify(this.answer[name]);
      throw new Mismatch(`expected ${JSON.stringify({ [name]: value })}, got ${name} ${got}`);
    }
  }

  private fire(): void {
    const due = [...this.timers].sort(([, a], [, b]) => a - b)[0];
    if (due === undefined) return;
    const [name, at] = due;
    this.timers.delete(name);
    this.now = Math.max(this.now, at);
    const isTold = this.ready!.capabilities.durability === 'explicit';
    const unsafe = writesOf(this.tell({ kind: 'timer', now: this.now, name }));
    for (let i = 0; isTold && i < unsafe.length && i < PERSISTED_MAX; i += 1) {
      const id = unsafe[i]!;
      unsafe.push(...writesOf(this.tell({ kind: 'persisted', now: this.now, id })));
    }
  }

  private restart(): void {
    this.process.kill();
    this.process = this.open();
    this.ready = this.process.greet(BENCH);
    const isKept = this.ready.capabilities.durability !== 'none';
    const durable = isKept ? imageOfProgram(this.disk.image()) : null;
    if (!isKept) this.disk = new OpaqueContent();
    this.tell({ ...this.start!, now: this.now + 100, boot: this.start!.boot + 1, durable });
  }

  private again(): void {
    const before = this.steps.slice();
    for (const { event, actions } of before) {
      const after = this.tell(event);
      if (isDeepStrictEqual(after, actions)) continue;
      const [first, second] = [JSON.stringify(actions), JSON.stringify(after)];
      throw new Mismatch(`${event.kind} was answered with ${first} first, and now with ${second}`);
    }
  }

  private finish(): void {
    const { code, signal } = this.process.finish();
    if (code === 0) return;
    if (code === null && signal === null) {
      throw new Mismatch('did not end within two seconds after its stdin was closed');
    }
    throw new Mismatch(`ended with ${signal ?? `code ${code}`} when its stdin was closed`);
  }
}

function writesOf(actions: readonly ProgramAction[]): number[] {
  return actions.flatMap((action) => (action.kind === 'persist' ? [action.id] : []));
}
