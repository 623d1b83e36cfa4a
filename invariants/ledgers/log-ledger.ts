/**
 * Every log that any server ever had, as one tree: an entry's parent is the entry before it. A log
 * is the id of its last entry, and two logs agree through an index exactly when their ids there are
 * equal. Id 0 is the empty log. Nothing is ever removed; 24 bytes per entry.
 */
import type { LogIndex, Term } from '../../core/messages.ts';
import { assert } from '../assert.ts';
import { type EraId, Eras } from './eras.ts';
import { enlarged, IntVector } from './int-vector.ts';

/** Names a position in the tree: an entry and everything before it. */
export type LogId = number;

export class LogLedger {
  /** Ids below this exist. */
  count = 1;
  /** Which configurations are in force in which logs. */
  readonly eras = new Eras();
  private parents = new Int32Array(256);
  private indexes = new Int32Array(256);
  private terms = new Int32Array(256);
  private payloads = new Int32Array(256);
  /** The next older id at the same index, 0 for none. */
  private siblings = new Int32Array(256);
  private eraIds = new Int32Array(256);
  /** By index: the newest id there. */
  private readonly newest = new IntVector(256);

  parentOf(id: LogId): LogId {
    return this.parents[id]!;
  }

  indexOf(id: LogId): LogIndex {
    return this.indexes[id]!;
  }

  termOf(id: LogId): Term {
    return this.terms[id]!;
  }

  /** The command's number; 0 for a no-op; `~number` of a configuration, which is below 0. */
  payloadOf(id: LogId): number {
    return this.payloads[id]!;
  }

  /** The era that this log has come to. */
  eraOf(id: LogId): EraId {
    return this.eraIds[id]!;
  }

  /** The number of the configuration in force at its end, committed or not (§6). */
  configurationOf(id: LogId): number {
    return this.eras.configurationOf(this.eraIds[id]!);
  }

  /** The id at this index that came into being last; 0 for none. */
  newestAt(index: LogIndex): LogId {
    return this.newest.get(index);
  }

  /** The log `parent` with one more entry. New ids are not below the `count` before the call. */
  child(parent: LogId, term: Term, payload: number): LogId {
    const index = this.indexes[parent]! + 1;
    let id = this.newest.get(index);
    while (id !== 0) {
      if (this.terms[id] === term && this.parents[id] === parent && this.payloads[id] === payload) {
        return id;
      }
      id = this.siblings[id]!;
    }
    return this.add(parent, index, term, payload);
  }

  /** The id through `index` of the log `id`; -1 when it is shorter. */
  ancestorAt(id: LogId, index: LogIndex): LogId {
    if (index < 0 || this.indexes[id]! < index) return -1;
    let at = id;
    while (this.indexes[at]! > index) at = this.parents[at]!;
    return at;
  }

  /** Some log that ends with an entry of this term at this index; -1 when nobody ever had one. */
  find(index: LogIndex, term: Term): LogId {
    if (index === 0 && term === 0) return 0;
    let id = this.newest.get(index);
    while (id !== 0) {
      if (this.terms[id] === term) return id;
      id = this.siblings[id]!;
    }
    return -1;
  }

  /** Another entry with the index and the term of this one, or 0. */
  rivalOf(id: LogId): LogId {
    let other = this.newest.get(this.indexes[id]!);
    while (other !== 0) {
      if (other !== id && this.terms[other] === this.terms[id]) return other;
      other = this.siblings[other]!;
    }
    return 0;
  }

  /** Is log `a` at least as up-to-date as log `b` (§5.4.1)? */
  isUpToDate(a: LogId, b: LogId): boolean {
    if (this.terms[a] !== this.terms[b]) return this.terms[a]! > this.terms[b]!;
    return this.indexes[a]! >= this.indexes[b]!;
  }

  private add(parent: LogId, index: LogIndex, term: Term, payload: number): LogId {
    const id = this.count;
    assert(parent >= 0 && parent < id, 'the parent is in the ledger', parent, id);
    if (id === this.parents.length) this.grow(id * 2);
    this.count += 1;
    this.parents[id] = parent;
    this.indexes[id] = index;
    this.terms[id] = term;
    this.payloads[id] = payload;
    this.siblings[id] = this.newest.get(index);
    this.newest.set(index, id);
    const era = this.eraIds[parent]!;
    this.eraIds[id] = payload < 0 ? this.eras.begin(era, ~payload, id, index) : era;
    return id;
  }

  private grow(capacity: number): void {
    this.parents = enlarged(this.parents, capacity);
    this.indexes = enlarged(this.indexes, capacity);
    this.terms = enlarged(this.terms, capacity);
    this.payloads = enlarged(this.payloads, capacity);
    this.siblings = enlarged(this.siblings, capacity);
    this.eraIds = enlarged(this.eraIds, capacity);
  }
}
