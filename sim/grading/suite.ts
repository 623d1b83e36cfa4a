/** A suite of graded tests: what each wants of a submission, and the plans that it is run with. */
import type { Plan } from '../kernel/plan.ts';
import type { Capabilities } from '../protocol/capabilities.ts';
import type { Cost } from './cost.ts';

export interface Suite {
  readonly name: 'labs' | 'milestones' | 'full' | 'deep';
  /** Rises whenever a plan or a verdict changes: scores compare within a version only. */
  readonly version: number;
  readonly title: string;
  /** Tests that need what was not declared score 0 (fixed), or are left out of the sum (floating). */
  readonly denominator: 'fixed' | 'floating';
  readonly tests: readonly GradedTest[];
}

export interface GradedTest {
  /** For example `M1.2`: group, then place in it. Part of every seed. */
  readonly id: string;
  readonly title: string;
  /** What must hold, one sentence for a learner. */
  readonly sentence: string;
  /** Where the rule stands in the paper, for example `§5.2`. */
  readonly section: string;
  /** Tests of course suites that ask for the same: shown in the docs. */
  readonly covers: readonly string[];
  /** What must be declared for it to be attempted. */
  readonly needs: readonly Need[];
  readonly points: number;
  /** Runs, each with a seed of its own. */
  readonly runs: number;
  /** The plan of the run with this seed; all times are scaled by what the submission declared. */
  plan(seed: string, capabilities: Capabilities): Plan;
  /** What must have happened, or a pass would be worth nothing. */
  readonly reaches: readonly Reached[];
  /** At least so many commands are answered `ok` in every run. */
  readonly answered: number;
  /** What the run may not cost: a sentence that says what was too much, or null. */
  readonly budget: ((cost: Cost) => string | null) | null;
}

export type Need =
  | 'durability'
  | 'claims'
  | 'snapshots'
  | 'reads'
  | 'transfer'
  | 'preVote'
  | 'checkQuorum'
  | 'membership';

export interface Reached {
  readonly situation: string;
  /** In every run, or in one of them. */
  readonly in: 'every' | 'some';
}

/** What no run can come to where writes are safe at once. */
const OF_WRITES_UNDER_WAY = ['write-failed', 'crash-with-unfinished-write'];

/** What must have happened in runs of a submission that can do this. */
export function wantedOf(
  { reaches }: Pick<GradedTest, 'reaches'>,
  { durability }: Capabilities,
): readonly Reached[] {
  if (durability !== 'immediate') return reaches;
  return reaches.filter(({ situation }) => !OF_WRITES_UNDER_WAY.includes(situation));
}
