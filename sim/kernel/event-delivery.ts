/** Brings events into servers, one at a time; what they answer goes to the outbox. */
import type { ServerEvent } from '../../core/contract.ts';
import type { Message, NodeId } from '../../core/messages.ts';
import type { Clients } from './clients.ts';
import type { Copy } from './copy.ts';
import type { EventQueue } from './event-queue.ts';
import { type Item, ItemKind } from './item.ts';
import type { Observation } from './observation.ts';
import { arrive, type Operation } from './operation.ts';
import type { Attempt, Operators } from './operators.ts';
import type { Process } from './process.ts';
import type { ServerOutbox } from './server-outbox.ts';
import type { Fired, TriggerKind, Triggers } from './triggers.ts';

export class EventDelivery {
  /** The server whose code is running, 0 for none: whose fault an exception is. */
  runningNode: NodeId = 0;
  private readonly queue: EventQueue;
  private readonly observation: Observation;
  private readonly clients: Clients;
  private readonly operators: Operators;
  private readonly triggers: Triggers;
  private readonly outbox: ServerOutbox;
  private readonly copy: Copy;
  private readonly carryOut: (fired: Fired) => void;

  constructor(
    queue: EventQueue,
    observation: Observation,
    clients: Clients,
    operators: Operators,
    triggers: Triggers,
    outbox: ServerOutbox,
    copy: Copy,
    carryOut: (fired: Fired) => void,
  ) {
    this.queue = queue;
    this.observation = observation;
    this.clients = clients;
    this.operators = operators;
    this.triggers = triggers;
    this.outbox = outbox;
    this.copy = copy;
    this.carryOut = carryOut;
  }

  /** An item for a server: one event, unless the server is down or paused, or the item is stale. */
  hand(process: Process, item: Item): void {
    if (process.server === null) {
      this.refuse(item);
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
      case ItemKind.snapshot:
        if (item.from === process.boot) this.bringSnapshot(process, item);
        return;
      case ItemKind.admin:
        this.askAdmin(process, item.ref as Attempt);
        return;
      default:
        this.request(process, item);
    }
  }

  /** Somebody asks a server that is not up. */
  refuse(item: Item): void {
    if (item.kind === ItemKind.request) this.clients.refuse(item.ref as Operation[]);
    if (item.kind === ItemKind.admin) this.operators.refuse(item.ref as Attempt);
  }

  fire(process: Process, name: string): void {
    const { nowUs } = this.queue;
    this.observation.fired(nowUs, process.node, name);
    const now = process.clock.now(nowUs);
    const wallClock = process.clock.wallClock(nowUs, now);
    this.step(process, { kind: 'timer', now, wallClock, name });
  }

  step(process: Process, event: ServerEvent): void {
    this.outbox.open(process);
    this.runningNode = process.node;
    process.server!.step(event, this.outbox);
    this.runningNode = 0;
    this.outbox.close();
  }

  /** A fact between the event and the first action: does the server live to see the event? */
  survives(process: Process, kind: TriggerKind, count: number): boolean {
    const fired = this.triggers.raise(kind, process.node, count);
    if (fired !== null) this.carryOut(fired);
    return process.server !== null;
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
    const now = process.clock.now(nowUs);
    const wallClock = process.clock.wallClock(nowUs, now);
    this.step(process, { kind: 'message', now, wallClock, from, body });
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
    const now = process.clock.now(nowUs);
    const wallClock = process.clock.wallClock(nowUs, now);
    this.step(process, { kind: 'persisted', now, wallClock, id: item.id });
  }

  /** A write that failed because of another one. */
  private tellOfDoomed(process: Process, item: Item): void {
    process.disk.untoldFailures -= 1;
    this.failWrite(process, item.id, item.ref as string);
  }

  private failWrite(process: Process, id: number, error: string): void {
    const { nowUs } = this.queue;
    this.observation.persistFailed(nowUs, process.node, id, error);
    const now = process.clock.now(nowUs);
    const wallClock = process.clock.wallClock(nowUs, now);
    this.step(process, { kind: 'persistFailed', now, wallClock, id, error });
  }

  private bringSnapshot(process: Process, item: Item): void {
    const { nowUs } = this.queue;
    const index = item.id;
    const data = item.ref as string;
    this.observation.snapshotTaken(nowUs, process.node, index, data);
    if (!this.survives(process, 'snapshotTaken', -1)) return;
    const now = process.clock.now(nowUs);
    const wallClock = process.clock.wallClock(nowUs, now);
    this.step(process, { kind: 'snapshotTaken', now, wallClock, index, data });
  }

  private askAdmin(process: Process, attempt: Attempt): void {
    const { nowUs } = this.queue;
    const { id } = attempt;
    attempt.boot = process.boot;
    this.observation.adminRequested(nowUs, process.node, id, attempt.request);
    const now = process.clock.now(nowUs);
    const wallClock = process.clock.wallClock(nowUs, now);
    // The request is the plan's own.
    const request = this.copy(attempt.request);
    this.step(process, { kind: 'admin', now, wallClock, id, request });
  }

  private request(process: Process, item: Item): void {
    const { nowUs } = this.queue;
    const requests = arrive(item.ref as Operation[], process.node, process.boot);
    if (requests.length === 0) return;
    this.observation.requested(nowUs, process.node, requests);
    const now = process.clock.now(nowUs);
    const wallClock = process.clock.wallClock(nowUs, now);
    // The commands are the clients' own.
    const copied = this.copy(requests);
    this.step(process, { kind: 'request', now, wallClock, requests: copied });
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
