/** The streams of one disk, and the writes in them that their server has not been told of yet. */
import type { Write } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import type { DiskPlan } from './plan.ts';
import { openStream, type Stream } from './random.ts';

export interface PendingWrite {
  readonly id: number;
  /** Its stream. */
  readonly place: number;
  /** The write that must be durable before it; 0 for none. */
  readonly after: number;
  readonly write: Write;
  /** The newest message in the world when it was issued. */
  readonly sentBefore: number;
  completesUs: number;
  /** When the server is told, at completesUs or later. */
  toldUs: number;
  /** Why it will fail, at completesUs; null when it will not. */
  error: string | null;
  /** It is on disk; false where nothing is ever told late and writes end when they are told. */
  isDurable: boolean;
}

export interface WriteStream {
  readonly name: string;
  readonly draw: Stream;
  /** null where the plan lets nothing fail, or nothing be told late. */
  readonly failDraw: Stream | null;
  readonly noticeDraw: Stream | null;
  /** When the last write issued will be durable. */
  busyUntilUs: number;
  stalledUntilUs: number;
  /** Writes from `first` on have not been told of yet, in order of issue. */
  pending: PendingWrite[];
  first: number;
}

export class WriteStreams {
  readonly all: WriteStream[] = [];
  private readonly seed: string;
  private readonly node: NodeId;
  private readonly plan: DiskPlan;

  constructor(seed: string, node: NodeId, plan: DiskPlan) {
    this.seed = seed;
    this.node = node;
    this.plan = plan;
  }

  /** The place of the stream with this name, or -1. */
  find(name: string): number {
    for (let i = 0; i < this.all.length; i += 1) if (this.all[i]!.name === name) return i;
    return -1;
  }

  /** A new stream; returns its place. */
  add(name: string, stalledUntilUs: number): number {
    const { failPpm, noticeUsMax } = this.plan;
    const open = (purpose: string) => openStream(this.seed, `disk/${this.node}/${name}${purpose}`);
    this.all.push({
      name,
      draw: open(''),
      failDraw: failPpm > 0 ? open('/fail') : null,
      noticeDraw: noticeUsMax > 0 ? open('/notice') : null,
      busyUntilUs: stalledUntilUs,
      stalledUntilUs,
      pending: [],
      first: 0,
    });
    return this.all.length - 1;
  }

  /** When the pending write with this id is durable; 0 when there is none. */
  completionOf(id: number): number {
    for (const { pending, first } of this.all) {
      for (let i = first; i < pending.length; i += 1) {
        if (pending[i]!.id === id) return pending[i]!.completesUs;
      }
    }
    return 0;
  }

  /** All pending writes, in order of issue. */
  untold(): PendingWrite[] {
    return this.all
      .flatMap(({ pending, first }) => pending.slice(first))
      .sort((a, b) => a.id - b.id);
  }

  /** Its server is told, or will be by other ways. */
  remove(write: PendingWrite): void {
    const { pending } = this.all[write.place]!;
    pending.splice(pending.indexOf(write), 1);
  }

  /** Nothing overtakes what it stands behind, now that some writes have become later. */
  keepOrder(): void {
    for (const write of this.untold()) {
      if (write.isDurable) continue;
      const stream = this.all[write.place]!;
      const before = stream.pending[stream.pending.indexOf(write) - 1];
      const earliestUs = Math.max(before?.completesUs ?? 0, this.completionOf(write.after));
      delay(write, Math.max(0, earliestUs - write.completesUs));
      stream.busyUntilUs = Math.max(stream.busyUntilUs, write.completesUs);
    }
  }

  /** A life is over. */
  clear(): void {
    for (const stream of this.all) {
      stream.pending.length = 0;
      stream.first = 0;
      stream.busyUntilUs = stream.stalledUntilUs;
    }
  }
}

export function delay(write: PendingWrite, byUs: number): void {
  write.completesUs += byUs;
  write.toldUs += byUs;
}

/**
 * The writes that cannot become durable when the roots do not: what stands behind one of them in its
 * stream, and what is ordered after one, to the end. `untold` is in order of issue.
 */
export function doomedBy(
  untold: readonly PendingWrite[],
  isRoot: (write: PendingWrite) => boolean,
): PendingWrite[] {
  const broken = new Set<number>();
  const lost = new Set<number>();
  return untold.filter((write) => {
    if (write.isDurable) return false;
    if (!isRoot(write) && !broken.has(write.place) && !lost.has(write.after)) return false;
    broken.add(write.place);
    lost.add(write.id);
    return true;
  });
}

/** The order in which writes become durable. */
export function byCompletion(a: PendingWrite, b: PendingWrite): number {
  return a.completesUs - b.completesUs || a.id - b.id;
}
