/**
 * Failures of a campaign, one line of JSON each, as they are found: what a campaign that is killed
 * leaves behind. Lines come in the order in which runs end, which depends on the workers.
 */
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { show, UsageError } from '../sim/usage-error.ts';
import { assertWritableFile, makeFolderOf, whyUnwritable } from './writable.ts';

/** What commands leave behind unasked. */
export const FOLDER = '.whitewater';

export class ResultsFile {
  /** null: nowhere. */
  readonly path: string | null;
  private readonly header: unknown;
  private isBegun = false;
  /** Why there is no file: a few words; null when there can be one. */
  readonly obstacle: string | null;
  /** Why lines are missing, once that is known: one sentence. */
  problem: string | null = null;

  private constructor(path: string | null, header: unknown, obstacle: string | null = null) {
    this.path = path;
    this.header = header;
    this.obstacle = obstacle;
  }

  /**
   * The file that was named. Throws a UsageError when it cannot be written, or when something is in
   * it: the failures of two campaigns in one file could not be told apart.
   */
  static named(path: string, header: unknown): ResultsFile {
    assertWritableFile(path);
    if (existsSync(path) && statSync(path).isFile() && statSync(path).size > 0) {
      throw new UsageError(`Cannot write ${show(path)}: there is something in it already.`);
    }
    return new ResultsFile(path, header);
  }

  /** A new file in .whitewater; without a place to write, none: nobody has asked for it. */
  static unnamed(header: unknown): ResultsFile {
    const time = new Date()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(/[-:]/g, '');
    const path = join(FOLDER, `campaign-${time}-${process.pid}.ndjson`);
    const obstacle = whyUnwritable(path);
    return new ResultsFile(obstacle === null ? path : null, header, obstacle);
  }

  /** True when something was written. */
  get isWritten(): boolean {
    return this.isBegun && this.path !== null;
  }

  /** Appends a line; the file begins with the first one. A full disk does not end a campaign. */
  add(line: unknown): void {
    if (this.path === null) return;
    const head = this.isBegun ? '' : `${JSON.stringify(this.header)}\n`;
    try {
      if (!this.isBegun) makeFolderOf(this.path);
      appendFileSync(this.path, `${head}${JSON.stringify(line)}\n`);
      this.isBegun = true;
    } catch (error) {
      this.problem ??= `Not all failures could be written to ${this.path}: ${(error as Error).message}.`;
    }
  }
}
