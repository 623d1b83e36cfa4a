/**
 * A grading that never began leaves no report behind, the one of an earlier grading neither: a build
 * server would take it for the result.
 */
import { lstatSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPORTERS } from './reporters/reporters.ts';

/** The certificate of a grading. */
export const REPORT = join('.whitewater', 'report.json');

/** `words`: the command line, which may be wrong. Removes files only, and follows no links. */
export function removeStaleReports(words: readonly string[]): void {
  for (const file of [REPORT, ...reporterFiles(words)]) {
    try {
      const isOwn = file !== REPORT || lstatSync(dirname(file)).isDirectory();
      if (isOwn && lstatSync(file).isFile()) rmSync(file);
    } catch {
      // There is none, or it cannot be helped.
    }
  }
}

/** FILE of each `--reporter NAME=FILE`. */
function reporterFiles(words: readonly string[]): string[] {
  const values = words.map((word, i) => {
    if (word === '--reporter') return words[i + 1] ?? '';
    return word.startsWith('--reporter=') ? word.slice('--reporter='.length) : '';
  });
  return values.flatMap((value) => {
    const at = value.indexOf('=');
    return at > 0 && Object.hasOwn(REPORTERS, value.slice(0, at)) ? [value.slice(at + 1)] : [];
  });
}
