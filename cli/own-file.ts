/** Files that commands write into .whitewater unasked: whole or not at all, and through no link. */
import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { show, UsageError } from '../sim/usage-error.ts';
import { OutputError } from './output-error.ts';
import { makeFolderOf, reasonOf } from './writable.ts';

/** Throws an OutputError, and a UsageError where its folder cannot be one. */
export function writeOwnFile(file: string, text: string): void {
  makeFolderOf(file);
  const folder = dirname(file);
  // A folder that is handed in may hold a link in its place.
  if (lstatSync(folder).isSymbolicLink()) {
    throw new UsageError(`Cannot write ${show(file)}: its folder is a link.`);
  }
  const draft = `${file}.${process.pid}.tmp`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, text, { flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    throw new OutputError(`Cannot write ${show(file)}: ${reasonOf(error)}.`);
  }
}
