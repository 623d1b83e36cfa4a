/** One line on stderr that tells how far long work is: rewritten on a terminal, else repeated. */
const TTY_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5000;

export class Progress {
  private readonly stream: NodeJS.WriteStream;
  private readonly isTty: boolean;
  private readonly intervalMs: number;
  private shownMs: number;
  private isShown = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.stream = stream;
    this.isTty = stream.isTTY === true;
    this.intervalMs = this.isTty ? TTY_INTERVAL_MS : LOG_INTERVAL_MS;
    // A short command shows nothing.
    this.shownMs = performance.now();
  }

  /** Shows the line unless one was shown just now; `line` is called only then. */
  update(line: () => string): void {
    const nowMs = performance.now();
    if (nowMs - this.shownMs < this.intervalMs) return;
    this.shownMs = nowMs;
    this.isShown = true;
    this.stream.write(
      this.isTty ? `\r\x1b[2K${clipped(line(), this.stream.columns)}` : `${line()}\n`,
    );
  }

  /** Clears the line: what follows is not progress. */
  done(): void {
    if (this.isTty && this.isShown) this.stream.write('\r\x1b[2K');
    this.isShown = false;
  }
}

function clipped(line: string, columns: number | undefined): string {
  return line.slice(0, Math.max(20, (columns || 80) - 1));
}
