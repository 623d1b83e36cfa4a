/** Somebody's Raft as the bench sees it: programs, one per life of a server, that answer events. */
import type { ProgramAction } from './actions.ts';
import type { Ready } from './capabilities.ts';
import type { ProgramEvent } from './events.ts';

/** One life of one server; its memory ends with it. */
export interface Program {
  /** Takes one event, answers with all that it makes the server do. Throws a ProgramFailure. */
  answer(event: ProgramEvent): readonly ProgramAction[];
  /** The next event, ahead of its turn; `answer` follows with the same object. */
  foretell?(event: ProgramEvent): void;
  /** The server has crashed, or the run is over. */
  end(): void;
}

/** Where programs come from: a module in this process, or commands that are started. */
export interface ProgramHost {
  readonly ready: Ready;
  /** Its programs can be foretold what comes. */
  readonly looksAhead?: boolean;
  /** A new life, for any server: its first event is `start`. Throws a ProgramFailure. */
  begin(): Program;
  /** The last lines that programs have logged, newest last. */
  log(): readonly string[];
}

/**
 * How a program may fail by itself, apart from what it breaks among servers.
 * - PROTOCOL: a line that the protocol does not know. HANG: no answer in time.
 * - CRASH: it ended, or threw. LIMIT: more than the bench takes.
 * - HALT: it stopped itself, and no write of it was damaged or had failed.
 */
export type FailureKind = 'PROTOCOL' | 'HANG' | 'CRASH' | 'LIMIT' | 'HALT';

/** How sentences begin that tell of more output than the bench takes. */
export const FLOOD = 'wrote too much';

/** It takes long to see, and is no other the next time: whom it happens to often is given up. */
export function isWearisome({ kind, message }: Pick<ProgramFailure, 'kind' | 'message'>): boolean {
  return kind === 'HANG' || message.startsWith(FLOOD);
}

/** The submission's own failure, never the bench's. The message is one sentence for its author. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure';
  readonly kind: FailureKind;
  /** The last lines of log before it, newest last. */
  readonly log: readonly string[];

  constructor(kind: FailureKind, message: string, log: readonly string[] = []) {
    super(message);
    this.kind = kind;
    this.log = log;
  }
}
