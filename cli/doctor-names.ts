/**
 * Names of files that are right on some machines only: there are file systems that find raft.py under
 * the name Raft.py, and others that do not.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';
import { plainText } from '../sim/grading/plain-text.ts';
import type { Submission } from '../sim/grading/submission.ts';
import type { Finding } from './finding.ts';

const SKIPPED: readonly string[] = ['.git', 'node_modules', '.whitewater', '__pycache__'];
const FILES_MAX = 2_000;

export function nameFindings({ root, manifest }: Submission): Finding[] {
  const files = filesOf(root, '', []);
  const wrong = [
    ...twins(files),
    ...namesInManifest([manifest.module ?? '', ...(manifest.run ?? [])], files),
    ...files.flatMap((file) => importsOf(root, file, files)),
  ];
  if (wrong.length > 0) return wrong.map((what) => ({ state: 'wrong', what, advice: ADVICE }));
  return [{ state: 'right', what: 'Names of files are written alike everywhere', advice: null }];
}

const ADVICE =
  'Write both alike, letter by letter: other machines tell upper case from lower case.';

function filesOf(root: string, under: string, found: string[]): string[] {
  for (const entry of readdirSync(join(root, under), { withFileTypes: true })) {
    if (SKIPPED.includes(entry.name) || found.length >= FILES_MAX) continue;
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) filesOf(root, path, found);
    else if (entry.isFile()) found.push(path);
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

function twins(files: readonly string[]): string[] {
  const seen = new Map<string, string>();
  const found: string[] = [];
  for (const file of files) {
    const other = seen.get(file.toLowerCase());
    if (other !== undefined)
      found.push(`${plainText(other)} and ${plainText(file)} differ by case only`);
    seen.set(file.toLowerCase(), file);
  }
  return found;
}

function namesInManifest(words: readonly string[], files: readonly string[]): string[] {
  return words.flatMap((word) => miswritten(word.replace(/^\.\//, ''), 'whitewater.yaml', files));
}

/** Relative imports of TypeScript and JavaScript, and modules of Python beside the file. */
function importsOf(root: string, file: string, files: readonly string[]): string[] {
  const folder = dirname(file);
  const names = (pattern: RegExp): string[] =>
    [...readFileSync(join(root, file), 'utf8').matchAll(pattern)].map(([, name]) => name!);
  switch (extname(file)) {
    case '.ts':
    case '.mts':
    case '.js':
    case '.mjs':
      return names(/\bfrom\s+['"](\.{1,2}\/[^'"]+)['"]/g).flatMap((name) =>
        miswritten(slashes(normalize(join(folder, name))), file, files),
      );
    case '.py':
      return names(/^\s*(?:import|from)\s+(\w+)/gm).flatMap((name) =>
        miswritten(slashes(normalize(join(folder, `${name}.py`))), file, files),
      );
    default:
      return [];
  }
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}

function miswritten(name: string, where: string, files: readonly string[]): string[] {
  if (name === '' || files.includes(name)) return [];
  const meant = files.find((file) => file.toLowerCase() === name.toLowerCase());
  if (meant === undefined) return [];
  return [`${plainText(where)} names ${plainText(name)}, and the file is ${plainText(meant)}`];
}
