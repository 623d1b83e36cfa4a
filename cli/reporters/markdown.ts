/** Markdown, for a step summary or a comment. */
import { rounded } from '../../sim/grading/reason.ts';
import type { Report, TestReport } from '../../sim/grading/report.ts';
import { scoreLine } from './terminal.ts';

const REASONS_MAX = 10;

const WORDS: Readonly<Record<TestReport['status'], string>> = {
  passed: '✅ holds',
  failed: '❌ failed',
  notAttempted: '➖ not attempted',
  notReached: '❌ not put to the test',
};

export function markdownReport(report: Report): string {
  const { tests, error, submission } = report;
  const lines = [`## ${text(submission.name)}: ${scoreLine(report)}`, ''];
  if (error !== null) lines.push('Nothing could be run:', '', ...fenced([error]), '');
  lines.push('| Test | | Points | Runs that hold | |', '| --- | --- | ---: | ---: | --- |');
  for (const test of tests) lines.push(row(test));
  const failing = tests.filter(({ status }) => status === 'failed' || status === 'notReached');
  for (const { id, title, reason } of failing.slice(0, REASONS_MAX)) {
    if (reason.length === 0) continue;
    const head = `<summary>${text(id)} ${text(title)}</summary>`;
    lines.push('', `<details>${head}`, '', ...fenced(reason), '', '</details>');
  }
  if (failing.length > REASONS_MAX) lines.push('', `… and ${failing.length - REASONS_MAX} more.`);
  return `${lines.join('\n')}\n`;
}

function row({ id, title, status, points, maxPoints, runs, held }: TestReport): string {
  const worth = `${rounded(points)}/${rounded(maxPoints)}`;
  return `| ${text(id)} | ${text(title)} | ${worth} | ${held}/${runs} | ${WORDS[status]} |`;
}

/** Nothing that a line holds can end the fence: it is longer than any row of its ticks. */
function fenced(lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.map(ticksOf));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...lines, fence];
}

function ticksOf(line: string): number {
  return Math.max(0, ...(line.match(/`+/g) ?? []).map((ticks) => ticks.length));
}

/** Outside of fences: no HTML, no table cell that ends early, no link, no emphasis. */
export function text(raw: string): string {
  return raw
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|!#~@]/g, '\\$&');
}
