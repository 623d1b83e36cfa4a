/** Hands out the seeds of a campaign in order, in batches: single runs are too short to post. */
import { type SeedRange, seedAt, sizeOf } from './seed-range.ts';
import type { SeedsReply, SeedsTask } from './task.ts';

const BATCH_MAX = 8;
/** So many batches for each worker at least, so that none waits long for the last one. */
const BATCHES_PER_JOB = 4;

export class Schedule {
  /** Seeds that were handed out: those at positions below this. */
  begun = 0;
  private readonly range: SeedRange;
  private readonly size: number;
  private readonly batch: number;
  private isStopped = false;
  private readonly putBacks: SeedsTask[] = [];

  constructor(range: SeedRange, jobs: number) {
    this.range = range;
    this.size = sizeOf(range);
    const even = Math.ceil(this.size / (jobs * BATCHES_PER_JOB));
    this.batch = Math.max(1, Math.min(BATCH_MAX, even));
  }

  /** The next task, or null when there is none: what was put back comes first. */
  next(): SeedsTask | null {
    const putBack = this.putBacks.shift();
    if (putBack !== undefined) return putBack;
    if (this.isStopped || this.begun >= this.size) return null;
    const positions: number[] = [];
    while (positions.length < this.batch && this.begun < this.size) {
      positions.push(this.begun);
      this.begun += 1;
    }
    const seeds = positions.map((position) => seedAt(this.range, position));
    return { kind: 'seeds', implementation: 0, positions, seeds };
  }

  get lastSeed(): string | null {
    return this.begun === 0 ? null : seedAt(this.range, this.begun - 1);
  }

  /** What runs come to changes nothing here. */
  learn(_task: SeedsTask, _reply: SeedsReply): void {}

  lose(_position: number): void {}

  putBack(task: SeedsTask): void {
    this.putBacks.push(task);
  }

  /** No new seeds; what was put back is still to be done. */
  stop(): void {
    this.isStopped = true;
  }

  /** Nothing more at all. */
  drop(): void {
    this.stop();
    this.putBacks.length = 0;
  }
}
