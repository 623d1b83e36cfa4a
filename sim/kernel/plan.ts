/**
 * A plan is plain data: everything that a run depends on besides the implementation. A seed only
 * generates a plan. All times are whole microseconds, all probabilities parts per million.
 */
import type { ServerConfig } from '../../core/contract.ts';
import type { NodeId, Term } from '../../core/messages.ts';

export interface Plan {
  /** Versions of the file format, of what a seed means, and of what a plan does. */
  readonly versions: {
    readonly schema: number;
    readonly generator: number;
    readonly engine: number;
  };
  /** Names the random streams; a decimal integer below 2^64 when it came from a campaign. */
  readonly seed: string;
  readonly cluster: ClusterPlan;
  readonly network: NetworkPlan;
  readonly disk: DiskPlan;
  readonly workload: WorkloadPlan;
  readonly phases: PhasesPlan;
  readonly faults: readonly Fault[];
  /**
   * Pinned network decisions: the first one that matches a send wins. After the heal nothing is
   * dropped or doubled, and no delay is longer than a healed network allows.
   */
  readonly decisions: readonly PinnedDecision[];
  /** Pinned timers: the nth draw of this timer (from 1) of this node takes this long. */
  readonly timers: readonly PinnedTimer[];
  /** What the disks hold before the first boot. Nodes that are not named start empty. */
  readonly images: readonly InitialImage[];
  /** A run with more server events than this ends with the verdict `storm`. */
  readonly eventsMax: number;
}

export interface ClusterPlan {
  /** Servers 1 … size, 1 to 7, even sizes included. */
  readonly size: number;
  readonly config: ServerConfig;
  /**
   * volatile: the host's state machine starts empty after a crash. durable: it keeps some prefix of
   * what was applied, and the server is told through which index.
   */
  readonly stateMachine: 'volatile' | 'durable';
  /** A server that halted is started again after this long; null: not before the heal. */
  readonly restartAfterHaltUs: number | null;
}

export interface NetworkPlan {
  /** One-way latency is uniform in [latencyUsMin, latencyUsMax] … */
  readonly latencyUsMin: number;
  readonly latencyUsMax: number;
  /** … but this share of the messages gets a log-uniform tail of up to tailUsMax. */
  readonly tailPpm: number;
  readonly tailUsMax: number;
  readonly lossPpm: number;
  readonly duplicatePpm: number;
  /**
   * With this share of the sends an old message of the same link comes once more: delivered or lost
   * long ago, and of an earlier term where there is one.
   */
  readonly graveyardPpm: number;
}

export interface DiskPlan {
  /** A write takes uniform [latencyUsMin, latencyUsMax], after the one before it in its stream. */
  readonly latencyUsMin: number;
  readonly latencyUsMax: number;
  /**
   * A server is told of a write up to this long after it is durable, perhaps after it has been told
   * of a later one. 0: at once, in order.
   */
  readonly noticeUsMax: number;
  /** This share of the writes fails, each with all that follow it in its stream. */
  readonly failPpm: number;
}

export interface WorkloadPlan {
  /** Clients 1 … clients, each with one operation at a time. */
  readonly clients: number;
  /** A client invokes about this often, never before its last operation has returned. */
  readonly intervalUs: number;
  readonly keys: number;
  /** Share of reads (through the log). */
  readonly readPpm: number;
  /** Up to this many commands of one client in one request event, >= 1. */
  readonly batchMax: number;
  /** A client stops waiting after this long and does not know the outcome. */
  readonly timeoutUs: number;
  /** Share of requests, and of answers, that get lost on the way. */
  readonly lossPpm: number;
  /** false: clients ignore the hints of redirects and try any server. */
  readonly followRedirects: boolean;
  /** Scripted requests, from clients of their own (101, 102, … in list order). */
  readonly script: readonly {
    readonly atUs: number;
    readonly node: NodeId;
    readonly ops: readonly string[];
  }[];
}

export interface PhasesPlan {
  readonly chaosUs: number;
  /** The servers that are healed; the rest stays dead or cut off both ways. */
  readonly core: readonly NodeId[];
  readonly rest: 'dead' | 'cut';
  /** At heal, messages in flight are dropped or come within one election timeout. */
  readonly inFlight: 'drop' | 'hurry';
  /** Quiet lasts until converged, then 20 election timeouts; traffic this many operations. */
  readonly trafficOperations: number;
  /** Scenarios may stop after the chaos phase: false runs no heal, quiet or traffic. */
  readonly settle: boolean;
}

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
 * - leader: after the new leader has issued `count` appends in its reign (0: at its first act)
 * - commit: a leader's commit index first advances (at its first claim above what it had claimed)
 * - voteGranted: at the grant, before it is sent when `count` is 0, after it when 1
 * - write: at a storage operation, before it is issued when `count` is 0, after it when 1, at its
 *   completion before the server is told when 2
 * - action: any action (crash points between actions)
 * - broadcast: a server has sent to every other server within one step, after a step without sends
 * - senders: a server has got messages from `count` distinct senders since it started
 * - apply: an index is applied for the first time anywhere
 * - acknowledged: a client has got an ok
 * - started: a server has been started again (its second life or a later one)
 * - candidate: a server asks for votes in a term for the first time, before the first request leaves
 * - leaderAgain: like leader, for a server that has led an earlier term; `count` as there
 * - success: at an AppendEntriesResponse with success, before it is sent when `count` is 0, after it
 *   when 1
 * - truncate: a server issues a truncation, after it has
 * - sendBehindWrite: a server has sent a message while a write of it is not durable, after the send
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
    | 'sendBehindWrite';
  readonly node: NodeId;
  readonly nth: number;
  readonly count: number;
}

/** `node` 0 means the node of the fact that fired the trigger. */
export type FaultAction =
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
   * Up to `count` old messages that were addressed to the node come (again), each within `withinUs`.
   * earlierReign: those of terms that the node led before; earlierTerm: of terms below its own; any.
   * The newest of them first.
   */
  | {
      readonly do: 'exhume';
      readonly node: NodeId;
      readonly of: 'earlierReign' | 'earlierTerm' | 'any';
      readonly count: number;
      readonly withinUs: number;
    }
  /** What is sent on these links is held up, and comes all at once, in order, when the time is over. */
  | {
      readonly do: 'clog';
      readonly node: NodeId;
      readonly direction: 'both' | 'in' | 'out';
      readonly forUs: number;
    }
  /** Messages of one kind, to or from the node, are lost, late by `delayUs`, or doubled after it. */
  | {
      readonly do: 'interfere';
      readonly node: NodeId;
      readonly direction: 'both' | 'in' | 'out';
      readonly kind: string;
      readonly how: 'drop' | 'delay' | 'duplicate';
      readonly delayUs: number;
      readonly forUs: number | null;
    }
  /** No write of the node becomes durable for a time; of one stream only when it is named. */
  | {
      readonly do: 'stall';
      readonly node: NodeId;
      readonly stream: string | null;
      readonly forUs: number;
    }
  /** Writes of the node take `factor` times as long, for a time. */
  | {
      readonly do: 'slow';
      readonly node: NodeId;
      readonly factor: number;
      readonly forUs: number;
    }
  /** The next write of the node fails; with `forUs` every write until then (a full disk). */
  | {
      readonly do: 'failWrites';
      readonly node: NodeId;
      readonly stream: string | null;
      readonly forUs: number;
    }
  /**
   * All that the node has sent since its oldest write that is not durable arrives now, and the node
   * crashes without that write and all later ones.
   */
  | { readonly do: 'outrun'; readonly node: NodeId; readonly restartUs: number | null };

export interface PinnedDecision {
  readonly match: {
    readonly from: NodeId;
    readonly to: NodeId;
    /** Kind of the body, for example AppendEntries. */
    readonly kind: string;
    /** null: any term. */
    readonly term: Term | null;
    /** The nth send that matches the rest, from 1; 0: every one. */
    readonly nth: number;
  };
  readonly drop: boolean;
  /** null: as drawn. */
  readonly delayUs: number | null;
  /** A second copy after this long; null: as drawn. */
  readonly duplicateUs: number | null;
}

export interface PinnedTimer {
  readonly node: NodeId;
  readonly timer: string;
  readonly nth: number;
  readonly us: number;
}

export interface InitialImage {
  readonly node: NodeId;
  readonly currentTerm: Term;
  readonly votedFor: NodeId;
  /** Terms of the entries, from index 1; an op of null is a no-op. */
  readonly log: readonly { readonly term: Term; readonly op: string | null }[];
}
