/** Names what was submitted: the same for the same text, whatever a checkout makes of line ends. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Submission } from './submission.ts';

/** Never part of a submission. */
const SKIPPED: readonly string[] = ['.git', 'node_modules', '.whitewater', '__pycache__'];
const FILES_MAX = 20_000;

/** SHA-256 over sorted POSIX paths, each with its text, of the files that the manifest names. */
export function submissionHash({ root, manifest }: Submission): string {
  const patterns = manifest.files.map(patternOf);
  const isMeant = (path: string): boolean => patterns.some((pattern) => pattern.test(path));
  const paths = filesOf(root, '', []).filter(isMeant);
  const hash = createHash('sha256');
  for (const path of paths.sort((a, b) => (a < b ? -1 : 1))) {
    const text = readFileSync(join(root, path), 'latin1').replaceAll('\r\n', '\n');
    hash.update(`${path}\0${text.length}\0`).update(text, 'latin1');
  }
  return hash.digest('hex');
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
