/**
 * One server's disk: named streams whose writes become durable in order, after a drawn latency;
 * across streams only `after` orders them. A crash keeps, per stream, some prefix of the writes
 * that were not yet durable; an append may survive in part.
 *
 * Stalled and slow streams, completions out of order, failed writes and damaged records belong
 * here, between `issue` and `complete`.
 */
import type { DurableImage, Write } from '../../core/contract.ts';
import type { Entry, NodeId, Term } from '../../core/messages.ts';
import type { SurvivingWrite } from '../../invariants/facts.ts';
import type { EventQueue } from './event-queue.ts';
import { ItemKind } from './item.ts';
import type { Plan } from './plan.ts';
import { decide, openStream, type Stream } from './random.ts';

interface PendingWrite {
  readonly id: number;
  readonly after: number;
  readonly write: Write;
  readonly completesUs: number;
}

interface DiskStream {
  readonly name: string;
  readonly draw: Stream;
  /** When the last write issued will be durable. */
  busyUntilUs: number;
  /** Writes from `first` on are not durable yet, in order of issue. */
  pending: PendingWrite[];
  first: number;
}

/** Finished writes are forgotten in lots of this many. */
const FORGET_AFTER = 256;

/** Which unfinished writes survive a crash. */
export type Keep = 'none' | 'drawn' | 'all';

export class Disk {
  private readonly node: NodeId;
  private readonly queue: EventQueue;
  private readonly seed: string;
  private latencyUsMin: number;
  private latencyUsMax: number;
  private readonly streams: DiskStream[] = [];
  private readonly crashDraw: Stream;
  private currentTerm: Term = 0;
  private votedFor: NodeId = 0;
  private entries: Entry[] = [];
  private written = false;

  constructor(plan: Plan, node: NodeId, queue: EventQueue) {
    this.node = node;
    this.queue = queue;
    this.seed = plan.seed;
    this.latencyUsMin = plan.disk.latencyUsMin;
    this.latencyUsMax = plan.disk.latencyUsMax;
    this.crashDraw = openStream(plan.seed, `disk/${node}/crash`);
  }

  /** What the disk holds before the first boot. */
  prepare(currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void {
    this.currentTerm = currentTerm;
    this.votedFor = votedFor;
    this.entries = entries.slice();
    this.written = true;
  }

  /** What a starting server gets back; null when nothing was ever written. */
  image(): DurableImage | null {
    if (!this.written) return null;
    return {
      currentTerm: this.currentTerm,
      votedFor: this.votedFor,
      firstIndex: 1,
      entries: this.entries.slice(),
    };
  }

  /** Starts a write; `complete` follows when its queue item comes up. One draw per write. */
  issue(boot: number, id: number, streamName: string, after: number, write: Write): void {
    const place = this.streamOf(streamName);
    const stream = this.streams[place]!;
    const latencyUs = decide(stream.draw, this.latencyUsMin, this.latencyUsMax);
    let completesUs = Math.max(this.queue.nowUs, stream.busyUntilUs) + latencyUs;
    if (after !== 0) completesUs = Math.max(completesUs, this.completionOf(after));
    stream.busyUntilUs = completesUs;
    stream.pending.push({ id, after, write, completesUs });
    this.queue.push(completesUs, ItemKind.write, this.node, boot, id, place, null);
  }

  /** The oldest unfinished write of this stream is durable now. */
  complete(place: number, id: number): void {
    const stream = this.streams[place]!;
    const oldest = stream.pending[stream.first];
    if (oldest === undefined || oldest.id !== id) return;
    this.carryOut(oldest.write, -1);
    stream.first += 1;
    if (stream.first < FORGET_AFTER) return;
    stream.pending = stream.pending.slice(stream.first);
    stream.first = 0;
  }

  /** Power is lost: returns what survived of the writes that were not durable, by id. */
  crash(keep: Keep): SurvivingWrite[] {
    const survivors: SurvivingWrite[] = [];
    const keptAll: number[] = [];
    for (const stream of this.streams) {
      const waiting = stream.pending.length - stream.first;
      const drawn = decide(this.crashDraw, 0, waiting);
      const tornDraw = this.crashDraw();
      const kept = keep === 'all' ? waiting : keep === 'none' ? 0 : drawn;
      this.keepPrefix(stream, kept, keep === 'drawn' ? tornDraw : 0, survivors, keptAll);
    }
    for (const stream of this.streams) {
      stream.pending.length = 0;
      stream.first = 0;
      stream.busyUntilUs = 0;
    }
    survivors.sort((a, b) => a.writeId - b.writeId);
    return survivors;
  }

  /** From now on writes take at most this long. */
  heal(latencyUsMax: number): void {
    this.latencyUsMin = Math.min(this.latencyUsMin, latencyUsMax);
    this.latencyUsMax = Math.min(this.latencyUsMax, latencyUsMax);
  }

  private keepPrefix(
    stream: DiskStream,
    kept: number,
    tornDraw: number,
    survivors: SurvivingWrite[],
    keptAll: number[],
  ): void {
    for (let i = stream.first; i < stream.pending.length; i += 1) {
      const { id, after, write } = stream.pending[i]!;
      const isOrdered = after === 0 || !this.isUnfinished(after) || keptAll.includes(after);
      if (!isOrdered) return;
      if (i - stream.first < kept) {
        this.carryOut(write, -1);
        keptAll.push(id);
        survivors.push({ writeId: id, kept: -1 });
        continue;
      }
      // The first write that does not survive whole may be an append that survives in part.
      if (write.kind !== 'append' || write.entries.length < 2) return;
      const part = Math.floor(tornDraw * write.entries.length);
      if (part === 0) return;
      this.carryOut(write, part);
      survivors.push({ writeId: id, kept: part });
      return;
    }
  }

  private carryOut(write: Write, kept: number): void {
    this.written = true;
    switch (write.kind) {
      case 'hardState':
        this.currentTerm = write.currentTerm;
        this.votedFor = write.votedFor;
        return;
      case 'append': {
        const count = kept < 0 ? write.entries.length : kept;
        for (let i = 0; i < count; i += 1) this.entries.push(write.entries[i]!);
        return;
      }
      case 'truncateFrom':
        this.entries.length = Math.min(this.entries.length, Math.max(0, write.index - 1));
        return;
      case 'overwrite':
        for (let i = 0; i < write.entries.length; i += 1) {
          this.entries[write.index - 1 + i] = write.entries[i]!;
        }
    }
  }

  private completionOf(id: number): number {
    for (const stream of this.streams) {
      for (let i = stream.first; i < stream.pending.length; i += 1) {
        if (stream.pending[i]!.id === id) return stream.pending[i]!.completesUs;
      }
    }
    return 0;
  }

  private isUnfinished(id: number): boolean {
    return this.completionOf(id) !== 0;
  }

  private streamOf(name: string): number {
    for (let i = 0; i < this.streams.length; i += 1) {
      if (this.streams[i]!.name === name) return i;
    }
    const draw = openStream(this.seed, `disk/${this.node}/${name}`);
    this.streams.push({ name, draw, busyUntilUs: 0, pending: [], first: 0 });
    return this.streams.length - 1;
  }
}
