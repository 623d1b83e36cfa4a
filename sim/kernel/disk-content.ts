/** What a disk holds: the durable image, changed by one write after the other. */
import type { DurableImage, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, NodeId, Term } from '../../core/messages.ts';

/** All of a write, as opposed to so many of its entries. */
export const WHOLE = -1;

export class DiskContent {
  private currentTerm: Term = 0;
  private votedFor: NodeId = 0;
  private commitIndex: LogIndex = 0;
  private entries: Entry[] = [];
  private isWritten = false;

  /** What the disk holds before the first boot. */
  prepare(currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void {
    this.currentTerm = currentTerm;
    this.votedFor = votedFor;
    this.entries = entries.slice();
    this.isWritten = true;
  }

  /** What a starting server gets back; null when nothing was ever written. */
  image(): DurableImage | null {
    if (!this.isWritten) return null;
    return {
      currentTerm: this.currentTerm,
      votedFor: this.votedFor,
      firstIndex: 1,
      commitIndex: this.commitIndex,
      entries: this.entries.slice(),
      snapshot: null,
    };
  }

  /** `kept` counts the entries of an append that reach the disk; WHOLE: the whole write does. */
  carryOut(write: Write, kept: number): void {
    this.isWritten = true;
    switch (write.kind) {
      case 'hardState':
        this.currentTerm = write.currentTerm;
        this.votedFor = write.votedFor;
        this.commitIndex = write.commitIndex;
        return;
      case 'append': {
        const count = kept < 0 ? write.entries.length : kept;
        for (let i = 0; i < count; i += 1) this.entries.push(write.entries[i]!);
        return;
      }
      case 'truncateFrom':
        this.entries.length = Math.min(this.entries.length, Math.max(0, write.index - 1));
        return;
      case 'overwrite':
        for (let i = 0; i < write.entries.length; i += 1) {
          this.entries[write.index - 1 + i] = write.entries[i]!;
        }
    }
  }
}
