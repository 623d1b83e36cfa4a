/** Looks before a long run whether its results can be written at all. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { show, UsageError } from '../sim/usage-error.ts';

/** Throws a UsageError unless a file can be written there; leaves no file behind. */
export function assertWritableFile(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) {
    throw new UsageError(`Cannot write ${show(path)}: it is a folder.`);
  }
  attempt(path, () => {
    const isNew = !existsSync(path);
    closeSync(openSync(path, 'a'));
    if (isNew) rmSync(path);
  });
}

/** Why a file cannot be written there, its folder included: a few words; null when it can. */
export function whyUnwritable(path: string): string | null {
  let folder = dirname(path);
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    if (existsSync(path)) accessSync(path, constants.W_OK);
    if (!statSync(folder).isDirectory()) return REASONS['ENOTDIR']!;
    accessSync(folder, constants.W_OK);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Makes the folder of a file, and those above it. */
export function makeFolderOf(path: string): void {
  attempt(path, () => mkdirSync(dirname(path), { recursive: true }));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

function attempt(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new UsageError(`Cannot write ${show(path)}: ${reasonOf(error)}.`);
  }
}

/** In words for what users meet often. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return REASONS[code] ?? String(error);
}
