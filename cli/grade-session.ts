/** One grading, from the folder of a submission to its report. */

import { join } from 'node:path';
import type { ProgramSpec } from '../scenarios/implementations.ts';
import { SubmissionError } from '../sim/adapters/submission-error.ts';
import { type Grading, gradeSuite, sourceOf } from '../sim/grading/grade-suite.ts';
import {
  type HintLevel,
  reasonOf,
  reasonText,
  type ShownCase,
  shownRun,
} from '../sim/grading/reason.ts';
import type { Report } from '../sim/grading/report.ts';
import type { RunGrade } from '../sim/grading/run-grade.ts';
import { caseNumber, seedOf } from '../sim/grading/seeds.ts';
import type { Submission } from '../sim/grading/submission.ts';
import { submissionHash } from '../sim/grading/submission-hash.ts';
import type { GradedTest } from '../sim/grading/suite.ts';
import type { TestGrade } from '../sim/grading/test-grade.ts';
import { toolVersions } from '../sim/grading/tool-versions.ts';
import type { Ready } from '../sim/protocol/capabilities.ts';
import { GradeLane } from './grade-lane.ts';
import { failedReport, type Graded, type GradedPart, reportOf } from './grade-report.ts';
import type { GradeRequest } from './grade-request.ts';
import { writeOwnFile } from './own-file.ts';
import { quoted } from './replay-line.ts';
import { programOf, startError } from './submitted-program.ts';

export interface SessionOptions {
  readonly signal: AbortSignal;
  readonly onPrint: (text: string) => void;
  /** How many tests are done. */
  readonly onProgress: (done: number) => void;
}

/** Throws for our own faults only. */
export async function gradeOnce(
  submission: Submission,
  request: GradeRequest,
  options: SessionOptions,
): Promise<Report> {
  const { isDebugged, user, rubric } = request;
  const { signal, onPrint } = options;
  const graded = { ...ungraded(submission, request), tools: toolVersions(submission) };
  try {
    graded.sha256 = submissionHash(submission);
    const buildMs = rubric.budget.buildSeconds * 1_000;
    const { deny } = rubric;
    const spec = await programOf(submission, { deny, isDebugged, user, buildMs, signal, onPrint });
    return await new Session(graded, spec, options).grade();
  } catch (error) {
    if (!(error instanceof SubmissionError)) throw error;
    return failedReport(graded, error.message);
  }
}

/** What stands in the place of a report until there is one: whoever ends a grading gains nothing. */
export function unfinishedReport(submission: Submission, request: GradeRequest): Report {
  return failedReport(ungraded(submission, request), 'The grading did not come to its end.');
}

/** Of a submission that cannot be looked into. */
export function refusedReport(
  submission: Submission,
  request: GradeRequest,
  problem: string,
): Report {
  return failedReport(ungraded(submission, request), problem);
}

const NO_HASH = '0'.repeat(64);

function ungraded(submission: Submission, request: GradeRequest) {
  return { submission, request, sha256: NO_HASH, tools: {} };
}

/** Real time for the smallest run of a failure, where one is shown or a few are. */
const SHRINK_ONE_MS = 5_000;
const SHRINK_SOME_MS = 2_500;
const SHRUNK_MAX = 3;
const AUDITS = 3;
/** Somebody sits at a debugger. */
const NO_BUDGET = { testSeconds: 1e6, allSeconds: 1e6 };

class Session {
  private readonly graded: Graded;
  private readonly request: GradeRequest;
  private readonly spec: ProgramSpec;
  private readonly options: SessionOptions;
  private readonly lanes: GradeLane[] = [];
  private shrunk = 0;

  constructor(graded: Graded, spec: ProgramSpec, options: SessionOptions) {
    this.graded = graded;
    this.request = graded.request;
    this.spec = spec;
    this.options = options;
  }

  async grade(): Promise<Report> {
    try {
      const ready = await this.greet();
      const grading = this.gradingOf(ready);
      const grades = await this.runAll(grading);
      const determinism = await this.audit(grading, grades);
      const parts: GradedPart[] = [];
      for (const grade of grades) parts.push(await this.partOf(grading, grade));
      return reportOf(this.graded, ready, determinism, parts);
    } finally {
      await Promise.all(this.lanes.map((lane) => lane.close()));
    }
  }

  private async greet(): Promise<Ready> {
    const reply = await this.openLane().ask({ kind: 'greet' });
    if (reply.kind === 'ready') return reply.ready;
    if (reply.kind === 'failed') {
      throw startError(this.graded.submission, `${reply.failure}: ${reply.message}`, reply.log);
    }
    throw new Error(`Expected a greeting, got ${reply.kind}.`);
  }

  private openLane(): GradeLane {
    const lane = new GradeLane({ spec: this.spec, suite: this.request.suite.name });
    this.lanes.push(lane);
    return lane;
  }

  private gradingOf({ capabilities }: Ready): Grading {
    const { tests, assignment, secret, isNext, isDebugged } = this.request;
    const { rubric: asked } = this.request;
    const rubric = isDebugged ? { ...asked, budget: { ...asked.budget, ...NO_BUDGET } } : asked;
    const { signal, onProgress } = this.options;
    let done = 0;
    return {
      tests,
      capabilities,
      rubric,
      assignment,
      secret,
      stopAtFirst: isNext,
      isOver: () => signal.aborted,
      clock: () => performance.now(),
      onTest: () => {
        done += 1;
        onProgress(done);
      },
    };
  }

  private runAll(grading: Grading): Promise<readonly TestGrade[]> {
    while (this.lanes.length < this.request.jobs) this.openLane();
    const lanes = this.lanes.map(
      (lane) => async (run: Parameters<typeof runOf>[1]) => runOf(lane, run),
    );
    return gradeSuite(grading, lanes);
  }

  /** A few runs once more, every life in a process of its own: they must be what they were. */
  private async audit(
    grading: Grading,
    grades: readonly TestGrade[],
  ): Promise<Report['determinism']> {
    const told = grades.filter(({ runs }) => runs.some(isRepeatable));
    if (told.length === 0 || this.options.signal.aborted) return 'unknown';
    const places = [0, Math.floor(told.length / 2), told.length - 1].slice(0, AUDITS);
    for (const place of new Set(places)) {
      const { id, runs } = told[place]!;
      const test = this.testOf(id);
      // The first runs are made by processes that have nothing to remember yet.
      const { i, digest } = runs.findLast(isRepeatable)!;
      const { source, isHidden } = sourceOf(test, i, grading);
      const limitMs = grading.rubric.budget.testSeconds * 1_000;
      const run = { testId: id, i, seed: seedOf(source, id, i), isHidden, limitMs };
      const again = await runOf(this.lanes[0]!, run, true);
      if (again.digest !== digest) return 'recorded';
    }
    return 'replayable';
  }

  private testOf(id: string): GradedTest {
    return this.request.tests.find((test) => test.id === id)!;
  }

  private async partOf(grading: Grading, grade: TestGrade): Promise<GradedPart> {
    const test = this.testOf(grade.id);
    const named = (run: RunGrade): string =>
      caseNumber(sourceOf(test, run.i, grading).source, test.id, run.i);
    const cases = grade.failures.map(([fingerprint]) =>
      named(grade.runs.find((run) => run.fingerprint === fingerprint)!),
    );
    const run = shownRun(grade);
    const isHidden = run !== null && sourceOf(test, run.i, grading).isHidden;
    const { hints } = grading.rubric;
    const level: HintLevel =
      this.request.hint ?? ((isHidden ? hints.hidden : hints.public) as HintLevel);
    if (grade.status === 'passed') return { test, grade, level, cases, reason: [] };
    const shown =
      run === null || level < 3 ? null : await this.show(grading, test, run, named(run));
    const lines = reasonOf(test, grade, cases[0] ?? null, shown);
    return { test, grade, level, cases, reason: reasonText(lines, level) };
  }

  /** Writes the plan of a failing run, the smallest one where there is time to find it. */
  private async show(
    grading: Grading,
    test: GradedTest,
    run: RunGrade,
    name: string,
  ): Promise<ShownCase | null> {
    if (run.why?.kind === 'notRun') return null;
    const { source, isHidden } = sourceOf(test, run.i, grading);
    const seed = seedOf(source, test.id, run.i);
    const budgetMs = this.shrinkMs(run);
    const task = { kind: 'case', testId: test.id, seed, isHidden, budgetMs } as const;
    const reply = await this.lanes[0]!.ask(task);
    if (reply.kind !== 'case') return null;
    const { plan, events, eventsBefore, isShrunk, story } = reply.shrunk;
    const file = join('.whitewater', 'cases', `${name}.plan.json`);
    writeOwnFile(file, `${JSON.stringify(plan, null, 1)}\n`);
    const replay = `npx whitewater replay ${quoted(file)} --sut ${quoted(this.request.path)}`;
    const before = events === 0 ? run.events : eventsBefore;
    return { eventsBefore: before, events, isShrunk, story, replay };
  }

  private shrinkMs({ why }: RunGrade): number {
    const canShrink =
      why?.kind === 'broken' ||
      why?.kind === 'storm' ||
      (why?.kind === 'failed' && why.failure.kind !== 'HANG');
    const { isNext, tests } = this.request;
    const isOne = isNext || tests.length === 1;
    if (!canShrink || this.options.signal.aborted || (!isOne && this.shrunk >= SHRUNK_MAX))
      return 0;
    this.shrunk += 1;
    return isOne ? SHRINK_ONE_MS : SHRINK_SOME_MS;
  }
}

/** What broke may be the work of a variable that outlives a server: then it is worth a second look. */
function isRepeatable({ why }: RunGrade): boolean {
  return why === null || why.kind === 'broken';
}

async function runOf(
  lane: GradeLane,
  run: {
    readonly testId: string;
    readonly i: number;
    readonly seed: string;
    readonly isHidden: boolean;
    readonly limitMs: number;
  },
  isAudit = false,
): Promise<RunGrade> {
  const reply = await lane.ask({ kind: 'run', ...run, isAudit });
  if (reply.kind === 'run') return reply.grade;
  throw new Error(`Expected a run, got ${reply.kind}.`);
}
