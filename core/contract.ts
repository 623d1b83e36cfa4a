/**
 * The contract between a server and whatever hosts it: one event in, an ordered list of actions
 * out. A server never blocks, never reads a clock and never draws a random number.
 *
 * Three hosts can drive the same server: the simulated world, a program on the other end of a
 * pipe, and a real process with a real clock, network and disk.
 */
import type { Command, Entry, LogIndex, Message, NodeId, Snapshot, Term } from './messages.ts';
import type { PersistentStore } from './persistent-store.ts';
import type { Transport } from './transport.ts';

export type * from './messages.ts';
export type { StreamName, Write } from './persistent-store.ts';

/** One server: all of its memory is in this object, and a crash is the end of it. */
export interface Server {
  /**
   * Takes one event and answers with actions, in order, through `out`. Called again only after it
   * has returned. Must not keep `out`.
   */
  step(event: ServerEvent, out: Outbox): void;
}

/** Makes a server with empty memory; its first event is `start`. */
export type CreateServer = () => Server;

/** Timing, batching and options that every server of a cluster is told at `start`. */
export interface ServerConfig {
  /** Election timeouts are drawn from [electionMsMin, electionMsMax] (§5.2), whole ms, > 0. */
  readonly electionMsMin: number;
  readonly electionMsMax: number;
  /** A leader is silent no longer than this, whole ms, > 0, well below electionMsMin. */
  readonly heartbeatMs: number;
  /** At most this many entries in one AppendEntries, >= 1. */
  readonly batchEntriesMax: number;
  /** At most this many AppendEntries with entries in flight to one follower, >= 1. */
  readonly inflightMax: number;
  /** How a leader finds the point where logs agree after a refusal (§5.3, end). */
  readonly backtracking: 'conflictTerm' | 'decrement';
  /**
   * A leader whose last append is not safe yet keeps further requests, and appends them together
   * when it is: one write for many commands.
   */
  readonly groupCommit: boolean;
  /** At most this many entries are applied in one step, >= 1; the rest follows in later steps. */
  readonly applyBatchMax: number;
  /** The commit index is written with the hard state, so that a restart need not learn it anew. */
  readonly persistCommitIndex: boolean;
  /** A server asks whether it could win before it raises its term (thesis §9.6). */
  readonly preVote: boolean;
  /**
   * A leader that hears from no majority for an election timeout steps down, and who hears from a
   * leader lets nobody else disturb it (§6, end; thesis §6.2).
   */
  readonly checkQuorum: boolean;
  /** How a leader answers read-only requests: through the log, or without it (§8, thesis §6.4). */
  readonly reads: 'log' | 'readIndex' | 'lease';
  /**
   * No clock is faster or slower than true time by more than this, parts per million: what a lease
   * must allow for.
   */
  readonly clockDriftPpm: number;
  /** How the configuration changes: joint consensus (§6), or one server at a time (thesis §4.1). */
  readonly membership: 'joint' | 'singleServer';
  /** A snapshot is taken when so many entries were applied since the last; 0: only on request. */
  readonly snapshotEntries: number;
  /** So many entries stay in the log behind a snapshot, for followers that lag a little. */
  readonly trailingEntries: number;
  /** At most so many UTF-16 code units of a snapshot in one InstallSnapshot, >= 1. */
  readonly snapshotChunkMax: number;
  /** Leaders write their wall clock into the entries of commands. */
  readonly logTime: boolean;
}

/** One attempt at a command. `id` names the attempt, (clientId, seq) the command. */
export interface ClientRequest {
  readonly id: string;
  readonly command: Command;
  readonly readOnly: boolean;
}

/** What survived on disk. Log entries stand at index `firstIndex`, firstIndex + 1, and so on. */
export interface DurableImage {
  readonly currentTerm: Term;
  /** The vote of currentTerm; 0 for none. */
  readonly votedFor: NodeId;
  readonly firstIndex: LogIndex;
  readonly entries: readonly Entry[];
  /** As last written with the hard state; 0 when it never was. */
  readonly commitIndex: LogIndex;
  /** The last one that was written as a whole. The log may begin before its end, at it, or lack. */
  readonly snapshot: Snapshot | null;
}

/** What operators ask of a server. */
export type AdminRequest =
  /** Makes these the voters and learners; ok when the new configuration is committed (§6). */
  | {
      readonly kind: 'changeMembership';
      readonly voters: readonly NodeId[];
      readonly learners: readonly NodeId[];
    }
  /**
   * Hands the reign over; ok when the leader has stepped down for a higher term (thesis §3.10), and
   * at once when `to` leads already.
   */
  | { readonly kind: 'transferLeadership'; readonly to: NodeId }
  /** Any server; ok when a snapshot of all that was applied is safe. */
  | { readonly kind: 'takeSnapshot' };

/**
 * Events carry `now`, local monotonic whole milliseconds, rounded down, and `wallClock`, whole
 * milliseconds that may jump and are only ever a value to be logged.
 */
export type ServerEvent =
  | StartEvent
  | MessageEvent
  | TimerEvent
  | RequestEvent
  | PersistedEvent
  | PersistFailedEvent
  | SnapshotTakenEvent
  | AdminEvent;

/** First boot (`boot` 0) and every restart. */
export interface StartEvent {
  readonly kind: 'start';
  readonly now: number;
  readonly wallClock: number;
  readonly self: NodeId;
  /** 0-based place of self in the sorted bootstrap members. */
  readonly index: number;
  /**
   * The voters of the bootstrap configuration, ascending; the log or a snapshot on disk overrules
   * it. A spare server gets none: it neither votes nor stands before it learns of a configuration.
   */
  readonly members: readonly NodeId[];
  /** 0 at the first boot, one more at each restart. */
  readonly boot: number;
  /** Differs per server and boot and tells nothing about the run. */
  readonly seed: string;
  readonly image: DurableImage | null;
  /**
   * null: the host's state machine begins each life empty. A number: it survives crashes, perhaps
   * one that the log on disk does not, and holds the log through here: apply goes on behind it.
   */
  readonly applied: LogIndex | null;
  readonly config: ServerConfig;
}

/** A body sent by another server: perhaps late, twice, out of order, or from an earlier life. */
export interface MessageEvent {
  readonly kind: 'message';
  readonly now: number;
  readonly wallClock: number;
  readonly from: NodeId;
  readonly body: Message;
}

/** A timer ran out. One that was cancelled or replaced is never delivered. */
export interface TimerEvent {
  readonly kind: 'timer';
  readonly now: number;
  readonly wallClock: number;
  readonly name: string;
}

/** One client request or a batch of them, to be taken in order. */
export interface RequestEvent {
  readonly kind: 'request';
  readonly now: number;
  readonly wallClock: number;
  readonly requests: readonly ClientRequest[];
}

/**
 * The write with this id, and all before it in its stream, are safe. A host may tell of an older
 * write after a newer one of the same stream: what is safe does not become unsafe by that.
 */
export interface PersistedEvent {
  readonly kind: 'persisted';
  readonly now: number;
  readonly wallClock: number;
  readonly id: number;
}

/**
 * Nothing of this write is on disk, nor of any later write of its stream that was issued before
 * this event, nor of one ordered after it: each of these fails too, with an event of its own. A
 * server that goes on must write again whatever it still says; one that cannot may halt.
 */
export interface PersistFailedEvent {
  readonly kind: 'persistFailed';
  readonly now: number;
  readonly wallClock: number;
  readonly id: number;
  /** For people, for example "no space left on device". */
  readonly error: string;
}

/**
 * The state machine as it was when `takeSnapshot` asked for it. It may have gone on since, or been
 * restored from another snapshot.
 */
export interface SnapshotTakenEvent {
  readonly kind: 'snapshotTaken';
  readonly now: number;
  readonly wallClock: number;
  /** As the server gave it. */
  readonly index: LogIndex;
  readonly data: string;
}

/** What an operator asks; `respond` answers, with this id. */
export interface AdminEvent {
  readonly kind: 'admin';
  readonly now: number;
  readonly wallClock: number;
  readonly id: string;
  readonly request: AdminRequest;
}

/**
 * - ok: the command is committed and applied here.
 * - redirect: not accepted; `hint` is a better server, or 0.
 * - rejected: it did not and will not happen.
 * - unknown: it may or may not happen.
 */
export type Outcome = 'ok' | 'redirect' | 'rejected' | 'unknown';

/**
 * Where a server puts its actions. They are carried out in order, and the server may crash after
 * any prefix of them. Sends between two other actions have no order among themselves.
 */
export interface Outbox extends Transport, PersistentStore {
  /** The host draws a duration in [minMs, maxMs]; setting a running timer again replaces it. */
  setTimer(name: string, minMs: number, maxMs: number): void;
  /** No effect when the timer does not run. */
  cancelTimer(name: string): void;
  /**
   * Hands a committed entry to the host's state machine; indexes rise by one within a life. Where
   * the state machine survives crashes, an entry that is not safe in the own log may come back as
   * `applied` without the log.
   */
  apply(index: LogIndex, entry: Entry): void;
  /**
   * Asks for the state machine as it is now, with all that was applied through `index`;
   * `snapshotTaken` brings it later, unless the server has crashed.
   */
  takeSnapshot(index: LogIndex): void;
  /**
   * Replaces what the host's state machine holds; apply goes on behind `index`. The first of a life
   * where a snapshot is on disk and the state machine is not.
   */
  restore(index: LogIndex, data: string): void;
  /**
   * Answers an attempt, once. `hint` is a server for `redirect`, else 0. `ok` to a read-only request
   * whose command was not applied: the host reads its state machine as it is now.
   */
  respond(id: string, outcome: Outcome, hint: NodeId): void;
  /** "I now lead (or stand, or follow) in this term": tested where it says "lead", not believed. */
  claim(role: 'follower' | 'candidate' | 'leader', term: Term): void;
  /** A server may stop itself, for example on damaged storage. */
  halt(reason: string): void;
  /** A structured log line; never evidence. */
  note(text: string): void;
}
