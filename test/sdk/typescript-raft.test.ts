import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { LABS } from '../../scenarios/suites/labs.ts';
import { MILESTONES } from '../../scenarios/suites/milestones.ts';
import * as raft from '../../sdk/typescript/raft.ts';
import * as starter from '../../sdk/typescript/starter/raft.ts';
import { moduleHost } from '../../sim/adapters/module-program.ts';
import { programImplementation } from '../../sim/adapters/program-implementation.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import { gradedRun } from '../../sim/grading/graded-run.ts';
import { isDeclared } from '../../sim/grading/test-grade.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../sim/run.ts';

function hosted(module: typeof raft | typeof starter) {
  return programImplementation('typescript', moduleHost(module), REFERENCE.createStateMachine);
}

describe('Raft in TypeScript', () => {
  const implementation = hosted(raft);
  const { capabilities } = implementation.program;
  const attempted = [...LABS.tests, ...MILESTONES.tests].filter(({ needs }) =>
    needs.every((need) => isDeclared(need, capabilities)),
  );

  test('attempts all of the labs, and the first three milestones', () => {
    expect(attempted).toEqual(expect.arrayContaining([...LABS.tests]));
    const left = MILESTONES.tests.filter((one) => !attempted.includes(one));
    expect(left.map(({ id }) => id)).toEqual(['M4.1', 'M4.2', 'M4.3', 'M4.4', 'M4.5']);
  });

  test.each(attempted.map((one) => [one.id, one.title, one] as const))(
    'holds in %s, %s',
    (id, _title, one) => {
      expect(gradedRun(one, `typescript-${id}`, 0, implementation).why).toBeNull();
    },
  );

  test('can have the points that sdk/README.md says, as can the other examples', () => {
    const points = LABS.tests.reduce((sum, one) => sum + one.points, 0);
    const table = readFileSync(new URL('../../sdk/README.md', import.meta.url), 'utf8');
    const all = `| ${points} of ${points} points (100 %) |`;
    expect(table.split(all)).toHaveLength(5);
  });

  test('holds in generated plans, and answers clients', () => {
    let acknowledged = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const result = run(
        generatePlan(String(seed), { profile: 'programs' }),
        implementation,
        DEFAULT_RUN_OPTIONS,
      );
      const { verdict, violations, failure, statistics } = result;
      expect({ seed, verdict, violations, failure }).toEqual({
        seed,
        verdict: 'pass',
        violations: [],
        failure: null,
      });
      acknowledged += statistics['acknowledged']!;
    }
    expect(acknowledged).toBeGreaterThan(500);
  });
});

test('the starter in TypeScript fails the first test, for a reason', () => {
  const [first] = MILESTONES.tests;
  const { why } = gradedRun(first!, '1', 0, hosted(starter));
  // It sets no timer and sends nothing.
  expect(why).toEqual({ kind: 'silent' });
});
