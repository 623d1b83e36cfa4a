/**
 * Scripts: a directed schedule that reads like a story and becomes a plain Plan.
 *
 *   const plan = script({ size: 3, quietTimers: true })
 *     .at(100).elapse(1)                       // S1 stands for election, and wins
 *     .drop({ from: 1, to: 3, kind: 'AppendEntries' })
 *     .at(120).request(1, 'put x 1')           // S3 does not hear of it
 *     .when('acknowledged').crash(1)           // the client does; then S1 is gone
 *     .at(500).elapse(2)
 *     .plan();
 *
 * `at`, `after` and `when` say when the next thing happens, the others what happens. Things at one
 * `at` happen in the order in which they are written, but for requests, which go first. A `when` is
 * good for one fault: the next needs its own. Messages are matched for the whole run, whatever
 * `at` says, and the first line that matches a message decides about it.
 *
 * Times are milliseconds since the start of the run. Messages take 1 ms and writes 0.2 ms, nothing
 * is lost, and nobody asks for anything, unless options or script say so.
 */
import type { AdminRequest } from '../core/contract.ts';
import type { NodeId } from '../core/messages.ts';
import type {
  Fault,
  FaultAction,
  FaultTime,
  FaultTrigger,
  InitialImage,
  PinnedDecision,
  PinnedTimer,
  Plan,
  WorkloadPlan,
} from '../sim/kernel/plan.ts';
import { UsageError } from '../sim/usage-error.ts';
import {
  type ClogSketch,
  clogOf,
  type ExhumeSketch,
  exhumeOf,
  type FailWritesSketch,
  failWritesOf,
  type InterfereSketch,
  interfereOf,
  type SlowSketch,
  type StallSketch,
  slowOf,
  stallOf,
  usOrNull,
} from './script-faults.ts';
import type { Asked, AskSketch, ChangeSketch } from './script-operators.ts';
import { type ScriptOptions, serverCount, toUs } from './script-options.ts';
import { planOf } from './script-plan.ts';
import {
  type BlockSketch,
  type CrashSketch,
  decisionsOf,
  type Fate,
  type Group,
  type ImageSketch,
  type IsolateSketch,
  imageOf,
  linksOf,
  type MessageMatch,
  type TriggerSketch,
} from './sketch.ts';

/** Starts a script. */
export function script(options: ScriptOptions): Script {
  return new Script(options);
}

/** Collects what is said; every method but `plan` returns the script itself. */
export class Script {
  private readonly options: ScriptOptions;
  private readonly faults: Fault[] = [];
  private readonly requests: WorkloadPlan['script'][number][] = [];
  private readonly asked: Asked[] = [];
  private readonly decisions: PinnedDecision[] = [];
  private readonly timers: PinnedTimer[] = [];
  private readonly images: InitialImage[] = [];
  /** When the next thing happens; null: not said. */
  private moment: FaultTime | FaultTrigger | null = null;
  private lastMs = 0;
  private endMs: number | undefined;

  constructor(options: ScriptOptions) {
    this.options = options;
  }

  // When.

  /** What follows happens at this time, until another time is said. */
  at(ms: number): this {
    this.moment = { atUs: toUs(ms) };
    this.lastMs = Math.max(this.lastMs, ms);
    return this;
  }

  /** This long after the last time that was said. */
  after(ms: number): this {
    return this.at(this.lastMs + ms);
  }

  /**
   * The next fault happens on a fact, perhaps between two actions of one step; its server may be left
   * out: then it is that of the fact. Of two that wait for the same fact one waits for the next.
   */
  when(on: FaultTrigger['on'], { node = 0, nth = 1, count }: TriggerSketch = {}): this {
    this.moment = { on, node, nth, count: count ?? (on === 'senders' ? 1 : 0) };
    return this;
  }

  /** Where the script ends; default 500 ms after the last time that was said. */
  until(ms: number): this {
    this.endMs = ms;
    return this;
  }

  // Servers and clients. Node 0 is the server of the fact that `when` waits for.

  /** A running timer runs out now: with `election`, the server stands for election. */
  elapse(node: NodeId = 0, timer = 'election'): this {
    return this.add({ do: 'elapse', node, timer });
  }

  /** The leader sends its heartbeats now. */
  heartbeat(node: NodeId = 0): this {
    return this.elapse(node, 'heartbeat');
  }

  crash(node: NodeId = 0, { keep = 'none', restartMs }: CrashSketch = {}): this {
    return this.add({ do: 'crash', node, restartUs: usOrNull(restartMs), keep });
  }

  restart(node: NodeId = 0): this {
    return this.add({ do: 'restart', node });
  }

  /** For good, its disk included. */
  wipe(node: NodeId = 0): this {
    return this.add({ do: 'wipe', node });
  }

  /** Memory is kept, and messages wait. */
  pause(node: NodeId, ms: number): this {
    return this.add({ do: 'pause', node, forUs: toUs(ms) });
  }

  // Its disk.

  /** No write becomes safe for a time. */
  stall(node: NodeId, sketch: StallSketch): this {
    return this.add(stallOf(node, sketch));
  }

  /** Writes take `factor` times as long for a time. */
  slow(node: NodeId, sketch: SlowSketch): this {
    return this.add(slowOf(node, sketch));
  }

  /** The next write fails, or all for a time. */
  failWrites(node: NodeId = 0, sketch: FailWritesSketch = {}): this {
    return this.add(failWritesOf(node, sketch));
  }

  /** What it has sent since its oldest write that is not safe arrives, and it crashes without it. */
  outrun(node: NodeId = 0, { restartMs }: Pick<CrashSketch, 'restartMs'> = {}): this {
    return this.add({ do: 'outrun', node, restartUs: usOrNull(restartMs) });
  }

  /** A client hands these commands to this server, in one request, once. */
  request(node: NodeId, ...ops: readonly string[]): this {
    this.requests.push({ atUs: this.timeOf('request'), node, ops });
    return this;
  }

  // Operators: each asks one thing after the other, of a server or (0) of the leader that it knows.

  /** These are to be the voters, and the learners. */
  changeMembership(voters: readonly NodeId[], sketch: ChangeSketch = {}): this {
    const { learners = [], ...ask } = sketch;
    return this.ask({ kind: 'changeMembership', voters, learners }, ask);
  }

  transferLeadership(to: NodeId, sketch: AskSketch = {}): this {
    return this.ask({ kind: 'transferLeadership', to }, sketch);
  }

  takeSnapshot(node: NodeId = 0, by = 1): this {
    return this.ask({ kind: 'takeSnapshot' }, { node, by });
  }

  // Links. What is under way arrives; what is sent over a blocked link is lost.

  isolate(node: NodeId = 0, { direction = 'both', peers = 0, forMs }: IsolateSketch = {}): this {
    return this.add({ do: 'isolate', node, direction, peers, forUs: usOrNull(forMs) });
  }

  /** Nothing gets from one group to the other, nor back. */
  partition(group: Group, other: Group, { forMs }: BlockSketch = {}): this {
    const count = serverCount(this.options);
    const links = [...linksOf(group, other, count), ...linksOf(other, group, count)];
    return this.add({ do: 'block', links, forUs: usOrNull(forMs) });
  }

  /** One way only: nothing gets from here to there. */
  cut(from: Group, to: Group, { forMs }: BlockSketch = {}): this {
    const links = linksOf(from, to, serverCount(this.options));
    return this.add({ do: 'block', links, forUs: usOrNull(forMs) });
  }

  /** Every link is free again. */
  heal(): this {
    return this.add({ do: 'unblock' });
  }

  /** What is sent to or by the server waits, and comes all at once when the time is over. */
  clog(node: NodeId, sketch: ClogSketch): this {
    return this.add(clogOf(node, sketch));
  }

  /** From now on, messages of one kind, to or by the server, are lost, late or doubled. */
  interfere(node: NodeId, sketch: InterfereSketch): this {
    return this.add(interfereOf(node, sketch));
  }

  /** Old messages that were addressed to the server come, perhaps once more: the newest first. */
  exhume(node: NodeId = 0, sketch: ExhumeSketch = {}): this {
    return this.add(exhumeOf(node, sketch));
  }

  // Messages, for the whole run.

  /** They are lost. */
  drop(match: MessageMatch): this {
    return this.decide(match, { drop: true, delayUs: null, duplicateUs: null });
  }

  /** They arrive this long after they were sent. */
  delay(match: MessageMatch, ms: number): this {
    return this.decide(match, { drop: false, delayUs: toUs(ms), duplicateUs: null });
  }

  /** They arrive, and a second time this long after they were sent. */
  duplicate(match: MessageMatch, ms: number): this {
    return this.decide(match, { drop: false, delayUs: null, duplicateUs: toUs(ms) });
  }

  /** They arrive: an exception, to stand above the line that it is an exception to. */
  pass(match: MessageMatch): this {
    return this.decide(match, { drop: false, delayUs: null, duplicateUs: null });
  }

  // What is there before the first boot, and luck.

  image(node: NodeId, sketch: ImageSketch): this {
    this.images.push(imageOf(node, sketch));
    return this;
  }

  /** The nth duration of this timer: it gets its next one when it runs out, not when it is set. */
  timer(node: NodeId, timer: string, nth: number, ms: number): this {
    this.timers.push({ node, timer, nth, us: toUs(ms) });
    return this;
  }

  /** The plan. Throws UsageError when it breaks a rule of plans. */
  plan(): Plan {
    const { lastMs, endMs = lastMs + 500 } = this;
    if (endMs < lastMs) {
      throw new UsageError(`Expected until() at ${lastMs} ms or later, got ${endMs} ms.`);
    }
    const { options, faults, requests, asked, decisions, timers, images } = this;
    return planOf({ options, faults, requests, asked, decisions, timers, images, endMs });
  }

  private add(what: FaultAction): this {
    const when = this.moment;
    if (when === null) throw new UsageError(`Expected at() or when() before ${what.do}, got none.`);
    this.faults.push({ when, what });
    if ('on' in when) this.moment = null;
    return this;
  }

  private decide(match: MessageMatch, fate: Fate): this {
    this.decisions.push(...decisionsOf(match, fate, serverCount(this.options)));
    return this;
  }

  private ask(request: AdminRequest, { node = 0, by = 1 }: AskSketch): this {
    this.asked.push({ by, atUs: this.timeOf(request.kind), node, request });
    return this;
  }

  /** The time that was said; things that are asked for wait for no fact. */
  private timeOf(what: string): number {
    const { moment } = this;
    if (moment !== null && !('on' in moment)) return moment.atUs;
    throw new UsageError(`Expected at() before ${what}(), got none.`);
  }
}
