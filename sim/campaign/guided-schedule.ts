/**
 * Hands out the runs of a guided search: generation after generation, each of which waits until
 * the one before it is over. So what is run does not depend on the number of workers.
 */

import { type Candidate, GuidedSearch } from '../explore/guided-search.ts';
import type { RunStates } from '../explore/state-set.ts';
import type { ProfileName } from '../generate/profile-names.ts';
import { type SeedRange, seedAt, sizeOf } from './seed-range.ts';
import type { SeedsReply, SeedsTask } from './task.ts';

/** Runs of a generation: enough to keep workers busy, few enough to learn from early. */
export const GENERATION = 96;
const BATCH_MAX = 8;
const BATCHES_PER_JOB = 4;

/** How far a guided search has come. */
export interface SearchCounts {
  /** Different abstract states that were reached. */
  readonly states: number;
  /** Generations that were begun. */
  readonly generations: number;
  /** Plans that are kept to be changed. */
  readonly pool: number;
  /** Runs of changed plans that were begun. */
  readonly changed: number;
}

/** What a run came to, once it is known. */
interface Ended {
  /** null: nothing can be learnt from it. */
  readonly states: RunStates | null;
  readonly events: number;
}

export class GuidedSchedule {
  /** Runs that were handed out. */
  begun = 0;
  private readonly range: SeedRange;
  private readonly size: number;
  private readonly batch: number;
  private readonly search: GuidedSearch;
  private generation: readonly Candidate[] = [];
  /** By place in the generation. */
  private ended: (Ended | undefined)[] = [];
  private endedCount = 0;
  private handedOut = 0;
  private isStopped = false;
  private readonly putBacks: SeedsTask[] = [];
  private waiting: (() => void)[] = [];

  constructor(range: SeedRange, jobs: number, profile?: ProfileName) {
    this.range = range;
    this.size = sizeOf(range);
    this.batch = Math.max(1, Math.min(BATCH_MAX, Math.ceil(GENERATION / (jobs * BATCHES_PER_JOB))));
    this.search = new GuidedSearch(nameOf(range), (nth) => seedAt(range, nth), profile);
  }

  /** The next task, or null when there is none; waits for the end of a generation. */
  async next(): Promise<SeedsTask | null> {
    for (;;) {
      const putBack = this.putBacks.shift();
      if (putBack !== undefined) return putBack;
      if (this.isStopped) return null;
      if (this.handedOut < this.generation.length) return this.handOut();
      if (this.endedCount === this.generation.length) {
        if (!this.beginGeneration()) return null;
      } else {
        await new Promise<void>((resolve) => this.waiting.push(resolve));
      }
    }
  }

  /** Of the seeds, those that were not changed: the last one that was handed out. */
  get lastSeed(): string | null {
    const { freshCount } = this.search;
    return freshCount === 0 ? null : seedAt(this.range, freshCount - 1);
  }

  get counts(): SearchCounts {
    const { states, generations, pool, freshCount, count } = this.search;
    return { states, generations, pool, changed: count - freshCount };
  }

  /** What the runs of a task came to. */
  learn(task: SeedsTask, reply: SeedsReply): void {
    const failed = new Set(reply.failures.map(({ position }) => position));
    task.positions.forEach((position, i) => {
      const states = failed.has(position) ? null : (reply.states?.[i] ?? null);
      this.end(position, { states, events: reply.events[i] ?? 0 });
    });
  }

  /** A run that never came back. */
  lose(position: number): void {
    this.end(position, { states: null, events: 0 });
  }

  putBack(task: SeedsTask): void {
    this.putBacks.push(task);
    this.wake();
  }

  /** No new runs; what was put back is still to be done. */
  stop(): void {
    this.isStopped = true;
    this.wake();
  }

  /** Nothing more at all. */
  drop(): void {
    this.stop();
    this.putBacks.length = 0;
  }

  private handOut(): SeedsTask {
    const from = this.handedOut;
    const runs = this.generation.slice(from, from + this.batch);
    this.handedOut += runs.length;
    this.begun += runs.length;
    return {
      kind: 'seeds',
      implementation: 0,
      positions: runs.map(({ position }) => position),
      seeds: runs.map(({ name }) => name),
      plans: runs.map(({ plan, isFresh }) => (isFresh ? null : plan)),
      isWatched: true,
    };
  }

  /** False when all runs were handed out. */
  private beginGeneration(): boolean {
    const count = Math.min(GENERATION, this.size - this.begun);
    this.generation = count > 0 ? this.search.nextGeneration(count) : [];
    this.ended = [];
    this.endedCount = 0;
    this.handedOut = 0;
    return count > 0;
  }

  private end(position: number, ended: Ended): void {
    const place = position - (this.begun - this.handedOut);
    if (place < 0 || this.ended[place] !== undefined) return;
    this.ended[place] = ended;
    this.endedCount += 1;
    if (this.endedCount < this.generation.length) return;
    this.generation.forEach((candidate, i) => {
      const { states, events } = this.ended[i]!;
      if (states !== null) this.search.learn(candidate, states, events);
    });
    this.wake();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Names the random streams of a search; shards search on their own. */
function nameOf({ from, shard }: SeedRange): string {
  return shard.of === 1 ? from : `${from}#${shard.index}/${shard.of}`;
}
