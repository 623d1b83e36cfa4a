/** What seeds mean to what is run. */
import { statSync } from 'node:fs';
import type { ProfileName } from '../sim/generate/profile-names.ts';
import type { Selection } from './replay-line.ts';

/**
 * A Raft that is brought along is put to Figure 2 unless it is said what else it can do, and a
 * program to what the protocol has words for. Throws a UsageError for what is no module.
 */
export async function profileFor({ sut, profile }: Selection): Promise<ProfileName | undefined> {
  if (profile !== undefined || sut === null) return profile;
  if (isFolder(sut)) return 'programs';
  const { bundleModule } = await import('../sim/adapters/bundle-module.ts');
  return handlesEvents((await bundleModule(sut)).code) ? 'programs' : 'figure-2';
}

/** A folder is a program with its manifest. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Servers of the contract take steps, those of programs handle events. */
export function handlesEvents(code: string): boolean {
  return /\bhandle\s*[(:=]/.test(code) && !/\bstep\s*[(:=]/.test(code);
}
