/**
 * One server's named timers. A timer has one place in the queue and a deadline that moves: setting
 * it again mostly touches the deadline only. The random part of a duration is drawn anew when the
 * timer has fired, not when it is set again, so that a reset more or less does not move the luck.
 * Durations are those of the server's own clock.
 */
import type { NodeId } from '../../core/messages.ts';
import type { Clock } from './clock.ts';
import type { EventQueue } from './event-queue.ts';
import { ItemKind } from './item.ts';
import type { PinnedTimer, Plan } from './plan.ts';
import { openStream, type Stream } from './random.ts';

interface TimerSlot {
  readonly name: string;
  readonly draw: Stream;
  /** In [0, 1): the share of the range that this duration takes. */
  quantile: number;
  /** How many quantiles have been drawn. */
  nth: number;
  /** Fixed duration for this nth, or -1. */
  pinnedUs: number;
  deadlineUs: number;
  isRunning: boolean;
  /** When the live queue item comes up, or -1 when there is none; `token` names that item. */
  queuedUs: number;
  token: number;
}

export class Timers {
  private readonly node: NodeId;
  private readonly clock: Clock;
  private readonly queue: EventQueue;
  private readonly seed: string;
  private readonly pins: readonly PinnedTimer[];
  private readonly slots: TimerSlot[] = [];

  constructor(plan: Plan, node: NodeId, clock: Clock, queue: EventQueue) {
    this.node = node;
    this.clock = clock;
    this.queue = queue;
    this.seed = plan.seed;
    this.pins = plan.timers.filter((pin) => pin.node === node);
  }

  set(name: string, minMs: number, maxMs: number): void {
    const place = this.slotOf(name);
    const slot = this.slots[place]!;
    const spanUs = (maxMs - minMs) * 1000;
    const durationUs =
      slot.pinnedUs >= 0 ? slot.pinnedUs : minMs * 1000 + Math.floor(slot.quantile * (spanUs + 1));
    slot.deadlineUs = this.clock.after(this.queue.nowUs, durationUs);
    slot.isRunning = true;
    if (slot.queuedUs < 0 || slot.queuedUs > slot.deadlineUs) this.enqueue(place, slot);
  }

  cancel(name: string): void {
    for (const slot of this.slots) if (slot.name === name) slot.isRunning = false;
  }

  /** Power is lost: nothing runs any more. */
  cancelAll(): void {
    for (const slot of this.slots) {
      slot.isRunning = false;
      slot.queuedUs = -1;
      slot.token += 1;
    }
  }

  /** A queue item came up: the name of the timer that runs out now, or null. */
  take(place: number, token: number): string | null {
    const slot = this.slots[place]!;
    if (slot.token !== token) return null;
    slot.queuedUs = -1;
    if (!slot.isRunning) return null;
    if (slot.deadlineUs > this.queue.nowUs) {
      this.enqueue(place, slot);
      return null;
    }
    return this.fire(slot);
  }

  /** The name of the timer that this item makes run out then, if nothing happens before; or null. */
  dueAt(place: number, token: number, atUs: number): string | null {
    const { name, isRunning, deadlineUs, token: live } = this.slots[place]!;
    return live === token && isRunning && deadlineUs <= atUs ? name : null;
  }

  /** Makes a running timer run out now; false when it does not run. */
  elapse(name: string): boolean {
    for (const slot of this.slots) {
      if (slot.name !== name || !slot.isRunning) continue;
      this.fire(slot);
      return true;
    }
    return false;
  }

  private fire(slot: TimerSlot): string {
    slot.isRunning = false;
    this.renew(slot);
    return slot.name;
  }

  private enqueue(place: number, slot: TimerSlot): void {
    slot.token += 1;
    slot.queuedUs = slot.deadlineUs;
    this.queue.push(slot.deadlineUs, ItemKind.timer, this.node, 0, place, slot.token, null);
  }

  private renew(slot: TimerSlot): void {
    slot.quantile = slot.draw();
    slot.nth += 1;
    slot.pinnedUs = -1;
    for (const pin of this.pins) {
      if (pin.timer === slot.name && pin.nth === slot.nth) slot.pinnedUs = pin.us;
    }
  }

  private slotOf(name: string): number {
    for (let i = 0; i < this.slots.length; i += 1) if (this.slots[i]!.name === name) return i;
    const slot: TimerSlot = {
      name,
      draw: openStream(this.seed, `timer/${this.node}/${name}`),
      quantile: 0,
      nth: 0,
      pinnedUs: -1,
      deadlineUs: 0,
      isRunning: false,
      queuedUs: -1,
      token: 0,
    };
    this.renew(slot);
    this.slots.push(slot);
    return this.slots.length - 1;
  }
}
