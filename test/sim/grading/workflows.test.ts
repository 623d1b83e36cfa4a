import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { COMMON_OPTIONS, GRADE_OPTIONS } from '../../../cli/options.ts';
import { REPORTERS } from '../../../cli/reporters/reporters.ts';

const FOLDER = new URL('../../../examples/grading/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => /^(github|gitlab).*\.yml$/.test(name));

function textOf(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** Of GitHub or GitLab: the scripts of all jobs. */
function scriptsOf(name: string): string[] {
  const { jobs, ...others } = parse(textOf(name)) as Record<string, Job> & {
    readonly jobs?: Record<string, Job>;
  };
  return Object.values<Job>(jobs ?? others).flatMap((job) => [
    ...(job.script ?? []),
    ...(job.steps ?? []).flatMap((step) => step.run ?? []),
  ]);
}

interface Job {
  readonly script?: readonly string[];
  readonly steps?: readonly { readonly run?: string; readonly uses?: string }[];
}

describe.each(files)('the workflow %s', (name) => {
  test('grades with options that there are, and writes what it keeps', () => {
    const grades = scriptsOf(name).filter((script) => script.includes('whitewater grade'));
    expect(grades).toHaveLength(1);
    const words = grades[0]!.split('whitewater grade')[1]!.split(/[\s\\]+/);
    for (const word of words.filter((one) => one.startsWith('--'))) {
      expect(Object.keys({ ...GRADE_OPTIONS, ...COMMON_OPTIONS })).toContain(word.slice(2));
    }
    const reporters = words.filter((_, place) => words[place - 1] === '--reporter');
    for (const reporter of reporters)
      expect(Object.keys(REPORTERS)).toContain(reporter.split('=')[0]);
    expect(reporters).toContain('junit=junit.xml');
    expect(textOf(name)).toContain('.whitewater/report.json');
  });

  test('has a secret only where no student and no fork can start it, and nowhere on a command line', () => {
    const text = textOf(name);
    const isHidden = name.includes('hidden');
    expect(text.includes('--secret 0')).toBe(isHidden);
    expect(text.includes('--run-as')).toBe(isHidden);
    expect(text).not.toMatch(/pull_request|--secret (?!0)/);
    expect(/secrets\.|WHITEWATER_SECRET/.test(text)).toBe(isHidden);
  });

  test('names the versions of what it uses', () => {
    for (const [, action] of textOf(name).matchAll(/uses: (\S+)/g)) {
      expect(action).toMatch(/^actions\/[\w-]+@v\d+$/);
    }
    expect(textOf(name)).toMatch(/WHITEWATER: whitewater@\d+\.\d+\.\d+\n/);
  });
});

test('there is one for practice and one for marks, for GitHub and GitLab', () => {
  expect(files).toHaveLength(4);
});
