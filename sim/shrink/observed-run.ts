/**
 * What the world did in a run, as far as a script can do it again: which timers ran out, which
 * requests arrived, what became of each message, which faults struck. Plain data.
 */
import type { ClientRequest } from '../../core/contract.ts';
import type { Message, NodeId, Term } from '../../core/messages.ts';
import type { Facts, Phase, SurvivingWrite } from '../../invariants/facts.ts';

/** A message, counted as pinned decisions count; lost ones included. */
export interface ObservedSend {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly kind: string;
  readonly term: Term;
  /** The nth of this link, kind and term, from 1. */
  readonly nth: number;
  readonly atUs: number;
  /** How many copies the network took on; 0: lost. */
  readonly copies: number;
  /** The link was blocked when it was sent. */
  readonly isBlocked: boolean;
  /** When it arrived at a live server, at most `copies` times in a plain network. */
  readonly arrivedUs: readonly number[];
}

export interface ObservedCrash {
  readonly atUs: number;
  readonly node: NodeId;
  /** What became of the writes that were not durable. */
  readonly keep: 'none' | 'drawn' | 'all';
}

export interface ObservedRun {
  readonly timers: readonly {
    readonly atUs: number;
    readonly node: NodeId;
    readonly timer: string;
  }[];
  readonly requests: readonly {
    readonly atUs: number;
    readonly node: NodeId;
    readonly ops: readonly string[];
  }[];
  readonly sends: readonly ObservedSend[];
  readonly crashes: readonly ObservedCrash[];
  /** Second and later lives. */
  readonly restarts: readonly { readonly atUs: number; readonly node: NodeId }[];
  /** Faults of the plan that struck, by their place; `node` 0 for none. */
  readonly strikes: readonly {
    readonly atUs: number;
    readonly place: number;
    readonly node: NodeId;
  }[];
  /** The phase in which the run ended. */
  readonly phase: Phase;
  /** When the cluster was healed; null: never. */
  readonly healedUs: number | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** `from * LINK_BASE + to` names a link, as in facts.blocked. */
const LINK_BASE = 8;

/** The recorder of a run: pass it to `run`, then read `observed`. */
export class RunObserver implements Facts {
  readonly observed: Mutable<ObservedRun> = {
    timers: [],
    requests: [],
    sends: [],
    crashes: [],
    restarts: [],
    strikes: [],
    phase: 'chaos',
    healedUs: null,
  };
  private readonly byId = new Map<number, { arrivedUs: number[] }>();
  private readonly counts = new Map<string, number>();
  private readonly blockedLinks = new Set<number>();
  /** Writes that are not durable, per server. */
  private readonly unfinished: Set<number>[] = [];
  private nowUs = 0;

  started(atUs: number, node: NodeId, boot: number): void {
    this.nowUs = atUs;
    this.unfinished[node] = new Set();
    if (boot > 0) this.observed.restarts.push({ atUs, node });
  }

  delivered(atUs: number, _node: NodeId, _from: NodeId, messageId: number): void {
    this.nowUs = atUs;
    this.byId.get(messageId)?.arrivedUs.push(atUs);
  }

  fired(atUs: number, node: NodeId, timer: string): void {
    this.nowUs = atUs;
    this.observed.timers.push({ atUs, node, timer });
  }

  requested(atUs: number, node: NodeId, requests: readonly ClientRequest[]): void {
    this.nowUs = atUs;
    this.observed.requests.push({ atUs, node, ops: requests.map(({ command }) => command.op) });
  }

  persisted(atUs: number, node: NodeId, writeId: number): void {
    this.nowUs = atUs;
    this.unfinished[node]?.delete(writeId);
  }

  persistFailed(atUs: number, node: NodeId, writeId: number): void {
    this.persisted(atUs, node, writeId);
  }

  snapshotTaken(atUs: number): void {
    this.nowUs = atUs;
  }

  adminRequested(atUs: number): void {
    this.nowUs = atUs;
  }

  sent(node: NodeId, to: NodeId, messageId: number, copies: number, body: Message): number {
    const { kind, term } = body;
    const key = `${node}>${to} ${kind} ${term}`;
    const nth = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, nth);
    const isBlocked = this.blockedLinks.has(node * LINK_BASE + to);
    const arrivedUs: number[] = [];
    const send = {
      from: node,
      to,
      kind,
      term,
      nth,
      atUs: this.nowUs,
      copies,
      isBlocked,
      arrivedUs,
    };
    this.observed.sends.push(send);
    this.byId.set(messageId, send);
    return 0;
  }

  persistIssued(node: NodeId, writeId: number): void {
    this.unfinished[node]?.add(writeId);
  }

  struck(atUs: number, place: number, node: NodeId): void {
    this.nowUs = atUs;
    this.observed.strikes.push({ atUs, place, node });
  }

  crashed(atUs: number, node: NodeId, survivors: readonly SurvivingWrite[]): void {
    this.nowUs = atUs;
    const waiting = this.unfinished[node]?.size ?? 0;
    const isWhole = survivors.length === waiting && survivors.every(({ kept }) => kept < 0);
    const keep = survivors.length === 0 ? 'none' : isWhole ? 'all' : 'drawn';
    this.observed.crashes.push({ atUs, node, keep });
    this.unfinished[node] = new Set();
  }

  blocked(atUs: number, links: readonly number[]): void {
    this.nowUs = atUs;
    this.blockedLinks.clear();
    for (const link of links) this.blockedLinks.add(link);
  }

  phaseBegan(atUs: number, phase: Phase): void {
    this.nowUs = atUs;
    if (phase === 'heal') this.observed.healedUs = atUs;
    if (phase !== 'end') this.observed.phase = phase;
  }

  timerSet(): void {}
  timerCancelled(): void {}
  applied(): void {}
  snapshotAsked(): void {}
  restored(): void {}
  responded(): void {}
  claimed(): void {}
  halted(): void {}
  noted(): void {}
  stepEnded(): void {}
  wiped(): void {}
  paused(): void {}
  resumed(): void {}
  prepared(): void {}
  inspected(): void {}
  stateInspected(): void {}
  invoked(): void {}
  returned(): void {}
}
