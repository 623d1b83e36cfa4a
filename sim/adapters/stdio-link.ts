/**
 * What the thread that runs and the thread that watches share. The one that runs may block, on a
 * read or on a reply; the other never does. Nothing of real time gets to the one that runs.
 */
import type { MessagePort } from 'node:worker_threads';

/** How a program is started. */
export interface StdioCommand {
  /** The program and its arguments, as the system takes them: there is no shell. */
  readonly argv: readonly [string, ...string[]];
  /** All of its environment, but for HOME. */
  readonly environment: Readonly<Record<string, string>>;
  /** As whom it runs; null: as the bench does. */
  readonly user: SystemUser | null;
}

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Of log on stdout, or of stderr, while one answer is awaited; bytes. */
export const LOG_BYTES_MAX = 4 * 1024 * 1024;

/** Real time, milliseconds. null: for ever, as when somebody sits at a debugger. */
export interface StdioPatience {
  readonly eventMs: number | null;
  readonly helloMs: number | null;
}

export interface SupervisorData {
  readonly shared: SharedArrayBuffer;
  readonly port: MessagePort;
  readonly command: StdioCommand;
  readonly patience: StdioPatience;
  /** The thread that runs, if it and its programs are to keep to a core of their own. */
  readonly thread: number | null;
}

/** Places in the shared array. */
export const Place = {
  /** Replies that the supervisor has posted. */
  replies: 0,
  /** The process of which an answer is awaited; 0 for none. */
  awaited: 1,
  /** Grows with every answer that is awaited. */
  questions: 2,
  /** 1: the answer to a greeting, which may take longer. */
  isHello: 3,
  /** A process that is dead, or to be taken for dead; whoever still writes in its name is not heard. */
  over: 4,
} as const;
export const PLACES = 5;

export type SupervisorTask =
  | { readonly do: 'start' }
  /** Kills it, unless it is dead, and tells how it ended. `isEnding`: it may still do so itself. */
  | { readonly do: 'bury'; readonly process: number; readonly isEnding: boolean }
  /** Closes its stdin, and kills it when it has not ended soon after. */
  | { readonly do: 'finish'; readonly process: number }
  /** Kills it. Answered at once. */
  | { readonly do: 'drop'; readonly process: number }
  /** From now on all may take so long together; null: no limit. */
  | { readonly do: 'limit'; readonly ms: number | null }
  /** What its processes wrote to stderr last. */
  | { readonly do: 'log' }
  | { readonly do: 'close' };

export interface Started {
  /** Names it from now on. */
  readonly process: number;
  /** Also its process group; 0 when it could not be started. */
  readonly pid: number;
  /** File descriptors: events are written to the one, answers are read from the other. */
  readonly events: number;
  readonly answers: number;
  /** Why it could not be started, else null. */
  readonly error: string | null;
}

/** How a process ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: string | null;
  /**
   * Killed by the supervisor: nothing was heard for too long, no time is left in all, or it wrote
   * too much to stderr.
   */
  readonly because: 'silence' | 'limit' | 'flood' | null;
  /** Was it computing when it was killed for its silence, or waiting; null: nobody knows. */
  readonly wasBusy: boolean | null;
  /** The last of what it wrote there. */
  readonly stderr: string;
}

export type SupervisorReply =
  | { readonly kind: 'started'; readonly started: Started }
  | { readonly kind: 'death'; readonly death: Death }
  | { readonly kind: 'log'; readonly stderr: string }
  | { readonly kind: 'done' }
  /** The supervisor's own fault. */
  | { readonly kind: 'failed'; readonly message: string };
