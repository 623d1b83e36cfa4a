/** All suites, by name. */
import type { Suite } from '../../sim/grading/suite.ts';
import { EXTENSIONS } from './extensions.ts';
import { EXTENSIONS_OF_LOGS } from './extensions-logs.ts';
import { EXTENSIONS_OF_MEMBERSHIP } from './extensions-membership.ts';
import { EXTENSIONS_OF_READS } from './extensions-reads.ts';
import { BEYOND_LABS, LABS } from './labs.ts';
import { MILESTONES } from './milestones.ts';
import { MILESTONE_4 } from './milestones-membership.ts';

/** Everything that a submission says it can do. */
const FULL: Suite = {
  name: 'full',
  version: 1,
  title: 'Everything that the submission declares',
  denominator: 'floating',
  tests: [
    ...LABS.tests,
    ...BEYOND_LABS,
    ...EXTENSIONS_OF_LOGS,
    ...EXTENSIONS_OF_READS,
    ...MILESTONE_4,
    ...EXTENSIONS,
    ...EXTENSIONS_OF_MEMBERSHIP,
  ],
};

/** The same tests, on many more seeds: for finals and for the night. */
const DEEP: Suite = {
  ...FULL,
  name: 'deep',
  title: 'The same on many more seeds',
  tests: FULL.tests.map((test) => ({ ...test, runs: test.runs * 8 })),
};

export const SUITES: readonly Suite[] = [LABS, MILESTONES, FULL, DEEP];

export function findSuite(name: string): Suite | null {
  return SUITES.find((suite) => suite.name === name) ?? null;
}
