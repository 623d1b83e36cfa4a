/**
 * What the bench writes to a program: one line, one event. Servers are named `n1` … `n7`; times are
 * whole milliseconds, rounded down, and never fall. A program ignores fields that it does not know,
 * and answers kinds that it does not know with no actions.
 */
import type { Json } from './json.ts';

/** Opens every process, answered by `ready`. */
export interface HelloEvent {
  readonly kind: 'hello';
  readonly protocols: readonly number[];
  readonly bench: string;
}

/** First boot (`boot` 0) and every restart. */
export interface ProgramStartEvent {
  readonly kind: 'start';
  readonly now: number;
  readonly self: string;
  /** 0-based place of self among the sorted members. */
  readonly index: number;
  /** The first configuration; empty for a spare server, which waits to be added. */
  readonly members: readonly string[];
  readonly boot: number;
  /** Differs per server and boot, and tells nothing about the run. */
  readonly seed: string;
  /** What survived on disk, by stream; null when nothing was ever written. */
  readonly durable: Readonly<Record<string, DurableStream>> | null;
  readonly config: {
    /** No clock is faster or slower than true time by more than this, parts per million. */
    readonly maxDriftPpm: number;
    /** A snapshot is due when so many commands were applied since the last; null: never by itself. */
    readonly snapshotEvery: number | null;
  };
}

export interface DurableStream {
  readonly values: Readonly<Record<string, Json>>;
  /** List position of the first entry, from 1. */
  readonly firstIndex: number;
  readonly entries: readonly Json[];
}

/** The very value that another server sent: perhaps late, twice, out of order, or of an earlier life. */
export interface ProgramMessageEvent {
  readonly kind: 'message';
  readonly now: number;
  readonly from: string;
  readonly body: Json;
}

/** A timer ran out; never one that was cancelled or replaced. */
export interface ProgramTimerEvent {
  readonly kind: 'timer';
  readonly now: number;
  readonly name: string;
}

/** `op` is the same for every attempt at a command, and different for every command. */
export interface ProgramRequest {
  readonly id: string;
  readonly command: { readonly clientId: string; readonly seq: number; readonly op: string };
  readonly readOnly: boolean;
}

export interface ProgramRequestEvent extends ProgramRequest {
  readonly kind: 'request';
  readonly now: number;
}

/** In place of `request` where the program takes batches. */
export interface ProgramRequestsEvent {
  readonly kind: 'requests';
  readonly now: number;
  readonly requests: readonly ProgramRequest[];
}

/** This write, and all before it in its stream, are safe. Only where durability is explicit. */
export interface ProgramPersistedEvent {
  readonly kind: 'persisted';
  readonly now: number;
  readonly id: number;
}

/** The write did not happen, nor any behind it in its stream. Only where durability is explicit. */
export interface ProgramPersistFailedEvent {
  readonly kind: 'persistFailed';
  readonly now: number;
  readonly id: number;
  readonly error: string;
}

/** `ref` stands for the state after all that had been applied when it was asked for. */
export interface ProgramSnapshotTakenEvent {
  readonly kind: 'snapshotTaken';
  readonly now: number;
  readonly index: number;
  readonly ref: string;
}

export type ProgramChange =
  | { readonly takeSnapshot: true }
  | { readonly transferTo: string }
  /** The voters, and the servers that only learn, from now on. */
  | { readonly members: readonly string[]; readonly learners: readonly string[] };

/** What an operator asks; answered by `respond`. */
export interface ProgramAdminEvent {
  readonly kind: 'admin';
  readonly now: number;
  readonly id: string;
  readonly change: ProgramChange;
}

export type ProgramEvent =
  | ProgramStartEvent
  | ProgramMessageEvent
  | ProgramTimerEvent
  | ProgramRequestEvent
  | ProgramRequestsEvent
  | ProgramPersistedEvent
  | ProgramPersistFailedEvent
  | ProgramSnapshotTakenEvent
  | ProgramAdminEvent;
