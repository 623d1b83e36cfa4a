/** The log of a server as the story knows it: it may begin behind what a snapshot stands for. */
import type { Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Snapshot, Term } from '../../core/messages.ts';

/** Immutable: entries stand at base + 1, base + 2, … */
export interface ToldLog {
  readonly base: LogIndex;
  /** Of the entry at `base`; 0 before the log, and where nobody has said. */
  readonly baseTerm: Term;
  readonly entries: readonly Entry[];
}

export const NO_LOG: ToldLog = { base: 0, baseTerm: 0, entries: [] };

export function lastOf({ base, entries }: ToldLog): LogIndex {
  return base + entries.length;
}

export function lastTermOf({ baseTerm, entries }: ToldLog): Term {
  return entries[entries.length - 1]?.term ?? baseTerm;
}

export function entryAt({ base, entries }: ToldLog, index: LogIndex): Entry | undefined {
  return entries[index - base - 1];
}

/** The entries from this index on. */
export function entriesFrom({ base, entries }: ToldLog, index: LogIndex): readonly Entry[] {
  return entries.slice(Math.max(0, index - base - 1));
}

/** The first index, behind the bases of both, at which they differ or one of them ends. */
export function firstDifference(log: ToldLog, other: ToldLog): LogIndex {
  let index = Math.max(log.base, other.base) + 1;
  while (entryAt(log, index) !== undefined && entryAt(log, index) === entryAt(other, index)) {
    index += 1;
  }
  return index;
}

/** `kept` counts the entries of an append that are written, -1 for all; `snapshot`: on this disk. */
export function carriedOut(
  log: ToldLog,
  write: Write,
  kept: number,
  snapshot: Snapshot | null,
): ToldLog {
  const { base, entries } = log;
  switch (write.kind) {
    case 'hardState':
    case 'snapshot':
      return log;
    case 'truncateFrom':
      return { ...log, entries: entries.slice(0, Math.max(0, write.index - base - 1)) };
    case 'append':
      return { ...log, entries: entries.concat(firstOf(write.entries, kept)) };
    case 'overwrite': {
      const fresh = firstOf(write.entries, kept).slice(Math.max(0, base + 1 - write.index));
      const place = Math.max(0, write.index - base - 1);
      const behind = entries.slice(place + fresh.length);
      return { ...log, entries: [...entries.slice(0, place), ...fresh, ...behind] };
    }
    case 'compactTo':
      return write.index <= base ? log : compacted(log, write.index, snapshot);
  }
}

function firstOf(entries: readonly Entry[], kept: number): readonly Entry[] {
  return kept < 0 ? entries : entries.slice(0, kept);
}

function compacted(log: ToldLog, index: LogIndex, snapshot: Snapshot | null): ToldLog {
  const known = snapshot?.lastIncludedIndex === index ? snapshot.lastIncludedTerm : 0;
  return {
    base: index,
    baseTerm: entryAt(log, index)?.term ?? known,
    entries: entriesFrom(log, index + 1),
  };
}

/** A restart keeps a log only if it reaches the snapshot, and agrees with it there (§7). */
export function restarted(log: ToldLog, snapshot: Snapshot | null): ToldLog {
  if (snapshot === null) return log;
  const { lastIncludedIndex: index, lastIncludedTerm: baseTerm } = snapshot;
  if (log.base >= index || entryAt(log, index)?.term === baseTerm) return log;
  return { base: index, baseTerm, entries: [] };
}
