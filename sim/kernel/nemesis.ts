/** What the faults of a plan do, and the heal that ends them. */
import type { NodeId } from '../../core/messages.ts';
import type { Cluster } from './cluster.ts';
import type { EventQueue } from './event-queue.ts';
import { type Item, ItemKind } from './item.ts';
import { LINK_BASE } from './link.ts';
import type { Network } from './network.ts';
import type { Observation } from './observation.ts';
import type { FaultAction, Plan } from './plan.ts';
import type { Fired, Triggers } from './triggers.ts';

export class Nemesis {
  private readonly plan: Plan;
  private readonly queue: EventQueue;
  private readonly network: Network;
  private readonly observation: Observation;
  private readonly triggers: Triggers;
  /** Faults, and the ends of faults that are still to come, are void once this is set. */
  private isOver = false;

  constructor(
    plan: Plan,
    queue: EventQueue,
    network: Network,
    observation: Observation,
    triggers: Triggers,
  ) {
    this.plan = plan;
    this.queue = queue;
    this.network = network;
    this.observation = observation;
    this.triggers = triggers;
  }

  /** Puts the timed faults into the queue. */
  start(): void {
    this.plan.faults.forEach((fault, i) => {
      if ('atUs' in fault.when) this.queue.push(fault.when.atUs, ItemKind.fault, 0, 0, i, 0, null);
    });
  }

  /** A fault, or the end of one, is due. */
  take(item: Item, cluster: Cluster): void {
    if (this.isOver) return;
    switch (item.kind) {
      case ItemKind.fault:
        this.act(item.id, item.node, cluster);
        return;
      case ItemKind.restart:
        if (cluster.process(item.node).boot === item.id) cluster.restart(item.node);
        return;
      case ItemKind.resume:
        if (cluster.process(item.node).pauses === item.id) cluster.resume(item.node);
        return;
      case ItemKind.unblock:
        if (item.id !== this.network.generation) return;
        for (const link of item.ref as readonly number[]) this.network.unblock(link);
        this.observation.blocked(this.queue.nowUs, this.network.blockedLinks());
    }
  }

  /** A fact fired a fault, perhaps in the middle of a step: steps of others wait until it ends. */
  carryOut(fired: Fired, cluster: Cluster): void {
    if (fired.fault < 0) {
      cluster.crash(fired.subject, 'all', this.plan.cluster.restartAfterHaltUs);
      return;
    }
    if (this.isOver) return;
    const { what } = this.plan.faults[fired.fault]!;
    if (what.do === 'elapse' || what.do === 'restart') {
      this.queue.push(this.queue.nowUs, ItemKind.fault, fired.subject, 0, fired.fault, 0, null);
    } else {
      this.act(fired.fault, fired.subject, cluster);
    }
  }

  /** No fault any more, no loss, short ways; the core lives, the rest is dead or cut off. */
  heal(latencyUsMax: number, cluster: Cluster): void {
    const { core, rest } = this.plan.phases;
    this.isOver = true;
    this.triggers.disarm();
    this.network.unblockAll();
    this.network.heal(latencyUsMax);
    for (const node of cluster.servers) {
      const isCore = core.includes(node);
      cluster.process(node).disk.heal(latencyUsMax);
      cluster.process(node).snapshots.heal(latencyUsMax);
      cluster.resume(node);
      cluster.forgiveFailures(node);
      if (!isCore && rest === 'dead') cluster.crash(node, 'drawn', null);
      if (!isCore && rest === 'cut') {
        for (const link of linksOf(cluster, node, 'both', 0)) this.network.block(link);
      }
    }
    this.observation.blocked(this.queue.nowUs, this.network.blockedLinks());
    for (const node of core) cluster.restart(node);
  }

  /** The fault at this place of the plan strikes; `subject` is the server of the fact, or 0. */
  private act(place: number, subject: NodeId, cluster: Cluster): void {
    const { what } = this.plan.faults[place]!;
    this.observation.struck(this.queue.nowUs, place, subject);
    const node = 'node' in what && what.node !== 0 ? what.node : subject;
    switch (what.do) {
      case 'crash':
        cluster.crash(node, what.keep, what.restartUs);
        return;
      case 'restart':
        cluster.restart(node);
        return;
      case 'wipe':
        cluster.wipe(node);
        return;
      case 'pause':
        cluster.pause(node, what.forUs);
        return;
      case 'block': {
        const links = what.links.map(([from, to]) => from * LINK_BASE + to);
        this.block(links, what.forUs);
        return;
      }
      case 'isolate':
        this.block(linksOf(cluster, node, what.direction, what.peers), what.forUs);
        return;
      case 'unblock':
        this.network.unblockAll();
        this.observation.blocked(this.queue.nowUs, []);
        return;
      case 'elapse':
        cluster.elapse(node, what.timer);
        return;
      case 'stall':
        cluster.process(node).disk.stall(what.stream, what.forUs);
        return;
      case 'slow':
        cluster.process(node).disk.slow(what.factor, what.forUs);
        return;
      case 'failWrites':
        cluster.process(node).disk.failWrites(what.stream, what.forUs);
        return;
      case 'exhume':
        this.network.exhume(node, what.of, what.count, what.withinUs);
        return;
      case 'clog':
        this.network.interference.clog(
          linksOf(cluster, node, what.direction, 0),
          this.queue.nowUs + what.forUs,
        );
        return;
      case 'interfere':
        this.interfere(what, linksOf(cluster, node, what.direction, 0));
        return;
      case 'outrun':
        this.outrun(node, what.restartUs, cluster);
    }
  }

  private interfere(what: FaultAction & { readonly do: 'interfere' }, links: number[]): void {
    const { kind, how, delayUs, forUs } = what;
    const untilUs = forUs === null ? null : this.queue.nowUs + forUs;
    this.network.interference.pick({ links, kind, how, delayUs, untilUs });
  }

  /** The messages are there, and what they rest on is not. */
  private outrun(node: NodeId, restartUs: number | null, cluster: Cluster): void {
    const sentBefore = cluster.process(node).disk.sentBeforeUnfinished();
    if (sentBefore >= 0) this.network.hurry(node, sentBefore);
    cluster.crash(node, 'none', restartUs);
  }

  private block(links: readonly number[], forUs: number | null): void {
    for (const link of links) this.network.block(link);
    this.observation.blocked(this.queue.nowUs, this.network.blockedLinks());
    if (forUs === null) return;
    const atUs = this.queue.nowUs + forUs;
    this.queue.push(atUs, ItemKind.unblock, 0, 0, this.network.generation, 0, links);
  }
}

/** The links to and from the next `peers` others, counted upwards and around; 0: all others. */
function linksOf(
  cluster: Cluster,
  node: NodeId,
  direction: 'both' | 'in' | 'out',
  peers: number,
): number[] {
  const links: number[] = [];
  const size = cluster.servers.length;
  const count = peers === 0 ? size - 1 : Math.min(peers, size - 1);
  for (let step = 1; step <= count; step += 1) {
    const other = ((node - 1 + step) % size) + 1;
    if (direction !== 'in') links.push(node * LINK_BASE + other);
    if (direction !== 'out') links.push(other * LINK_BASE + node);
  }
  return links;
}
