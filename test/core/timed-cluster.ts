/**
 * A cluster on a virtual clock: messages, writes and timers take their time, and every server has a
 * clock of its own rate. Small on purpose, and apart from the world of the bench.
 */
import type { NodeId } from '../../core/messages.ts';
import type { Cluster } from './cluster.ts';
import type { Action } from './recording-outbox.ts';

type Random = (below: number) => number;

interface Happening {
  readonly atUs: number;
  readonly order: number;
  readonly happen: () => void;
}

/** What a network does to a message, µs and parts per hundred. */
export interface Weather {
  latencyUsMax: number;
  /** One message in so many takes up to a hundred times as long. */
  lateOneIn: number;
  lossPercent: number;
  writeUsMax: number;
}

export const calm: Weather = { latencyUsMax: 2_000, lateOneIn: 0, lossPercent: 0, writeUsMax: 500 };

export class TimedCluster {
  readonly cluster: Cluster;
  weather: Weather = calm;
  nowUs = 0;
  /** Called for each action, in order. */
  readonly #onAction: (node: NodeId, action: Action) => void;
  readonly #random: Random;
  /** By node: how much faster than true time its clock runs, ppm. */
  readonly #ratePpm: readonly number[];
  readonly #blocked = new Set<string>();
  /** By node: what has come while it is paused; null while it is not. */
  readonly #backlog: ((() => void)[] | null)[];
  /** By node: timer → the setting that counts. */
  readonly #timers: Map<string, number>[];
  readonly #queue: Happening[] = [];
  #order = 0;

  /** The rates are drawn in ±driftPpm. */
  constructor(
    makeCluster: () => Cluster,
    driftPpm: number,
    random: Random,
    onAction: (node: NodeId, action: Action) => void,
  ) {
    this.cluster = makeCluster();
    this.#random = random;
    this.#onAction = onAction;
    const places = [0, ...this.cluster.servers];
    this.#ratePpm = places.map(() => random(2 * driftPpm + 1) - driftPpm);
    this.#backlog = places.map(() => null);
    this.#timers = places.map(() => new Map());
    for (const node of this.cluster.servers) this.#carryOut(node);
  }

  /** Everything that happens in the next `durationUs`. */
  runFor(durationUs: number): void {
    const endUs = this.nowUs + durationUs;
    while (this.#queue.length > 0 && this.#queue[0]!.atUs <= endUs) {
      const { atUs, happen } = this.#queue.shift()!;
      this.nowUs = atUs;
      happen();
    }
    this.nowUs = endUs;
  }

  after(delayUs: number, happen: () => void): void {
    this.#order += 1;
    const item = { atUs: this.nowUs + delayUs, order: this.#order, happen };
    let at = this.#queue.length;
    while (at > 0 && this.#queue[at - 1]!.atUs > item.atUs) at -= 1;
    this.#queue.splice(at, 0, item);
  }

  /** Something that a server is told, when it is there to be told. */
  tell(node: NodeId, event: (cluster: Cluster) => void): void {
    const { cluster } = this;
    const backlog = this.#backlog[node]!;
    if (!cluster.isUp(node)) return;
    if (backlog !== null) {
      backlog.push(() => event(cluster));
      return;
    }
    this.#setClock(node);
    event(cluster);
    this.#carryOut(node);
  }

  block(from: NodeId, to: NodeId): void {
    this.#blocked.add(`${from}>${to}`);
  }

  unblockAll(): void {
    this.#blocked.clear();
  }

  pause(node: NodeId): void {
    if (this.cluster.isUp(node)) this.#backlog[node] ??= [];
  }

  /** All that has come meanwhile comes at once. */
  resume(node: NodeId): void {
    const backlog = this.#backlog[node]!;
    this.#backlog[node] = null;
    for (const event of backlog ?? []) this.tell(node, event);
  }

  crash(node: NodeId): void {
    if (!this.cluster.isUp(node)) return;
    this.cluster.crash(node, this.#random(this.cluster.pendingWrites(node).length + 1));
    this.#backlog[node] = null;
    this.#timers[node]!.clear();
  }

  restart(node: NodeId): void {
    if (this.cluster.isUp(node)) return;
    this.#setClock(node);
    this.cluster.start(node);
    this.#carryOut(node);
  }

  #setClock(node: NodeId): void {
    const localUs = Math.floor((this.nowUs * (1_000_000 + this.#ratePpm[node]!)) / 1_000_000);
    this.cluster.now = Math.floor(localUs / 1000);
  }

  #carryOut(node: NodeId): void {
    for (const action of this.cluster.take(node)) {
      this.#onAction(node, action);
      if (action.kind === 'setTimer') {
        this.#setTimer(node, action.name, action.minMs, action.maxMs);
      } else if (action.kind === 'cancelTimer') this.#timers[node]!.delete(action.name);
      else if (action.kind === 'persist') this.#write(node, action.id);
      else if (action.kind === 'takeSnapshot') this.#takeSnapshot(node);
    }
    for (const { from, to, body } of this.cluster.network.splice(0)) {
      const isLost = this.#random(100) < this.weather.lossPercent;
      if (isLost || this.#blocked.has(`${from}>${to}`)) continue;
      const copies = this.weather.lateOneIn > 0 && this.#random(30) === 0 ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        this.after(this.#latencyUs(), () =>
          this.tell(to, (cluster) => cluster.receive(to, from, body)),
        );
      }
    }
  }

  #latencyUs(): number {
    const { latencyUsMax, lateOneIn } = this.weather;
    const usual = 1 + this.#random(latencyUsMax);
    return lateOneIn > 0 && this.#random(lateOneIn) === 0 ? usual * (1 + this.#random(100)) : usual;
  }

  #setTimer(node: NodeId, name: string, minMs: number, maxMs: number): void {
    this.#order += 1;
    const setting = this.#order;
    this.#timers[node]!.set(name, setting);
    const localUs = minMs * 1000 + this.#random((maxMs - minMs) * 1000 + 1);
    const trueUs = Math.ceil((localUs * 1_000_000) / (1_000_000 + this.#ratePpm[node]!));
    const fire = (cluster: Cluster): void => {
      if (this.#timers[node]!.get(name) !== setting) return;
      this.#timers[node]!.delete(name);
      cluster.timeout(node, name as 'election');
    };
    this.after(trueUs, () => this.tell(node, fire));
  }

  #write(node: NodeId, id: number): void {
    const complete = (): void => {
      const write = this.cluster.pendingWrites(node).find((pending) => pending.id === id);
      if (write === undefined || !this.cluster.isUp(node)) return;
      if (!this.cluster.isNext(node, write)) {
        this.after(50, complete);
        return;
      }
      this.cluster.keepWrite(node, id);
      this.tell(node, (cluster) => cluster.notify(node, id));
    };
    this.after(1 + this.#random(this.weather.writeUsMax), complete);
  }

  #takeSnapshot(node: NodeId): void {
    this.after(1 + this.#random(5_000), () =>
      this.tell(node, (cluster) => {
        if (cluster.askedSnapshots(node).length > 0) cluster.deliverSnapshot(node);
      }),
    );
  }
}
