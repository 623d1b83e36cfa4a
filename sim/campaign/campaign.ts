/**
 * A campaign: many seeds, each one run, on several workers. What it reports depends on the seeds
 * and the implementation alone, never on the number of workers.
 */
import type { ProfileName } from '../generate/profile-names.ts';
import { type Floor, floorsOf } from './floors.ts';
import { GuidedSchedule, type SearchCounts } from './guided-schedule.ts';
import { Lane, type LaneOptions, type Loss } from './lane.ts';
import { blameFor, withoutPlace } from './losses.ts';
import { CANARY, UNDER_TEST } from './places.ts';
import { isSampled, type Sample } from './sample.ts';
import { Schedule } from './schedule.ts';
import type { SeedRange } from './seed-range.ts';
import { Tally } from './tally.ts';
import { type Failure, runAt, runsBefore, type SeedsReply, type SeedsTask } from './task.ts';
import { type AnyReply, type AnyTask, type Isolate, type Made, verify } from './verify.ts';

export interface CampaignOptions {
  readonly range: SeedRange;
  /** guided: plans that reached new abstract states are changed and run again. */
  readonly search: 'random' | 'guided';
  /** What fresh plans of a guided search are drawn from; none: each draws its own. */
  readonly profile: ProfileName | undefined;
  /** No seed is begun after this long; null for no limit. */
  readonly timeBudgetMs: number | null;
  /** Workers at a time, >= 1. */
  readonly jobs: number;
  readonly lane: LaneOptions;
  /** Code of others is to blame where ours would be a bug of the bench. */
  readonly isForeign: boolean;
  /** Feeds servers of a run alone; null: not done. */
  readonly isolate: Isolate | null;
  /** Which runs are made again. */
  readonly sample: Sample;
  /** A broken implementation that must be caught on these seeds. */
  readonly canary: { readonly id: string; readonly seeds: readonly string[] };
  /** Ends the campaign early, with what it has. */
  readonly signal: AbortSignal;
  /** Called when a failure is found, in no particular order. */
  readonly onFailure: (failure: Failure) => void;
  readonly onProgress: (tally: Tally) => void;
}

export interface CampaignOutcome {
  readonly tally: Tally;
  readonly elapsedMs: number;
  readonly floors: readonly Floor[];
  /** Seed on which the canary was caught; null when it was not. */
  readonly canaryCaughtAt: string | null;
  /** How many runs were made a second time. */
  readonly verified: number;
  /** Of how many the servers were fed alone. */
  readonly isolated: number;
  /** Why the implementation could not be put to the test; null when it could. */
  readonly startFailure: SeedsReply['startFailure'];
  /** True when too many runs did not come back to go on. */
  readonly isGivenUp: boolean;
  readonly isInterrupted: boolean;
  /** The seeds that were run are all from the first to this one, if nothing was cancelled. */
  readonly lastSeed: string | null;
  readonly isPrefix: boolean;
  /** How far a guided search came; null for a random one. */
  readonly search: SearchCounts | null;
}

/** Each hang costs the watchdog's patience: after so many the rest is not worth it. */
const LOSSES_MAX = 8;
/** Of an interrupted campaign, running tasks may take this long to end. */
const GRACE_MS = 2000;
/** So many failures are run again; samples always are. */
const FAILURES_VERIFIED_MAX = 200;

export async function runCampaign(options: CampaignOptions): Promise<CampaignOutcome> {
  const campaign = new Campaign(options);
  await campaign.work();
  const elapsedMs = campaign.elapsedMs();
  await campaign.verify();
  return campaign.outcome(elapsedMs);
}

class Campaign {
  private readonly options: CampaignOptions;
  private readonly tally = new Tally();
  private readonly schedule: Schedule | GuidedSchedule;
  private readonly beganMs = performance.now();
  /** Runs that will be made again. */
  private readonly samples: Made[] = [];
  private readonly failuresMade = new Map<number, Made>();
  private canaryCaughtAt: string | null = null;
  private startFailure: SeedsReply['startFailure'] = null;
  private lossCount = 0;
  private cancelledCount = 0;
  private verified = 0;
  private isolated = 0;

  constructor(options: CampaignOptions) {
    this.options = options;
    const { range, jobs, search } = options;
    this.schedule =
      search === 'guided'
        ? new GuidedSchedule(range, jobs, options.profile)
        : new Schedule(range, jobs);
    const { seeds } = options.canary;
    const positions = seeds.map((_, i) => i);
    this.schedule.putBack({ kind: 'seeds', implementation: CANARY, positions, seeds });
  }

  elapsedMs(): number {
    return performance.now() - this.beganMs;
  }

  /** Runs tasks until there are none, the time is over, or somebody interrupts. */
  async work(): Promise<void> {
    const { jobs, signal, timeBudgetMs } = this.options;
    const lanes = Array.from({ length: jobs }, () => this.openLane());
    const cancel = (): void => {
      this.schedule.stop();
      setTimeout(() => lanes.forEach((lane) => void lane.cancel()), GRACE_MS).unref();
    };
    if (signal.aborted) this.schedule.stop();
    signal.addEventListener('abort', cancel);
    const timer =
      timeBudgetMs === null ? null : setTimeout(() => this.schedule.stop(), timeBudgetMs);
    await Promise.all(lanes.map((lane) => this.drain(lane)));
    if (timer !== null) clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    await Promise.all(lanes.map((lane) => lane.close()));
  }

  /** Makes a sample of the runs, and those that failed, a second time. */
  async verify(): Promise<void> {
    const { jobs, signal, isolate, sample } = this.options;
    if (signal.aborted || this.startFailure !== null || sample.kind === 'none') return;
    const failed = this.tally.failures.list.slice(0, FAILURES_VERIFIED_MAX);
    const runs = new Map(this.samples.map((made) => [made.position, made]));
    for (const { position } of failed) {
      const made = this.failuresMade.get(position);
      if (made !== undefined) runs.set(position, made);
    }
    const openLane = (): Lane<AnyTask, AnyReply> => this.openLane();
    const implementation = UNDER_TEST;
    const again = { runs: [...runs.values()], implementation, openLane, jobs, signal, isolate };
    const { verified, isolated, differences } = await verify(again);
    this.verified = verified;
    this.isolated = isolated;
    for (const { made, detail } of differences) this.takeDifference(made, detail);
  }

  outcome(elapsedMs: number): CampaignOutcome {
    const { tally, schedule } = this;
    const { signal } = this.options;
    return {
      tally,
      elapsedMs,
      floors: floorsOf(tally),
      canaryCaughtAt: this.canaryCaughtAt,
      verified: this.verified,
      isolated: this.isolated,
      startFailure: this.startFailure,
      isGivenUp: this.lossCount >= LOSSES_MAX,
      isInterrupted: signal.aborted,
      lastSeed: schedule.lastSeed,
      isPrefix: this.cancelledCount === 0,
      search: schedule instanceof GuidedSchedule ? schedule.counts : null,
    };
  }

  private openLane(): Lane<AnyTask, AnyReply> {
    return new Lane(this.options.lane);
  }

  /** One lane takes tasks until there are none. */
  private async drain(lane: Lane<AnyTask, AnyReply>): Promise<void> {
    const { schedule } = this;
    for (let task = await schedule.next(); task !== null; task = await schedule.next()) {
      const result = await lane.run(task);
      if (result.kind === 'lost') this.takeLoss(task, result);
      else if (result.reply.kind === 'seeds') this.take(task, result.reply);
      this.options.onProgress(this.tally);
    }
  }

  private take(task: SeedsTask, reply: SeedsReply): void {
    if (reply.startFailure !== null) this.giveUp(task, reply.startFailure);
    if (task.implementation === CANARY) {
      const caught = reply.failures.find((failure) => failure.kind === 'violation');
      this.canaryCaughtAt ??= caught?.seed ?? null;
      return;
    }
    this.tally.add(task, reply);
    this.schedule.learn(task, reply);
    const { sample, range } = this.options;
    reply.digests.forEach((digest, i) => {
      const position = task.positions[i]!;
      if (isSampled(sample, position, range)) this.samples.push(madeOf(task, i, digest));
    });
    for (const failure of reply.failures) {
      this.options.onFailure(failure);
      this.noteMade(task, failure);
    }
  }

  /** The seed that did not come back is to blame; the others of the task are run again. */
  private takeLoss(task: SeedsTask, loss: Loss): void {
    if (loss.how === 'cancelled') {
      this.cancelledCount += 1;
      return;
    }
    const { lane, isForeign } = this.options;
    const isCanary = task.implementation === CANARY;
    const blame = blameFor(loss, task, lane.hangMs, isForeign && !isCanary);
    if (blame.kind === 'start') {
      this.giveUp(task, blame);
      return;
    }
    if (isCanary) return;
    this.lossCount += 1;
    const { position, seed, detail } = blame.failure;
    this.schedule.lose(position);
    this.tally.addLost(seed, loss.reading.events, detail);
    if (blame.kind === 'bench') {
      this.tally.addBenchFailure(blame.failure);
    } else {
      this.tally.addFailure(blame.failure);
      this.options.onFailure(blame.failure);
    }
    for (const rest of withoutPlace(task, Math.max(0, loss.reading.position))) {
      this.schedule.putBack(rest);
    }
    if (this.lossCount < LOSSES_MAX) return;
    this.schedule.drop();
    this.cancelledCount += 1;
  }

  private takeDifference(made: Made, detail: string): void {
    const { before: _, digest, ...run } = { ...made, stack: null };
    if (this.options.isForeign) {
      const nothing = { events: null, violation: null };
      const sentence = `The implementation is nondeterministic: ${detail}`;
      const failure: Failure = {
        ...run,
        ...nothing,
        digest,
        kind: 'nondeterminism',
        detail: sentence,
      };
      this.tally.addFailure(failure);
      this.options.onFailure(failure);
      return;
    }
    const sentence = `A second run of the same seed was another run. ${detail}`;
    this.tally.addBenchFailure({ ...run, detail: sentence });
  }

  /** Failures that are no longer among the first ones are forgotten here too. */
  private noteMade(task: SeedsTask, failure: Failure): void {
    if (failure.digest === null) return;
    const i = task.positions.indexOf(failure.position);
    this.failuresMade.set(failure.position, madeOf(task, i, failure.digest));
    if (this.failuresMade.size <= 2 * FAILURES_VERIFIED_MAX) return;
    const positions = [...this.failuresMade.keys()].sort((a, b) => a - b);
    for (const late of positions.slice(FAILURES_VERIFIED_MAX)) this.failuresMade.delete(late);
  }

  private giveUp(task: SeedsTask, why: { detail: string; stack: string | null }): void {
    if (task.implementation === CANARY) return;
    this.schedule.drop();
    const { detail, stack } = why;
    this.startFailure ??= { detail, stack };
  }
}

function madeOf(task: SeedsTask, place: number, digest: string): Made {
  const position = task.positions[place]!;
  return { ...runAt(task, place), position, digest, before: runsBefore(task, place) };
}
