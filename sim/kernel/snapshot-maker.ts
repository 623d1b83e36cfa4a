/**
 * Makes snapshots of one server's state machine, one after the other: each shows it as it was when
 * it was asked for, and is there after a drawn time. One draw each.
 */
import type { LogIndex, NodeId } from '../../core/messages.ts';
import type { EventQueue } from './event-queue.ts';
import { ItemKind } from './item.ts';
import type { Plan } from './plan.ts';
import { decide, openStream, type Stream } from './random.ts';

export class SnapshotMaker {
  private readonly node: NodeId;
  private readonly queue: EventQueue;
  private readonly draw: Stream;
  private usMin: number;
  private usMax: number;
  private busyUntilUs = 0;

  constructor(plan: Plan, node: NodeId, queue: EventQueue) {
    this.node = node;
    this.queue = queue;
    this.draw = openStream(plan.seed, `snapshot/${node}`);
    this.usMin = plan.disk.snapshotUsMin;
    this.usMax = plan.disk.snapshotUsMax;
  }

  /** `index` is what the server says; it gets it back with the data, unless this life ends. */
  begin(boot: number, index: LogIndex, data: string): void {
    const { nowUs } = this.queue;
    const beginUs = Math.max(nowUs, this.busyUntilUs);
    this.busyUntilUs = beginUs + decide(this.draw, this.usMin, this.usMax);
    this.queue.push(this.busyUntilUs, ItemKind.snapshot, this.node, boot, index, 0, data);
  }

  /** A life is over, and all that was under way. */
  stop(): void {
    this.busyUntilUs = 0;
  }

  /** From now on each takes at most this long. */
  heal(usMax: number): void {
    this.usMin = Math.min(this.usMin, usMax);
    this.usMax = Math.min(this.usMax, usMax);
  }
}
