/** What the rules look at: the servers, and the step that is open. */
import type { ServerConfig } from '../../core/contract.ts';
import type { LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import { ObservedServer } from './observed-server.ts';
import { bootstrapOf } from './quorums.ts';
import type { Rule, WrongAction } from './rule.ts';

/** So many wrong actions are kept, and so many of one rule by one server. */
const FINDINGS_MAX = 200;
const REPEATED_MAX = 3;
const TICK_US = 1000;

export type EventKind =
  | 'started'
  | 'delivered'
  | 'fired'
  | 'requested'
  | 'persisted'
  | 'persistFailed'
  | 'snapshotTaken'
  | 'adminRequested';

/** What there is to know of a plan. */
export interface WatchedPlan {
  /** Servers 1 … size begin as voters, `spares` more know of no cluster. */
  readonly cluster: {
    readonly size: number;
    readonly spares: number;
    readonly config: ServerConfig;
  };
  readonly clocks: readonly { readonly ratePpm: number }[];
}

export class Scene {
  /** Servers in all. */
  readonly size: number;
  readonly config: ServerConfig;
  /** No clock is faster or slower than this, parts per million. */
  readonly driftPpm: number;
  readonly findings: WrongAction[] = [];

  // The open step.

  step = 0;
  atUs = 0;
  event: EventKind = 'started';
  /** Of a delivery; else null and 0. */
  body: Message | null = null;
  from: NodeId = 0;
  /** The message of this step is of a lower term than its server was in. */
  isOutdated = false;
  /** Of a timer; else empty. */
  timer = '';
  /** When a leader was heard, or a vote given, without the timer being set again; -1 for not. */
  heardUs = -1;

  /** What a leader has let show in this step to be committed, and how; 0 for nothing. */
  claimedIndex: LogIndex = 0;
  claimedHow = '';
  /** The first step of this server in this millisecond. */
  isTick = false;
  /** The server whose step it is; 0 between steps. */
  node: NodeId = 0;
  /** The term of the server when the step began, and whether it had voted for itself in it. */
  termBefore: Term = 0;
  /** How far it had applied the log then. */
  appliedBefore: LogIndex = 0;
  /** Its state machine was restored in this step, through here; 0 for not. */
  restoredIndex: LogIndex = 0;
  hadOwnVote = false;
  /** The server has refused its vote in this step. */
  hasRefusedVote = false;
  /** It has set its election timer in this step. */
  isTimerSet = false;
  /** It did so while the timer was running. */
  isReset = false;

  private readonly servers: ObservedServer[] = [];
  private readonly counts = new Map<string, number>();

  constructor({ cluster, clocks }: WatchedPlan) {
    const { size, spares, config } = cluster;
    this.size = size + spares;
    this.config = config;
    this.driftPpm = clocks.reduce((most, { ratePpm }) => Math.max(most, Math.abs(ratePpm)), 0);
    const members = bootstrapOf(size);
    const nobody = bootstrapOf(0);
    for (let node = 0; node <= this.size; node += 1) {
      this.servers.push(new ObservedServer(node, node <= size ? members : nobody));
    }
  }

  server(node: NodeId): ObservedServer {
    return this.servers[node]!;
  }

  /** A step begins. */
  open(atUs: number, event: EventKind, server: ObservedServer): void {
    this.step += 1;
    this.atUs = atUs;
    this.event = event;
    this.node = server.node;
    this.claimedIndex = 0;
    this.isTick = server.tickUs < 0 || atUs - server.tickUs >= TICK_US;
    if (this.isTick) {
      server.ticks += 1;
      server.tickUs = atUs;
    }
    this.body = null;
    this.from = 0;
    this.timer = '';
    this.heardUs = server.timer.heardUs;
    this.isOutdated = false;
    this.termBefore = server.issuedTerm;
    this.appliedBefore = server.lastApplied;
    this.restoredIndex = 0;
    server.snapshots.taken = null;
    server.snapshots.logBefore = null;
    this.hadOwnVote = server.hasOwnVote;
    this.hasRefusedVote = false;
    this.isTimerSet = false;
    this.isReset = false;
  }

  /** By the clock of any server, at least so many milliseconds have passed since then. */
  localMsSince(us: number): number {
    return Math.floor(((this.atUs - us) * (1_000_000 - this.driftPpm)) / 1_000_000_000);
  }

  /** By no clock more than so many. */
  localMsAtMost(us: number): number {
    return Math.ceil(((this.atUs - us) * (1_000_000 + this.driftPpm)) / 1_000_000_000);
  }

  /** `sentence` is what the server did: see WrongAction. */
  report(rule: Rule, server: ObservedServer, sentence: string): void {
    const key = `${rule.id}/${server.node}`;
    const count = this.counts.get(key) ?? 0;
    this.counts.set(key, count + 1);
    if (count >= REPEATED_MAX || this.findings.length >= FINDINGS_MAX) return;
    const { id, section } = rule;
    const { step, atUs } = this;
    this.findings.push({ rule: id, section, node: server.node, step, atUs, sentence });
  }
}

/** "S1 and S3", "S1, S2 and S4", "nobody": the servers of a set of bits. */
export function serversOf(bits: number): string {
  const names: string[] = [];
  for (let node = 1; node < 31; node += 1) if ((bits & (1 << node)) !== 0) names.push(`S${node}`);
  return joined(names) ?? 'nobody';
}

/** "a", "a and b", "a, b and c"; undefined for none. */
export function joined(parts: readonly string[]): string | undefined {
  if (parts.length < 2) return parts[0];
  return `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]!}`;
}

/** The message of this kind that the step began with, when it came from there. */
export function askedNow(scene: Scene, from: NodeId, kind: Message['kind']): Message | null {
  const { body } = scene;
  return body !== null && body.kind === kind && scene.from === from ? body : null;
}
