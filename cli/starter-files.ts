/** What `whitewater init` writes: a starter, its kit, and what surrounds them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ignoredNames, readmeOf, workflowOf } from './starter-texts.ts';
import type { Starter } from './starters.ts';

/** A starter may hold what was built from it; only text is written. */
const TEXT = /\.(ts|py|go|mod|json|yaml|md|txt)$/;

/** The text of every file by its path in the new folder; null where this package has none. */
export function starterFiles(
  starter: Starter,
  shape: string,
  bench: string,
): ReadonlyMap<string, string> | null {
  const sdk = join(packageFolder(), 'sdk', starter.folder);
  const place = starter.shapes[shape];
  if (place === undefined || !existsSync(join(sdk, place))) return null;
  const files = new Map<string, string>();
  addAll(join(sdk, place), '', files);
  for (const part of starter.kit) {
    const path = join(sdk, part);
    // A shape may bring a kit of its own.
    if (!files.has(part) && existsSync(path)) addAll(path, part, files);
  }
  const [main, text] = [starter.main, files.get(starter.main)];
  // In this package the kit lies one folder above the starter.
  if (text !== undefined) files.set(main, text.replace("'../whitewater.ts'", "'./whitewater.ts'"));
  const others: readonly (readonly [string, string])[] = [
    ['README.md', readmeOf(starter)],
    ['.gitignore', ignoredNames(starter)],
    ['.github/workflows/raft.yml', workflowOf(starter, bench)],
  ];
  for (const [path, written] of others) if (!files.has(path)) files.set(path, written);
  return files;
}

/** `under`: the path that a folder has in the new one, or a file itself. */
function addAll(path: string, under: string, files: Map<string, string>): void {
  if (!statSync(path).isDirectory()) {
    if (TEXT.test(path))
      files.set(under === '' ? basename(path) : under, readFileSync(path, 'utf8'));
    return;
  }
  for (const name of readdirSync(path).sort((a, b) => (a < b ? -1 : 1))) {
    addAll(join(path, name), under === '' ? name : `${under}/${name}`, files);
  }
}

/** Beside the sources, and one folder above what is built. */
function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
