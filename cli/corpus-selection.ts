/** What a command was told about its implementation, as a kept plan says it. */
import { relative, resolve, sep } from 'node:path';
import type { CorpusSelection } from '../sim/corpus/entry.ts';
import type { Selection } from './replay-line.ts';

/** A path is the same however it was typed: relative to the working folder, with slashes. */
export function corpusSelection({ sut, mutant, without }: Selection): CorpusSelection {
  const path = sut === null ? null : relative('.', resolve(sut)).split(sep).join('/');
  return { sut: path, mutant, without };
}
