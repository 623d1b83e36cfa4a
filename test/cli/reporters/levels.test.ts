import { describe, expect, it } from 'vitest';
import { type Graded, reportOf } from '../../../cli/grade-report.ts';
import { gradeRequestOf } from '../../../cli/grade-request.ts';
import { REPORTERS } from '../../../cli/reporters/reporters.ts';
import { shrunkCase } from '../../../cli/shrunk-case.ts';
import { KeyValueStore } from '../../../core/state-machine.ts';
import { LABS } from '../../../scenarios/suites/labs.ts';
import { moduleHost, type ProgramModule } from '../../../sim/adapters/module-program.ts';
import { programImplementation } from '../../../sim/adapters/program-implementation.ts';
import { gradedRun, planOfRun } from '../../../sim/grading/graded-run.ts';
import { type HintLevel, reasonOf, reasonText } from '../../../sim/grading/reason.ts';
import { DEFAULT_RUBRIC, ruleOf } from '../../../sim/grading/rubric.ts';
import { gradeTest } from '../../../sim/grading/test-grade.ts';
import { loadPlan } from '../../../sim/load-plan.ts';
import type { ProgramEvent } from '../../../sim/protocol/events.ts';

/** Whoever has waited leads, and asks nobody. */
const USURPER: ProgramModule = {
  createServer: () => ({
    capabilities: { claims: true, durability: 'explicit' },
    handle(event: ProgramEvent) {
      if (event.kind === 'start') {
        return [{ kind: 'setTimer', name: 'election', minMs: 150, maxMs: 300 }];
      }
      if (event.kind !== 'timer') return [];
      return [
        { kind: 'claim', role: 'candidate', term: 41 },
        { kind: 'claim', role: 'leader', term: 41 },
      ];
    },
  }),
};

const test = LABS.tests[0]!;
const host = moduleHost(USURPER);
const implementation = programImplementation('usurper', host, () => new KeyValueStore());
const seed = '8146332090271846533';
const run = gradedRun(test, seed, 0, implementation, true);
const { capabilities } = host.ready;
const grade = gradeTest(test, ruleOf(DEFAULT_RUBRIC, test.id), capabilities, [run]);
const shrunk = await shrunkCase(test, { seed, isHidden: true, budgetMs: 0 }, implementation);
const replay = 'npx whitewater replay x.plan.json --sut .';
const shown = { ...shrunk, replay };

function textsAt(level: HintLevel): string[] {
  const request = gradeRequestOf({ target: '.', test: [test.id] });
  const manifest = { version: 1 as const, files: [], env: {} };
  const submission = { name: 'usurper', root: '/', manifest };
  const graded: Graded = { submission, request, sha256: '0'.repeat(64), tools: {} };
  const reason = reasonText(reasonOf(test, grade, 'A1-0000', level < 3 ? null : shown), level);
  const part = { test, grade, level, cases: ['A1-0000'], reason };
  const report = reportOf(graded, host.ready, 'replayable', [part]);
  return Object.values(REPORTERS).map((reporter) => reporter(report).replace(/\s+/g, ' '));
}
/** What no reporter shows below a level, and every one of them from there on. */
const MARKS: readonly (readonly [level: HintLevel, marks: readonly string[]])[] = [
  [0, ['Broken: elected without a majority', '1 of 1 runs']],
  [1, ['n1 leads', 'term 41', '172 ms']],
  [2, ['Rule: ', 'Why: ']],
  [3, ['claim candidate', 'A run that fails', 'whitewater replay', '.plan.json']],
  [4, ['To event 4', 'Likely: ', 'Look at: ', '--stdin-of']],
];

describe('hint levels', () => {
  it.each([0, 1, 2, 3, 4] as const)('every reporter keeps to level %i', (level) => {
    const texts = textsAt(level);
    expect(texts).toHaveLength(5);
    for (const text of texts) {
      for (const [least, marks] of MARKS) {
        const shownMarks = marks.filter((mark) => text.includes(mark));
        expect(shownMarks).toEqual(least <= level ? marks : []);
      }
      expect(text).not.toContain(seed);
    }
    const [, fingerprint] = /"fingerprint": "([^"]+)"/.exec(texts.join())!;
    const whole = run.fingerprint!;
    expect(whole).toMatch(/^elected-without-majority\/\S+$/);
    expect(fingerprint).toBe(level < 2 ? 'elected-without-majority' : whole);
  });

  it('a shown plan of a hidden run holds no seed, and replays the run', () => {
    const told = JSON.stringify(shrunk.plan);
    expect(told).not.toContain(seed);
    expect(gradedRun(test, seed, 0, implementation, false).digest).not.toBe(run.digest);
    const again = { ...test, plan: () => loadPlan(told, 'shown.plan.json') };
    expect(gradedRun(again, '0', 0, implementation).digest).toBe(run.digest);
    for (const one of LABS.tests) {
      const plan = JSON.stringify(planOfRun(one, seed, implementation, true));
      expect(plan, one.id).not.toContain(seed);
    }
  });
});
