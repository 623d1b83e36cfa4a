/** What a campaign has come to so far. Its size does not grow with the number of seeds. */
import { CampaignDigest } from './campaign-digest.ts';
import { addTo } from './run-seeds.ts';
import type { BenchFailure, Failure, SeedsReply, SeedsTask } from './task.ts';

/** Of more failures than this only the first seeds are kept, and the number of all. */
export const KEPT_MAX = 1000;
/** Runs with more events count as this many for the median. */
const EVENTS_COUNTED_MAX = 200_000;

export class Tally {
  seeds = 0;
  events = 0;
  twoLeaders = 0;
  faults = 0;
  virtualUs = 0;
  failureCount = 0;
  /** Runs that failed, in whatever way. */
  failedRuns = 0;
  benchFailureCount = 0;
  excusedCount = 0;
  readonly digest = new CampaignDigest();
  readonly situations: Record<string, number> = {};
  readonly statistics: Record<string, number> = {};
  /** Runs whose plan turned this on. */
  readonly features: Record<string, number> = {};
  readonly failures = new FirstOnes<Failure>(KEPT_MAX);
  readonly benchFailures = new FirstOnes<BenchFailure>(20);
  readonly excuses = new FirstOnes<{ position: number; reason: string }>(20);
  /** How many runs had this many events. */
  private readonly runsByEvents = new Uint32Array(EVENTS_COUNTED_MAX + 1);

  /** Adds the runs of a task. */
  add(task: SeedsTask, reply: SeedsReply): void {
    reply.digests.forEach((digest, i) => {
      this.count(task.seeds[i]!, digest, reply.events[i]!);
    });
    this.twoLeaders += reply.twoLeaders;
    this.faults += reply.faults;
    this.virtualUs += reply.virtualUs;
    addTo(this.situations, reply.situations);
    addTo(this.statistics, reply.statistics);
    addTo(this.features, reply.features);
    this.excusedCount += reply.excuses.length;
    for (const excuse of reply.excuses) this.excuses.add(excuse);
    for (const failure of reply.failures) this.addFailure(failure);
    for (const failure of reply.benchFailures) this.addBenchFailure(failure);
  }

  /** Adds a run that never came back: its digest is what is known of it. */
  addLost(seed: string, events: number, how: string): void {
    this.count(seed, how, events);
  }

  /** A run may fail twice: in itself, and by not being the same when it is made again. */
  addFailure(failure: Failure): void {
    const isAgain =
      failure.kind === 'nondeterminism' &&
      this.failures.list.some(({ position }) => position === failure.position);
    if (!isAgain) this.failedRuns += 1;
    this.failureCount += 1;
    this.failures.add(failure);
  }

  addBenchFailure(failure: BenchFailure): void {
    this.benchFailureCount += 1;
    this.benchFailures.add(failure);
  }

  /** Events of the run in the middle; 0 without runs. */
  get medianEvents(): number {
    let seen = 0;
    for (let events = 0; events <= EVENTS_COUNTED_MAX; events += 1) {
      seen += this.runsByEvents[events]!;
      if (seen * 2 >= this.seeds && seen > 0) return events;
    }
    return 0;
  }

  private count(seed: string, digest: string, events: number): void {
    this.seeds += 1;
    this.events += events;
    this.runsByEvents[Math.min(events, EVENTS_COUNTED_MAX)]! += 1;
    this.digest.add(seed, digest);
  }
}

/** The ones of the lowest positions, in order, whatever the order in which they came. */
class FirstOnes<T extends { readonly position: number }> {
  private readonly kept: T[] = [];
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  add(item: T): void {
    const { kept } = this;
    if (kept.length === this.max && item.position >= kept[this.max - 1]!.position) return;
    let place = kept.length;
    while (place > 0 && kept[place - 1]!.position > item.position) place -= 1;
    kept.splice(place, 0, item);
    if (kept.length > this.max) kept.pop();
  }

  get list(): readonly T[] {
    return this.kept;
  }
}
