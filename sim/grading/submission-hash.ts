/** Names what was submitted: the same for the same text, whatever a checkout makes of line ends. */
import { createHash } from 'node:crypto';
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SubmissionError } from '../adapters/submission-error.ts';
import { show } from '../usage-error.ts';
import type { Submission } from './submission.ts';

/** Never part of a submission. */
const SKIPPED: readonly string[] = ['.git', 'node_modules', '.whitewater', '__pycache__'];
const FILES_MAX = 20_000;

/** Bytes of all files together: what is larger is no source. */
const BYTES_MAX = 200_000_000;

/**
 * SHA-256 over sorted POSIX paths, each with its text, of the files that the manifest names. Throws a
 * SubmissionError where they cannot be read.
 */
export function submissionHash(submission: Submission): string {
  const hash = createHash('sha256');
  for (const path of submittedFiles(submission)) {
    const text = readFileSync(join(submission.root, path), 'latin1').replaceAll('\r\n', '\n');
    hash.update(`${path}\0${text.length}\0`).update(text, 'latin1');
  }
  return hash.digest('hex');
}

/** Sorted paths, relative to the folder. Links are none of them. Throws a SubmissionError. */
export function submittedFiles({ root, manifest }: Submission): readonly string[] {
  const patterns = manifest.files.map(patternOf);
  const isMeant = (path: string): boolean => patterns.some((pattern) => pattern.test(path));
  try {
    const paths = filesOf(root, '', []).filter(isMeant);
    const idle = patterns.findIndex((pattern) => !paths.some((path) => pattern.test(path)));
    if (idle >= 0) throw new SubmissionError(noneMatches(manifest.files[idle]!));
    let bytes = 0;
    for (const path of paths) {
      accessSync(join(root, path), constants.R_OK);
      bytes += statSync(join(root, path)).size;
    }
    if (bytes <= BYTES_MAX) return paths.sort((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    if (error instanceof SubmissionError) throw error;
    const { code, path } = error as NodeJS.ErrnoException;
    throw new SubmissionError(`${show(relative(root, path ?? root))} cannot be read (${code}).`);
  }
  const limit = `${BYTES_MAX / 1_000_000} MB`;
  throw new SubmissionError(
    `The submission is larger than ${limit}; files of whitewater.yaml says what counts.`,
  );
}

function noneMatches(pattern: string): string {
  return `The pattern ${show(pattern)} of files in whitewater.yaml matches no file of the submission.`;
}

function filesOf(root: string, under: string, found: string[]): string[] {
  for (const entry of readdirSync(join(root, under), { withFileTypes: true })) {
    if (SKIPPED.includes(entry.name) || found.length >= FILES_MAX) continue;
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) filesOf(root, path, found);
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

/** `*` within a name, `**` across folders. */
function patternOf(pattern: string): RegExp {
  const source = pattern
    .replace(/^\.\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (sign) => {
      if (sign === '**/') return '(?:.*/)?';
      if (sign === '**') return '.*';
      return sign === '*' ? '[^/]*' : '[^/]';
    });
  return new RegExp(`^${source}$`);
}
