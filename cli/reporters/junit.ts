/** JUnit XML, as most build servers read it. */
import type { Report, TestReport } from '../../sim/grading/report.ts';

export function junitReport(report: Report): string {
  const { suite, tests, error } = report;
  const failed = tests.filter(isFailed).length;
  const skipped = tests.filter(({ status }) => status === 'notAttempted').length;
  const counts = `tests="${tests.length}" failures="${failed}" errors="0" skipped="${skipped}"`;
  const name = text(`${suite.name}@${suite.version}`);
  const cases = tests.map((test) => testCase(test, name, error));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="whitewater" ${counts}>`,
    `  <testsuite name="${name}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function isFailed({ status }: TestReport): boolean {
  return status === 'failed' || status === 'notReached';
}

function testCase(test: TestReport, suite: string, error: string | null): string {
  const head = `    <testcase classname="${suite}" name="${text(`${test.id} ${test.title}`)}"`;
  if (test.status === 'passed') return `${head}/>`;
  const why = test.reason[1] ?? error ?? '';
  const body = text((test.reason.length > 0 ? test.reason : [error ?? '']).join('\n'));
  const inner =
    test.status === 'notAttempted'
      ? `<skipped message="${text(why)}"/>`
      : `<failure message="${text(why)}">${body}</failure>`;
  return `${head}>\n      ${inner}\n    </testcase>`;
}

/** As text and in attributes; what XML 1.0 has no place for is left out. */
export function text(raw: string): string {
  return raw
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
