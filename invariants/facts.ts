/**
 * Facts: what the world saw, in the order in which it happened. A run calls these methods while it
 * happens; a trace holds the same calls as data, so a trace can be judged without the
 * implementation. Nothing here is what a server says about itself, except `claimed`, which is
 * tested, and `noted`, which no verdict rests on.
 *
 * One *step* is one event into one server: one of started, delivered, fired, requested, persisted,
 * persistFailed, snapshotTaken, adminRequested; then the actions, in order; then stepEnded. A crash between two actions ends the
 * step without stepEnded: `crashed` comes instead.
 *
 * Times are whole virtual microseconds and never fall. Nodes are 1 … size. Bodies, writes and
 * entries are read-only and may be kept by reference.
 */
import type { AdminRequest, ClientRequest, Outcome, Write } from '../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../core/messages.ts';

export interface Facts {
  // Events into a server: each opens a step.

  /**
   * A life begins; `boot` is 0 for the first. What the disk hands back is the durable image, and the
   * host's state machine holds the log through `applied`.
   */
  started(atUs: number, node: NodeId, boot: number, applied: LogIndex): void;
  /** `stamp` is what `sent` returned for this message; `messageId` is unique, a duplicate shares it. */
  delivered(
    atUs: number,
    node: NodeId,
    from: NodeId,
    messageId: number,
    stamp: number,
    body: Message,
  ): void;
  fired(atUs: number, node: NodeId, timer: string): void;
  requested(atUs: number, node: NodeId, requests: readonly ClientRequest[]): void;
  /** The write, and all before it in its stream, are durable, and the server is told, perhaps late. */
  persisted(atUs: number, node: NodeId, writeId: number): void;
  /**
   * Nothing of the write is on disk, nor of later ones of its stream, nor of what is ordered after
   * one of these, as far as they were issued before. The server is told, of each in a step.
   */
  persistFailed(atUs: number, node: NodeId, writeId: number, error: string): void;
  /** The state machine as it was when the server asked for it, under the index that it gave. */
  snapshotTaken(atUs: number, node: NodeId, index: LogIndex, data: string): void;
  /** An operator asks; `responded` answers. */
  adminRequested(atUs: number, node: NodeId, requestId: string, request: AdminRequest): void;

  // Actions of a server, in list order (runs of sends are sorted by destination).

  /**
   * `copies` is how many of it the network will deliver: 0 when lost. Returns a stamp that the
   * caller hands back at every delivery.
   */
  sent(node: NodeId, to: NodeId, messageId: number, copies: number, body: Message): number;
  timerSet(node: NodeId, timer: string, minMs: number, maxMs: number): void;
  timerCancelled(node: NodeId, timer: string): void;
  persistIssued(node: NodeId, writeId: number, stream: string, after: number, write: Write): void;
  applied(node: NodeId, index: LogIndex, entry: Entry): void;
  /** The server asks for its state machine as it is now. */
  snapshotAsked(node: NodeId, index: LogIndex): void;
  /** The state machine now holds this, said to be the log through `index`. */
  restored(node: NodeId, index: LogIndex, data: string): void;
  /** `value` is what the host's state machine answers; null for none, and when not ok. */
  responded(
    node: NodeId,
    requestId: string,
    outcome: Outcome,
    hint: NodeId,
    value: string | null,
  ): void;
  claimed(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void;
  halted(node: NodeId, reason: string): void;
  noted(node: NodeId, text: string): void;
  stepEnded(node: NodeId): void;

  // The world around the servers.

  /**
   * The fault at this place of the plan strikes; `node` is the server of the fact that fired it, 0
   * for none. What it does follows in facts of its own, where it is one at once.
   */
  struck(atUs: number, place: number, node: NodeId): void;
  /** Memory, timers and unfinished writes are gone, but for the writes that survived. */
  crashed(atUs: number, node: NodeId, survivors: readonly SurvivingWrite[]): void;
  /** Its disk is gone, too, and nothing with this id ever runs again. It is down: see `crashed`. */
  wiped(atUs: number, node: NodeId): void;
  /** A paused server keeps memory and messages and gets no event until it is resumed. */
  paused(atUs: number, node: NodeId): void;
  resumed(atUs: number, node: NodeId): void;
  /** All directed links that are blocked from now on, as `from * 8 + to`, ascending. */
  blocked(atUs: number, links: readonly number[]): void;
  /** An initial image: what node's disk holds before its first boot. Only before any other fact. */
  prepared(node: NodeId, currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void;
  /** Phases follow each other in this order; `core` are the nodes that must make progress. */
  phaseBegan(atUs: number, phase: Phase, core: readonly NodeId[]): void;
  /** A regular look at the whole, so that liveness is judged even when nothing happens. */
  inspected(atUs: number): void;
  /** The state machine of a live server, as sorted [key, value] pairs, at its last applied index. */
  stateInspected(
    atUs: number,
    node: NodeId,
    index: LogIndex,
    contents: readonly (readonly [string, string])[],
  ): void;

  // Clients: the history.

  invoked(atUs: number, clientId: number, seq: number, op: string, readOnly: boolean): void;
  /** ok with a value; fail: it definitely did not happen; info: nobody knows. */
  returned(
    atUs: number,
    clientId: number,
    seq: number,
    outcome: 'ok' | 'fail' | 'info',
    value: string | null,
  ): void;
}

/** `kept` counts the surviving entries of an append or overwrite; -1 means the whole write. */
export interface SurvivingWrite {
  readonly writeId: number;
  readonly kept: number;
}

/** chaos: faults; heal: links free, servers restarted; quiet: no client traffic; traffic: again. */
export type Phase = 'chaos' | 'heal' | 'quiet' | 'traffic' | 'end';
