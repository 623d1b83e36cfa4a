/** One log as its writes show it: entries by index, from 1, or behind what was compacted (§7). */
import type { Write } from '../../core/contract.ts';
import type { Configuration, Entry, LogIndex, Snapshot, Term } from '../../core/messages.ts';
import { configurationWords, isSameConfiguration } from '../configuration-words.ts';

/** The term of an entry that was compacted: whatever is said of it, nothing contradicts it. */
export const COVERED: Term = -2;

/** A configuration in a log, or at the end of the snapshot that the log begins with. */
export interface PlacedConfiguration {
  readonly index: LogIndex;
  readonly configuration: Configuration;
}

export class ObservedLog {
  /** The entries through here were compacted; 0 for none. */
  base: LogIndex = 0;
  private baseTerm: Term = 0;
  private entries: Entry[] = [];
  /** Ascending; a compaction takes none away. */
  private configurations: PlacedConfiguration[] = [];

  get last(): LogIndex {
    return this.base + this.entries.length;
  }

  get lastTerm(): Term {
    return this.termAt(this.last);
  }

  /** 0 before the log, -1 behind its end, COVERED where only a snapshot could tell. */
  termAt(index: LogIndex): Term {
    if (index === 0) return 0;
    if (index < this.base) return COVERED;
    if (index === this.base) return this.baseTerm;
    return this.entries[index - this.base - 1]?.term ?? -1;
  }

  at(index: LogIndex): Entry | undefined {
    return this.entries[index - this.base - 1];
  }

  /** Does the log have an entry of this term here? Then it is the same through here (§5.3). */
  has(index: LogIndex, term: Term): boolean {
    const own = this.termAt(index);
    return own === term || own === COVERED;
  }

  /** Of the configurations that it holds, the latest through `index`; null for none. */
  configurationAt(index: LogIndex): PlacedConfiguration | null {
    return this.configurations.findLast((one) => one.index <= index) ?? null;
  }

  become(other: ObservedLog): void {
    this.base = other.base;
    this.baseTerm = other.baseTerm;
    this.entries = other.entries.slice();
    this.configurations = other.configurations.slice();
  }

  fill(entries: readonly Entry[]): void {
    this.entries = entries.slice();
    this.noteConfigurations();
  }

  /**
   * What a restart makes of it: a log that does not reach the snapshot, or has another term at its
   * end, says nothing any more.
   */
  beginBehind(snapshot: Snapshot | null): void {
    if (snapshot === null) return;
    const { lastIncludedIndex, lastIncludedTerm } = snapshot;
    if (this.base > lastIncludedIndex || this.at(lastIncludedIndex)?.term === lastIncludedTerm) {
      return;
    }
    if (this.base === lastIncludedIndex) this.baseTerm = lastIncludedTerm;
    else this.restartAt(snapshot);
  }

  /** Carries a write out; of its entries only the first `kept`, -1 for all. */
  carryOut(write: Write, kept: number, snapshot: Snapshot | null): void {
    switch (write.kind) {
      case 'hardState':
      case 'snapshot':
        return;
      case 'truncateFrom':
        this.entries.length = Math.max(0, Math.min(this.last, write.index - 1) - this.base);
        this.noteConfigurations();
        return;
      case 'append':
        this.put(this.last + 1, write.entries, kept);
        return;
      case 'overwrite':
        this.put(write.index, write.entries, kept);
        return;
      case 'compactTo':
        this.compactTo(write.index, snapshot);
    }
  }

  private put(index: LogIndex, entries: readonly Entry[], kept: number): void {
    const count = kept < 0 ? entries.length : Math.min(kept, entries.length);
    let hasConfiguration = false;
    for (let i = 0; i < count; i += 1) {
      const place = index - this.base - 1 + i;
      if (place < 0) continue;
      const old = this.entries[place];
      const entry = entries[i]!;
      if (entry.configuration !== undefined || old?.configuration !== undefined) {
        hasConfiguration = true;
      }
      this.entries[place] = entry;
    }
    if (hasConfiguration) this.noteConfigurations();
  }

  private compactTo(index: LogIndex, snapshot: Snapshot | null): void {
    if (index <= this.base) return;
    if (index > this.last && snapshot?.lastIncludedIndex === index) {
      this.restartAt(snapshot);
      return;
    }
    const term = this.termAt(index);
    this.entries = this.entries.slice(index - this.base);
    this.base = index;
    this.baseTerm = term < 0 ? COVERED : term;
  }

  private restartAt({ lastIncludedIndex, lastIncludedTerm, configuration }: Snapshot): void {
    this.base = lastIncludedIndex;
    this.baseTerm = lastIncludedTerm;
    this.entries = [];
    this.configurations = [{ index: lastIncludedIndex, configuration }];
  }

  /** Those at and before the base stay as they are. */
  private noteConfigurations(): void {
    this.configurations = this.configurations.filter(({ index }) => index <= this.base);
    for (let i = 0; i < this.entries.length; i += 1) {
      const { configuration } = this.entries[i]!;
      if (configuration !== undefined) {
        this.configurations.push({ index: this.base + 1 + i, configuration });
      }
    }
  }
}

/** The last index at which both have the same term; what one of them has compacted is no reason. */
export function agreeThrough(log: ObservedLog, other: ObservedLog): LogIndex {
  let index = Math.min(log.last, other.last);
  while (index > 0) {
    const [own, theirs] = [log.termAt(index), other.termAt(index)];
    if (own === theirs || own === COVERED || theirs === COVERED) return index;
    index -= 1;
  }
  return 0;
}

/** The same entry: entries may be copied on their way. */
export function isSameEntry(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  if (a.term !== b.term || !isSameConfiguration(a.configuration, b.configuration)) return false;
  if (a.command === null || b.command === null) return a.command === b.command;
  return (
    a.command.clientId === b.command.clientId &&
    a.command.seq === b.command.seq &&
    a.command.op === b.command.op
  );
}

/** "index 3, term 2", as sentences name an entry; "an empty log" for the place before it. */
export function entryWords(index: LogIndex, term: Term): string {
  if (index === 0) return 'an empty log';
  return term < 0 ? `index ${index}` : `index ${index}, term ${term}`;
}

/** "a no-op", "command 1.3", "the configuration S1 S2 S3": what an entry is for. */
export function contentWords({ command, configuration }: Entry): string {
  if (configuration !== undefined) return `the configuration ${configurationWords(configuration)}`;
  return command === null ? 'a no-op' : `command ${command.clientId}.${command.seq}`;
}
