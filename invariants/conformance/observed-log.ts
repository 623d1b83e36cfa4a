/** One log as its writes show it: entries by index, from 1. */
import type { Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Term } from '../../core/messages.ts';

export class ObservedLog {
  private entries: Entry[] = [];

  get last(): LogIndex {
    return this.entries.length;
  }

  get lastTerm(): Term {
    return this.termAt(this.last);
  }

  /** 0 before the log, -1 behind its end. */
  termAt(index: LogIndex): Term {
    if (index === 0) return 0;
    return this.entries[index - 1]?.term ?? -1;
  }

  at(index: LogIndex): Entry | undefined {
    return this.entries[index - 1];
  }

  /** Does the log have an entry of this term here? Then it is the same through here (§5.3). */
  has(index: LogIndex, term: Term): boolean {
    return this.termAt(index) === term;
  }

  become(other: ObservedLog): void {
    this.entries = other.entries.slice();
  }

  fill(entries: readonly Entry[]): void {
    this.entries = entries.slice();
  }

  /** Carries a write out; of its entries only the first `kept`, -1 for all. */
  carryOut(write: Write, kept: number): void {
    switch (write.kind) {
      case 'hardState':
        return;
      case 'truncateFrom':
        this.entries.length = Math.min(this.last, Math.max(0, write.index - 1));
        return;
      case 'append':
        this.put(this.last + 1, write.entries, kept);
        return;
      case 'overwrite':
        this.put(write.index, write.entries, kept);
    }
  }

  private put(index: LogIndex, entries: readonly Entry[], kept: number): void {
    const count = kept < 0 ? entries.length : Math.min(kept, entries.length);
    for (let i = 0; i < count; i += 1) this.entries[index - 1 + i] = entries[i]!;
  }
}

/** The same entry: entries may be copied on their way. */
export function isSameEntry(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  if (a.term !== b.term) return false;
  if (a.command === null || b.command === null) return a.command === b.command;
  return (
    a.command.clientId === b.command.clientId &&
    a.command.seq === b.command.seq &&
    a.command.op === b.command.op
  );
}

/** "index 3, term 2", as sentences name an entry; "an empty log" for the place before it. */
export function entryWords(index: LogIndex, term: Term): string {
  return index === 0 ? 'an empty log' : `index ${index}, term ${term}`;
}
