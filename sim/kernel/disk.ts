/**
 * One server's disk: named streams whose writes become durable in order, after a drawn latency;
 * across streams only `after` orders them. A crash keeps, per stream, some prefix of the writes
 * that were not yet durable; an append may survive in part.
 *
 * A write that fails takes along what stands behind it in its stream and what is ordered after it.
 * A server may be told of a write later than it is durable. Draws: one per write, one more where
 * the plan lets writes fail, one more where it lets notices be late, each from a stream of its own.
 */
import type { DurableImage, Write } from '../../core/contract.ts';
import type { Entry, NodeId, Term } from '../../core/messages.ts';
import type { SurvivingWrite } from '../../invariants/facts.ts';
import { drawLuck, type Keep, survivingPart } from './crash-luck.ts';
import { type DiskContent, PaperContent, WHOLE } from './disk-content.ts';
import { DEVICE_ERROR, DiskTroubles } from './disk-troubles.ts';
import type { EventQueue } from './event-queue.ts';
import { ItemKind } from './item.ts';
import type { OpaqueHosting } from './opaque.ts';
import { OpaqueContent } from './opaque-content.ts';
import type { DiskPlan, Plan } from './plan.ts';
import { decide, openStream, type Stream } from './random.ts';
import {
  byCompletion,
  doomedBy,
  type PendingWrite,
  type WriteStream,
  WriteStreams,
} from './write-streams.ts';

/** Finished writes are forgotten in lots of this many. */
const FORGET_AFTER = 256;
const MILLION = 1_000_000;

/** stale: nobody is told of anything now. */
export type WriteFate = 'durable' | 'failed' | 'stale';

export class Disk {
  /** Why the last write that failed has failed. */
  error = '';
  /** Failures that the server has not been told of. */
  untoldFailures = 0;
  private readonly node: NodeId;
  private readonly queue: EventQueue;
  private readonly plan: DiskPlan;
  private latencyUsMin: number;
  private latencyUsMax: number;
  readonly streams: WriteStreams;
  private readonly crashDraw: Stream;
  private readonly content: DiskContent;
  /** A write is durable as soon as it is issued, and nobody is told. */
  private readonly isImmediate: boolean;
  private readonly troubles: DiskTroubles;
  /** Writes may fail, be late or be told of out of order: every step takes the longer way. */
  isTroubled: boolean;
  private isHealed = false;
  private boot = 0;
  /** Writes of this life that have failed. */
  private readonly failed: number[] = [];

  constructor(plan: Plan, node: NodeId, queue: EventQueue, opaque: OpaqueHosting | null) {
    this.content = opaque === null ? new PaperContent() : new OpaqueContent();
    this.isImmediate = opaque?.isImmediate ?? false;
    this.node = node;
    this.queue = queue;
    this.plan = plan.disk;
    this.latencyUsMin = plan.disk.latencyUsMin;
    this.latencyUsMax = plan.disk.latencyUsMax;
    this.isTroubled = plan.disk.noticeUsMax > 0 || plan.disk.failPpm > 0;
    this.streams = new WriteStreams(plan.seed, node, plan.disk);
    this.troubles = new DiskTroubles(this.streams);
    this.crashDraw = openStream(plan.seed, `disk/${node}/crash`);
  }

  prepare(currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void {
    this.content.prepare(currentTerm, votedFor, entries);
  }

  image(): DurableImage | null {
    return this.content.image();
  }

  /**
   * Starts a write; `complete` follows when its queue item comes up. `sentBefore` is the newest
   * message in the world at this moment.
   */
  issue(
    boot: number,
    id: number,
    streamName: string,
    after: number,
    write: Write,
    sentBefore: number,
  ): void {
    if (this.isImmediate) {
      this.content.carryOut(write, streamName, WHOLE);
      return;
    }
    const place = this.streamOf(streamName);
    const stream = this.streams.all[place]!;
    const { nowUs } = this.queue;
    let latencyUs = decide(stream.draw, this.latencyUsMin, this.latencyUsMax);
    if (this.isTroubled) latencyUs *= this.troubles.factor(nowUs);
    let completesUs = Math.max(nowUs, stream.busyUntilUs) + latencyUs;
    if (after !== 0) completesUs = Math.max(completesUs, this.streams.completionOf(after));
    stream.busyUntilUs = completesUs;
    this.boot = boot;
    const pending: PendingWrite = {
      id,
      place,
      after,
      write,
      sentBefore,
      completesUs,
      toldUs: completesUs,
      error: null,
      isDurable: false,
    };
    if (this.isTroubled) this.trouble(pending, stream);
    stream.pending.push(pending);
    this.queue.push(pending.toldUs, ItemKind.write, this.node, boot, id, place, null);
  }

  /** A queue item came up: is the server told of this write now? */
  complete(place: number, id: number): WriteFate {
    const stream = this.streams.all[place]!;
    if (this.isTroubled) return this.completeTroubled(stream, id);
    const oldest = stream.pending[stream.first];
    if (oldest === undefined || oldest.id !== id) return 'stale';
    this.content.carryOut(oldest.write, stream.name, WHOLE);
    stream.first += 1;
    if (stream.first < FORGET_AFTER) return 'durable';
    stream.pending = stream.pending.slice(stream.first);
    stream.first = 0;
    return 'durable';
  }

  /**
   * Power is lost: returns what survived of the writes that the server had not been told of, first
   * those that were durable, as they became so, then by id those that were lucky.
   */
  crash(keep: Keep): SurvivingWrite[] {
    if (this.isTroubled) this.settle();
    const durable: PendingWrite[] = [];
    const unfinished = this.streams.all.flatMap(({ pending, first }) => {
      const untold = pending.slice(first);
      const waiting = untold.filter(({ isDurable }) => !isDurable);
      durable.push(...untold.filter(({ isDurable }) => isDurable));
      const luck = drawLuck(this.crashDraw, waiting.length, keep);
      return waiting.map((write) => ({ pending: write, luck }));
    });
    const survivors: SurvivingWrite[] = [];
    for (const { id } of durable.sort(byCompletion)) survivors.push({ writeId: id, kept: WHOLE });
    // In the order of issue: a write comes behind the one that it is ordered after.
    unfinished.sort((a, b) => a.pending.id - b.pending.id);
    const lost = new Set<number>();
    for (const { pending, luck } of unfinished) {
      const { id, after, write, error } = pending;
      const kept = error !== null || lost.has(after) ? 0 : survivingPart(write, luck);
      if (kept !== 0) {
        this.content.carryOut(write, this.streams.all[pending.place]!.name, kept);
        survivors.push({ writeId: id, kept });
      }
      if (kept === WHOLE) continue;
      lost.add(id);
      luck.isOut = true;
    }
    this.failed.length = 0;
    this.untoldFailures = 0;
    this.streams.clear();
    return survivors;
  }

  /** From now on no fault: writes take at most this long, troubled ones under way too. */
  heal(latencyUsMax: number): void {
    this.isHealed = true;
    this.latencyUsMin = Math.min(this.latencyUsMin, latencyUsMax);
    this.latencyUsMax = Math.min(this.latencyUsMax, latencyUsMax);
    if (!this.isTroubled) return;
    this.settle();
    const { nowUs } = this.queue;
    this.troubles.end(nowUs, this.latencyUsMax);
    for (const pending of this.streams.untold()) {
      this.tellAt(pending, Math.max(nowUs, pending.completesUs));
    }
  }

  /** No write becomes durable for this long, of one stream or of all. */
  stall(streamName: string | null, forUs: number): void {
    this.isTroubled = true;
    this.settle();
    this.troubles.stall(streamName, this.queue.nowUs, forUs);
  }

  /** Writes that are issued take `factor` times as long, for this long. */
  slow(factor: number, forUs: number): void {
    this.isTroubled = true;
    this.troubles.slow(factor, this.queue.nowUs + forUs);
  }

  /** The next write that is issued fails; with `forUs` above 0 each that is issued until then. */
  failWrites(streamName: string | null, forUs: number): void {
    this.isTroubled = true;
    this.troubles.failWrites(streamName, this.queue.nowUs, forUs);
  }

  /** Is there a write that is not durable? */
  hasUnfinished(): boolean {
    const { nowUs } = this.queue;
    return this.streams.all.some(({ pending, first }) => {
      if (pending.length === first) return false;
      const newest = pending[pending.length - 1]!;
      return newest.completesUs > nowUs || newest.error !== null;
    });
  }

  /** The newest message before the oldest write that is not durable; -1 when all are durable. */
  sentBeforeUnfinished(): number {
    this.isTroubled = true;
    this.settle();
    const oldest = this.streams.untold().find(({ isDurable }) => !isDurable);
    return oldest === undefined ? -1 : oldest.sentBefore;
  }

  /** What the plan, or a fault, makes of a write as it is issued. */
  private trouble(pending: PendingWrite, { failDraw, noticeDraw, name }: WriteStream): void {
    const isUnlucky = failDraw !== null && failDraw() * MILLION < this.plan.failPpm;
    const noticeUs = noticeDraw === null ? 0 : decide(noticeDraw, 0, this.plan.noticeUsMax);
    if (this.isHealed) return;
    pending.error = this.troubles.nextFailure(name, this.queue.nowUs);
    if (isUnlucky || this.failed.includes(pending.after)) pending.error ??= DEVICE_ERROR;
    if (pending.error !== null) return;
    pending.toldUs += noticeUs;
    // What is ordered after another write is told of after it.
    for (const { id, toldUs } of this.streams.untold()) {
      if (id === pending.after) pending.toldUs = Math.max(pending.toldUs, toldUs);
    }
  }

  private completeTroubled(stream: WriteStream, id: number): WriteFate {
    const place = stream.pending.findIndex((one, i) => i >= stream.first && one.id === id);
    const pending = stream.pending[place];
    if (pending === undefined) return 'stale';
    if (pending.toldUs > this.queue.nowUs) {
      this.tellAt(pending, pending.toldUs);
      return 'stale';
    }
    this.settle();
    if (pending.error !== null) {
      this.fail(pending);
      return 'failed';
    }
    // Not durable though its time has come: what it rests on fails in this very moment.
    if (!pending.isDurable) return 'stale';
    stream.pending.splice(place, 1);
    return 'durable';
  }

  /** A write fails, and all that rests on it: the server is told of these right after it. */
  private fail(root: PendingWrite): void {
    const { queue, node, boot } = this;
    this.error = root.error!;
    for (const pending of doomedBy(this.streams.untold(), (one) => one === root)) {
      const { id, place } = pending;
      this.streams.remove(pending);
      this.failed.push(id);
      // The stream is free again.
      const stream = this.streams.all[place]!;
      stream.busyUntilUs = Math.max(queue.nowUs, stream.stalledUntilUs);
      if (pending === root) continue;
      this.untoldFailures += 1;
      queue.push(queue.nowUs, ItemKind.writeFailed, node, boot, id, place, this.error);
    }
  }

  /** Carries out what has become durable, told or not, in the order in which it did. */
  private settle(): void {
    const { nowUs } = this.queue;
    const untold = this.streams.untold();
    const never = new Set(doomedBy(untold, ({ error }) => error !== null));
    const isDue = (one: PendingWrite) => !one.isDurable && one.completesUs <= nowUs;
    for (const pending of untold.filter(isDue).sort(byCompletion)) {
      if (never.has(pending)) continue;
      pending.isDurable = true;
      this.content.carryOut(pending.write, this.streams.all[pending.place]!.name, WHOLE);
    }
  }

  private tellAt(pending: PendingWrite, atUs: number): void {
    pending.toldUs = atUs;
    const { id, place } = pending;
    this.queue.push(atUs, ItemKind.write, this.node, this.boot, id, place, null);
  }

  private streamOf(name: string): number {
    const place = this.streams.find(name);
    return place >= 0 ? place : this.streams.add(name, this.troubles.stalledUntilUs(name));
  }
}
