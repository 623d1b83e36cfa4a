/**
 * Why a test has lost its points, as lines for one screen. Each line has the level from which on it
 * is told: 0 what broke and how often, 1 who and when, 2 the rule and what it is good for, 3 the
 * shortest run and how to see it again, 4 what the program answered, and where to look.
 */
import { plainText } from './plain-text.ts';
import type { RunGrade } from './run-grade.ts';
import type { GradedTest } from './suite.ts';
import type { TestGrade } from './test-grade.ts';
import { situationWords, whyWords } from './why-words.ts';
import { wrapped } from './wrapped.ts';

export type HintLevel = 0 | 1 | 2 | 3 | 4;

export interface ReasonLine {
  readonly level: HintLevel;
  readonly kind: 'title' | 'what' | 'detail' | 'rule' | 'story' | 'answer' | 'again';
  readonly text: string;
}

/** The failing run that is shown, on a file of its own. */
export interface ShownCase {
  /** For example `M3.2-7f3a`. */
  readonly caseNumber: string;
  /** Server events of the run, before and after it was shrunk. */
  readonly eventsBefore: number;
  readonly events: number;
  /** The story of the shortest run. */
  readonly story: readonly string[];
  /** What the program did in the step that broke the rule; null where no step did. */
  readonly answer: string | null;
  /** The line that shows the run again. */
  readonly replay: string;
}

export const REASON_LINES_MAX = 24;

/** The run that a failed test is explained by: the first one of the most frequent failure. */
export function shownRun({ runs, failures }: TestGrade): RunGrade | null {
  const [most] = failures;
  return most === undefined ? null : runs.find(({ fingerprint }) => fingerprint === most[0])!;
}

export function reasonOf(
  test: GradedTest,
  grade: TestGrade,
  caseNumber: string | null,
  shown: ShownCase | null,
): readonly ReasonLine[] {
  const lines: ReasonLine[] = [];
  const say = (level: HintLevel, kind: ReasonLine['kind'], text: string | null): void => {
    if (text !== null) lines.push({ level, kind, text: plainText(text) });
  };
  const points = `${rounded(grade.points)} of ${rounded(grade.maxPoints)} points`;
  const name = caseNumber === null ? '' : `   case ${caseNumber}`;
  say(0, 'title', `✗ ${test.id}  ${test.title}   ${points}${name}`);
  if (grade.status === 'notAttempted') {
    say(0, 'what', `Not attempted: it needs ${grade.missing.join(', ')}, which is not declared.`);
    return lines;
  }
  const run = shownRun(grade);
  if (run?.why == null) {
    for (const id of grade.unreached) {
      say(0, 'what', `This test was not put to the test: in no run ${situationWords(id)}`);
    }
    say(2, 'rule', `Rule: ${test.section}: ${test.sentence}`);
    return lines;
  }
  const words = whyWords(run.why);
  say(0, 'what', words.broken);
  say(0, 'what', howOften(grade));
  say(1, 'detail', words.detail);
  if (run.why.kind === 'failed') {
    const { log, node } = run.why.failure;
    for (const line of log.slice(-3)) say(1, 'detail', `n${node}│ ${line}`);
  }
  say(2, 'rule', words.rule ?? `Rule: ${test.section}: ${test.sentence}`);
  say(2, 'rule', words.why);
  if (shown !== null) sayCase(shown, say);
  say(4, 'answer', words.look);
  if (shown !== null) say(3, 'again', `Again: ${shown.replay}`);
  return lines;
}

function sayCase(
  { events, eventsBefore, story, answer }: ShownCase,
  say: (level: HintLevel, kind: ReasonLine['kind'], text: string | null) => void,
): void {
  const from = events < eventsBefore ? `, from ${eventsBefore.toLocaleString('en')}` : '';
  if (story.length > 0) {
    say(
      3,
      'story',
      `The shortest run that still fails (${events.toLocaleString('en')} events${from}):`,
    );
    for (const line of story) say(3, 'story', line);
  }
  say(4, 'answer', answer);
}

/** "2 of 20 runs; the other 18 held. Also broken: …" */
function howOften({ runs, held, failures }: TestGrade): string {
  const failed = runs.length - held;
  const others = failures.slice(1).map(([fingerprint, times]) => `${fingerprint} (${times})`);
  const held_ = held === 0 ? '' : `; the other ${held} held`;
  const also = others.length === 0 ? 'Nothing else broke in this test.' : '';
  const more = others.length === 0 ? also : `Also broken: ${others.join(', ')}.`;
  return `${failed} of ${runs.length} runs${held_}. ${more}`;
}

/** What may be told at this level, as lines that fit on a screen. */
export function reasonText(lines: readonly ReasonLine[], level: HintLevel): readonly string[] {
  const told = lines.filter((line) => line.level <= level);
  const blocks = told.map((line) => {
    return { line, rows: line.kind === 'story' ? [line.text.slice(0, 100)] : wrapped(line.text) };
  });
  let height = blocks.reduce((sum, { rows }) => sum + rows.length, 0);
  // The beginning of a story is what can be missed first.
  for (const block of blocks) {
    if (height <= REASON_LINES_MAX) break;
    if (block.line.kind !== 'story' || block.line.text.startsWith('The shortest')) continue;
    height -= block.rows.length;
    block.rows = [];
  }
  return blocks.flatMap(({ rows }) => rows).slice(0, REASON_LINES_MAX);
}

/** Points with at most two places. */
export function rounded(points: number): string {
  return String(Math.round(points * 100) / 100);
}
