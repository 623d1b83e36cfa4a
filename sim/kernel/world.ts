/**
 * The world: it owns time, network, disks, processes, state machines and clients, and takes one
 * event after the other until the run is over. A run is a function of (plan, implementation).
 */
import type { CreateServer, ServerEvent } from '../../core/contract.ts';
import type { Message, NodeId } from '../../core/messages.ts';
import type { Judge } from '../../invariants/judge.ts';
import { Clients, type Operation } from './clients.ts';
import type { Copy } from './copy.ts';
import { type Keep, Disk } from './disk.ts';
import { EventQueue } from './event-queue.ts';
import { type Item, ItemKind } from './item.ts';
import { initialEntries } from './initial-image.ts';
import { LINK_BASE, Network } from './network.ts';
import type { Observation } from './observation.ts';
import { type Course, Phases } from './phases.ts';
import type { FaultAction, Plan } from './plan.ts';
import { newProcess, type Process } from './process.ts';
import { openStream } from './random.ts';
import { ServerOutbox } from './server-outbox.ts';
import type { HostedStateMachine } from './state-machine.ts';
import { Timers } from './timers.ts';
import { type Fired, Triggers } from './triggers.ts';

/** What is put on the bench. */
export interface Hosted {
  readonly createServer: CreateServer;
  readonly createStateMachine: () => HostedStateMachine;
  /** How bodies, writes and entries are copied at the border. */
  readonly copy: Copy;
}

export class World implements Course {
  readonly queue = new EventQueue();
  /** The server whose code is running, 0 for none: whose fault an exception is. */
  runningNode: NodeId = 0;
  isOver = false;
  readonly plan: Plan;
  readonly network: Network;
  readonly clients: Clients;
  private readonly hosted: Hosted;
  private readonly observation: Observation;
  private readonly judge: Judge;
  private readonly processes: Process[] = [];
  private readonly triggers: Triggers;
  private readonly outbox: ServerOutbox;
  private readonly phases: Phases;
  private readonly members: NodeId[] = [];

  constructor(plan: Plan, hosted: Hosted, observation: Observation, judge: Judge) {
    this.plan = plan;
    this.hosted = hosted;
    this.observation = observation;
    this.judge = judge;
    this.network = new Network(plan, this.queue, observation, hosted.copy);
    this.clients = new Clients(plan, this.queue, observation);
    this.triggers = new Triggers(plan.faults);
    this.phases = new Phases(plan, this, observation, judge);
    this.outbox = new ServerOutbox(
      plan.cluster.size,
      this.network,
      observation,
      this.clients,
      this.triggers,
      hosted.copy,
      (fired) => this.carryOut(fired),
    );
    for (let node = 1; node <= plan.cluster.size; node += 1) {
      this.members.push(node);
      const disk = new Disk(plan, node, this.queue);
      const timers = new Timers(plan, node, this.queue);
      this.processes.push(newProcess(node, disk, timers, openStream(plan.seed, `server/${node}`)));
    }
  }

  /** Runs to the end: everything done, a violation, an excuse, or more events than the plan allows. */
  run(): void {
    this.begin();
    const { queue, plan, judge, observation } = this;
    while (!this.isOver) {
      const item = queue.pop();
      if (item === null) break;
      this.take(item);
      if (judge.isDecided || observation.steps > plan.eventsMax) this.isOver = true;
    }
  }

  /** True when the plan's cap on events ended the run. */
  get isStorm(): boolean {
    return this.observation.steps > this.plan.eventsMax;
  }

  private begin(): void {
    for (const image of this.plan.images) {
      const entries = initialEntries(image);
      this.process(image.node).disk.prepare(image.currentTerm, image.votedFor, entries);
      this.observation.prepared(image.node, image.currentTerm, image.votedFor, entries);
    }
    this.phases.begin();
    this.clients.start();
    this.plan.faults.forEach((fault, i) => {
      if ('atUs' in fault.when) this.queue.push(fault.when.atUs, ItemKind.fault, 0, 0, i, 0, null);
    });
    for (const process of this.processes) this.start(process);
  }

  private take(item: Item): void {
    switch (item.kind) {
      case ItemKind.message:
      case ItemKind.write:
      case ItemKind.timer:
      case ItemKind.request:
        this.hand(this.process(item.node), item);
        return;
      case ItemKind.clientTick:
        this.clients.tick(item.id, item.stamp);
        return;
      case ItemKind.clientTimeout:
        this.clients.timeout(item.id);
        return;
      case ItemKind.clientRetry:
        this.clients.retry(item.id, item.stamp);
        return;
      case ItemKind.script:
        this.clients.runScript(item.id);
        return;
      case ItemKind.inspect:
        this.phases.inspect();
        return;
      default:
        this.takeFault(item);
    }
  }

  /** Faults and their ends; after the heal they are void. */
  private takeFault(item: Item): void {
    if (this.phases.isHealed) return;
    switch (item.kind) {
      case ItemKind.fault:
        this.act(this.plan.faults[item.id]!.what, item.node);
        return;
      case ItemKind.restart:
        if (this.process(item.node).boot === item.id) this.restart(item.node);
        return;
      case ItemKind.resume:
        this.resume(item.node);
        return;
      case ItemKind.unblock:
        for (const link of item.ref as readonly number[]) this.network.unblock(link);
        this.observation.blocked(this.queue.nowUs, this.network.blockedLinks());
    }
  }

  /** An item for a server: one event, unless the server is down or paused, or the item is stale. */
  private hand(process: Process, item: Item): void {
    const { server } = process;
    if (server === null) {
      if (item.kind === ItemKind.request) this.clients.refuse(item.ref as Operation[]);
      return;
    }
    if (process.isPaused) {
      process.deferred.push(item);
      return;
    }
    const { nowUs } = this.queue;
    switch (item.kind) {
      case ItemKind.message:
        this.deliver(process, item, nowUs);
        return;
      case ItemKind.write:
        if (item.from === process.boot) this.completeWrite(process, item, nowUs);
        return;
      case ItemKind.timer: {
        const name = process.timers.take(item.id, item.stamp);
        if (name !== null) this.fire(process, name);
        return;
      }
      default: {
        const { node, boot } = process;
        const requests = this.clients.arrive(item.ref as Operation[], node, boot);
        if (requests.length === 0) return;
        this.observation.requested(nowUs, node, requests);
        const now = Math.floor(nowUs / 1000);
        this.step(process, { kind: 'request', now, wallClock: now, requests });
      }
    }
  }

  private deliver(process: Process, item: Item, nowUs: number): void {
    const { node } = process;
    const { from } = item;
    const body = item.ref as Message;
    this.observation.delivered(nowUs, node, from, item.id, item.stamp, body);
    if ((process.senders & (1 << from)) === 0 && this.triggers.waitsForSenders) {
      process.senders |= 1 << from;
      const fired = this.triggers.raise('senders', node, bitCount(process.senders));
      if (fired !== null) this.carryOut(fired);
      if (process.server === null) return;
    }
    const now = Math.floor(nowUs / 1000);
    this.step(process, { kind: 'message', now, wallClock: now, from, body });
  }

  private completeWrite(process: Process, item: Item, nowUs: number): void {
    process.disk.complete(item.stamp, item.id);
    this.observation.persisted(nowUs, process.node, item.id);
    if (this.triggers.waitsForWrite) {
      const fired = this.triggers.raise('write', process.node, 2);
      if (fired !== null) this.carryOut(fired);
      if (process.server === null) return;
    }
    const now = Math.floor(nowUs / 1000);
    this.step(process, { kind: 'persisted', now, wallClock: now, id: item.id });
  }

  private fire(process: Process, name: string): void {
    const { nowUs } = this.queue;
    this.observation.fired(nowUs, process.node, name);
    const now = Math.floor(nowUs / 1000);
    this.step(process, { kind: 'timer', now, wallClock: now, name });
  }

  private step(process: Process, event: ServerEvent): void {
    this.outbox.open(process);
    this.runningNode = process.node;
    process.server!.step(event, this.outbox);
    this.runningNode = 0;
    this.outbox.close();
  }

  private start(process: Process): void {
    const { node } = process;
    const { nowUs } = this.queue;
    process.boot += 1;
    process.stateMachine = this.hosted.createStateMachine();
    process.lastApplied = 0;
    process.lastWriteId = 0;
    process.claimsLeadership = false;
    process.senders = 0;
    this.runningNode = node;
    process.server = this.hosted.createServer();
    this.observation.started(nowUs, node, process.boot);
    this.step(process, {
      kind: 'start',
      now: Math.floor(nowUs / 1000),
      wallClock: Math.floor(nowUs / 1000),
      self: node,
      index: node - 1,
      members: this.members,
      boot: process.boot,
      seed: Math.floor(process.seedDraw() * 0x100000000).toString(16).padStart(8, '0'),
      image: process.disk.image(),
      config: this.plan.cluster.config,
    });
  }

  // What faults do.

  /** A fact fired a fault, perhaps in the middle of a step: steps of others wait until it ends. */
  private carryOut(fired: Fired): void {
    if (fired.fault < 0) {
      this.crash(fired.subject, 'all', null);
      return;
    }
    if (this.phases.isHealed) return;
    const { what } = this.plan.faults[fired.fault]!;
    if (what.do === 'elapse' || what.do === 'restart') {
      this.queue.push(this.queue.nowUs, ItemKind.fault, fired.subject, 0, fired.fault, 0, null);
    } else {
      this.act(what, fired.subject);
    }
  }

  private act(what: FaultAction, subject: NodeId): void {
    const node = 'node' in what && what.node !== 0 ? what.node : subject;
    switch (what.do) {
      case 'crash':
        this.crash(node, what.keep, what.restartUs);
        return;
      case 'restart':
        this.restart(node);
        return;
      case 'pause':
        this.pause(node, what.forUs);
        return;
      case 'block':
        this.block(what.links.map(([from, to]) => from * LINK_BASE + to), what.forUs);
        return;
      case 'isolate':
        this.block(this.linksOf(node, what.direction), what.forUs);
        return;
      case 'unblock':
        this.network.unblockAll();
        this.observation.blocked(this.queue.nowUs, []);
        return;
      case 'elapse': {
        const process = this.process(node);
        if (process.server === null || process.isPaused) return;
        if (process.timers.elapse(what.timer)) this.fire(process, what.timer);
      }
    }
  }

  crash(node: NodeId, keep: Keep, restartUs: number | null): void {
    const process = this.process(node);
    if (process.server === null) return;
    this.outbox.cut(process);
    const survivors = process.disk.crash(keep);
    process.timers.cancelAll();
    process.server = null;
    process.stateMachine = null;
    process.isPaused = false;
    this.observation.crashed(this.queue.nowUs, node, survivors);
    for (const item of process.deferred) {
      if (item.kind === ItemKind.request) this.clients.refuse(item.ref as Operation[]);
    }
    process.deferred.length = 0;
    this.clients.disconnect(node, process.boot);
    if (restartUs === null) return;
    this.queue.push(this.queue.nowUs + restartUs, ItemKind.restart, node, 0, process.boot, 0, null);
  }

  restart(node: NodeId): void {
    const process = this.process(node);
    if (process.server === null) this.start(process);
  }

  resume(node: NodeId): void {
    const process = this.process(node);
    if (!process.isPaused) return;
    process.isPaused = false;
    this.observation.resumed(this.queue.nowUs, node);
    for (const item of process.deferred) {
      const { kind, from, id, stamp, ref } = item;
      this.queue.push(this.queue.nowUs, kind, node, from, id, stamp, ref);
    }
    process.deferred.length = 0;
  }

  /** Each live server's state machine is looked at. */
  inspectStates(nodes: readonly NodeId[]): void {
    for (const node of nodes) {
      const { stateMachine, lastApplied } = this.process(node);
      if (stateMachine === null) continue;
      const contents = stateMachine.contents();
      this.observation.stateInspected(this.queue.nowUs, node, lastApplied, contents);
    }
  }

  /** The heal: no fault, no loss, short ways; the core lives, the rest is dead or cut off. */
  heal(latencyUsMax: number): void {
    const { core, rest } = this.plan.phases;
    this.triggers.disarm();
    this.network.unblockAll();
    this.network.heal(latencyUsMax);
    for (const process of this.processes) {
      const isCore = core.includes(process.node);
      process.disk.heal(latencyUsMax);
      this.resume(process.node);
      if (!isCore && rest === 'dead') this.crash(process.node, 'drawn', null);
      if (!isCore && rest === 'cut') {
        for (const link of this.linksOf(process.node, 'both')) this.network.block(link);
      }
    }
    this.observation.blocked(this.queue.nowUs, this.network.blockedLinks());
    for (const node of core) this.restart(node);
  }

  private pause(node: NodeId, forUs: number): void {
    const process = this.process(node);
    if (process.server === null || process.isPaused) return;
    process.isPaused = true;
    this.observation.paused(this.queue.nowUs, node);
    this.queue.push(this.queue.nowUs + forUs, ItemKind.resume, node, 0, 0, 0, null);
  }

  private block(links: readonly number[], forUs: number | null): void {
    for (const link of links) this.network.block(link);
    this.observation.blocked(this.queue.nowUs, this.network.blockedLinks());
    if (forUs === null) return;
    this.queue.push(this.queue.nowUs + forUs, ItemKind.unblock, 0, 0, 0, 0, links);
  }

  private linksOf(node: NodeId, direction: 'both' | 'in' | 'out'): number[] {
    const links: number[] = [];
    for (const other of this.members) {
      if (other === node) continue;
      if (direction !== 'in') links.push(node * LINK_BASE + other);
      if (direction !== 'out') links.push(other * LINK_BASE + node);
    }
    return links;
  }

  private process(node: NodeId): Process {
    return this.processes[node - 1]!;
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
