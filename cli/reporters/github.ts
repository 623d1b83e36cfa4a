/** Annotations of GitHub Actions: workflow commands, one for each failed test. */
import type { Report, TestReport } from '../../sim/grading/report.ts';
import { scoreLine } from './terminal.ts';

/** GitHub shows ten of a kind for each step. */
const ANNOTATIONS_MAX = 10;

export function githubReport(report: Report): string {
  const { tests, error, verdict } = report;
  const failing = tests.filter(({ status }) => status === 'failed' || status === 'notReached');
  const lines = error === null ? failing.slice(0, ANNOTATIONS_MAX - 1).map(annotation) : [];
  if (error !== null) lines.push(`::error title=Nothing could be run::${data(error)}`);
  lines.push(
    `::${verdict === 'passed' ? 'notice' : 'error'} title=Raft::${data(scoreLine(report))}`,
  );
  return `${lines.join('\n')}\n`;
}

function annotation({ id, title, reason }: TestReport): string {
  return `::error title=${property(`${id} ${title}`)}::${data(reason.slice(1).join('\n'))}`;
}

/** Nothing in it can begin a command of its own. */
export function data(raw: string): string {
  return raw.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

export function property(raw: string): string {
  return data(raw).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
