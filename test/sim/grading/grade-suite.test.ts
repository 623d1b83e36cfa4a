import { describe, expect, it } from 'vitest';
import { findSuite } from '../../../scenarios/suites/registry.ts';
import { floodSentence } from '../../../sim/adapters/stdio-death.ts';
import { type Grading, gradeSuite, type RunRequest } from '../../../sim/grading/grade-suite.ts';
import { reasonOf, reasonText } from '../../../sim/grading/reason.ts';
import { DEFAULT_RUBRIC, ruleOf } from '../../../sim/grading/rubric.ts';
import { type RunGrade, runNotMade } from '../../../sim/grading/run-grade.ts';
import { gradeTest } from '../../../sim/grading/test-grade.ts';
import { capabilitiesSchema } from '../../../sim/protocol/capabilities.ts';

const tests = findSuite('labs')!
  .tests.slice(0, 3)
  .map((test) => ({ ...test, runs: 4, reaches: [] }));
const capabilities = capabilitiesSchema.parse({ claims: true, durability: 'explicit' });

function grading(changes: Partial<Grading> = {}): Grading {
  return {
    tests,
    capabilities,
    rubric: DEFAULT_RUBRIC,
    assignment: 'labs',
    secret: null,
    stopAtFirst: false,
    isOver: () => false,
    clock: () => 0,
    onTest: () => {},
    ...changes,
  };
}

function held(i: number, digest = 'd'): RunGrade {
  return { i, why: null, fingerprint: null, events: 1, digest, reached: [] };
}

function hung(i: number): RunGrade {
  const failure = { kind: 'HANG', message: 'no answer', node: 1, event: 1, log: [] } as const;
  return { ...held(i), why: { kind: 'failed', failure }, fingerprint: 'HANG' };
}

/** Lanes that answer after different times. */
function lanes(count: number, answer: (run: RunRequest) => RunGrade) {
  return Array.from({ length: count }, (_, lane) => async (run: RunRequest) => {
    for (let k = 0; k < (lane * 3 + run.i) % 7; k += 1) await Promise.resolve();
    return answer(run);
  });
}

describe('grading a suite', () => {
  it('comes to the same on any number of lanes', async () => {
    const answer = ({ testId, i, seed }: RunRequest): RunGrade =>
      testId === tests[1]!.id && i === 2 ? hung(i) : held(i, seed);
    const one = await gradeSuite(grading(), lanes(1, answer));
    for (const count of [2, 3, 8]) {
      expect(await gradeSuite(grading(), lanes(count, answer))).toEqual(one);
    }
    expect(one.map(({ status }) => status)).toEqual(['passed', 'failed', 'passed']);
  });

  it('ends at the third run without an answer, and what is behind it has failed', async () => {
    const answer = ({ testId, i }: RunRequest): RunGrade =>
      testId === tests[1]!.id && i > 0 ? hung(i) : held(i);
    const one = await gradeSuite(grading(), lanes(1, answer));
    expect(one[1]!.failures).toEqual([['HANG', 3]]);
    expect(one[2]!.failures).toEqual([['notRun', 4]]);
    expect(await gradeSuite(grading(), lanes(5, answer))).toEqual(one);
  });

  it('ends at the third run that wrote too much, and goes on behind other limits', async () => {
    const limited = (message: string) => async () => {
      const failure = { kind: 'LIMIT', message, node: 1, event: 1, log: [] } as const;
      const fails = ({ i }: RunRequest): RunGrade => {
        return { ...held(i), why: { kind: 'failed', failure }, fingerprint: 'LIMIT' };
      };
      const grades = await gradeSuite(grading(), lanes(1, fails));
      return grades[0]!.failures;
    };
    const flood = limited(floodSentence('stdout', 'its event 2 (start)'));
    expect(await flood()).toEqual([
      ['LIMIT', 3],
      ['notRun', 1],
    ]);
    expect(await limited('answered its event 2 (start) with 10,001 actions')()).toEqual([
      ['LIMIT', 4],
    ]);
  });

  it('stops behind the first test that fails when it is asked to', async () => {
    const answer = ({ testId, i }: RunRequest): RunGrade =>
      testId === tests[1]!.id ? hung(i) : held(i);
    const one = await gradeSuite(grading({ stopAtFirst: true }), lanes(3, answer));
    expect(one.map(({ id }) => id)).toEqual([tests[0]!.id, tests[1]!.id].slice(0, one.length));
    expect(one.length).toBeLessThanOrEqual(2);
  });

  it('shows the test without an answer, or under way, when it is to stop at the first', async () => {
    const silent = await gradeSuite(
      grading({ stopAtFirst: true }),
      lanes(1, ({ i }) => hung(i)),
    );
    expect(silent.map(({ id, failures }) => [id, failures])).toEqual([
      [
        tests[0]!.id,
        [
          ['HANG', 3],
          ['notRun', 1],
        ],
      ],
    ]);
    let made = 0;
    const interrupted = await gradeSuite(
      grading({ stopAtFirst: true, isOver: () => made === 2 }),
      lanes(1, ({ i }) => {
        made += 1;
        return held(i);
      }),
    );
    expect(interrupted.map(({ id, held: runs }) => [id, runs])).toEqual([[tests[0]!.id, 2]]);
  });

  it('is told what broke before it is told what was not run any more', () => {
    const [test] = tests;
    const rule = ruleOf(DEFAULT_RUBRIC, test!.id);
    const runs = [hung(0), runNotMade(1, 'x'), runNotMade(2, 'x'), held(3)];
    const grade = gradeTest(test!, rule, capabilities, runs);
    const lines = reasonText(reasonOf(test!, grade, 'A1-0000', null), 4);
    expect(lines[1]).toMatch(/^HANG/);
    expect(lines[2]).toBe(
      '3 of 4 runs; the other 1 held. Nothing else broke in this test. 2 of them were not made any more.',
    );
  });

  it('spends no more real time on a test than it may', async () => {
    let nowMs = 0;
    const rubric = {
      ...DEFAULT_RUBRIC,
      budget: { testSeconds: 10, allSeconds: 1_000, buildSeconds: 1 },
    };
    const answer = ({ i }: RunRequest): RunGrade => {
      nowMs += 6_000;
      return held(i);
    };
    const all = await gradeSuite(grading({ rubric, clock: () => nowMs }), lanes(1, answer));
    expect(all[0]!.held).toBe(2);
    expect(all[0]!.failures).toEqual([['notRun', 2]]);
    expect(all[2]!.held).toBe(2);
  });

  it('takes the seeds of hidden runs from the secret, and only those', async () => {
    const seen: RunRequest[] = [];
    const rubric = { ...DEFAULT_RUBRIC, seeds: { public: 1, hidden: 2 } };
    const answer = (run: RunRequest): RunGrade => {
      seen.push(run);
      return held(run.i);
    };
    await gradeSuite(grading({ rubric, secret: 'a' }), lanes(1, answer));
    const first = [...seen];
    seen.length = 0;
    await gradeSuite(grading({ rubric, secret: 'b' }), lanes(1, answer));
    expect(first.map(({ isHidden }) => isHidden).slice(0, 3)).toEqual([false, true, true]);
    expect(first[0]!.seed).toBe(seen[0]!.seed);
    expect(first[1]!.seed).not.toBe(seen[1]!.seed);
  });
});
