/** What a script runs in: a small, quiet world, unless its options say otherwise. */
import type { ServerConfig } from '../core/contract.ts';
import type { NodeId } from '../core/messages.ts';
import type {
  ClockPlan,
  ClusterPlan,
  DiskPlan,
  NetworkPlan,
  PhasesPlan,
  WorkloadPlan,
} from '../sim/kernel/plan.ts';

/** Milliseconds: a fixed time, or [shortest, longest] to draw from. Fractions are welcome. */
export type Milliseconds = number | readonly [number, number];

/** Ahead by offsetMs from the start, and faster by ratePpm; jumps are of the wall clock only. */
export interface ClockSketch {
  readonly node: NodeId;
  readonly offsetMs?: number;
  readonly ratePpm?: number;
  readonly jumps?: readonly { readonly atMs: number; readonly byMs: number }[];
}

/** Only `size` must be said. */
export interface ScriptOptions {
  /** Servers 1 … size are the first configuration, 1 to 7. */
  readonly size: number;
  /** So many more servers, which know of no cluster; at most 7 in all. Default 0. */
  readonly spares?: number;
  /** Names the random streams; of no importance where nothing is drawn. Default '1'. */
  readonly seed?: string;
  /** Default [150, 300]. */
  readonly electionMs?: readonly [number, number];
  /** Default 50. */
  readonly heartbeatMs?: number;
  /**
   * No election timer runs out during the script, except where the script elapses it. Afterwards,
   * in a script that settles, timers get going again, within as long as the script has taken: keep
   * such a script below ten seconds, or its silence is taken for a stuck cluster. Default false.
   */
  readonly quietTimers?: boolean;
  /** The same for heartbeat timers: a leader speaks when it has news, or when the script says. */
  readonly quietHeartbeats?: boolean;
  /** Entries in one AppendEntries, default 64; AppendEntries in flight to one server, default 16. */
  readonly batchEntriesMax?: number;
  readonly inflightMax?: number;
  /** Default conflictTerm. */
  readonly backtracking?: ServerConfig['backtracking'];
  /** Requests gather while a write of the leader is under way. Default false. */
  readonly groupCommit?: boolean;
  /** Entries applied in one step, default 1,000,000. */
  readonly applyBatchMax?: number;
  /** Is the commit index written with the hard state? Default false. */
  readonly persistCommitIndex?: boolean;
  /** Servers ask whether they could win before they stand (thesis §9.6). Default false. */
  readonly preVote?: boolean;
  /** Leaders without a majority step down, and followers protect theirs (§6, end). Default false. */
  readonly checkQuorum?: boolean;
  /** Default log. */
  readonly reads?: ServerConfig['reads'];
  /** What leases allow for. Default 0. */
  readonly clockDriftPpm?: number;
  /** Default joint. */
  readonly membership?: ServerConfig['membership'];
  /** A snapshot after so many applied entries; default 0: only on request. */
  readonly snapshotEntries?: number;
  /** Entries that stay in the log behind a snapshot, default 0. */
  readonly trailingEntries?: number;
  /** Characters of a snapshot in one InstallSnapshot, default 1,000,000. */
  readonly snapshotChunkMax?: number;
  /** How long the host takes to make a snapshot, default 0. */
  readonly snapshotMs?: Milliseconds;
  /** Leaders write their wall clock into the entries of commands. Default false. */
  readonly logTime?: boolean;
  /** Random clients register, and may send a command again. Default false. */
  readonly sessions?: boolean;
  /** Unused sessions end after so much logged time; default 0: never. */
  readonly sessionExpiryMs?: number;
  /** Clocks that are not true; default none. */
  readonly clocks?: readonly ClockSketch[];
  /** An operator gives up on a request after so long, default 2,000. */
  readonly operatorTimeoutMs?: number;
  /** durable: the state machine survives crashes, or some of it. Default volatile. */
  readonly stateMachine?: ClusterPlan['stateMachine'];
  /** When a server that has stopped itself is started again; default: when the faults are over. */
  readonly restartAfterHaltMs?: number;
  /** One-way latency, default 1. */
  readonly latencyMs?: Milliseconds;
  /** Time of a disk write, default 0.2. */
  readonly diskMs?: Milliseconds;
  /** A server is told up to this long after a write that it is safe. Default 0: at once. */
  readonly noticeMsMax?: number;
  /**
   * True: after the script everything is healed, the cluster comes to rest and is judged on that,
   * too. False: the run stops at the end of the script. Default false.
   */
  readonly settle?: boolean;
  /** Loss, duplicates, tails: knobs of the plan as they are. */
  readonly network?: Partial<NetworkPlan>;
  /** Random clients, from the beginning of the run; default none. */
  readonly workload?: Partial<Omit<WorkloadPlan, 'script'>>;
  /** Who is healed, what becomes of the rest and of messages in flight, how much traffic. */
  readonly phases?: Partial<Pick<PhasesPlan, 'core' | 'rest' | 'inFlight' | 'trafficOperations'>>;
}

export function clusterOf(options: ScriptOptions): ClusterPlan {
  const { size, spares = 0, stateMachine = 'volatile', restartAfterHaltMs } = options;
  const restartAfterHaltUs = restartAfterHaltMs === undefined ? null : toUs(restartAfterHaltMs);
  return {
    size,
    spares,
    config: configOf(options),
    stateMachine,
    restartAfterHaltUs,
    sessionExpiryMs: options.sessionExpiryMs ?? 0,
  };
}

function configOf(options: ScriptOptions): ServerConfig {
  const [electionMsMin, electionMsMax] = options.electionMs ?? [150, 300];
  return {
    electionMsMin,
    electionMsMax,
    heartbeatMs: options.heartbeatMs ?? 50,
    batchEntriesMax: options.batchEntriesMax ?? 64,
    inflightMax: options.inflightMax ?? 16,
    backtracking: options.backtracking ?? 'conflictTerm',
    groupCommit: options.groupCommit ?? false,
    applyBatchMax: options.applyBatchMax ?? 1_000_000,
    persistCommitIndex: options.persistCommitIndex ?? false,
    preVote: options.preVote ?? false,
    checkQuorum: options.checkQuorum ?? false,
    reads: options.reads ?? 'log',
    clockDriftPpm: options.clockDriftPpm ?? 0,
    membership: options.membership ?? 'joint',
    snapshotEntries: options.snapshotEntries ?? 0,
    trailingEntries: options.trailingEntries ?? 0,
    snapshotChunkMax: options.snapshotChunkMax ?? 1_000_000,
    logTime: options.logTime ?? false,
  };
}

export function networkOf(options: ScriptOptions): NetworkPlan {
  const quiet = { tailPpm: 0, tailUsMax: 0, lossPpm: 0, duplicatePpm: 0, graveyardPpm: 0 };
  return { ...rangeUs(options.latencyMs ?? 1), ...quiet, ...options.network };
}

export function diskOf(options: ScriptOptions): DiskPlan {
  const noticeUsMax = toUs(options.noticeMsMax ?? 0);
  const { latencyUsMin: snapshotUsMin, latencyUsMax: snapshotUsMax } = rangeUs(
    options.snapshotMs ?? 0,
  );
  return {
    ...rangeUs(options.diskMs ?? 0.2),
    noticeUsMax,
    failPpm: 0,
    snapshotUsMin,
    snapshotUsMax,
  };
}

export function workloadOf(options: ScriptOptions, script: WorkloadPlan['script']): WorkloadPlan {
  return {
    clients: 0,
    intervalUs: 20_000,
    keys: 3,
    readPpm: 200_000,
    casPpm: 0,
    ttlPpm: 0,
    rangePpm: 0,
    sessions: options.sessions ?? false,
    batchMax: 1,
    timeoutUs: 1_000_000,
    lossPpm: 0,
    followRedirects: true,
    ...options.workload,
    script,
  };
}

export function phasesOf(options: ScriptOptions, endMs: number): PhasesPlan {
  return {
    chaosUs: toUs(endMs),
    core: nodesOf(serverCount(options)),
    rest: 'dead',
    inFlight: 'hurry',
    trafficOperations: (options.workload?.clients ?? 0) > 0 ? 10 : 0,
    ...options.phases,
    settle: options.settle ?? false,
  };
}

export function clocksOf({ clocks = [] }: ScriptOptions): ClockPlan[] {
  return clocks.map(({ node, offsetMs = 0, ratePpm = 0, jumps = [] }) => ({
    node,
    offsetUs: toUs(offsetMs),
    ratePpm,
    jumps: jumps.map(({ atMs, byMs }) => ({ atUs: toUs(atMs), byUs: toUs(byMs) })),
  }));
}

/** Servers in all, spares included. */
export function serverCount({ size, spares = 0 }: ScriptOptions): number {
  return size + spares;
}

/** Whole microseconds. */
export function toUs(ms: number): number {
  return Math.round(ms * 1000);
}

/** Servers 1 … count. */
export function nodesOf(count: number): NodeId[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

function rangeUs(ms: Milliseconds): { latencyUsMin: number; latencyUsMax: number } {
  const [min, max] = typeof ms === 'number' ? [ms, ms] : ms;
  return { latencyUsMin: toUs(min), latencyUsMax: toUs(max) };
}
