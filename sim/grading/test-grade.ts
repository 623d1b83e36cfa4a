/** What a test pays: a pure function of its runs, the suite and the rubric. */
import type { Capabilities } from '../protocol/capabilities.ts';
import type { TestRule } from './rubric.ts';
import type { RunGrade } from './run-grade.ts';
import { type GradedTest, type Need, wantedOf } from './suite.ts';

/**
 * - passed, failed: as its runs went. notAttempted: it needs what the submission did not declare.
 * - notReached: nothing broke, and nothing that it is about ever happened.
 */
export type TestStatus = 'passed' | 'failed' | 'notAttempted' | 'notReached';

export interface TestGrade {
  readonly id: string;
  readonly status: TestStatus;
  readonly points: number;
  readonly maxPoints: number;
  readonly runs: readonly RunGrade[];
  readonly held: number;
  /** What was needed and not declared. */
  readonly missing: readonly Need[];
  /** Situations that some run should have reached, and none did. */
  readonly unreached: readonly string[];
  /** Fingerprints of failures with how often each came, the most frequent first. */
  readonly failures: readonly (readonly [string, number])[];
}

export function gradeTest(
  test: GradedTest,
  rule: TestRule,
  capabilities: Capabilities,
  runs: readonly RunGrade[],
): TestGrade {
  const maxPoints = rule.points ?? test.points;
  const missing = test.needs.filter((need) => !isDeclared(need, capabilities));
  const held = runs.filter(({ why }) => why === null).length;
  const unreached = wantedOf(test, capabilities)
    .filter((one) => one.in === 'some')
    .map(({ situation }) => situation)
    .filter((situation) => !runs.some(({ reached }) => reached.includes(situation)));
  const status = statusOf(missing, held, runs.length, unreached);
  const points = pointsOf(rule, maxPoints, status, held, runs.length);
  const failures = countFailures(runs);
  return { id: test.id, status, points, maxPoints, runs, held, missing, unreached, failures };
}

/** Has the submission said that it can do this? */
export function isDeclared(need: Need, capabilities: Capabilities): boolean {
  switch (need) {
    case 'durability':
      return capabilities.durability !== 'none';
    case 'reads':
      return capabilities.reads !== 'none';
    case 'membership':
      return capabilities.membership !== 'none';
    default:
      return capabilities[need];
  }
}

function statusOf(
  missing: readonly Need[],
  held: number,
  runs: number,
  unreached: readonly string[],
): TestStatus {
  if (missing.length > 0) return 'notAttempted';
  if (held < runs) return 'failed';
  return unreached.length > 0 ? 'notReached' : 'passed';
}

function pointsOf(
  rule: TestRule,
  maxPoints: number,
  status: TestStatus,
  held: number,
  runs: number,
): number {
  if (status === 'notAttempted' || status === 'notReached') return 0;
  if (status === 'passed') return maxPoints;
  if (rule.scoring === 'fraction' && runs > 0) return (maxPoints * held) / runs;
  if (rule.scoring !== 'steps') return 0;
  const steps = Object.entries(rule.steps ?? {}).filter(([least]) => held >= Number(least));
  return Math.min(maxPoints, Math.max(0, ...steps.map(([, points]) => points)));
}

function countFailures(runs: readonly RunGrade[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { fingerprint } of runs) {
    if (fingerprint !== null) counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + 1);
  }
  // What was not run explains nothing where something was.
  const isLast = (fingerprint: string): number => (fingerprint === 'notRun' ? 1 : 0);
  return [...counts].sort(
    (a, b) => isLast(a[0]) - isLast(b[0]) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  );
}
