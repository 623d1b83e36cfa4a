/** Which of the two a path names: servers of the contract, or a program of the protocol. */
import { readFileSync, statSync } from 'node:fs';

/** A folder with its manifest, or a module whose servers handle events. */
export function isProgramPath(path: string): boolean {
  return isFolder(path) || handlesEvents(textOf(path));
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Servers of the contract take steps, those of programs handle events. */
export function handlesEvents(code: string): boolean {
  return /\bhandle\s*[(:=]/.test(code) && !/\bstep\s*[(:=]/.test(code);
}

/** Empty where nothing can be read: whoever loads it will say so. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
