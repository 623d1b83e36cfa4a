import { describe, expect, test } from 'vitest';
import { DEFAULT_RUBRIC, rubricSchema, ruleOf, thresholdOf } from '../../../sim/grading/rubric.ts';
import type { RunGrade } from '../../../sim/grading/run-grade.ts';
import { scoreOf } from '../../../sim/grading/score.ts';
import { caseNumber, PUBLIC_SECRET, seedOf } from '../../../sim/grading/seeds.ts';
import type { GradedTest, Suite } from '../../../sim/grading/suite.ts';
import { gradeTest } from '../../../sim/grading/test-grade.ts';
import { capabilitiesSchema } from '../../../sim/protocol/capabilities.ts';

const capabilities = capabilitiesSchema.parse({ durability: 'explicit' });
const RULE = ruleOf(DEFAULT_RUBRIC, 'A1');

function testNamed(id: string, changes: Partial<GradedTest> = {}): GradedTest {
  return {
    id,
    title: id,
    sentence: '',
    section: '§5',
    covers: [],
    needs: [],
    points: 4,
    runs: 4,
    plan: () => {
      throw new Error('not run here');
    },
    reaches: [],
    answered: 0,
    budget: null,
    ...changes,
  };
}

function runs(held: number, failed: number, reached: string[] = []): RunGrade[] {
  return Array.from({ length: held + failed }, (_, i) => ({
    i,
    why: i < held ? null : { kind: 'storm', most: 1, isAwake: false },
    fingerprint: i < held ? null : 'storm',
    events: 1,
    digest: '',
    reached,
  }));
}

describe('a test', () => {
  test('pays when all its runs hold, and else nothing', () => {
    expect(gradeTest(testNamed('A1'), RULE, capabilities, runs(4, 0))).toMatchObject({
      status: 'passed',
      points: 4,
      failures: [],
    });
    expect(gradeTest(testNamed('A1'), RULE, capabilities, runs(3, 1))).toMatchObject({
      status: 'failed',
      points: 0,
      held: 3,
      failures: [['storm', 1]],
    });
  });

  test('pays in part where the rubric says so', () => {
    const rule = (rules: object) => ruleOf(rubricSchema.parse({ version: 1, tests: rules }), 'A1');
    const points = (rules: object) =>
      gradeTest(testNamed('A1'), rule(rules), capabilities, runs(3, 1)).points;
    expect(points({ A1: { scoring: 'fraction' } })).toBe(3);
    expect(points({ 'A*': { scoring: 'steps', steps: { 4: 4, 3: 1 } } })).toBe(1);
    expect(points({ 'A*': { scoring: 'fraction' }, A1: { scoring: 'all' } })).toBe(0);
    expect(points({ A2: { scoring: 'fraction' } })).toBe(0);
  });

  test('pays nothing where what it is about was not declared, or never happened', () => {
    const membership = testNamed('M4.1', { needs: ['membership', 'durability'] });
    expect(gradeTest(membership, RULE, capabilities, [])).toMatchObject({
      status: 'notAttempted',
      missing: ['membership'],
      points: 0,
    });
    const some = testNamed('D2', { reaches: [{ situation: 'snapshot-restored', in: 'some' }] });
    expect(gradeTest(some, RULE, capabilities, runs(4, 0))).toMatchObject({
      status: 'notReached',
      unreached: ['snapshot-restored'],
      points: 0,
    });
    expect(gradeTest(some, RULE, capabilities, runs(4, 0, ['snapshot-restored'])).status).toBe(
      'passed',
    );
  });

  test('does not ask for unfinished writes where writes are safe at once', () => {
    const slow = testNamed('C7', {
      reaches: [{ situation: 'crash-with-unfinished-write', in: 'some' }],
    });
    const statusWith = (durability: 'immediate' | 'explicit') =>
      gradeTest(slow, RULE, { ...capabilities, durability }, runs(4, 0)).status;
    expect(statusWith('explicit')).toBe('notReached');
    expect(statusWith('immediate')).toBe('passed');
  });
});

test('a fixed denominator counts what was not attempted, a floating one does not', () => {
  const tests = [testNamed('A1'), testNamed('D1', { needs: ['snapshots'] })];
  const grades = [
    gradeTest(tests[0]!, RULE, capabilities, runs(4, 0)),
    gradeTest(tests[1]!, RULE, capabilities, []),
  ];
  const suite = (denominator: Suite['denominator']): Suite => ({
    name: 'labs',
    version: 1,
    title: '',
    denominator,
    tests,
  });
  expect(scoreOf(suite('fixed'), grades)).toMatchObject({ points: 4, maxPoints: 8, percent: 50 });
  expect(scoreOf(suite('floating'), grades)).toMatchObject({
    maxPoints: 4,
    percent: 100,
    tests: 1,
  });
});

test('seeds are those of the secret, the assignment, the test and the run, and of nothing else', () => {
  const source = { secret: PUBLIC_SECRET, assignment: 'labs@1' };
  expect(seedOf(source, 'A1', 0)).toBe(seedOf({ ...source }, 'A1', 0));
  const others = [
    seedOf(source, 'A1', 1),
    seedOf(source, 'A2', 0),
    seedOf({ ...source, secret: 'other' }, 'A1', 0),
    seedOf({ ...source, assignment: 'labs@2' }, 'A1', 0),
  ];
  expect(new Set([seedOf(source, 'A1', 0), ...others]).size).toBe(5);
  for (const seed of others) expect(BigInt(seed) < 2n ** 64n).toBe(true);
  expect(caseNumber(source, 'M3.2', 1)).toMatch(/^M3\.2-[0-9a-f]{4}$/);
});

test('a threshold is a number of percent, with or without the sign', () => {
  const threshold = (text: unknown) =>
    thresholdOf(rubricSchema.parse({ version: 1, threshold: text }));
  expect([threshold(60), threshold('60 %'), threshold('62.5%')]).toEqual([60, 60, 62.5]);
  expect(thresholdOf(DEFAULT_RUBRIC)).toBe(100);
});
