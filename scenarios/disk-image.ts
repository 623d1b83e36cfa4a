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

export class DiskImage {
  issued = EMPTY_DISK;
  durable = EMPTY_DISK;
  private readonly waiting = new Map<number, Write>();

  prepare(state: DiskState): void {
    this.issued = state;
    this.durable = state;
  }

  issue(writeId: number, write: Write): void {
    this.waiting.set(writeId, write);
    this.issued = written(this.issued, write);
  }

  complete(writeId: number): void {
    const write = this.waiting.get(writeId);
    if (write === undefined) return;
    this.waiting.delete(writeId);
    this.durable = written(this.durable, write);
  }

  /** Writes that were not safe are lost, but for the survivors, in part or whole. */
  crash(survivors: readonly SurvivingWrite[]): void {
    for (const { writeId, kept } of survivors) {
      const write = this.waiting.get(writeId);
      if (write !== undefined) this.durable = written(this.durable, keptPart(write, kept));
    }
    this.waiting.clear();
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
  }
}
