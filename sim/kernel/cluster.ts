/** The servers as processes: events go in, and they start, crash, pause and start again. */
import type { CreateServer, ServerEvent } from '../../core/contract.ts';
import type { Message, NodeId } from '../../core/messages.ts';
import type { Clients } from './clients.ts';
import type { Copy } from './copy.ts';
import type { Keep } from './crash-luck.ts';
import { Disk } from './disk.ts';
import type { EventQueue } from './event-queue.ts';
import { initialEntries } from './initial-image.ts';
import { type Item, ItemKind } from './item.ts';
import { MachineLog } from './machine-log.ts';
import type { Observation } from './observation.ts';
import type { Operation } from './operation.ts';
import type { Plan } from './plan.ts';
import { newProcess, type Process } from './process.ts';
import { openStream } from './random.ts';
import { endReign } from './reign.ts';
import type { ServerOutbox } from './server-outbox.ts';
import { startEvent } from './start-event.ts';
import type { HostedStateMachine } from './state-machine.ts';
import { Timers } from './timers.ts';
import type { Fired, TriggerKind, Triggers } from './triggers.ts';

/** What is put on the bench. */
export interface Hosted {
  readonly createServer: CreateServer;
  readonly createStateMachine: (sessionExpiryMs: number) => HostedStateMachine;
  /** How bodies, writes and entries are copied at the border. */
  readonly copy: Copy;
}

export class Cluster {
  readonly members: readonly NodeId[];
  /** The server whose code is running, 0 for none: whose fault an exception is. */
  runningNode: NodeId = 0;
  private readonly plan: Plan;
  private readonly hosted: Hosted;
  private readonly queue: EventQueue;
  private readonly observation: Observation;
  private readonly clients: Clients;
  private readonly triggers: Triggers;
  private readonly outbox: ServerOutbox;
  private readonly carryOut: (fired: Fired) => void;
  private readonly processes: readonly Process[];

  constructor(
    plan: Plan,
    hosted: Hosted,
    queue: EventQueue,
    observation: Observation,
    clients: Clients,
    triggers: Triggers,
    outbox: ServerOutbox,
    carryOut: (fired: Fired) => void,
  ) {
    this.plan = plan;
    this.hosted = hosted;
    this.queue = queue;
    this.observation = observation;
    this.clients = clients;
    this.triggers = triggers;
    this.outbox = outbox;
    this.carryOut = carryOut;
    this.members = Array.from({ length: plan.cluster.size }, (_, i) => i + 1);
    this.processes = this.members.map((node) => {
      const disk = new Disk(plan, node, queue);
      const timers = new Timers(plan, node, queue);
      const seedDraw = openStream(plan.seed, `server/${node}`);
      const isDurable = plan.cluster.stateMachine === 'durable';
      const machineLog = isDurable ? new MachineLog(plan.seed, node) : null;
      return newProcess(node, disk, timers, seedDraw, machineLog);
    });
  }

  process(node: NodeId): Process {
    return this.processes[node - 1]!;
  }

  /** Fills the disks as the plan says and boots every server. */
  boot(): void {
    for (const image of this.plan.images) {
      const entries = initialEntries(image);
      this.process(image.node).disk.prepare(image.currentTerm, image.votedFor, entries);
      this.observation.prepared(image.node, image.currentTerm, image.votedFor, entries);
    }
    for (const process of this.processes) this.start(process);
  }

  /** An item for a server: one event, unless the server is down or paused, or the item is stale. */
  hand(item: Item): void {
    const process = this.process(item.node);
    if (process.server === null) {
      if (item.kind === ItemKind.request) this.clients.refuse(item.ref as Operation[]);
      return;
    }
    if (process.isPaused) {
      this.queue.keepTaken();
      process.deferred.push(item);
      return;
    }
    switch (item.kind) {
      case ItemKind.message:
        this.deliver(process, item);
        return;
      case ItemKind.write:
        if (item.from === process.boot) this.completeWrite(process, item);
        return;
      case ItemKind.writeFailed:
        if (item.from === process.boot) this.tellOfDoomed(process, item);
        return;
      case ItemKind.timer: {
        const name = process.timers.take(item.id, item.stamp);
        if (name !== null) this.fire(process, name);
        return;
      }
      default:
        this.request(process, item);
    }
  }

  /** Makes a running timer run out now. */
  elapse(node: NodeId, timer: string): void {
    const process = this.process(node);
    if (process.server === null || process.isPaused) return;
    if (process.timers.elapse(timer)) this.fire(process, timer);
  }

  crash(node: NodeId, keep: Keep, restartUs: number | null): void {
    const process = this.process(node);
    if (process.server === null) return;
    this.outbox.cut(process);
    const survivors = process.disk.crash(keep);
    if (process.machineLog !== null) process.machineLog.crash();
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

  /**
   * A server that would only now be told of writes that have failed is crashed instead: once the
   * faults are over, none may take it down.
   */
  forgiveFailures(node: NodeId): void {
    if (this.process(node).disk.untoldFailures > 0) this.crash(node, 'all', null);
  }

  restart(node: NodeId): void {
    const process = this.process(node);
    if (process.server === null) this.start(process);
  }

  pause(node: NodeId, forUs: number): void {
    const process = this.process(node);
    if (process.server === null || process.isPaused) return;
    process.isPaused = true;
    process.pauses += 1;
    this.observation.paused(this.queue.nowUs, node);
    const atUs = this.queue.nowUs + forUs;
    this.queue.push(atUs, ItemKind.resume, node, 0, process.pauses, 0, null);
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

  /** Shows the state machines of these servers, as far as they are up. */
  inspectStates(nodes: readonly NodeId[]): void {
    for (const node of nodes) {
      const { stateMachine, lastApplied } = this.process(node);
      if (stateMachine === null) continue;
      this.runningNode = node;
      const contents = stateMachine.contents();
      this.runningNode = 0;
      this.observation.stateInspected(this.queue.nowUs, node, lastApplied, contents);
    }
  }

  private start(process: Process): void {
    const { node } = process;
    const { nowUs } = this.queue;
    process.boot += 1;
    process.lastWriteId = 0;
    process.senders = 0;
    endReign(process.reign);
    this.runningNode = node;
    const stateMachine = this.hosted.createStateMachine(this.plan.cluster.sessionExpiryMs);
    process.stateMachine = stateMachine;
    process.lastApplied =
      process.machineLog === null ? 0 : process.machineLog.restore(stateMachine);
    process.server = this.hosted.createServer();
    this.runningNode = 0;
    this.observation.started(nowUs, node, process.boot, process.lastApplied);
    const luck = process.seedDraw();
    const isAgain = process.boot > 0;
    if (isAgain && this.triggers.waitsForStart && !this.survives(process, 'started', -1)) return;
    const { config } = this.plan.cluster;
    // The members, the config and the entries of the image are the world's own.
    this.step(process, this.hosted.copy(startEvent(process, this.members, config, nowUs, luck)));
  }

  private deliver(process: Process, item: Item): void {
    const { node } = process;
    const { nowUs } = this.queue;
    const { from } = item;
    const body = item.ref as Message;
    this.observation.delivered(nowUs, node, from, item.id, item.stamp, body);
    if (this.triggers.waitsForSenders && (process.senders & (1 << from)) === 0) {
      process.senders |= 1 << from;
      if (!this.survives(process, 'senders', bitCount(process.senders))) return;
    }
    const now = Math.floor(nowUs / 1000);
    this.step(process, { kind: 'message', now, wallClock: now, from, body });
  }

  private completeWrite(process: Process, item: Item): void {
    const fate = process.disk.complete(item.stamp, item.id);
    if (fate === 'stale') return;
    if (fate === 'failed') {
      this.failWrite(process, item.id, process.disk.error);
      return;
    }
    const { nowUs } = this.queue;
    this.observation.persisted(nowUs, process.node, item.id);
    if (this.triggers.waitsForWrite && !this.survives(process, 'write', 2)) return;
    const now = Math.floor(nowUs / 1000);
    this.step(process, { kind: 'persisted', now, wallClock: now, id: item.id });
  }

  /** A write that failed because of another one. */
  private tellOfDoomed(process: Process, item: Item): void {
    process.disk.untoldFailures -= 1;
    this.failWrite(process, item.id, item.ref as string);
  }

  private failWrite(process: Process, id: number, error: string): void {
    const { nowUs } = this.queue;
    this.observation.persistFailed(nowUs, process.node, id, error);
    const now = Math.floor(nowUs / 1000);
    this.step(process, { kind: 'persistFailed', now, wallClock: now, id, error });
  }

  private fire(process: Process, name: string): void {
    const { nowUs } = this.queue;
    this.observation.fired(nowUs, process.node, name);
    const now = Math.floor(nowUs / 1000);
    this.step(process, { kind: 'timer', now, wallClock: now, name });
  }

  private request(process: Process, item: Item): void {
    const { nowUs } = this.queue;
    const requests = this.clients.arrive(item.ref as Operation[], process.node, process.boot);
    if (requests.length === 0) return;
    this.observation.requested(nowUs, process.node, requests);
    const now = Math.floor(nowUs / 1000);
    // The commands are the clients' own.
    const copied = this.hosted.copy(requests);
    this.step(process, { kind: 'request', now, wallClock: now, requests: copied });
  }

  private step(process: Process, event: ServerEvent): void {
    this.outbox.open(process);
    this.runningNode = process.node;
    process.server!.step(event, this.outbox);
    this.runningNode = 0;
    this.outbox.close();
  }

  /** A fact between the event and the first action: does the server live to see the event? */
  private survives(process: Process, kind: TriggerKind, count: number): boolean {
    const fired = this.triggers.raise(kind, process.node, count);
    if (fired !== null) this.carryOut(fired);
    return process.server !== null;
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
