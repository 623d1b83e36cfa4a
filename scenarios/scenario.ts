/** A named experiment: a plan, and what must have happened in it besides that nothing broke. */
import type { Plan } from '../sim/kernel/plan.ts';
import {
  DEFAULT_RUN_OPTIONS,
  type Implementation,
  type RunOptions,
  type RunResult,
  run,
} from '../sim/run.ts';
import { fanOut } from './fan-out.ts';
import { RunRecord } from './run-record.ts';

/** What §7, §8 and the thesis add, more of the milestones, a bad world; or a figure of the paper. */
type Theme =
  | 'extension'
  | 'recovery'
  | 'election'
  | 'replication'
  | 'network'
  | 'membership'
  | 'figure';

export interface Scenario {
  /** Names it on the command line, for example "figure-8". */
  readonly id: string;
  readonly title: string;
  /** Leader election, log replication, safety, membership; or a theme beyond these. */
  readonly milestone: 1 | 2 | 3 | 4 | Theme;
  /** Of the extended paper, for example "§5.4.2". */
  readonly section: string;
  /** What it shows, in one sentence. */
  readonly claim: string;
  readonly plan: Plan;
  /** null when it is met, else one sentence that says why not. */
  criterion(record: RunRecord): string | null;
}

export interface ScenarioResult {
  readonly result: RunResult;
  /** What the criterion found missing, or null. */
  readonly criterion: string | null;
  /** Every property held, and the criterion is met. */
  readonly passed: boolean;
}

/** Runs the scenario's plan. The criterion is shown beside the verdict, it never changes it. */
export function runScenario(
  scenario: Scenario,
  implementation: Implementation,
  options: Partial<RunOptions> = {},
): ScenarioResult {
  const { size, spares } = scenario.plan.cluster;
  const record = new RunRecord(size + spares, size);
  const recorder = options.recorder ? fanOut(record, options.recorder) : record;
  const result = run(scenario.plan, implementation, {
    ...DEFAULT_RUN_OPTIONS,
    ...options,
    recorder,
  });
  const criterion = scenario.criterion(record);
  return { result, criterion, passed: result.verdict === 'pass' && criterion === null };
}
