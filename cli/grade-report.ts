/** The certificate of a grading. */
import { createHash } from 'node:crypto';
import { plainText } from '../sim/grading/plain-text.ts';
import type { HintLevel } from '../sim/grading/reason.ts';
import type { Report, TestReport } from '../sim/grading/report.ts';
import { ruleOf } from '../sim/grading/rubric.ts';
import { scoreOf } from '../sim/grading/score.ts';
import { fingerprintOf } from '../sim/grading/seeds.ts';
import type { Submission } from '../sim/grading/submission.ts';
import type { GradedTest } from '../sim/grading/suite.ts';
import type { TestGrade } from '../sim/grading/test-grade.ts';
import { wrapped } from '../sim/grading/wrapped.ts';
import type { Ready } from '../sim/protocol/capabilities.ts';
import { VERSIONS } from '../sim/versions.ts';
import type { GradeRequest } from './grade-request.ts';
import { packageVersion } from './package-version.ts';

export interface Graded {
  readonly submission: Submission;
  readonly request: GradeRequest;
  readonly sha256: string;
  /** Versions of its tool chain. */
  readonly tools: Readonly<Record<string, string>>;
}

/** One test: its grade, the cases of its failures, and the reason as it may be told. */
export interface GradedPart {
  readonly test: GradedTest;
  readonly grade: TestGrade;
  readonly level: HintLevel;
  readonly cases: readonly string[];
  readonly reason: readonly string[];
}

export function reportOf(
  graded: Graded,
  ready: Ready,
  determinism: Report['determinism'],
  parts: readonly GradedPart[],
): Report {
  const { request } = graded;
  const grades = parts.map(({ grade }) => grade);
  // What was not run for a test before it counts in no sum of its own.
  const score = scoreOf(request.suite, grades, request.rubric.requires);
  const missing = request.tests.length - parts.length;
  const tests = request.isNext ? { ...score, tests: score.tests + missing } : score;
  const verdict = score.percent >= request.threshold && missing === 0 ? 'passed' : 'failed';
  return {
    ...headOf(graded),
    verdict,
    error: null,
    submission: { ...submissionOf(graded), program: plainText(ready.name) },
    determinism,
    capabilities: ready.capabilities,
    score: tests,
    tests: parts.map((part) => testReport(part, request)),
  };
}

/** Nothing could be run: every test has failed. */
export function failedReport(graded: Graded, message: string): Report {
  const { request } = graded;
  const error = plainText(message);
  const tests = request.tests.map((test): TestReport => {
    const maxPoints = ruleOf(request.rubric, test.id).points ?? test.points;
    const nothing = { points: 0, runs: 0, held: 0, digest: '', failures: [] };
    const words = { hint: 0, reason: [`✗ ${test.id}  ${test.title}`, ...wrapped(error)] };
    const { visibility } = ruleOf(request.rubric, test.id);
    const { id, title, sentence, section } = test;
    const head = { id, title, sentence, section, status: 'failed', visibility } as const;
    return { ...head, ...nothing, maxPoints, missing: [], unreached: [], ...words };
  });
  const maxPoints = tests.reduce((sum, test) => sum + test.maxPoints, 0);
  return {
    ...headOf(graded),
    verdict: 'failed',
    error,
    submission: { ...submissionOf(graded), program: '' },
    determinism: 'unknown',
    capabilities: null,
    score: { points: 0, maxPoints, percent: 0, passed: 0, tests: tests.length },
    tests,
  };
}

function headOf({ request, tools }: Graded) {
  const { suite, only, assignment, rubricSha256, threshold, secret, user } = request;
  return {
    format: 'whitewater/report',
    version: 1,
    suite: { name: suite.name, version: suite.version },
    only: only === null ? null : [...only],
    assignment,
    rubric: { sha256: rubricSha256, threshold },
    secret: secret === null ? null : fingerprintOf(secret),
    versions: {
      whitewater: packageVersion(),
      node: process.version,
      ...VERSIONS,
      tools: { ...tools },
    },
    isolation: user === null ? 'process' : 'user',
  } as const;
}

function submissionOf({ submission, sha256 }: Graded) {
  return { name: plainText(submission.name), sha256 };
}

function testReport(part: GradedPart, { rubric }: GradeRequest): TestReport {
  const { test, grade, level, cases, reason } = part;
  const { id, title, sentence, section } = test;
  const { status, points, maxPoints, runs, held, missing, unreached } = grade;
  return {
    id,
    title,
    sentence,
    section,
    status,
    points,
    maxPoints,
    visibility: ruleOf(rubric, id).visibility,
    runs: runs.length,
    held,
    digest: digestOf(runs.map(({ digest }) => digest)),
    failures: grade.failures.map(([fingerprint, times], place) => {
      const told = plainText(fingerprintAt(fingerprint, level));
      return { fingerprint: told, runs: times, case: cases[place]! };
    }),
    missing: [...missing],
    unreached: [...unreached],
    hint: level,
    reason: [...reason],
  };
}

/** Behind the property stands who broke which part of it, and how. */
function fingerprintAt(fingerprint: string, level: HintLevel): string {
  if (level >= 2 || fingerprint.startsWith('notReached/')) return fingerprint;
  return fingerprint.split('/')[0]!;
}

function digestOf(digests: readonly string[]): string {
  if (digests.length === 0) return '';
  return createHash('sha256').update(digests.join('\n')).digest('hex');
}
