/**
 * Grades tests, run by run, on as many lanes as there are. What comes of it does not depend on how
 * many: runs are looked at in their order, and what was run behind the end of a grading is dropped.
 */
import type { Capabilities } from '../protocol/capabilities.ts';
import { isWearisome } from '../protocol/program.ts';
import { type Rubric, ruleOf } from './rubric.ts';
import { type RunGrade, runNotMade } from './run-grade.ts';
import { PUBLIC_SECRET, type SeedSource, seedOf } from './seeds.ts';
import type { GradedTest } from './suite.ts';
import { gradeTest, isDeclared, type TestGrade } from './test-grade.ts';

export interface RunRequest {
  readonly testId: string;
  /** Place among the runs of the test, from 0: public ones first. */
  readonly i: number;
  readonly seed: string;
  readonly isHidden: boolean;
  /** Real time that it may take, in milliseconds. */
  readonly limitMs: number;
}

/** Makes one run at a time. */
export type GradeLane = (request: RunRequest) => Promise<RunGrade>;

export interface Grading {
  readonly tests: readonly GradedTest[];
  readonly capabilities: Capabilities;
  readonly rubric: Rubric;
  readonly assignment: string;
  /** null: public seeds alone. */
  readonly secret: string | null;
  /** Nothing behind the first test that fails. */
  readonly stopAtFirst: boolean;
  /** Asked before every run: true ends the grading with what it has. */
  readonly isOver: () => boolean;
  /** Real time in milliseconds. */
  readonly clock: () => number;
  /** In the order of the suite. */
  readonly onTest: (test: GradedTest, grade: TestGrade) => void;
}

/** After so many runs without an answer nobody waits for the rest. */
const HANGS_MAX = 3;

/** Where the seeds of public and hidden runs come from, and how many there are of each. */
export function runsOf(
  test: GradedTest,
  { rubric, secret }: Pick<Grading, 'rubric' | 'secret'>,
): { readonly publicRuns: number; readonly hiddenRuns: number } {
  const { public: some, hidden } = rubric.seeds;
  if (secret === null) return { publicRuns: some ?? test.runs, hiddenRuns: 0 };
  return { publicRuns: some ?? 0, hiddenRuns: hidden ?? test.runs };
}

/** The source of the seed of run `i`. */
export function sourceOf(
  test: GradedTest,
  i: number,
  grading: Pick<Grading, 'rubric' | 'secret' | 'assignment'>,
): { readonly source: SeedSource; readonly isHidden: boolean } {
  const { assignment, secret } = grading;
  const isHidden = i >= runsOf(test, grading).publicRuns;
  return { source: { secret: isHidden ? secret! : PUBLIC_SECRET, assignment }, isHidden };
}

export async function gradeSuite(
  grading: Grading,
  lanes: readonly GradeLane[],
): Promise<readonly TestGrade[]> {
  const course = new Course(grading);
  await Promise.all(lanes.map((lane) => course.work(lane)));
  return course.finish();
}

/** One test under way. */
interface Station {
  readonly test: GradedTest;
  readonly runs: (RunGrade | null)[];
  spentMs: number;
}

class Course {
  private readonly grading: Grading;
  private readonly stations: readonly Station[];
  private readonly grades: TestGrade[] = [];
  private readonly beganMs: number;
  private place = 0;
  private nextRun = 0;
  /** Of the present test: runs that have been looked at, in order. */
  private lookedAt = 0;
  private hangs = 0;
  /** A test has failed, and nothing behind it is wanted. */
  private hasStopped = false;
  /** Why no further run is made; null while they are. */
  private ended: string | null = null;

  constructor(grading: Grading) {
    this.grading = grading;
    this.beganMs = grading.clock();
    this.stations = grading.tests.map((test) => {
      const isAttempted = test.needs.every((need) => isDeclared(need, grading.capabilities));
      const { publicRuns, hiddenRuns } = runsOf(test, grading);
      const count = isAttempted ? publicRuns + hiddenRuns : 0;
      return { test, runs: new Array<RunGrade | null>(count).fill(null), spentMs: 0 };
    });
    this.advance();
  }

  async work(lane: GradeLane): Promise<void> {
    for (;;) {
      const next = this.take();
      if (next === null) return;
      const { station, i } = next;
      const limitMs = this.leftMs(station);
      if (limitMs <= 0) {
        this.put(station, runNotMade(i, 'The real time for its test was used up.'));
        continue;
      }
      const { source, isHidden } = sourceOf(station.test, i, this.grading);
      const testId = station.test.id;
      const before = this.grading.clock();
      const grade = await lane({ testId, i, seed: seedOf(source, testId, i), isHidden, limitMs });
      station.spentMs += this.grading.clock() - before;
      this.put(station, grade);
    }
  }

  /** What was not run has not held. */
  finish(): readonly TestGrade[] {
    if (this.ended === null || this.hasStopped) return this.grades;
    const unfinished = this.stations.slice(this.grades.length);
    for (const { runs } of this.grading.stopAtFirst ? unfinished.slice(0, 1) : unfinished) {
      for (const [i, run] of runs.entries()) runs[i] = run ?? runNotMade(i, this.ended);
      this.closeFirst();
    }
    return this.grades;
  }

  private take(): { readonly station: Station; readonly i: number } | null {
    if (this.grading.isOver()) this.ended ??= 'The grading was interrupted.';
    while (this.ended === null && this.place < this.stations.length) {
      const station = this.stations[this.place]!;
      if (this.nextRun < station.runs.length) {
        this.nextRun += 1;
        return { station, i: this.nextRun - 1 };
      }
      this.place += 1;
      this.nextRun = 0;
    }
    return null;
  }

  private leftMs({ spentMs }: Station): number {
    const { testSeconds, allSeconds } = this.grading.rubric.budget;
    const spentInAll = this.grading.clock() - this.beganMs;
    return Math.floor(Math.min(testSeconds * 1_000 - spentMs, allSeconds * 1_000 - spentInAll));
  }

  private put(station: Station, grade: RunGrade): void {
    if (this.ended !== null) return;
    station.runs[grade.i] = grade;
    this.advance();
  }

  /** Looks at runs in their order, and closes tests whose runs are all there. */
  private advance(): void {
    for (;;) {
      const station = this.stations[this.grades.length];
      if (station === undefined || this.ended !== null) return;
      while (this.lookedAt < station.runs.length) {
        const run = station.runs[this.lookedAt];
        if (run === null || run === undefined) return;
        this.lookedAt += 1;
        if (run.why?.kind !== 'failed' || !isWearisome(run.why.failure)) continue;
        this.hangs += 1;
        if (this.hangs < HANGS_MAX) continue;
        this.dropBehind(station, this.lookedAt);
        this.ended = `The program gave no answer in ${HANGS_MAX} runs; it was not asked again.`;
        return;
      }
      this.closeFirst();
    }
  }

  private dropBehind(station: Station, lookedAt: number): void {
    station.runs.fill(null, lookedAt);
    for (const { runs } of this.stations.slice(this.grades.length + 1)) runs.fill(null);
  }

  private closeFirst(): void {
    const { test, runs } = this.stations[this.grades.length]!;
    const { rubric, capabilities, stopAtFirst, onTest } = this.grading;
    const whole = runs.map((run) => run!);
    const grade = gradeTest(test, ruleOf(rubric, test.id), capabilities, whole);
    this.grades.push(grade);
    this.lookedAt = 0;
    onTest(test, grade);
    if (stopAtFirst && (grade.status === 'failed' || grade.status === 'notReached')) {
      this.hasStopped = true;
      this.ended = 'A test before it failed.';
    }
  }
}
