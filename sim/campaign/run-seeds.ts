/** The runs of one task, in a worker: one after the other, nothing kept between them. */
import { type RunStates, StateSet } from '../explore/state-set.ts';
import { StateWatch } from '../explore/state-watch.ts';
import type { Plan } from '../kernel/plan.ts';
import { featuresOf } from '../plan-features.ts';
import { type Implementation, type RunOptions, type RunResult, run, StartError } from '../run.ts';
import { thrownStack, thrownWords } from '../thrown.ts';
import type { Heartbeat } from './heartbeat.ts';
import {
  type BenchFailure,
  type Failure,
  type NamedRun,
  runAt,
  type SeedsReply,
  type SeedsTask,
} from './task.ts';

/** A run that ended by the bench's own failure is counted under this digest. */
const NO_DIGEST = '0'.repeat(16);

export interface SeedRuns {
  readonly implementation: Implementation;
  /** Properties that are not judged. */
  readonly disabled: ReadonlySet<string>;
  /** What a seed means. */
  readonly planOf: (run: NamedRun) => Plan;
}

/** Runs every seed of the task to its first violation. Throws nothing that a run throws. */
export function runSeeds(
  task: SeedsTask,
  { implementation, disabled, planOf }: SeedRuns,
  heartbeat: Heartbeat,
): SeedsReply {
  const states = task.isWatched === true ? new StateSet() : null;
  const sums = new Sums(states !== null);
  const options = optionsFor(states, disabled);
  for (let i = 0; i < task.seeds.length; i += 1) {
    const named = runAt(task, i);
    const position = task.positions[i]!;
    heartbeat.begin(i);
    states?.clear();
    try {
      const plan = planOf(named);
      const result = run(plan, implementation, options);
      sums.add(position, named, plan, result);
      sums.states?.push(states?.read() ?? null);
    } catch (error) {
      if (error instanceof StartError) {
        sums.startFailure = { detail: startSentence(error), stack: thrownStack(error.cause) };
        break;
      }
      const thrown = { detail: thrownWords(error), stack: thrownStack(error) };
      sums.addBenchFailure({ ...named, position, ...thrown });
      sums.states?.push(null);
    }
  }
  return sums;
}

function optionsFor(states: StateSet | null, disabled: ReadonlySet<string>): RunOptions {
  const options = { recorder: null, disabled, stopAtFirst: true };
  if (states === null) return options;
  return { ...options, watch: (ledgers) => new StateWatch(ledgers, states) };
}

/** The reply when the implementation does not even load. */
export function neverStarted(error: Error): SeedsReply {
  const sums = new Sums(false);
  sums.startFailure = { detail: startSentence(error), stack: thrownStack(error.cause) };
  return sums;
}

/** Why there was no run. The message of a HarnessError is a sentence already. */
export function startSentence(error: unknown): string {
  const { message } = error as Error;
  return error instanceof StartError ? `No server could be made: ${message}.` : message;
}

class Sums implements SeedsReply {
  readonly kind = 'seeds';
  readonly events: number[] = [];
  readonly digests: string[] = [];
  readonly excuses: { position: number; reason: string }[] = [];
  readonly failures: Failure[] = [];
  readonly benchFailures: BenchFailure[] = [];
  twoLeaders = 0;
  faults = 0;
  virtualUs = 0;
  readonly situations: Record<string, number> = {};
  readonly statistics: Record<string, number> = {};
  readonly features: Record<string, number> = {};
  startFailure: SeedsReply['startFailure'] = null;
  readonly states?: (RunStates | null)[];

  constructor(isWatched: boolean) {
    if (isWatched) this.states = [];
  }

  add(position: number, named: NamedRun, plan: Plan, result: RunResult): void {
    this.events.push(result.events);
    this.digests.push(result.digest);
    this.faults += plan.faults.length;
    this.virtualUs += result.virtualUs;
    if ((result.statistics['leaders'] ?? 0) >= 2) this.twoLeaders += 1;
    addTo(this.situations, result.situations);
    addTo(this.statistics, result.statistics);
    for (const feature of featuresOf(plan)) {
      this.features[feature] = (this.features[feature] ?? 0) + 1;
    }
    if (result.verdict === 'excused') this.excuses.push({ position, reason: result.reason ?? '' });
    const failure = failureOf(position, named.seed, result);
    if (failure !== null) this.failures.push({ ...failure, ...named });
  }

  addBenchFailure(failure: BenchFailure): void {
    this.events.push(0);
    this.digests.push(NO_DIGEST);
    this.benchFailures.push(failure);
  }
}

/** What a result is a failure of; null for a pass and for an excused run. */
export function failureOf(position: number, seed: string, result: RunResult): Failure | null {
  const { verdict, events, digest } = result;
  const ended = { position, seed, events, digest };
  switch (verdict) {
    case 'pass':
    case 'excused':
      return null;
    case 'violation': {
      const violation = result.violations[0]!;
      return { ...ended, kind: verdict, violation, detail: violation.detail, stack: null };
    }
    case 'storm': {
      const detail = `The run did not end within ${events - 1} events.`;
      return { ...ended, kind: verdict, violation: null, detail, stack: null };
    }
    case 'exception': {
      const { node, event, stack } = result.exception!;
      const own = result.failure;
      if (own !== null) {
        const detail = `${own.kind} of n${node} at event ${event}: ${own.message}`;
        return { ...ended, kind: verdict, violation: null, detail, stack: null };
      }
      const detail = `Server ${node} threw at event ${event}: ${result.reason}.`;
      return { ...ended, kind: verdict, violation: null, detail, stack };
    }
  }
}

/** Adds the counts of one record to those of another. */
export function addTo(
  sums: Record<string, number>,
  counts: Readonly<Record<string, number>>,
): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
}
