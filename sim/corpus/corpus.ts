/**
 * A folder of failing plans, one file for each way to fail, of which the smallest plan stays. Files
 * are written whole or not at all, and one that cannot be read is left alone.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { show, UsageError } from '../usage-error.ts';
import {
  type CorpusEntry,
  type CorpusSelection,
  compareSize,
  corpusText,
  fileNameOf,
  implementationKey,
  keyOf,
} from './entry.ts';
import { parseCorpusEntry } from './parse-entry.ts';

export interface Kept {
  readonly path: string;
  readonly entry: CorpusEntry;
}

/** new: nothing like it was there. smaller: it took the place of a bigger plan, or of a mended one. */
export type Addition = { readonly path: string; readonly how: 'new' | 'smaller' | 'not smaller' };

export class Corpus {
  readonly folder: string;
  /** One sentence for each file that could not be read. */
  readonly problems: readonly string[];
  private readonly byKey = new Map<string, Kept>();
  /** Keys of plans that pass now: any plan that fails is better. */
  private readonly mended = new Set<string>();

  /** Reads the folder; none is as good as an empty one. Throws a UsageError when it is a file. */
  constructor(folder: string) {
    this.folder = folder;
    const problems: string[] = [];
    for (const path of filesIn(folder)) {
      try {
        this.note({ path, entry: parseCorpusEntry(readFileSync(path, 'utf8'), path) });
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
    this.problems = problems;
  }

  /** The plans of this kind of implementation, by the names of their files. */
  of(selection: CorpusSelection): readonly Kept[] {
    const key = implementationKey(selection);
    const kept = [...this.byKey.values()];
    return kept
      .filter(({ entry }) => implementationKey(entry.selection) === key)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** This plan passes now: it gives way to one that fails in the way that it once did. */
  noteMended(entry: CorpusEntry): void {
    this.mended.add(keyOf(entry));
  }

  /** True when `add` would write a plan that fails after so many events in this way. */
  wants({ selection, failure }: Pick<CorpusEntry, 'selection' | 'failure'>): boolean {
    const key = keyOf({ selection, failure });
    const known = this.byKey.get(key);
    return known === undefined || this.mended.has(key) || failure.step <= known.entry.failure.step;
  }

  /** Keeps this plan unless a smaller one is there. Throws what the file system throws. */
  add(entry: CorpusEntry): Addition {
    const key = keyOf(entry);
    const known = this.byKey.get(key);
    const isMended = this.mended.has(key);
    if (known !== undefined && !isMended && compareSize(entry, known.entry) >= 0) {
      return { path: known.path, how: 'not smaller' };
    }
    const path = known?.path ?? this.freePath(fileNameOf(entry));
    mkdirSync(this.folder, { recursive: true });
    writeWhole(path, corpusText(entry));
    this.byKey.set(key, { path, entry });
    this.mended.delete(key);
    return { path, how: known === undefined ? 'new' : 'smaller' };
  }

  /** Of two files with the same key, as after a copy, the smaller plan counts. */
  private note(kept: Kept): void {
    const key = keyOf(kept.entry);
    const known = this.byKey.get(key);
    if (known === undefined || compareSize(kept.entry, known.entry) < 0) this.byKey.set(key, kept);
  }

  /** A file of this name that is none of ours, or cannot be read, stays. */
  private freePath(name: string): string {
    let path = join(this.folder, name);
    for (let nth = 2; existsSync(path); nth += 1) {
      path = join(this.folder, `${basename(name, '.json')}-${nth}.json`);
    }
    return path;
  }
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) {
    throw new UsageError(`Expected a folder of plans, got ${show(folder)}, which is a file.`);
  }
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => join(folder, name));
}

/** A reader, and whoever comes after a kill, finds the old file or the new one. */
function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
