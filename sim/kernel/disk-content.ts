/** What a disk holds: the durable image, changed by one write after the other. */
import type { DurableImage, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, NodeId, Snapshot, Term } from '../../core/messages.ts';

/** All of a write, as opposed to so many of its entries. */
export const WHOLE = -1;

export interface DiskContent {
  /** What the disk holds before the first boot. */
  prepare(currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void;
  /** What a starting server gets back; null when nothing was ever written. */
  image(): DurableImage | null;
  /** `kept` counts the entries of an append that reach the disk; WHOLE: the whole write does. */
  carryOut(write: Write, stream: string, kept: number): void;
}

/** The persistent state of the paper. */
export class PaperContent implements DiskContent {
  private currentTerm: Term = 0;
  private votedFor: NodeId = 0;
  private commitIndex: LogIndex = 0;
  /** The log begins here, whatever it holds: only a compaction moves it, and only ahead. */
  private firstIndex: LogIndex = 1;
  private entries: Entry[] = [];
  private snapshot: Snapshot | null = null;
  private isWritten = false;

  prepare(currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void {
    this.currentTerm = currentTerm;
    this.votedFor = votedFor;
    this.entries = entries.slice();
    this.isWritten = true;
  }

  image(): DurableImage | null {
    if (!this.isWritten) return null;
    return {
      currentTerm: this.currentTerm,
      votedFor: this.votedFor,
      firstIndex: this.firstIndex,
      commitIndex: this.commitIndex,
      entries: this.entries.slice(),
      snapshot: this.snapshot,
    };
  }

  carryOut(write: Write, _stream: string, kept: number): void {
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
        this.entries.length = Math.min(
          this.entries.length,
          Math.max(0, write.index - this.firstIndex),
        );
        return;
      case 'overwrite':
        this.overwrite(write.index - this.firstIndex, write.entries);
        return;
      case 'compactTo':
        this.compactTo(write.index);
        return;
      case 'snapshot':
        this.snapshot = write.snapshot;
    }
  }

  /** Entries for places before the log are not there any more. */
  private overwrite(place: number, entries: readonly Entry[]): void {
    for (let i = Math.max(0, -place); i < entries.length; i += 1) {
      this.entries[place + i] = entries[i]!;
    }
  }

  private compactTo(index: LogIndex): void {
    const gone = index + 1 - this.firstIndex;
    if (!(gone > 0)) return;
    this.entries = this.entries.slice(gone);
    this.firstIndex = index + 1;
  }
}
