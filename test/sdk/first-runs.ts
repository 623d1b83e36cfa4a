/** Runs of the labs that stand for all of them, which are too many for a test. */
import { REFERENCE } from '../../scenarios/implementations.ts';
import { LABS } from '../../scenarios/suites/labs.ts';
import { programImplementation } from '../../sim/adapters/program-implementation.ts';
import type { StdioHost } from '../../sim/adapters/stdio-host.ts';
import { gradedRun } from '../../sim/grading/graded-run.ts';
import type { Why } from '../../sim/grading/run-grade.ts';
import { PUBLIC_SECRET, seedOf } from '../../sim/grading/seeds.ts';

/** Long elections, long logs, crashes, snapshots, bad networks and reads. */
const HARD = ['A3', 'A9', 'B5', 'C4', 'C8', 'D3', 'D5', 'N4', 'K4'];
const SOME = LABS.tests.filter(({ id }, place) => place % 6 === 0 || HARD.includes(id));

/** The first run of every sixth test and of hard ones, as `whitewater grade` makes it: why not. */
export function firstRuns(host: StdioHost): (readonly [id: string, why: Why | null])[] {
  const implementation = programImplementation('example', host, REFERENCE.createStateMachine);
  const source = { secret: PUBLIC_SECRET, assignment: LABS.name };
  return SOME.map((test) => {
    return [test.id, gradedRun(test, seedOf(source, test.id, 0), 0, implementation).why];
  });
}

export const ALL_HOLD = SOME.map(({ id }) => [id, null]);
