/** What is handed in: a folder with a manifest, or a single module. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { loadFile } from '../load-file.ts';
import { show, UsageError } from '../usage-error.ts';
import { type Manifest, manifestSchema } from './manifest.ts';

export const MANIFEST_NAME = 'whitewater.yaml';
const MANIFEST_BYTES_MAX = 100_000;
const MODULES: readonly string[] = ['.ts', '.mts', '.js', '.mjs'];

export interface Submission {
  readonly name: string;
  /** Real path of its folder. */
  readonly root: string;
  readonly manifest: Manifest;
}

/** Throws a UsageError where there is nothing that could be graded. */
export function loadSubmission(path: string): Submission {
  if (!existsSync(path)) throw new UsageError(`There is no file or folder ${show(path)}.`);
  if (statSync(path).isDirectory()) return fromFolder(path);
  if (basename(path) === MANIFEST_NAME) return fromFolder(dirname(path));
  if (!MODULES.includes(extname(path))) {
    throw new UsageError(
      `Expected a folder with ${MANIFEST_NAME}, or a .ts or .js module, got ${show(path)}.`,
    );
  }
  const real = realpathSync(resolve(path));
  const module = basename(real);
  const manifest = manifestSchema.parse({ version: 1, module, files: [module] });
  return { name: basename(path), root: dirname(real), manifest };
}

/** A folder of which nothing is known but that it was handed in. */
export function unreadableSubmission(path: string): Submission {
  const root = realpathSync(resolve(path));
  const manifest = manifestSchema.parse({ version: 1 });
  return { name: basename(root), root, manifest };
}

function fromFolder(path: string): Submission {
  const file = join(path, MANIFEST_NAME);
  if (!existsSync(file)) {
    throw new UsageError(
      `Expected ${MANIFEST_NAME} in ${show(path)}, which says how servers are started, got none.`,
    );
  }
  const root = realpathSync(resolve(path));
  const manifest = loadFile(manifestText(file, root), file, manifestSchema);
  if ((manifest.run === undefined) === (manifest.module === undefined)) {
    const both = manifest.run === undefined ? 'neither' : 'both';
    throw new UsageError(`Expected one of run and module, got ${both} (${file}).`);
  }
  return { name: manifest.name ?? basename(root), root, manifest };
}

function manifestText(file: string, root: string): string {
  // What is wrong with a text is told, so it had better be the submission's.
  if (dirname(realpathSync(file)) !== root) {
    throw new UsageError(
      `Expected ${show(file)} to be a file of the folder, got a link out of it.`,
    );
  }
  const { size } = statSync(file);
  try {
    if (size <= MANIFEST_BYTES_MAX) return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${show(file)} cannot be read (${code}).`);
  }
  throw new UsageError(`${show(file)} is larger than ${MANIFEST_BYTES_MAX / 1_000} kB.`);
}
