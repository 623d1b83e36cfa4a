/**
 * Tells servers what they will get next while others are still being served: events of different
 * servers that lie closer together than anything can travel between them do not depend on each
 * other. For programs of other processes, which then think side by side. Nothing in a run depends on
 * it: events are taken one after the other as ever, and only what is certain to come is told.
 */
import type { ServerEvent } from '../../core/contract.ts';
import type { Clients } from './clients.ts';
import type { Cluster } from './cluster.ts';
import type { Disk } from './disk.ts';
import type { EventQueue } from './event-queue.ts';
import { type Item, ItemKind, isForServer } from './item.ts';
import type { Network } from './network.ts';
import type { ForetoldServer } from './opaque.ts';
import type { Operators } from './operators.ts';
import type { Plan } from './plan.ts';
import type { Process } from './process.ts';
import type { Triggers } from './triggers.ts';

/** From a client, or an operator, to a server it takes at least so long. */
const REQUEST_US_MIN = 200;
/** A client that was sent away waits at least so long. */
const RETRY_US_MIN = 5_000;

export class LookAhead {
  private readonly intervalUs: number;
  private readonly queue: EventQueue;
  private readonly network: Network;
  private readonly clients: Clients;
  private readonly operators: Operators;
  private readonly triggers: Triggers;
  private readonly cluster: Cluster;
  private readonly coming: Item[] = [];

  constructor(
    plan: Plan,
    queue: EventQueue,
    network: Network,
    clients: Clients,
    operators: Operators,
    triggers: Triggers,
    cluster: Cluster,
  ) {
    this.intervalUs = plan.workload.intervalUs;
    this.queue = queue;
    this.network = network;
    this.clients = clients;
    this.operators = operators;
    this.triggers = triggers;
    this.cluster = cluster;
  }

  /** `item` was taken from the queue, and its server is not asked yet. */
  look(item: Item): void {
    // A fault that waits for a fact may hit anybody, at once.
    if (!isForServer(item) || this.triggers.isArmed) return;
    let limitUs = item.atUs + this.quietUs(item.atUs);
    if (limitUs <= item.atUs) return;
    const { coming } = this;
    const count = this.queue.upTo(limitUs, coming);
    let spoken = 1 << item.node;
    for (let i = 0; i < count; i += 1) {
      const next = coming[i]!;
      if (next.atUs > limitUs) return;
      if (isForServer(next)) {
        if ((spoken & (1 << next.node)) === 0) this.foretell(next);
        spoken |= 1 << next.node;
      } else if (isForClient(next)) limitUs = Math.min(limitUs, next.atUs + REQUEST_US_MIN);
      else return;
    }
  }

  /** So long nothing that a server does now reaches another one. */
  private quietUs(nowUs: number): number {
    let us = Math.min(RETRY_US_MIN, this.network.leastUs());
    if (this.operators.isActive) us = Math.min(us, REQUEST_US_MIN);
    for (const { current, invokedUs } of this.clients.roster.clients) {
      if (current.length === 0) continue;
      // Its answer may come now: so soon it asks for something else.
      const idleUs = Math.max(0, Math.floor(invokedUs + 0.5 * this.intervalUs) - nowUs);
      us = Math.min(us, idleUs + REQUEST_US_MIN);
    }
    return us;
  }

  private foretell(item: Item): void {
    const process = this.cluster.process(item.node);
    if (process.server === null || process.isPaused) return;
    const event = eventOf(process, item);
    if (event !== null) (process.server as ForetoldServer).foretell(event);
  }
}

/** What the server will get, where that is plain; else null. */
function eventOf(process: Process, item: Item): ServerEvent | null {
  const { clock } = process;
  const now = clock.now(item.atUs);
  const wallClock = clock.wallClock(item.atUs, now);
  switch (item.kind) {
    case ItemKind.message: {
      const body = item.ref as Extract<ServerEvent, { kind: 'message' }>['body'];
      return { kind: 'message', now, wallClock, from: item.from, body };
    }
    case ItemKind.timer: {
      const name = process.timers.dueAt(item.id, item.stamp, item.atUs);
      return name === null ? null : { kind: 'timer', now, wallClock, name };
    }
    case ItemKind.write: {
      if (item.from !== process.boot || !isNext(process.disk, item.stamp, item.id)) return null;
      return { kind: 'persisted', now, wallClock, id: item.id };
    }
    default:
      return null;
  }
}

/** Will this write be called durable, if nothing happens before? */
function isNext({ isTroubled, streams }: Disk, place: number, id: number): boolean {
  const { pending, first } = streams.all[place]!;
  return !isTroubled && pending[first]?.id === id;
}

function isForClient({ kind }: Item): boolean {
  return (
    kind === ItemKind.clientTick || kind === ItemKind.clientTimeout || kind === ItemKind.clientRetry
  );
}
