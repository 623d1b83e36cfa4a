/** Runs of the labs that stand for all of them, which are too many for a test. */
import { REFERENCE } from '../../scenarios/implementations.ts';
import { LABS } from '../../scenarios/suites/labs.ts';
import { programImplementation } from '../../sim/adapters/program-implementation.ts';
import type { StdioHost } from '../../sim/adapters/stdio-host.ts';
import { gradedRun } from '../../sim/grading/graded-run.ts';
import type { Why } from '../../sim/grading/run-grade.ts';
import { PUBLIC_SECRET, seedOf } from '../../sim/grading/seeds.ts';

const SOME = LABS.tests.filter((_, place) => place % 6 === 0);

/**
 * The first run of every sixth test, as `whitewater grade` makes it: why it does not hold.
 * sdk/README.md says what all runs come to.
 */
export function firstRuns(host: StdioHost): (readonly [id: string, why: Why | null])[] {
  const implementation = programImplementation('example', host, REFERENCE.createStateMachine);
  const source = { secret: PUBLIC_SECRET, assignment: LABS.name };
  return SOME.map((test) => {
    return [test.id, gradedRun(test, seedOf(source, test.id, 0), 0, implementation).why];
  });
}

export const ALL_HOLD = SOME.map(({ id }) => [id, null]);
