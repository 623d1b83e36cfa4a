/** One process that speaks the protocol: lines to it, lines from it, and what may go wrong with it. */
import type { ProgramAction } from '../protocol/actions.ts';
import type { Ready } from '../protocol/capabilities.ts';
import {
  ACTIONS_MAX,
  AnswerError,
  checkedActions,
  checkedDone,
  checkedReady,
} from '../protocol/check-answer.ts';
import type { ProgramEvent } from '../protocol/events.ts';
import { type FailureKind, FLOOD, ProgramFailure } from '../protocol/program.ts';
import { eventWords } from './program-words.ts';
import { deathSentence, floodSentence, ownWords, startWords } from './stdio-death.ts';
import { LINE_BYTES_MAX, LineReader, writeLine } from './stdio-lines.ts';
import { type Death, LOG_BYTES_MAX, type Started } from './stdio-link.ts';
import type { Supervision } from './stdio-supervision.ts';

const PROTOCOLS = [1];
/** Lines of log that go with a failure, and UTF-16 code units of each. */
const LOG_LINES = 20;
const LOG_WIDTH = 500;
/** Of a line without an end. */
const SHOWN_BYTES = 60;

export class StdioProcess {
  private readonly supervision: Supervision;
  private readonly started: Started;
  private readonly reader: LineReader;
  private readonly onLog: (line: string) => void;
  private readonly log: string[] = [];
  /** The number of the last line of this life. */
  private n = 0;
  /** The event that was written ahead of its turn, and not answered yet. */
  private foretold: ProgramEvent | null = null;
  isAlive = true;

  /** Throws a ProgramFailure when it cannot be started. */
  constructor(supervision: Supervision, onLog: (line: string) => void) {
    this.supervision = supervision;
    this.started = supervision.start();
    this.reader = new LineReader(this.started.answers);
    this.onLog = onLog;
    const { error } = this.started;
    if (error === null) return;
    this.isAlive = false;
    throw new ProgramFailure('CRASH', `could not be started: ${startWords(error)}`);
  }

  /** `more`: fields of a newer bench. */
  greet(bench: string, more: object = {}): Ready {
    this.n = 1;
    const hello = { n: 1, kind: 'hello', protocols: PROTOCOLS, bench, ...more };
    const answer = this.parsed(this.ask(JSON.stringify(hello), 'the greeting', true));
    return this.checked('the greeting', () => checkedReady(answer, PROTOCOLS));
  }

  /** It owes an answer to something that was foretold. */
  get isThinking(): boolean {
    return this.foretold !== null;
  }

  /** Writes the event ahead of its turn; `answer` waits for what comes of it. */
  foretell(event: ProgramEvent): void {
    this.foretold = event;
    const line = this.lineOf(event);
    // Who does not read may be killed for it; that the pipe is closed is found when it is read.
    this.supervision.await(this.started.process, false);
    writeLine(this.started.events, line);
    this.supervision.heard();
  }

  answer(event: ProgramEvent): readonly ProgramAction[] {
    const line = this.foretold === event ? null : this.lineOf(event);
    this.foretold = null;
    const what = `its event ${this.n} (${eventWords(event)})`;
    const answer = this.parsed(this.ask(line, what, false));
    const { actions, error } = this.checked(what, () => checkedDone(answer, this.n));
    if (error !== undefined) throw this.failure('CRASH', `threw on ${what}: ${oneLine(error)}`);
    if (Array.isArray(actions) && actions.length > ACTIONS_MAX) {
      const count = actions.length.toLocaleString('en');
      const limit = ACTIONS_MAX.toLocaleString('en');
      throw this.failure('LIMIT', `answered ${what} with ${count} actions; the limit is ${limit}`);
    }
    return this.checked(what, () => checkedActions(actions));
  }

  /** Nothing is heard of it again. */
  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.supervision.drop(this.started.process);
  }

  /** Closes its stdin, and tells how it ended; code and signal are null when it did not. */
  finish(): Death {
    this.isAlive = false;
    return this.supervision.finish(this.started.process);
  }

  private lineOf(event: ProgramEvent): string {
    this.n = event.kind === 'start' ? 2 : this.n + 1;
    return `{"n":${this.n},${JSON.stringify(event).slice(1)}`;
  }

  /** The next line of answer; what is no object is log. `line`: null when it is written already. */
  private ask(line: string | null, what: string, isHello: boolean): string {
    const { supervision, started, reader } = this;
    supervision.await(started.process, isHello);
    let logged = 0;
    try {
      if (line !== null && !writeLine(started.events, line)) throw this.died(what);
      for (;;) {
        const answer = reader.next();
        if (answer === null || supervision.isOver(started.process)) throw this.died(what);
        if (answer.startsWith('{')) return answer;
        this.note(answer);
        logged += answer.length + 1;
        if (logged > LOG_BYTES_MAX) throw this.flooded(what);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const limit = `${LINE_BYTES_MAX / 1024 / 1024} MiB`;
      throw this.failure('LIMIT', `${FLOOD}: a line of more than ${limit} in answer to ${what}`);
    } finally {
      supervision.heard();
    }
  }

  private note(line: string): void {
    const cut = line.length > LOG_WIDTH ? `${line.slice(0, LOG_WIDTH)}…` : line;
    this.log.push(cut);
    if (this.log.length > LOG_LINES) this.log.shift();
    this.onLog(cut);
  }

  private parsed(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch (error) {
      const shown = line.length > 60 ? `${line.slice(0, 60)}…` : line;
      const why = (error as Error).message.replace(/,? *(\.\.\.)?".*$/, '');
      throw this.failure('PROTOCOL', `line ${this.n}: not JSON (${why}): ${shown}`);
    }
  }

  private checked<T>(what: string, check: () => T): T {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      const where = this.n === 1 ? `answer to ${what}` : `line ${this.n}`;
      throw this.failure('PROTOCOL', `${where}: ${error.message}`);
    }
  }

  /** Its end of the pipes is closed. */
  private died(what: string): ProgramFailure {
    this.supervision.heard();
    this.isAlive = false;
    const death = this.supervision.bury(this.started.process, true);
    const { kind, sentence } = deathSentence(death, what, this.unfinished());
    return new ProgramFailure(kind, sentence, this.lastLines(ownWords(death)));
  }

  /** Who has written the log may be a child of a program that is over. */
  private flooded(what: string): ProgramFailure {
    this.supervision.heard();
    this.isAlive = false;
    const death = this.supervision.bury(this.started.process, false);
    const isOver = death.code !== null || death.signal !== null;
    const own = { kind: 'LIMIT', sentence: floodSentence('stdout', what) } as const;
    const { kind, sentence } = isOver ? deathSentence(death, what, null) : own;
    return new ProgramFailure(kind, sentence, this.lastLines(ownWords(death)));
  }

  /** The beginning of what it has written without an end of line. */
  private unfinished(): string | null {
    const { reader } = this;
    return reader.unfinished === 0 ? null : oneLine(reader.unfinishedText(SHOWN_BYTES));
  }

  /** It is of no more use. */
  private failure(kind: FailureKind, message: string): ProgramFailure {
    this.supervision.heard();
    this.isAlive = false;
    const { stderr } = this.supervision.bury(this.started.process, false);
    return new ProgramFailure(kind, message, this.lastLines(stderr));
  }

  private lastLines(stderr: string): readonly string[] {
    const lines = stderr.split(/\r?\n/).filter((line) => line !== '');
    const cut = lines.slice(-LOG_LINES).map((line) => line.slice(0, LOG_WIDTH));
    return [...this.log, ...cut].slice(-LOG_LINES);
  }
}

function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > LOG_WIDTH ? `${line.slice(0, LOG_WIDTH)}…` : line;
}
