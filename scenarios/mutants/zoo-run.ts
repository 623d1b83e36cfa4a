/** What the zoo asks of one run, and of a range of seeds. The part that runs in a worker. */
import { Conformance } from '../../invariants/conformance/conformance.ts';
import type { WrongAction } from '../../invariants/conformance/rule.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { type Implementation, type RunResult, type RunVerdict, run } from '../../sim/run.ts';
import { nextSeed } from '../../sim/seed.ts';

/** Plain data. */
export interface RunOutcome {
  /**
   * hang and died are of workers: the run did not come to an end. bench: nor did it, and nothing
   * shows that the implementation is to blame.
   */
  readonly verdict: RunVerdict | 'hang' | 'died' | 'bench';
  /** The first hit of each property, in the order of the run. */
  readonly hits: readonly { readonly property: string; readonly step: number }[];
  /** Server events. */
  readonly events: number;
  /** What was thrown, or why it is excused; null for neither. */
  readonly reason: string | null;
  /** The first wrong action of a run that was watched for them; null for none. */
  readonly wrong: WrongAction | null;
}

/** Ways to end that show a bug, in the bench if `bench`, but prove nothing about the properties. */
export type OtherCatch = 'assertion' | 'exception' | 'hang' | 'died' | 'storm' | 'bench';

/** Plain data: the runs of consecutive seeds, up to the first kill if that was asked for. */
export interface RandomRuns {
  /** Runs made, the one that killed included. */
  readonly seeds: number;
  /** Server events of all of them. */
  readonly events: number;
  readonly kill: { readonly seed: string; readonly outcome: RunOutcome } | null;
  /** Runs that ended badly with no property broken, by how; the first seed of each. */
  readonly others: readonly {
    readonly end: OtherCatch;
    readonly runs: number;
    readonly seed: string;
    /** What the first of them threw, for example; null when there is nothing to tell. */
    readonly reason: string | null;
  }[];
}

/** Runs the plan to its end, past its first violation. */
export function runForZoo(plan: Plan, implementation: Implementation): RunOutcome {
  const options = { recorder: null, disabled: new Set<string>(), stopAtFirst: false };
  return outcomeOf(run(plan, implementation, options), null);
}

/** The same, held against the rules of Figure 2: it takes longer. */
export function watchForZoo(plan: Plan, implementation: Implementation): RunOutcome {
  const conformance = new Conformance(plan);
  const options = { recorder: conformance, disabled: new Set<string>(), stopAtFirst: false };
  const result = run(plan, implementation, options);
  return outcomeOf(result, conformance.first);
}

/** Consecutive seeds, one after the other, in this thread. */
export function runSeedsForZoo(
  implementation: Implementation,
  from: string,
  count: number,
  stopAtFirstKill: boolean,
): RandomRuns {
  let runs: RandomRuns = NO_RUNS;
  for (let done = 0; done < count; done += 1) {
    const seed = nextSeed(from, done);
    runs = addRun(runs, seed, runForZoo(generatePlan(seed), implementation));
    if (stopAtFirstKill && runs.kill !== null) break;
  }
  return runs;
}

export const NO_RUNS: RandomRuns = { seeds: 0, events: 0, kill: null, others: [] };

/** One run more, of the next seed. */
export function addRun(runs: RandomRuns, seed: string, outcome: RunOutcome): RandomRuns {
  const isKill = outcome.hits.length > 0;
  const end = caughtOtherwise(outcome);
  return joinRuns(runs, {
    seeds: 1,
    events: outcome.events,
    kill: isKill ? { seed, outcome } : null,
    others: end === null ? [] : [{ end, runs: 1, seed, reason: outcome.reason }],
  });
}

/** The runs of some seeds, and of those that follow them. */
export function joinRuns(first: RandomRuns, then: RandomRuns): RandomRuns {
  const others = [...first.others];
  for (const other of then.others) {
    const place = others.findIndex(({ end }) => end === other.end);
    if (place < 0) others.push(other);
    else others[place] = { ...others[place]!, runs: others[place]!.runs + other.runs };
  }
  return {
    seeds: first.seeds + then.seeds,
    events: first.events + then.events,
    kill: first.kill ?? then.kill,
    others,
  };
}

/** Has the bench itself failed in one of these runs? */
export function hasBenchFailed(ends: readonly { readonly end: OtherCatch }[]): boolean {
  return ends.some(({ end }) => end === 'bench');
}

/** How the run shows that something is wrong, when no property does; else null. */
export function caughtOtherwise({ verdict, hits, reason }: RunOutcome): OtherCatch | null {
  if (hits.length > 0) return null;
  switch (verdict) {
    case 'pass':
    case 'excused':
    case 'violation':
      return null;
    case 'exception':
      return reason?.startsWith('AssertionError') === true ? 'assertion' : 'exception';
    case 'hang':
    case 'died':
    case 'storm':
    case 'bench':
      return verdict;
  }
}

function outcomeOf(result: RunResult, wrong: WrongAction | null): RunOutcome {
  const { verdict, violations, events, reason } = result;
  const hits = violations.map(({ property, step }) => ({ property, step }));
  return { verdict, hits, events, reason, wrong };
}
