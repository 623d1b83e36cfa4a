/** How long one server's log is, as issued and as it stands on disk, and its unfinished writes. */
import type { Write } from '../../core/contract.ts';
import type { LogIndex } from '../../core/messages.ts';
import type { SurvivingWrite } from '../../invariants/facts.ts';
import { writeWords } from './words.ts';

interface PendingWrite {
  readonly id: number;
  readonly stream: string;
  readonly write: Write;
  readonly words: string;
}

export class LogLength {
  /** Last index when all writes issued so far are carried out. */
  issued: LogIndex = 0;
  private durable: LogIndex = 0;
  /** Issued and not durable yet, in order of issue. */
  private pending: PendingWrite[] = [];

  get pendingCount(): number {
    return this.pending.length;
  }

  /** What the disk holds before the first boot. */
  prepare(lastIndex: LogIndex): void {
    this.issued = lastIndex;
    this.durable = lastIndex;
  }

  /** Returns the write in words. */
  issue(id: number, stream: string, write: Write): string {
    const words = writeWords(write, this.issued);
    this.issued = lengthAfter(this.issued, write, -1);
    this.pending.push({ id, stream, write, words });
    return words;
  }

  /** This write, and all before it in its stream, are durable: returns it in words, or null. */
  persist(id: number): string | null {
    const done = this.pending.find((one) => one.id === id);
    if (done === undefined) return null;
    const isDone = (one: PendingWrite) => one.stream === done.stream && one.id <= id;
    for (const one of this.pending) {
      if (isDone(one)) this.durable = lengthAfter(this.durable, one.write, -1);
    }
    this.pending = this.pending.filter((one) => !isDone(one));
    return done.words;
  }

  /** Nothing of this write is on disk; those behind it fail with events of their own. */
  fail(id: number): void {
    this.pending = this.pending.filter((one) => one.id !== id);
    this.issued = this.pending.reduce(
      (length, { write }) => lengthAfter(length, write, -1),
      this.durable,
    );
  }

  /** Memory is gone; of the unfinished writes only these are on disk. */
  crash(survivors: readonly SurvivingWrite[]): void {
    for (const { writeId, kept } of survivors) {
      const survivor = this.pending.find((one) => one.id === writeId);
      if (survivor !== undefined) this.durable = lengthAfter(this.durable, survivor.write, kept);
    }
    this.pending = [];
    this.issued = this.durable;
  }
}

/** `kept` is how many entries of an append survive, -1 for all. */
function lengthAfter(length: LogIndex, write: Write, kept: number): LogIndex {
  switch (write.kind) {
    case 'append':
      return length + (kept < 0 ? write.entries.length : kept);
    case 'truncateFrom':
      return Math.min(length, Math.max(0, write.index - 1));
    case 'overwrite':
      return Math.max(length, write.index - 1 + write.entries.length);
    case 'compactTo':
      return Math.max(length, write.index);
    default:
      // Neither hard state nor snapshots are in the log, and nobody counts the lists of programs.
      return length;
  }
}
