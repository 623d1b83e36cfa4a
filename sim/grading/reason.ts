/**
 * Why a test has lost its points, as lines for one screen. Each line has the level from which on it
 * is told: 0 what broke and how often, 1 who and when, 2 the rule and what it is good for, 3 the
 * shortest run and how to see it again, 4 what the program answered, and where to look.
 */
import { grouped } from '../story/programs/amounts.ts';
import type { ProgramStory } from '../story/programs/program-story.ts';
import { pitfallWords } from './pitfalls.ts';
import { plainText } from './plain-text.ts';
import type { RunGrade } from './run-grade.ts';
import type { GradedTest } from './suite.ts';
import type { TestGrade } from './test-grade.ts';
import { brokenWords, situationWords, whyWords } from './why-words.ts';
import { COLUMNS_MAX, wrapped } from './wrapped.ts';

export type HintLevel = 0 | 1 | 2 | 3 | 4;

export interface ReasonLine {
  readonly level: HintLevel;
  readonly kind: 'title' | 'what' | 'detail' | 'rule' | 'picture' | 'story' | 'answer' | 'again';
  readonly text: string;
  /** At level 4, in place of `text`. */
  readonly closer: string;
}

/** The failing run that is shown, on a file of its own. */
export interface ShownCase {
  /** Server events of the run, before and after it was shrunk. */
  readonly eventsBefore: number;
  readonly events: number;
  readonly isShrunk: boolean;
  /** null where nothing broke: something did not come about. */
  readonly story: ProgramStory | null;
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
  const say: Say = (level, kind, text, closer) => {
    if (text === null) return;
    lines.push({ level, kind, text: plainText(text), closer: plainText(closer ?? text) });
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
  say(4, 'answer', pitfallWords(test.id, run.why));
  say(4, 'answer', words.look);
  if (shown !== null) say(3, 'again', `Again: ${shown.replay}`, againWords(shown));
  return lines;
}

function againWords({ replay, story }: ShownCase): string {
  const server = story?.server ?? null;
  const alone = server === null ? '' : `   One server alone: … --stdin-of ${server}`;
  return `Again: ${replay}${alone}`;
}

type Say = (
  level: HintLevel,
  kind: ReasonLine['kind'],
  text: string | null,
  closer?: string,
) => void;

function sayCase({ events, eventsBefore, isShrunk, story }: ShownCase, say: Say): void {
  if (story === null) return;
  const { picture, lines, evidence } = story;
  if (picture.length > 0) {
    say(3, 'picture', 'The operations that cannot be ordered; without the last one all is fine:');
    for (const line of picture) say(3, 'picture', line);
  }
  const from = events < eventsBefore ? `, from ${grouped(eventsBefore)}` : '';
  const which = isShrunk ? 'The shortest run that still fails' : 'A run that fails';
  if (lines.length > 0) {
    say(3, 'picture', `${which} (${grouped(events)} events${from}; ${story.run}):`);
    for (const { text, closer } of lines) say(3, 'story', text, closer);
  }
  for (const sentence of evidence) say(4, 'answer', sentence);
}

/** "2 of 20 runs; the other 18 held. Also broken: …" */
function howOften({ runs, held, failures }: TestGrade): string {
  const failed = runs.length - held;
  const still = held === 0 ? '' : `; the other ${held} held`;
  const brokenBy = (fingerprint: string): string =>
    brokenWords(runs.find((run) => run.fingerprint === fingerprint)!.why!);
  const [most, ...behind] = failures;
  const others = behind.filter(([fingerprint]) => fingerprint !== 'notRun');
  const notRun = behind.find(([fingerprint]) => fingerprint === 'notRun');
  const also = others.map(([fingerprint, times]) => {
    const broken = brokenBy(fingerprint);
    const what = broken === brokenBy(most![0]) ? 'the same in another way' : broken;
    return `${what} (${times})`;
  });
  const more =
    also.length === 0 ? 'Nothing else broke in this test.' : `Also broken: ${also.join(', ')}.`;
  const rest = notRun === undefined ? '' : ` ${notRun[1]} of them were not made any more.`;
  return `${failed} of ${runs.length} runs${still}. ${more}${rest}`;
}

/** What may be told at this level, as lines that fit on a screen. */
export function reasonText(lines: readonly ReasonLine[], level: HintLevel): readonly string[] {
  const blocks = lines
    .filter((line) => line.level <= level)
    .map((line) => {
      const text = level < 4 ? line.text : line.closer;
      const isDrawn = line.kind === 'story' || line.kind === 'picture';
      return {
        kind: line.kind,
        rows: isDrawn && text.length <= COLUMNS_MAX ? [text] : wrapped(text),
      };
    });
  let height = blocks.reduce((sum, { rows }) => sum + rows.length, 0);
  // The beginning of a story is what can be missed first.
  for (const block of blocks) {
    if (height <= REASON_LINES_MAX) break;
    if (block.kind !== 'story' || /[✗▶] /.test(block.rows[0]!.slice(0, 2))) continue;
    height -= block.rows.length;
    block.rows = [];
  }
  return blocks.flatMap(({ rows }) => rows).slice(0, REASON_LINES_MAX);
}

/** Points with at most two places. */
export function rounded(points: number): string {
  return String(Math.round(points * 100) / 100);
}
