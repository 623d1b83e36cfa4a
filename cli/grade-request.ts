/** What `whitewater grade` was asked for, from its options. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { findSuite, SUITES } from '../scenarios/suites/registry.ts';
import type { SystemUser } from '../sim/adapters/stdio-link.ts';
import type { HintLevel } from '../sim/grading/reason.ts';
import { DEFAULT_RUBRIC, type Rubric, rubricSchema, thresholdOf } from '../sim/grading/rubric.ts';
import type { GradedTest, Suite } from '../sim/grading/suite.ts';
import { loadFile } from '../sim/load-file.ts';
import { show, UsageError, unexpected } from '../sim/usage-error.ts';
import type { Arguments } from './options.ts';
import { countOf, nameOf, textOf } from './parse.ts';
import { REPORTERS } from './reporters/reporters.ts';
import { systemUserOf } from './system-user.ts';
import { assertWritableFile } from './writable.ts';

export interface GradeRequest {
  readonly path: string;
  readonly suite: Suite;
  readonly tests: readonly GradedTest[];
  /** As they were asked for; null: all of the suite. */
  readonly only: readonly string[] | null;
  readonly rubric: Rubric;
  readonly rubricSha256: string;
  readonly assignment: string;
  readonly threshold: number;
  readonly secret: string | null;
  readonly isNext: boolean;
  /** null: as the rubric says. */
  readonly hint: HintLevel | null;
  readonly jobs: number;
  readonly isDebugged: boolean;
  readonly isWatched: boolean;
  /** As whom submissions are built and run; null: as the bench. */
  readonly user: SystemUser | null;
  readonly reporters: readonly { readonly name: string; readonly file: string | null }[];
}

/** Throws a UsageError. */
export function gradeRequestOf(args: Arguments): GradeRequest {
  const isNext = args.next ?? false;
  const rubricPath = textOf('--rubric', args.rubric);
  const rubricText = rubricPath === null ? null : readText(rubricPath, 'a rubric');
  const rubric =
    rubricText === null ? DEFAULT_RUBRIC : loadFile(rubricText, rubricPath!, rubricSchema);
  const fallback = isNext && rubricPath === null ? 'milestones' : rubric.suite;
  const suite = suiteOf(textOf('--suite', args.suite) ?? fallback);
  const only = args.test ?? null;
  const secret = secretOf(textOf('--secret', args.secret));
  const threshold = percentOf(textOf('--threshold', args.threshold)) ?? thresholdOf(rubric);
  const { public: some, hidden } = rubric.seeds;
  if (secret === null ? some === 0 : (some ?? 0) + (hidden ?? 1) === 0) {
    throw new UsageError('Expected at least one run of each test, got none (seeds of the rubric).');
  }
  return {
    path: textOf('what to grade', args.target)!,
    suite,
    tests: only === null ? suite.tests : testsOf(suite, only),
    only,
    rubric,
    rubricSha256: createHash('sha256').update(JSON.stringify(rubric)).digest('hex'),
    assignment: rubric.assignment ?? suite.name,
    threshold,
    secret,
    isNext,
    hint: hintOf(textOf('--hint', args.hint)),
    jobs: countOf('--jobs', args.jobs, 256) ?? availableParallelism(),
    isDebugged: args.debug ?? false,
    isWatched: args.watch ?? false,
    user: systemUserOf(textOf('--run-as', args.runAs)),
    reporters: (args.reporter ?? []).map(reporterOf),
  };
}

/** "labs" or "labs@1". */
function suiteOf(text: string): Suite {
  const [name, version] = text.split('@');
  const names = SUITES.map((suite) => suite.name);
  const suite = findSuite(nameOf(`a suite (${names.join(', ')})`, name!, names))!;
  if (version === undefined || version === String(suite.version)) return suite;
  throw new UsageError(
    `Expected ${suite.name}@${suite.version}, which is what this program has, got ${show(text)}.`,
  );
}

/** By id, or by a pattern that ends in `*`, in the order of the suite. */
function testsOf({ tests, name }: Suite, only: readonly string[]): readonly GradedTest[] {
  const fits = (one: string, id: string): boolean =>
    one.endsWith('*') ? id.startsWith(one.slice(0, -1)) : one === id;
  for (const one of only) {
    if (tests.some(({ id }) => fits(one, id))) continue;
    const ids = tests.map(({ id }) => id);
    const other = SUITES.find((suite) => suite.tests.some(({ id }) => fits(one, id)));
    if (other !== undefined) {
      throw new UsageError(`${show(one)} is a test of ${other.name}: add --suite ${other.name}.`);
    }
    nameOf(`a test of ${name} (${ids.join(', ')})`, one, ids);
  }
  return tests.filter(({ id }) => only.some((one) => fits(one, id)));
}

/** A file, or the number of an open file descriptor: never the secret itself. */
function secretOf(text: string | null): string | null {
  if (text === null) return null;
  const isDescriptor = /^[0-9]{1,3}$/.test(text) && !existsSync(text);
  const secret = isDescriptor ? readDescriptor(Number(text)) : readText(text, 'a secret');
  const line = secret.replace(/\r?\n$/, '');
  if (line === '') throw new UsageError('Expected a secret, got an empty file (--secret).');
  return line;
}

function readDescriptor(descriptor: number): string {
  try {
    const text = readFileSync(descriptor, 'utf8');
    // A program of the same user could read a file once more; a pipe on stdin is empty now.
    if (descriptor > 2) closeSync(descriptor);
    return text;
  } catch {
    throw new UsageError(`Expected an open file descriptor, got ${descriptor} (--secret).`);
  }
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`Expected a file with ${what}, got ${show(path)}, which cannot be read.`);
  }
}

function percentOf(text: string | null): number | null {
  if (text === null) return null;
  const value = /^\d{1,3}(\.\d+)? ?%?$/.test(text) ? Number.parseFloat(text) : -1;
  if (value >= 0 && value <= 100) return value;
  const expected = 'a percentage from 0 to 100';
  throw unexpected({ expected, got: show(text), where: '--threshold', nearest: null });
}

function hintOf(text: string | null): HintLevel | null {
  if (text === null) return null;
  if (/^[0-4]$/.test(text)) return Number(text) as HintLevel;
  const expected = 'a level from 0 to 4';
  throw unexpected({ expected, got: show(text), where: '--hint', nearest: null });
}

/** NAME or NAME=FILE. */
function reporterOf(text: string): GradeRequest['reporters'][number] {
  const at = text.indexOf('=');
  const names = Object.keys(REPORTERS);
  const name = nameOf(`a reporter (${names.join(', ')})`, at < 0 ? text : text.slice(0, at), names);
  if (at < 0) return { name, file: null };
  const file = text.slice(at + 1);
  if (file === '') throw new UsageError(`Expected a file behind ${name}=, got nothing.`);
  assertWritableFile(file);
  return { name, file };
}
