/** A report for a terminal: one line for each test, then the first reason in full. */
import type { ChalkInstance } from 'chalk';
import { rounded } from '../../sim/grading/reason.ts';
import type { Report, TestReport } from '../../sim/grading/report.ts';

const MARKS: Readonly<Record<TestReport['status'], string>> = {
  passed: '✓',
  failed: '✗',
  notAttempted: '·',
  notReached: '✗',
};

/** Lines; coloured where there are colours. */
export function terminalReport(report: Report, colours: ChalkInstance | null = null): string {
  const { tests, error } = report;
  const red = (text: string): string => colours?.red(text) ?? text;
  const lines: string[] = [];
  if (error !== null)
    return [red('✗ Nothing could be run.'), error, '', scoreLine(report), ''].join('\n');
  for (const test of tests) lines.push(coloured(testLine(test), test.status, colours));
  const failing = tests.filter(({ status }) => status === 'failed' || status === 'notReached');
  const [first] = failing;
  if (first !== undefined) lines.push('', red(first.reason[0] ?? ''), ...first.reason.slice(1));
  lines.push('', scoreLine(report));
  if (report.determinism === 'recorded') lines.push(...OTHER_WAY);
  return `${lines.join('\n')}\n`;
}

/** One failing test on one screen, or that there is none. */
export function nextReport(report: Report, next: string, colours: ChalkInstance | null): string {
  const { tests, error } = report;
  if (error !== null) return [error, '', `Next: ${next}`, ''].join('\n');
  const failing = tests.find(({ status }) => status === 'failed' || status === 'notReached');
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const head = `${passed} of ${report.score.tests} tests hold.`;
  if (failing === undefined) return [head, `Next: ${next}`, ''].join('\n');
  const [title, ...rest] = failing.reason;
  // The reason of a screen that can be seen again ends with that command.
  const isDone = rest.some((line) => line.startsWith('Again: '));
  const end = isDone ? [] : [`Next: ${next}`];
  const other = report.determinism === 'recorded' ? OTHER_WAY : [];
  const first = [head, colours?.red(title!) ?? title!, `  ${failing.sentence}`];
  return [...first, ...other, ...rest, ...end, ''].join('\n');
}

const OTHER_WAY: readonly string[] = [
  'A run that was made again, each life in a process of its own, went another way. Usual causes: a variable',
  '  outside of the server (of a module, a class, a package), which outlives its reset; time; randomness; the',
  '  order of a map. That costs no points, but failures may come of it, or be hard to see again.',
];

function testLine({ id, title, status, points, maxPoints, runs, held }: TestReport): string {
  const worth = `${rounded(points)}/${rounded(maxPoints)}`;
  const some = held < runs ? `   ${runs - held} of ${runs} runs failed` : '';
  const grey = status === 'notAttempted' ? '   not attempted' : '';
  const none = status === 'notReached' ? '   not put to the test' : '';
  return `${MARKS[status]} ${id.padEnd(5)} ${title.padEnd(44)} ${worth.padStart(5)}${some}${grey}${none}`;
}

function coloured(
  line: string,
  status: TestReport['status'],
  colours: ChalkInstance | null,
): string {
  if (colours === null) return line;
  if (status === 'notAttempted') return colours.dim(line);
  return status === 'passed' ? line : `${colours.red(line[0]!)}${line.slice(1)}`;
}

export function scoreLine({ score, suite, rubric, verdict, error }: Report): string {
  const { points, maxPoints, percent, passed, tests } = score;
  const sum = `${rounded(points)} of ${rounded(maxPoints)} points (${rounded(percent)} %)`;
  const threshold =
    error !== null
      ? 'since nothing could be run'
      : `${verdict === 'passed' ? 'at least' : 'below'} the threshold of ${rubric.threshold} %`;
  return `${sum}, ${threshold}; ${passed} of ${tests} tests of ${suite.name}@${suite.version} hold.`;
}
