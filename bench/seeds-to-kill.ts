/** How many runs a search makes until a mutant breaks a property. */

import { GuidedSearch } from '../sim/explore/guided-search.ts';
import type { StateSet } from '../sim/explore/state-set.ts';
import { StateWatch } from '../sim/explore/state-watch.ts';
import { generatePlan } from '../sim/generate/generate-plan.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, type RunResult, run } from '../sim/run.ts';
import { nextSeed } from '../sim/seed.ts';
import { cpuSeconds } from './measure.ts';

export type SearchName = 'random' | 'guided';

/** One search from one start. */
export interface Hunt {
  readonly from: string;
  /** Runs that were made, the one that killed included. */
  readonly runs: number;
  readonly events: number;
  readonly cpuSeconds: number;
  /** The property that broke; null when none did within the runs that were allowed. */
  readonly property: string | null;
}

export interface HuntOptions {
  readonly implementation: Implementation;
  readonly from: string;
  readonly runsMax: number;
  /** As in a campaign. */
  readonly generation: number;
  readonly states: StateSet;
}

/** Runs made so far. */
interface Progress {
  runs: number;
  events: number;
  property: string | null;
}

export function hunt(search: SearchName, options: HuntOptions): Hunt {
  const progress: Progress = { runs: 0, events: 0, property: null };
  const spent = cpuSeconds(() => {
    if (search === 'random') huntAtRandom(options, progress);
    else huntGuided(options, progress);
  });
  return { from: options.from, ...progress, cpuSeconds: spent };
}

function huntAtRandom({ implementation, from, runsMax }: HuntOptions, progress: Progress): void {
  while (progress.runs < runsMax && progress.property === null) {
    const plan = generatePlan(nextSeed(from, progress.runs));
    count(run(plan, implementation, DEFAULT_RUN_OPTIONS), progress);
  }
}

function huntGuided(options: HuntOptions, progress: Progress): void {
  const { from, runsMax, generation, states } = options;
  const search = new GuidedSearch(from, (nth) => nextSeed(from, nth));
  while (progress.runs < runsMax) {
    for (const candidate of search.nextGeneration(generation)) {
      const result = runWatched(candidate.plan, options);
      count(result, progress);
      if (progress.property !== null || progress.runs === runsMax) return;
      search.learn(candidate, states.read(), result.events);
    }
  }
}

function runWatched(plan: Plan, { implementation, states }: HuntOptions): RunResult {
  states.clear();
  const watch = (ledgers: ConstructorParameters<typeof StateWatch>[0]) =>
    new StateWatch(ledgers, states);
  return run(plan, implementation, { ...DEFAULT_RUN_OPTIONS, watch });
}

function count({ events, violations }: RunResult, progress: Progress): void {
  progress.runs += 1;
  progress.events += events;
  progress.property = violations[0]?.property ?? null;
}
