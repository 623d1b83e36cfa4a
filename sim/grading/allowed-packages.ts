/**
 * What a teacher's rubric denies, looked for in the text of a submission: packages in the files that
 * declare them, and imports in Go, Python and Rust. Modules for Node go through a bundler, which sees
 * what they import.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SubmissionError } from '../adapters/submission-error.ts';
import { show } from '../usage-error.ts';
import type { Rubric } from './rubric.ts';
import type { Submission } from './submission.ts';
import { submittedFiles } from './submission-hash.ts';

type Deny = Rubric['deny'];

/** Names that a text of this kind declares or imports. */
type Finder = (text: string) => readonly string[];

const PACKAGES: readonly (readonly [file: RegExp, find: Finder])[] = [
  [/(^|\/)go\.mod$/, requiredByGo],
  [/(^|\/)package\.json$/, requiredByNode],
  [/(^|\/)Cargo\.toml$/, requiredByCargo],
  [/(^|\/)requirements[^/]*\.txt$/, requiredByPip],
];
const IMPORTS: readonly (readonly [file: RegExp, find: Finder])[] = [
  [/\.go$/, (text) => all(text, /^\s*(?:import\s+)?(?:[\w.]+\s+)?["`]([\w./-]+)["`]/gm)],
  [/\.py$/, (text) => all(text, /^\s*(?:from|import)\s+([\w.]+)/gm)],
  [/\.rs$/, (text) => all(text, /^\s*(?:pub\s+)?(?:use|extern crate)\s+([\w:]+)/gm)],
];

/** Throws a SubmissionError that names the first thing which is denied. */
export function assertAllowed(submission: Submission, { imports, dependencies }: Deny): void {
  if (imports.length === 0 && dependencies.length === 0) return;
  for (const path of submittedFiles(submission)) {
    const declared = found(PACKAGES, submission, path);
    const stranger = declared.find((name) => dependencies === '*' || fits(name, dependencies));
    if (stranger !== undefined) refuse(`package ${show(stranger)}`, path);
    const imported = found(IMPORTS, submission, path).find((name) => fits(name, imports));
    if (imported !== undefined) refuse(`import of ${show(imported)}`, path);
  }
}

function refuse(what: string, path: string): never {
  throw new SubmissionError(`The ${what} is not allowed here (${path}).`);
}

function found(
  finders: readonly (readonly [RegExp, Finder])[],
  { root }: Submission,
  path: string,
): readonly string[] {
  const finder = finders.find(([file]) => file.test(path));
  return finder === undefined ? [] : finder[1](readFileSync(join(root, path), 'utf8'));
}

/** The name itself, or something below it. */
function fits(name: string, denied: readonly string[]): boolean {
  return denied.some(
    (one) => name === one || (/^[/.:]/.test(name.slice(one.length)) && name.startsWith(one)),
  );
}

function all(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, name]) => name!);
}

function requiredByGo(text: string): readonly string[] {
  const blocks = all(text, /^require\s*\(([^)]*)\)/gm).join('\n');
  const single = all(text, /^require\s+([^\s(]+)\s/gm);
  return [...single, ...all(blocks, /^\s*([^\s/][^\s]*)\s+v/gm)];
}

function requiredByNode(text: string): readonly string[] {
  try {
    const { dependencies, optionalDependencies } = JSON.parse(text) as Record<string, object>;
    return Object.keys({ ...dependencies, ...optionalDependencies });
  } catch {
    return [];
  }
}

function requiredByCargo(text: string): readonly string[] {
  const sections = all(text, /^\[(?:target\.[^\]]+\.)?dependencies\]([^[]*)/gm).join('\n');
  const tables = all(text, /^\[(?:target\.[^\]]+\.)?dependencies\.([\w-]+)\]/gm);
  return [...tables, ...all(sections, /^\s*([\w-]+)\s*=/gm)];
}

function requiredByPip(text: string): readonly string[] {
  return all(text, /^\s*([A-Za-z0-9][\w.-]*)/gm);
}
