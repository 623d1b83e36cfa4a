/**
 * What one server has written, followed from its writes alone: the issued image (all it has asked
 * for) and the durable one (what a crash would leave).
 */
import type { Write } from '../core/contract.ts';
import type { Entry, LogIndex, NodeId, Snapshot, Term } from '../core/messages.ts';
import type { SurvivingWrite } from '../invariants/facts.ts';

/** Immutable: a write makes a new one. Entries stand at index firstIndex, firstIndex + 1, … */
export interface DiskState {
  readonly currentTerm: Term;
  readonly votedFor: NodeId;
  /** 1, until the log is compacted. */
  readonly firstIndex: LogIndex;
  readonly log: readonly Entry[];
  readonly snapshot: Snapshot | null;
}

export const EMPTY_DISK: DiskState = {
  currentTerm: 0,
  votedFor: 0,
  firstIndex: 1,
  log: [],
  snapshot: null,
};

/** Index of the last entry, that of the snapshot where the log ends before it; 0 for none. */
export function lastIndexOf({ firstIndex, log, snapshot }: DiskState): LogIndex {
  return Math.max(firstIndex + log.length - 1, snapshot?.lastIncludedIndex ?? 0);
}

/** null where the log does not hold this index. */
export function entryAt({ firstIndex, log }: DiskState, index: LogIndex): Entry | null {
  return log[index - firstIndex] ?? null;
}

/**
 * What a restart makes of a disk (§7): a log that does not reach the snapshot, or has another term
 * at its end, says nothing any more.
 */
export function withoutStale(disk: DiskState): DiskState {
  const { firstIndex, log, snapshot } = disk;
  if (snapshot === null || firstIndex === snapshot.lastIncludedIndex + 1) return disk;
  const { lastIncludedIndex, lastIncludedTerm } = snapshot;
  if (entryAt(disk, lastIncludedIndex)?.term === lastIncludedTerm) return disk;
  // Behind a gap: that is not a log that Raft could have left.
  if (firstIndex > lastIncludedIndex && log.length > 0) return disk;
  return { ...disk, firstIndex: lastIncludedIndex + 1, log: [] };
}

interface WaitingWrite {
  readonly id: number;
  readonly stream: string;
  /** The write that it is ordered after; 0 for none. */
  readonly after: number;
  readonly write: Write;
}

export class DiskImage {
  issued = EMPTY_DISK;
  durable = EMPTY_DISK;
  /** In the order of issue. */
  private waiting: WaitingWrite[] = [];

  prepare(state: Pick<DiskState, 'currentTerm' | 'votedFor' | 'log'>): void {
    this.issued = { ...EMPTY_DISK, ...state };
    this.durable = this.issued;
  }

  issue(id: number, stream: string, after: number, write: Write): void {
    this.waiting.push({ id, stream, after, write });
    this.issued = written(this.issued, write);
  }

  /** A write is safe, and with it what came before it in its stream, or by its order. */
  complete(writeId: number): void {
    const safe = new Set([writeId]);
    for (const { id, stream, after } of this.waiting.toReversed()) {
      const isBefore = this.waiting.some((one) => {
        return one.stream === stream && one.id > id && safe.has(one.id);
      });
      if (isBefore) safe.add(id);
      if (safe.has(id)) safe.add(after);
    }
    for (const { id, write } of this.waiting) {
      if (safe.has(id)) this.durable = written(this.durable, write);
    }
    this.waiting = this.waiting.filter(({ id }) => !safe.has(id));
  }

  /** Nothing of a write is on disk, nor of what comes behind it in its stream, or by its order. */
  fail(writeId: number): void {
    const lost = new Set<number>();
    const streams = new Set<string>();
    for (const { id, stream, after } of this.waiting) {
      if (id !== writeId && !streams.has(stream) && !lost.has(after)) continue;
      lost.add(id);
      streams.add(stream);
    }
    this.waiting = this.waiting.filter(({ id }) => !lost.has(id));
    this.issued = this.waiting.reduce((image, { write }) => written(image, write), this.durable);
  }

  /** Writes that were not safe are lost, but for the survivors, in part or whole. */
  crash(survivors: readonly SurvivingWrite[]): void {
    for (const { writeId, kept } of survivors) {
      const found = this.waiting.find(({ id }) => id === writeId);
      if (found !== undefined) this.durable = written(this.durable, keptPart(found.write, kept));
    }
    this.waiting = [];
    this.issued = this.durable;
  }
}

function keptPart(write: Write, kept: number): Write {
  if (kept < 0 || (write.kind !== 'append' && write.kind !== 'overwrite')) return write;
  return { ...write, entries: write.entries.slice(0, kept) };
}

function written(state: DiskState, write: Write): DiskState {
  switch (write.kind) {
    case 'hardState':
      return { ...state, currentTerm: write.currentTerm, votedFor: write.votedFor };
    case 'append':
      return { ...state, log: state.log.concat(write.entries) };
    case 'truncateFrom': {
      const kept = Math.max(0, write.index - state.firstIndex);
      return { ...state, log: state.log.slice(0, kept) };
    }
    case 'overwrite': {
      // What stands before the log is not there any more.
      const skipped = Math.max(0, state.firstIndex - write.index);
      const entries = write.entries.slice(skipped);
      const log = state.log.slice();
      log.splice(write.index + skipped - state.firstIndex, entries.length, ...entries);
      return { ...state, log };
    }
    case 'compactTo': {
      const gone = Math.max(0, write.index + 1 - state.firstIndex);
      return { ...state, firstIndex: state.firstIndex + gone, log: state.log.slice(gone) };
    }
    case 'snapshot':
      return { ...state, snapshot: write.snapshot };
  }
}
