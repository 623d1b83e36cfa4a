/** What can go wrong in a plan, and when: times are whole microseconds from the start of the run. */
import type { NodeId } from '../../core/messages.ts';

/** A fault happens at a time, or on a fact. */
export interface Fault {
  readonly when: FaultTime | FaultTrigger;
  readonly what: FaultAction;
}

export interface FaultTime {
  readonly atUs: number;
}

/**
 * Fires on the nth such fact since the start of the run (from 1), counted for one node or, when
 * `node` is 0, for all together. Acts at once, between two actions of a step. `count` refines:
 * - leader: after the new leader has appended `count` entries in its reign (0: at its claim; a
 *   server that never claims anything: before its first message of a term that only a leader sends)
 * - commit: a leader's commit index has advanced (before it first applies in a step)
 * - voteGranted: at the grant, before it is sent when `count` is 0, after it when 1
 * - write: at a storage operation, before it is issued when `count` is 0, after it when 1, at its
 *   completion before the server is told when 2
 * - action: any action (crash points between actions)
 * - broadcast: a server has sent to every other one of the first configuration within one step, after
 *   a step without sends
 * - senders: a server has got messages from `count` distinct senders since it started
 * - apply: an index is applied for the first time anywhere
 * - acknowledged: a client has got an ok
 * - started: a server has been started again (its second life or a later one), before it knows
 * - candidate: a server asks for votes in a term for the first time, before the first request leaves;
 *   pre-votes do not count, here and for voteGranted
 * - leaderAgain: like leader, for a server that has led an earlier term, in whatever life; `count` as
 *   there
 * - success: at an AppendEntriesResponse with success, before it is sent when `count` is 0, after it
 *   when 1
 * - truncate: a server issues a truncation, after it has
 * - configuration: a leader issues the append of a configuration entry, after it has
 * - configurationCommitted: a configuration entry is applied for the first time anywhere (before)
 * - snapshotSent: a server has sent a chunk of a snapshot when `count` is 0, its last chunk when 1
 * - snapshotTaken: a server gets a snapshot of its state machine, before it knows
 * - snapshotWritten: a server issues the write of a snapshot, after it has
 * - timeoutNow: a leader sends TimeoutNow, after it has
 * - readServed: a server answers a read that did not go through the log, before it does
 * - sendBehindWrite: a server has sent a message while a write of it is not durable, after each send
 * Bodies and writes of programs are opaque: `leader`, `leaderAgain` and `candidate` are raised by
 * their claims, with every entry of an append, and every put, for an append of a leader; a truncation
 * is seen; what else goes by the kind of a message, of a write or of an entry is never raised.
 */
export interface FaultTrigger {
  readonly on:
    | 'leader'
    | 'commit'
    | 'voteGranted'
    | 'write'
    | 'action'
    | 'broadcast'
    | 'senders'
    | 'apply'
    | 'acknowledged'
    | 'started'
    | 'candidate'
    | 'leaderAgain'
    | 'success'
    | 'truncate'
    | 'sendBehindWrite'
    | 'configuration'
    | 'configurationCommitted'
    | 'snapshotSent'
    | 'snapshotTaken'
    | 'snapshotWritten'
    | 'timeoutNow'
    | 'readServed';
  readonly node: NodeId;
  readonly nth: number;
  readonly count: number;
}

/** `node` 0 means the node of the fact that fired the trigger. */
export type FaultAction =
  /** For good, its disk included: nothing with this id ever runs again. */
  | { readonly do: 'wipe'; readonly node: NodeId }
  /** Restarts after `restartUs`; null: not before the heal. `keep`: which unfinished writes survive. */
  | {
      readonly do: 'crash';
      readonly node: NodeId;
      readonly restartUs: number | null;
      readonly keep: 'none' | 'drawn' | 'all';
    }
  | { readonly do: 'restart'; readonly node: NodeId }
  /** Memory and sockets kept, time lost. */
  | { readonly do: 'pause'; readonly node: NodeId; readonly forUs: number }
  /** Blocks directed links [from, to] for a time; null: until the heal. */
  | {
      readonly do: 'block';
      readonly links: readonly (readonly [NodeId, NodeId])[];
      readonly forUs: number | null;
    }
  /** Cuts the server off from the next `peers` others, counted upwards and around; 0: from all. */
  | {
      readonly do: 'isolate';
      readonly node: NodeId;
      readonly direction: 'both' | 'in' | 'out';
      readonly peers: number;
      readonly forUs: number | null;
    }
  /** Frees all links. */
  | { readonly do: 'unblock' }
  /** Makes a running timer of the node run out now. */
  | { readonly do: 'elapse'; readonly node: NodeId; readonly timer: string }
  /**
   * Up to `count` old messages that were addressed to the node, delivered or lost, come (again),
   * spread over `withinUs`, the newest of them first. Blocked links do not stop them. earlierReign:
   * those of terms that the node has led before the newest term it has spoken in; earlierTerm: all
   * of terms before that one; any.
   */
  | {
      readonly do: 'exhume';
      readonly node: NodeId;
      readonly of: 'earlierReign' | 'earlierTerm' | 'any';
      readonly count: number;
      readonly withinUs: number;
    }
  /**
   * What is sent on the links of the node is held up, and comes all at once, in order, when the time
   * is over. What was under way comes as it would.
   */
  | {
      readonly do: 'clog';
      readonly node: NodeId;
      readonly direction: 'both' | 'in' | 'out';
      readonly forUs: number;
    }
  /**
   * Messages of one kind, to or from the node, are lost, later by `delayUs`, or doubled so much
   * after the first copy. Pinned decisions win over it.
   */
  | {
      readonly do: 'interfere';
      readonly node: NodeId;
      readonly direction: 'both' | 'in' | 'out';
      readonly kind: string;
      readonly how: 'drop' | 'delay' | 'duplicate';
      readonly delayUs: number;
      readonly forUs: number | null;
    }
  /**
   * No write of the node becomes durable for a time, in this life and the next; of one stream only
   * when it is named. Then the work goes on where it was.
   */
  | {
      readonly do: 'stall';
      readonly node: NodeId;
      readonly stream: string | null;
      readonly forUs: number;
    }
  /** Writes that the node issues take `factor` times as long, for a time. */
  | {
      readonly do: 'slow';
      readonly node: NodeId;
      readonly factor: number;
      readonly forUs: number;
    }
  /**
   * The next write that the node issues fails, as failPpm says; with `forUs` above 0 every one that
   * it issues until then (a full disk).
   */
  | {
      readonly do: 'failWrites';
      readonly node: NodeId;
      readonly stream: string | null;
      readonly forUs: number;
    }
  /**
   * All that the node has sent since it issued the oldest write that is not durable arrives now, and
   * the node crashes without that write and all others that are not durable.
   */
  | { readonly do: 'outrun'; readonly node: NodeId; readonly restartUs: number | null };
