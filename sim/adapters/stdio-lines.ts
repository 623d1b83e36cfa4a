/** Lines over file descriptors, with reads that wait for them. */
import { readSync, writeSync } from 'node:fs';

/** Bytes of one line, its end included. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 10;

export class LineReader {
  private readonly fd: number;
  private chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  private from = 0;
  private to = 0;

  constructor(fd: number) {
    this.fd = fd;
  }

  /**
   * Without its end. What stands behind the last end of line is no line. null: the other side has
   * closed its end. Throws a RangeError for a line that is too long.
   */
  next(): string | null {
    let looked = 0;
    for (;;) {
      const end = this.chunk.subarray(0, this.to).indexOf(NEWLINE, this.from + looked);
      if (end >= 0) return this.take(end);
      looked = this.to - this.from;
      if (looked >= LINE_BYTES_MAX) throw new RangeError('the line is too long');
      this.makeRoom();
      if (!this.readMore()) return null;
    }
  }

  /** How many bytes stand behind the last end of line. */
  get unfinished(): number {
    return this.to - this.from;
  }

  /** The beginning of what stands there. */
  unfinishedText(bytes: number): string {
    return this.chunk.toString('utf8', this.from, Math.min(this.to, this.from + bytes));
  }

  private take(end: number): string {
    const isWindows = end > this.from && this.chunk[end - 1] === 13;
    const line = this.chunk.toString('utf8', this.from, isWindows ? end - 1 : end);
    this.from = end + 1;
    if (this.from === this.to) {
      this.from = 0;
      this.to = 0;
    }
    return line;
  }

  private makeRoom(): void {
    if (this.to < this.chunk.length) return;
    const length = this.to - this.from;
    const next = length * 2 > this.chunk.length ? Buffer.allocUnsafe(length * 4) : this.chunk;
    this.chunk.copy(next, 0, this.from, this.to);
    this.chunk = next;
    this.from = 0;
    this.to = length;
  }

  private readMore(): boolean {
    try {
      const count = readSync(this.fd, this.chunk, this.to, this.chunk.length - this.to, null);
      this.to += count;
      return count > 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EOF') return false;
      throw error;
    }
  }
}

/** false: nobody is there to read it. */
export function writeLine(fd: number, line: string): boolean {
  try {
    const bytes = Buffer.from(`${line}\n`);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  }
}
