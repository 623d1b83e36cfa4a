/**
 * One server's disk: named streams whose writes become durable in order, after a drawn latency;
 * across streams only `after` orders them. A crash keeps, per stream, some prefix of the writes
 * that were not yet durable; an append may survive in part.
 *
 * Stalled and slow streams, completions out of order, failed writes and damaged records belong
 * here, between `issue` and `complete`.
 */
import type { DurableImage, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, NodeId, Term } from '../../core/messages.ts';
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

/** What a crash leaves of one stream. */
interface StreamLuck {
  /** So many more writes survive whole … */
  wholeWrites: number;
  /** … and this share of the next one, if it is an append. */
  readonly tornDraw: number;
  /** A write of the stream did not survive whole: no later one survives. */
  isOut: boolean;
}

/** All of a write, as opposed to so many of its entries. */
const WHOLE = -1;

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
  private commitIndex: LogIndex = 0;
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
      commitIndex: this.commitIndex,
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
    this.carryOut(oldest.write, WHOLE);
    stream.first += 1;
    if (stream.first < FORGET_AFTER) return;
    stream.pending = stream.pending.slice(stream.first);
    stream.first = 0;
  }

  /** Power is lost: returns what survived of the writes that were not durable, by id. */
  crash(keep: Keep): SurvivingWrite[] {
    const unfinished = this.streams.flatMap((stream) => {
      const luck = this.drawLuck(stream.pending.length - stream.first, keep);
      return stream.pending.slice(stream.first).map((pending) => ({ pending, luck }));
    });
    // In the order of issue: a write comes behind the one that it is ordered after.
    unfinished.sort((a, b) => a.pending.id - b.pending.id);
    const survivors: SurvivingWrite[] = [];
    const lost = new Set<number>();
    for (const { pending, luck } of unfinished) {
      const { id, after, write } = pending;
      const kept = lost.has(after) ? 0 : survivingPart(write, luck);
      if (kept !== 0) {
        this.carryOut(write, kept);
        survivors.push({ writeId: id, kept });
      }
      if (kept === WHOLE) continue;
      lost.add(id);
      luck.isOut = true;
    }
    for (const stream of this.streams) {
      stream.pending.length = 0;
      stream.first = 0;
      stream.busyUntilUs = 0;
    }
    return survivors;
  }

  /** From now on writes take at most this long. */
  heal(latencyUsMax: number): void {
    this.latencyUsMin = Math.min(this.latencyUsMin, latencyUsMax);
    this.latencyUsMax = Math.min(this.latencyUsMax, latencyUsMax);
  }

  /** Two draws per stream, whatever comes of them. */
  private drawLuck(waiting: number, keep: Keep): StreamLuck {
    const drawn = decide(this.crashDraw, 0, waiting);
    const tornDraw = this.crashDraw();
    const wholeWrites = keep === 'all' ? waiting : keep === 'none' ? 0 : drawn;
    return { wholeWrites, tornDraw: keep === 'drawn' ? tornDraw : 0, isOut: false };
  }

  private carryOut(write: Write, kept: number): void {
    this.written = true;
    switch (write.kind) {
      case 'hardState':
        this.currentTerm = write.currentTerm;
        this.votedFor = write.votedFor;
        this.commitIndex = write.commitIndex;
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

  private streamOf(name: string): number {
    for (let i = 0; i < this.streams.length; i += 1) {
      if (this.streams[i]!.name === name) return i;
    }
    const draw = openStream(this.seed, `disk/${this.node}/${name}`);
    this.streams.push({ name, draw, busyUntilUs: 0, pending: [], first: 0 });
    return this.streams.length - 1;
  }
}

/** How many entries of a write survive, or WHOLE. */
function survivingPart(write: Write, luck: StreamLuck): number {
  if (luck.isOut) return 0;
  if (luck.wholeWrites > 0) {
    luck.wholeWrites -= 1;
    return WHOLE;
  }
  // An append may survive in part.
  return write.kind === 'append' ? Math.floor(luck.tornDraw * write.entries.length) : 0;
}
