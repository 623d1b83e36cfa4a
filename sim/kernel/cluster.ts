/** The servers as processes: events go in, and they start, crash, pause and start again. */
import type { CreateServer } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import type { Clients } from './clients.ts';
import type { Copy } from './copy.ts';
import type { Keep } from './crash-luck.ts';
import type { EventDelivery } from './event-delivery.ts';
import type { EventQueue } from './event-queue.ts';
import { initialEntries } from './initial-image.ts';
import { type Item, ItemKind } from './item.ts';
import type { Observation } from './observation.ts';
import type { OpaqueHosting } from './opaque.ts';
import type { Operators } from './operators.ts';
import type { Plan } from './plan.ts';
import { newProcess, type Process } from './process.ts';
import { endReign } from './reign.ts';
import type { ServerOutbox } from './server-outbox.ts';
import { startEvent } from './start-event.ts';
import type { HostedStateMachine } from './state-machine.ts';
import type { Triggers } from './triggers.ts';

/** What is put on the bench. */
export interface Hosted {
  readonly createServer: CreateServer;
  readonly createStateMachine: (sessionExpiryMs: number) => HostedStateMachine;
  /** How bodies, writes and entries are copied at the border. */
  readonly copy: Copy;
  /** Not null: programs, whose bodies and writes the world does not read. */
  readonly opaque: OpaqueHosting | null;
}

export class Cluster {
  /** All servers, spare ones included. */
  readonly servers: readonly NodeId[];
  private readonly plan: Plan;
  private readonly hosted: Hosted;
  private readonly queue: EventQueue;
  private readonly observation: Observation;
  private readonly clients: Clients;
  private readonly operators: Operators;
  private readonly triggers: Triggers;
  private readonly outbox: ServerOutbox;
  private readonly delivery: EventDelivery;
  private readonly processes: readonly Process[];
  /** The voters of the first configuration. */
  private readonly members: readonly NodeId[];

  constructor(
    plan: Plan,
    hosted: Hosted,
    queue: EventQueue,
    observation: Observation,
    clients: Clients,
    operators: Operators,
    triggers: Triggers,
    outbox: ServerOutbox,
    delivery: EventDelivery,
  ) {
    this.plan = plan;
    this.hosted = hosted;
    this.queue = queue;
    this.observation = observation;
    this.clients = clients;
    this.operators = operators;
    this.triggers = triggers;
    this.outbox = outbox;
    this.delivery = delivery;
    const { size, spares } = plan.cluster;
    this.servers = Array.from({ length: size + spares }, (_, i) => i + 1);
    this.members = this.servers.slice(0, size);
    this.processes = this.servers.map((node) => newProcess(plan, node, queue, hosted.opaque));
  }

  process(node: NodeId): Process {
    return this.processes[node - 1]!;
  }

  isUp(node: NodeId): boolean {
    return this.process(node).server !== null;
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

  /** An item for a server. */
  hand(item: Item): void {
    this.delivery.hand(this.processes[item.node - 1]!, item);
  }

  /** Makes a running timer run out now. */
  elapse(node: NodeId, timer: string): void {
    const process = this.process(node);
    if (process.server === null || process.isPaused) return;
    if (process.timers.elapse(timer)) this.delivery.fire(process, timer);
  }

  crash(node: NodeId, keep: Keep, restartUs: number | null): void {
    const process = this.process(node);
    if (process.server === null) return;
    this.outbox.cut(process);
    const survivors = process.disk.crash(keep);
    if (process.machineLog !== null) process.machineLog.crash();
    process.timers.cancelAll();
    process.snapshots.stop();
    process.server = null;
    process.stateMachine = null;
    process.isPaused = false;
    this.observation.crashed(this.queue.nowUs, node, survivors);
    for (const item of process.deferred) this.delivery.refuse(item);
    process.deferred.length = 0;
    this.clients.disconnect(node, process.boot);
    this.operators.disconnect(node, process.boot);
    if (restartUs === null) return;
    this.queue.push(this.queue.nowUs + restartUs, ItemKind.restart, node, 0, process.boot, 0, null);
  }

  /** The server is gone for good, and its disk with it. */
  wipe(node: NodeId): void {
    const process = this.process(node);
    if (process.isWiped) return;
    this.crash(node, 'none', null);
    process.isWiped = true;
    this.observation.wiped(this.queue.nowUs, node);
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
    if (process.server === null && !process.isWiped) this.start(process);
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
      this.delivery.runningNode = node;
      const contents = stateMachine.contents();
      this.delivery.runningNode = 0;
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
    this.delivery.runningNode = node;
    const stateMachine = this.hosted.createStateMachine(this.plan.cluster.sessionExpiryMs);
    process.stateMachine = stateMachine;
    process.lastApplied =
      process.machineLog === null ? 0 : process.machineLog.restore(stateMachine);
    process.server = this.hosted.createServer();
    this.delivery.runningNode = 0;
    this.observation.started(nowUs, node, process.boot, process.lastApplied);
    const luck = process.seedDraw();
    const isAgain = process.boot > 0;
    if (isAgain && this.triggers.waitsForStart) {
      if (!this.delivery.survives(process, 'started', -1)) return;
    }
    const { size, config } = this.plan.cluster;
    const members = node <= size ? this.members : [];
    // The members, the config and the entries of the image are the world's own.
    this.delivery.step(
      process,
      this.hosted.copy(startEvent(process, members, config, nowUs, luck)),
    );
  }
}
