/** What a report can be turned into, by name. Every one of them shows the reasons as they were cut. */
import type { Report } from '../../sim/grading/report.ts';
import { githubReport } from './github.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import { terminalReport } from './terminal.ts';

export const REPORTERS: Readonly<Record<string, (report: Report) => string>> = {
  terminal: (report) => terminalReport(report),
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  junit: junitReport,
  markdown: markdownReport,
  github: githubReport,
};
