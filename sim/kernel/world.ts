/**
 * The world: it owns time, network, disks, processes, state machines and clients, and takes one
 * event after the other until the run is over. A run is a function of (plan, implementation).
 */
import type { NodeId } from '../../core/messages.ts';
import type { Arbiter } from '../../invariants/arbiter.ts';
import { Clients } from './clients.ts';
import { Cluster, type Hosted } from './cluster.ts';
import { EventDelivery } from './event-delivery.ts';
import { EventQueue } from './event-queue.ts';
import { type Item, ItemKind, isForServer } from './item.ts';
import { LookAhead } from './look-ahead.ts';
import { Nemesis } from './nemesis.ts';
import { Network } from './network.ts';
import type { Observation } from './observation.ts';
import { type Attempt, Operators } from './operators.ts';
import { type Course, Phases } from './phases.ts';
import type { Plan } from './plan.ts';
import { ServerOutbox } from './server-outbox.ts';
import { isStorm } from './storm.ts';
import { type Fired, Triggers } from './triggers.ts';

export class World implements Course {
  readonly queue = new EventQueue();
  readonly clients: Clients;
  isOver = false;
  private readonly operators: Operators;
  private readonly plan: Plan;
  private readonly observation: Observation;
  private readonly judge: Arbiter;
  private readonly delivery: EventDelivery;
  private readonly cluster: Cluster;
  private readonly nemesis: Nemesis;
  private readonly phases: Phases;
  /** null where nobody has a use for it. */
  private readonly ahead: LookAhead | null;
  private readonly wakeUpsMax: number | null;

  constructor(plan: Plan, hosted: Hosted, observation: Observation, judge: Arbiter) {
    this.plan = plan;
    this.observation = observation;
    this.judge = judge;
    const { queue } = this;
    const network = new Network(plan, queue, observation, hosted.copy);
    const clients = new Clients(plan, queue, observation, hosted.opaque?.hasReads ?? true);
    const operators = new Operators(plan, queue, (node) => this.cluster.isUp(node));
    const triggers = new Triggers(plan.faults);
    const carryOut = (fired: Fired) => this.nemesis.carryOut(fired, this.cluster);
    const { cluster } = plan;
    const { copy, opaque } = hosted;
    this.wakeUpsMax = opaque?.wakeUpsMax ?? null;
    const outbox = new ServerOutbox(
      cluster,
      network,
      observation,
      clients,
      operators,
      triggers,
      copy,
      opaque !== null,
      carryOut,
    );
    this.delivery = new EventDelivery(
      queue,
      observation,
      clients,
      operators,
      triggers,
      outbox,
      copy,
      carryOut,
    );
    this.clients = clients;
    this.operators = operators;
    this.nemesis = new Nemesis(plan, queue, network, observation, triggers);
    this.cluster = new Cluster(
      plan,
      hosted,
      queue,
      observation,
      clients,
      operators,
      triggers,
      outbox,
      this.delivery,
    );
    this.phases = new Phases(plan, this, observation, judge);
    this.ahead =
      opaque === null || !opaque.looksAhead
        ? null
        : new LookAhead(plan, queue, network, clients, operators, triggers, this.cluster);
  }

  /** The server whose code is running, 0 for none: whose fault an exception is. */
  get runningNode(): NodeId {
    return this.delivery.runningNode;
  }

  /** True when the plan's cap on events ended the run. */
  get isStorm(): boolean {
    return isStorm(this.observation, this.plan.eventsMax, this.wakeUpsMax);
  }

  /** Runs to the end: all done, a violation, an excuse, or more events than the plan allows. */
  run(): void {
    this.phases.begin();
    this.clients.start();
    this.operators.start();
    this.nemesis.start();
    this.cluster.boot();
    const { queue, judge, ahead } = this;
    while (!this.isOver) {
      const item = queue.pop();
      if (item === null) break;
      if (ahead !== null) ahead.look(item);
      this.take(item);
      if (judge.isDecided || this.isStorm) this.isOver = true;
    }
  }

  isGone(node: NodeId): boolean {
    return this.cluster.process(node).isWiped;
  }

  heal(latencyUsMax: number): void {
    this.operators.close();
    this.nemesis.heal(latencyUsMax, this.cluster);
  }

  inspectStates(nodes: readonly NodeId[]): void {
    this.cluster.inspectStates(nodes);
  }

  private take(item: Item): void {
    if (isForServer(item)) {
      this.cluster.hand(item);
      return;
    }
    switch (item.kind) {
      case ItemKind.clientTick:
        this.clients.tick(item.id, item.stamp);
        return;
      case ItemKind.clientTimeout:
        this.clients.timeout(item.id);
        return;
      case ItemKind.clientRetry:
        this.clients.retry(item.id, item.stamp);
        return;
      case ItemKind.operator:
        this.operators.tick(item.id, item.stamp);
        return;
      case ItemKind.adminAnswer:
        this.operators.hear(item.ref as Attempt);
        return;
      case ItemKind.script:
        this.clients.runScript(item.id);
        return;
      case ItemKind.inspect:
        this.phases.inspect();
        return;
      default:
        this.nemesis.take(item, this.cluster);
    }
  }
}
