/** The sum of a grading: points, and the share of those that could be had. */
import type { Suite } from './suite.ts';
import type { TestGrade } from './test-grade.ts';

export interface Score {
  readonly points: number;
  /** Of all tests; of those that were attempted only, where the denominator floats. */
  readonly maxPoints: number;
  /** 0 to 100. */
  readonly percent: number;
  readonly passed: number;
  readonly tests: number;
}

/** Tests that need what the rubric requires count wherever they stand. */
export function scoreOf(
  { denominator }: Pick<Suite, 'denominator'>,
  grades: readonly TestGrade[],
  requires: readonly string[] = [],
): Score {
  const isCounted = ({ status, missing }: TestGrade): boolean =>
    denominator === 'fixed' ||
    status !== 'notAttempted' ||
    missing.some((need) => requires.includes(need));
  const counted = grades.filter(isCounted);
  const points = counted.reduce((sum, grade) => sum + grade.points, 0);
  const maxPoints = counted.reduce((sum, grade) => sum + grade.maxPoints, 0);
  return {
    points,
    maxPoints,
    percent: maxPoints === 0 ? 0 : (100 * points) / maxPoints,
    passed: counted.filter(({ status }) => status === 'passed').length,
    tests: counted.length,
  };
}
