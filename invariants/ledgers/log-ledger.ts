/**
 * Every log that any server ever had, as one tree: an entry's parent is the entry before it. A log
 * is the id of its last entry, and two logs agree through an index exactly when their ids there are
 * equal. Id 0 is the empty log; 24 bytes per entry.
 *
 * When every server has a snapshot, nobody needs to tell the beginnings of logs apart any more: then
 * id 0 stands for all that is committed through `floor`, and all other ids change.
 */
import type { LogIndex, Term } from '../../core/messages.ts';
import { assert } from '../assert.ts';
import { type EraId, Eras } from './eras.ts';
import { enlarged, IntVector } from './int-vector.ts';
import { Renumbering } from './renumbering.ts';

/** Names a position in the tree: an entry and everything before it. */
export type LogId = number;

/** The parent of entries that do not follow on what is committed, where it is forgotten. */
const STRANGER: LogId = 1;
const FIRST_ID: LogId = 2;

export class LogLedger {
  /** Ids below this exist. */
  count = FIRST_ID;
  /** Id 0 is the committed log through here. Only rises. */
  floor: LogIndex = 0;
  /** So much have ids moved down in all. */
  private movedDown = 0;
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

  /** What the world may keep of an id: it stays the same when ids change. */
  stampOf(id: LogId): number {
    return id === 0 ? 0 : id + this.movedDown;
  }

  /** The log that was given this stamp; 0 also when it is forgotten. */
  stamped(stamp: number): LogId {
    const id = stamp - this.movedDown;
    return id < FIRST_ID || this.indexes[id]! <= this.floor ? 0 : id;
  }

  /** The numbers of the commands in all entries, with repetitions. */
  *payloadsInUse(): IterableIterator<number> {
    for (let id = FIRST_ID; id < this.count; id += 1) {
      if (this.payloads[id]! > 0) yield this.payloads[id]!;
    }
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
    const last = index < this.floor ? this.floor : index;
    let at = id;
    while (this.indexes[at]! > last) at = this.parents[at]!;
    return at;
  }

  /** Some log that ends with an entry of this term at this index; -1 when nobody ever had one. */
  find(index: LogIndex, term: Term): LogId {
    if (index >= 0 && index < this.floor) return 0;
    if (index === this.floor && term === this.terms[0]) return 0;
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

  /**
   * The log `root` is committed, and what is in other logs through its index matters to nobody any
   * more. Whoever keeps ids changes them by what this returns.
   */
  forgetThrough(root: LogId): Renumbering {
    const floor = this.indexes[root]!;
    const [term, era] = [this.terms[root]!, this.eraIds[root]!];
    let keptFrom = FIRST_ID;
    while (keptFrom < this.count && this.indexes[keptFrom]! <= floor) keptFrom += 1;
    const down = keptFrom - FIRST_ID;
    const gone = new Set<LogId>();
    for (let id = keptFrom; id < this.count; id += 1) {
      if (this.indexes[id]! <= floor) gone.add(id);
    }
    const renumbering = new Renumbering(keptFrom, gone, down);
    for (let id = keptFrom; id < this.count; id += 1) this.moveDown(id, root, renumbering);
    this.indexes[0] = floor;
    this.indexes[STRANGER] = floor;
    this.terms[0] = term;
    this.eraIds[0] = era;
    this.newest.forgetBelow(floor + 1);
    this.newest.renumber(renumbering);
    this.eras.renumber(renumbering);
    this.floor = floor;
    this.movedDown += down;
    this.count -= down;
    return renumbering;
  }

  private moveDown(id: LogId, root: LogId, renumbering: Renumbering): void {
    const parent = this.parents[id]!;
    const kept = renumbering.of(parent);
    const to = id - renumbering.down;
    this.parents[to] = kept === 0 && parent !== root ? STRANGER : kept;
    this.indexes[to] = this.indexes[id]!;
    this.terms[to] = this.terms[id]!;
    this.payloads[to] = this.payloads[id]!;
    this.siblings[to] = renumbering.of(this.siblings[id]!);
    this.eraIds[to] = this.eraIds[id]!;
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
