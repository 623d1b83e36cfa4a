/**
 * A plan is plain data: everything that a run depends on besides the implementation. A seed only
 * generates a plan. All times are whole microseconds, all probabilities parts per million.
 */
import type { AdminRequest, ServerConfig } from '../../core/contract.ts';
import type { NodeId, Term } from '../../core/messages.ts';
import type { Fault } from './fault.ts';

export type { Fault, FaultAction, FaultTime, FaultTrigger } from './fault.ts';

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
  /** People who change the cluster while it runs. */
  readonly operators: readonly OperatorPlan[];
  /** Servers that are not named have a true clock. */
  readonly clocks: readonly ClockPlan[];
  /** What the disks hold before the first boot. Nodes that are not named start empty. */
  readonly images: readonly InitialImage[];
  /** A run with more server events than this ends with the verdict `storm`. */
  readonly eventsMax: number;
}

export interface ClusterPlan {
  /** Servers 1 … size are the voters of the bootstrap configuration, even sizes included. */
  readonly size: number;
  /** So many more servers run and know of no cluster. At most 7 servers in all. */
  readonly spares: number;
  readonly config: ServerConfig;
  /**
   * volatile: the host's state machine starts empty after a crash. durable: it keeps some prefix of
   * what was applied, and the server is told through which index.
   */
  readonly stateMachine: 'volatile' | 'durable';
  /** A server that halted is started again after this long; null: not before the heal. */
  readonly restartAfterHaltUs: number | null;
  /** A session that was not used for so long, by logged time, is forgotten; 0: none ever is. */
  readonly sessionExpiryMs: number;
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
   * With this share of the sends an old message of the same link, delivered or lost before, comes
   * once more: one of an earlier term where there is one.
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
  /**
   * This share of the writes fails, at the time at which they would be durable: with each all that
   * has been issued behind it in its stream until then, and what is ordered after one of these.
   */
  readonly failPpm: number;
  /** The host takes uniform [snapshotUsMin, snapshotUsMax] to make a snapshot of a state machine. */
  readonly snapshotUsMin: number;
  readonly snapshotUsMax: number;
}

export interface WorkloadPlan {
  /** Clients 1 … clients, each with one operation at a time. */
  readonly clients: number;
  /** A client invokes about this often, never before its last operation has returned. */
  readonly intervalUs: number;
  readonly keys: number;
  /** Share of reads. */
  readonly readPpm: number;
  /** Of the rest: share of compare-and-swap, and of puts that end by logged time. */
  readonly casPpm: number;
  readonly ttlPpm: number;
  /** Of the reads: share of those of a range of keys. */
  readonly rangePpm: number;
  /**
   * Clients register a session and may then send a command again, with the same number, when they
   * do not know what became of it (§8). Without sessions they never do.
   */
  readonly sessions: boolean;
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

/** Asks one thing after the other, each again and again until it has happened or cannot. */
export interface OperatorPlan {
  readonly requests: readonly {
    /** Not before, and not before the one ahead of it has ended. */
    readonly atUs: number;
    /** Whom it asks first; 0: whom it takes for the leader. It follows redirects. */
    readonly node: NodeId;
    readonly request: AdminRequest;
  }[];
  /** Gives up on a request after so long. */
  readonly timeoutUs: number;
}

/** A server's own clocks. Timers, `now` and lease arithmetic go by the local rate. */
export interface ClockPlan {
  readonly node: NodeId;
  /** Both clocks begin so far ahead, >= 0. */
  readonly offsetUs: number;
  /** So much faster (or slower, below 0) than true time, parts per million. */
  readonly ratePpm: number;
  /** The wall clock jumps, ahead or back, at these times of the world; `now` never does. */
  readonly jumps: readonly { readonly atUs: number; readonly byUs: number }[];
}

export interface PhasesPlan {
  readonly chaosUs: number;
  /**
   * The servers that are healed; the rest stays dead or cut off both ways. Only those of them must
   * make progress that the newest configuration names.
   */
  readonly core: readonly NodeId[];
  readonly rest: 'dead' | 'cut';
  /** At heal, messages in flight are dropped or come within one election timeout. */
  readonly inFlight: 'drop' | 'hurry';
  /** Quiet lasts until converged, then 20 election timeouts; traffic this many operations. */
  readonly trafficOperations: number;
  /** Scenarios may stop after the chaos phase: false runs no heal, quiet or traffic. */
  readonly settle: boolean;
}

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
