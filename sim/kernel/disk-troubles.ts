/** The faults that a disk suffers right now: stalls, slowness, and writes that fail. */
import { delay, type WriteStreams } from './write-streams.ts';

/** What a single failure says. */
export const DEVICE_ERROR = 'input/output error';
const FULL_ERROR = 'no space left on device';

/** null: every stream, also those that do not exist yet. */
type StreamChoice = string | null;

interface Trouble {
  readonly stream: StreamChoice;
  readonly untilUs: number;
}

export class DiskTroubles {
  private readonly streams: WriteStreams;
  private stalls: Trouble[] = [];
  private full: Trouble[] = [];
  /** Each makes one write fail. */
  private failures: StreamChoice[] = [];
  private slowness = 1;
  private slowUntilUs = 0;

  constructor(streams: WriteStreams) {
    this.streams = streams;
  }

  /** The work of these streams stands still, and goes on afterwards where it was. */
  stall(choice: StreamChoice, nowUs: number, forUs: number): void {
    this.stalls.push({ stream: choice, untilUs: nowUs + forUs });
    for (const stream of this.streams.all) {
      const untilUs = this.stalledUntilUs(stream.name);
      const lateUs = untilUs - Math.max(nowUs, stream.stalledUntilUs);
      if (lateUs <= 0) continue;
      stream.stalledUntilUs = untilUs;
      stream.busyUntilUs = Math.max(nowUs, stream.busyUntilUs) + lateUs;
      for (const pending of stream.pending) if (!pending.isDurable) delay(pending, lateUs);
    }
    this.streams.keepOrder();
  }

  slow(factor: number, untilUs: number): void {
    this.slowness = factor;
    this.slowUntilUs = untilUs;
  }

  /** The next write fails; with `forUs` above 0 every write until then. */
  failWrites(stream: StreamChoice, nowUs: number, forUs: number): void {
    if (forUs > 0) this.full.push({ stream, untilUs: nowUs + forUs });
    else this.failures.push(stream);
  }

  /** The disk works again, and ends what it has begun with at most this much time for each write. */
  end(nowUs: number, latencyUsMax: number): void {
    this.stalls = [];
    this.full = [];
    this.failures = [];
    this.slowUntilUs = 0;
    for (const stream of this.streams.all) {
      stream.stalledUntilUs = 0;
      stream.busyUntilUs = nowUs;
    }
    for (const pending of this.streams.untold()) {
      if (pending.isDurable) continue;
      pending.error = null;
      const stream = this.streams.all[pending.place]!;
      const earliestUs = Math.max(stream.busyUntilUs, this.streams.completionOf(pending.after));
      const ownUs = Math.min(pending.completesUs, stream.busyUntilUs + latencyUsMax);
      pending.completesUs = Math.max(earliestUs, ownUs);
      stream.busyUntilUs = pending.completesUs;
    }
  }

  /** No write of this stream is durable before then. */
  stalledUntilUs(stream: string): number {
    let untilUs = 0;
    for (const stall of this.stalls) {
      if (concerns(stall.stream, stream)) untilUs = Math.max(untilUs, stall.untilUs);
    }
    return untilUs;
  }

  /** How many times as long a write takes that is issued now. */
  factor(nowUs: number): number {
    return nowUs < this.slowUntilUs ? this.slowness : 1;
  }

  /** Why a write that is issued now will fail; null when it will not. */
  nextFailure(stream: string, nowUs: number): string | null {
    for (const { stream: choice, untilUs } of this.full) {
      if (nowUs < untilUs && concerns(choice, stream)) return FULL_ERROR;
    }
    const place = this.failures.findIndex((choice) => concerns(choice, stream));
    if (place < 0) return null;
    this.failures.splice(place, 1);
    return DEVICE_ERROR;
  }
}

function concerns(choice: StreamChoice, stream: string): boolean {
  return choice === null || choice === stream;
}
