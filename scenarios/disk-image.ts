/**
 * What one server has written, followed from its writes alone: the issued image (all it has asked
 * for) and the durable one (what a crash would leave).
 */
import type { Write } from '../core/contract.ts';
import type { Entry, NodeId, Term } from '../core/messages.ts';
import type { SurvivingWrite } from '../invariants/facts.ts';

/** Immutable: a write makes a new one. Entries stand at index 1, 2, … */
export interface DiskState {
  readonly currentTerm: Term;
  readonly votedFor: NodeId;
  readonly log: readonly Entry[];
}

export const EMPTY_DISK: DiskState = { currentTerm: 0, votedFor: 0, log: [] };

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

  prepare(state: DiskState): void {
    this.issued = state;
    this.durable = state;
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
    case 'truncateFrom':
      return { ...state, log: state.log.slice(0, Math.max(0, write.index - 1)) };
    case 'overwrite': {
      const log = state.log.slice();
      log.splice(write.index - 1, write.entries.length, ...write.entries);
      return { ...state, log };
    }
    // The image is of what was ever written: what a snapshot stands for is still to be seen.
    case 'compactTo':
    case 'snapshot':
      return state;
  }
}
