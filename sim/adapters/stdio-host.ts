/**
 * Programs of any language: processes that read events from stdin and answer on stdout. The caller
 * blocks until an answer is there, which keeps the world a plain function; a second thread starts
 * the processes, watches them and kills them. Needs named pipes: Linux, macOS, or WSL on Windows.
 */
import type { ProgramAction } from '../protocol/actions.ts';
import type { Ready } from '../protocol/capabilities.ts';
import { otherCapability } from '../protocol/check-answer.ts';
import type { ProgramEvent } from '../protocol/events.ts';
import { type Program, ProgramFailure, type ProgramHost } from '../protocol/program.ts';
import type { StdioCommand, StdioPatience } from './stdio-link.ts';
import { StdioProcess } from './stdio-process.ts';
import { Supervision } from './stdio-supervision.ts';

export interface StdioOptions {
  readonly patience: StdioPatience;
  /**
   * reset: a process that has done with one life begins the next, where the program can do that.
   * process: every life has a process of its own.
   */
  readonly lives: 'reset' | 'process';
  /** After so many programs that gave no answer no further one is asked; null: however many. */
  readonly hangsMax: number | null;
  /** Programs are told what comes while others are still asked: the run is the same. Default false. */
  readonly looksAhead?: boolean;
  /** The thread of the caller and its programs keep to one core: twice as fast. Default false. */
  readonly hasOwnCore?: boolean;
  /** Name and version of the bench, for the greeting. */
  readonly bench: string;
}

export const DEFAULT_STDIO_OPTIONS: StdioOptions = {
  patience: { eventMs: 5_000, helloMs: 30_000 },
  lives: 'reset',
  hangsMax: 3,
  bench: 'whitewater',
};

const LOG_LINES_MAX = 200;

export class StdioHost implements ProgramHost {
  readonly ready: Ready;
  readonly looksAhead: boolean;
  /** Programs that gave no answer in time. */
  hangs = 0;
  private readonly supervision: Supervision;
  private readonly options: StdioOptions;
  private readonly idle: StdioProcess[] = [];
  private readonly lines: string[] = [];

  /** Starts and greets a first process. Throws a ProgramFailure. */
  constructor(command: StdioCommand, options: StdioOptions = DEFAULT_STDIO_OPTIONS) {
    this.options = options;
    this.looksAhead = options.looksAhead ?? false;
    this.supervision = new Supervision(command, options.patience, options.hasOwnCore);
    try {
      const first = this.open();
      this.ready = this.greet(first);
      this.idle.push(first);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  begin(): Program {
    const { hangsMax } = this.options;
    if (hangsMax !== null && this.hangs >= hangsMax) {
      throw new ProgramFailure('HANG', `gave no answer ${hangsMax} times; it is not asked again`);
    }
    return new StdioProgram(this, this.idle.pop() ?? this.another());
  }

  /** From now on all answers together may take so long, real milliseconds; null: no limit. */
  limit(ms: number | null): void {
    this.supervision.limit(ms);
  }

  log(): readonly string[] {
    const stderr = this.supervision.stderr().split(/\r?\n/);
    return [...this.lines, ...stderr.filter((line) => line !== '')].slice(-LOG_LINES_MAX);
  }

  /** Ends all processes. */
  close(): void {
    this.supervision.close();
  }

  /** The life is over: its process may be of use for another. */
  release(process: StdioProcess): void {
    const isReusable = this.options.lives === 'reset' && this.ready.capabilities.reset;
    if (process.isAlive && isReusable && !process.isThinking) this.idle.push(process);
    else process.kill();
  }

  failed(error: unknown): void {
    if (error instanceof ProgramFailure && error.kind === 'HANG') this.hangs += 1;
  }

  private another(): StdioProcess {
    const process = this.open();
    const { capabilities } = this.greet(process);
    const other = otherCapability(this.ready.capabilities, capabilities);
    if (other === null) return process;
    process.kill();
    const message = `capability "${other}" is not what the first process of this program said`;
    throw new ProgramFailure('PROTOCOL', message, this.log());
  }

  private greet(process: StdioProcess): Ready {
    try {
      return process.greet(this.options.bench);
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  private open(): StdioProcess {
    return new StdioProcess(this.supervision, (line) => {
      this.lines.push(line);
      if (this.lines.length > LOG_LINES_MAX) this.lines.shift();
    });
  }
}

class StdioProgram implements Program {
  private readonly host: StdioHost;
  private process: StdioProcess | null;

  constructor(host: StdioHost, process: StdioProcess) {
    this.host = host;
    this.process = process;
  }

  answer(event: ProgramEvent): readonly ProgramAction[] {
    const { process } = this;
    if (process === null || !process.isAlive) {
      throw new ProgramFailure('CRASH', 'this life of the program is over');
    }
    try {
      return process.answer(event);
    } catch (error) {
      this.host.failed(error);
      throw error;
    }
  }

  foretell(event: ProgramEvent): void {
    if (this.process?.isAlive) this.process.foretell(event);
  }

  end(): void {
    if (this.process !== null) this.host.release(this.process);
    this.process = null;
  }
}
