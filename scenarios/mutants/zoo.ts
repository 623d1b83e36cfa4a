/**
 * The exam of the bench: every mutant is put through its directed runs, then through random ones
 * until a property breaks. Only a broken property is a kill; how else runs end is noted apart. Who
 * runs, and in which worker, is the port's business: the same port answers give the same report.
 */
import type { WrongAction } from '../../invariants/conformance/rule.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { type Bundle, bundleMutant } from './bundle.ts';
import { isKillable, type Mutant } from './mutant.ts';
import { caughtOtherwise, type OtherCatch, type RandomRuns, type RunOutcome } from './zoo-run.ts';

/** A plan made to expose one mutant. */
export interface DirectedRun {
  readonly id: string;
  /** Id of the mutant. */
  readonly mutant: string;
  readonly plan: Plan;
}

/** Runs bundles; each bundle in a worker that has run no other. */
export interface ZooPort {
  /** One outcome per plan, in order. */
  runPlans(bundle: Bundle, plans: readonly Plan[]): Promise<readonly RunOutcome[]>;
  /**
   * The runs of `count` seeds from `from` on, in the order of the seeds; as if, with
   * `stopAtFirstKill`, no seed after the first in which a property breaks had been run. None
   * after the first in which the bench fails.
   */
  runSeeds(
    bundle: Bundle,
    from: string,
    count: number,
    stopAtFirstKill: boolean,
  ): Promise<RandomRuns>;
}

export interface ZooOptions {
  readonly mutants: readonly Mutant[];
  readonly directed: readonly DirectedRun[];
  /** Random runs of one mutant, at most. */
  readonly seeds: number;
  readonly fromSeed: string;
  /** So many mutants are examined at the same time, >= 1. */
  readonly jobs: number;
  /** A mutant has been examined; in the order in which they are done. */
  readonly onExamined?: (examined: ExaminedMutant) => void;
}

export const ZOO_SEEDS_DEFAULT = 10_000;

/** A property that broke: what the bench had to do until then. */
export interface Hit {
  readonly how: 'directed' | 'random';
  readonly property: string;
  /** Runs until it broke, this one included; of a directed run always 1. */
  readonly seeds: number;
  /** Server events of all these runs. */
  readonly events: number;
  /** Place of the step in its run, from 1. */
  readonly step: number;
  /** Id of the directed run, or the seed. */
  readonly run: string;
}

/** A run that ended badly, with no property broken before it did. */
export interface OtherEnd {
  readonly how: 'directed' | 'random';
  readonly end: OtherCatch;
  /** So many runs ended like this. */
  readonly runs: number;
  /** The first of them. */
  readonly run: string;
  /** What it threw, for example; null when there is nothing to tell. */
  readonly reason: string | null;
}

/** What the rules of Figure 2 name in a directed run, long before a property breaks or at once. */
export interface FirstWrong extends Omit<WrongAction, 'atUs'> {
  /** Id of the directed run. */
  readonly run: string;
  /** So many events before the first property broke; null when none did. */
  readonly ahead: number | null;
}

export interface ExaminedMutant {
  readonly id: string;
  readonly killed: boolean;
  /** True when nothing should break: then a kill is a false alarm. */
  readonly legal: boolean;
  /** The first hit of each property, of the runs until the first kill. */
  readonly by: readonly Hit[];
  /** Of its directed runs; null when no rule named any. Diagnosis: it is no kill. */
  readonly firstWrong: FirstWrong | null;
  readonly others: readonly OtherEnd[];
  /** Random runs that were made. */
  readonly seeds: number;
  readonly hash: string;
}

export interface ZooReport {
  /** Of the mutants that can be killed. */
  readonly killed: number;
  readonly total: number;
  /** Mutants without a bug that the bench has reported. */
  readonly falseAlarms: readonly string[];
  /** In the order of the catalogue. */
  readonly mutants: readonly ExaminedMutant[];
}

/** Examines every mutant. Throws what making a bundle throws. */
export async function examineAll(options: ZooOptions, port: ZooPort): Promise<ZooReport> {
  const { mutants, jobs } = options;
  const examined: ExaminedMutant[] = new Array(mutants.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < mutants.length) {
      const place = next;
      next += 1;
      const result = await examine(mutants[place]!, options, port);
      examined[place] = result;
      options.onExamined?.(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, mutants.length) }, lane));
  const bugs = examined.filter(({ legal }) => !legal);
  return {
    killed: bugs.filter(({ killed }) => killed).length,
    total: bugs.length,
    falseAlarms: examined.filter(({ legal, killed }) => legal && killed).map(({ id }) => id),
    mutants: examined,
  };
}

/** The directed runs first, then random ones: each kind has its own first kill. */
async function examine(
  mutant: Mutant,
  { directed, seeds, fromSeed }: ZooOptions,
  port: ZooPort,
): Promise<ExaminedMutant> {
  const bundle = await bundleMutant(mutant, { assertionsOff: true });
  const own = directed.filter((run) => run.mutant === mutant.id);
  const outcomes = await port.runPlans(
    bundle,
    own.map(({ plan }) => plan),
  );
  const random = await port.runSeeds(bundle, fromSeed, seeds, true);
  const by = [...directedHits(own, outcomes), ...randomHits(random)];
  return {
    id: mutant.id,
    killed: by.length > 0,
    legal: !isKillable(mutant),
    by,
    firstWrong: firstWrongOf(own, outcomes),
    others: [...directedEnds(own, outcomes), ...randomEnds(random)],
    seeds: random.seeds,
    hash: bundle.hash,
  };
}

function firstWrongOf(
  runs: readonly DirectedRun[],
  outcomes: readonly RunOutcome[],
): FirstWrong | null {
  for (const [place, { wrong, hits }] of outcomes.entries()) {
    if (wrong === null) continue;
    const { rule, section, node, step, sentence } = wrong;
    const ahead = hits[0] === undefined ? null : hits[0].step - step;
    return { rule, section, node, step, sentence, run: runs[place]!.id, ahead };
  }
  return null;
}

function directedHits(runs: readonly DirectedRun[], outcomes: readonly RunOutcome[]): Hit[] {
  const seen = new Set<string>();
  return outcomes.flatMap(({ hits, events }, place) =>
    hits.flatMap(({ property, step }) => {
      if (seen.has(property)) return [];
      seen.add(property);
      return [{ how: 'directed', property, seeds: 1, events, step, run: runs[place]!.id } as const];
    }),
  );
}

function randomHits({ kill, seeds, events }: RandomRuns): Hit[] {
  if (kill === null) return [];
  const { seed, outcome } = kill;
  return outcome.hits.map(({ property, step }) => {
    return { how: 'random', property, seeds, events, step, run: seed };
  });
}

function directedEnds(runs: readonly DirectedRun[], outcomes: readonly RunOutcome[]): OtherEnd[] {
  return outcomes.flatMap((outcome, place) => {
    const end = caughtOtherwise(outcome);
    if (end === null) return [];
    const { reason } = outcome;
    return [{ how: 'directed', end, runs: 1, run: runs[place]!.id, reason } as const];
  });
}

function randomEnds({ others }: RandomRuns): OtherEnd[] {
  return others.map(({ seed, ...other }) => ({ how: 'random', ...other, run: seed }));
}
