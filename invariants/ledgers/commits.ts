/** What is committed, once some leader has claimed it: never changes, survives every crash. */
import type { LogIndex, NodeId, Term } from '../../core/messages.ts';
import { IntVector } from './int-vector.ts';
import type { LogId } from './log-ledger.ts';
import type { Renumbering } from './renumbering.ts';

export class Commits {
  /** Everything through here is committed. */
  last: LogIndex = 0;
  /** Servers that had durable copies at the newest commit, as bits; and its commit term. */
  copies = 0;
  copiesTerm: Term = 0;
  /** So many of the committed entries hold a configuration. */
  configurations = 0;
  /** The number of the configuration in which it was made; -1 when there were several. */
  copiesConfiguration = 0;
  private readonly ids = new IntVector(256);
  /** By index: the lowest term of a leader that has claimed it. */
  private readonly terms = new IntVector(256);

  /** 0 also where it is forgotten. */
  idAt(index: LogIndex): LogId {
    return index === 0 ? 0 : this.ids.get(index);
  }

  termAt(index: LogIndex): Term {
    return this.terms.get(index);
  }

  /** The next committed entry, claimed by a leader of this term. */
  push(id: LogId, term: Term): void {
    this.last += 1;
    this.ids.set(this.last, id);
    this.terms.set(this.last, term);
  }

  /** A leader of a lower term claims, too: from now on leaders above that term must hold it. */
  lower(index: LogIndex, term: Term): void {
    for (let i = index; i > 0 && this.terms.get(i) > term; i -= 1) this.terms.set(i, term);
  }

  /** What is below `floor` is forgotten. */
  renumber(renumbering: Renumbering, floor: LogIndex): void {
    this.ids.forgetBelow(floor);
    this.ids.renumber(renumbering);
    this.terms.forgetBelow(floor);
  }

  /** The highest index that a leader of a term below this one has claimed. */
  highestBelow(term: Term): LogIndex {
    let index = this.last;
    while (index > 0 && this.terms.get(index) >= term) index -= 1;
    return index;
  }
}

/** What was applied first at each index, anywhere; survives every crash. */
export class Applications {
  /** By index: (term, payload, first server); a term of 0 stands for nothing. */
  private readonly terms = new IntVector(256);
  private readonly payloads = new IntVector(256);
  private readonly nodes = new IntVector(256);
  /** By index: the log, through there, of the server that applied first; 0 when it was not in it. */
  private readonly ids = new IntVector(256);

  /** By index: the time in the entry, where there is one. */
  private readonly wallClocks = new Map<LogIndex, number>();

  idAt(index: LogIndex): LogId {
    return this.ids.get(index);
  }

  /** The time that was in the entry here; 0 for none. Asked once. */
  takeWallClock(index: LogIndex): number {
    const wallClock = this.wallClocks.get(index);
    if (wallClock === undefined) return 0;
    this.wallClocks.delete(index);
    return wallClock;
  }

  setWallClock(index: LogIndex, wallClock: number): void {
    this.wallClocks.set(index, wallClock);
  }

  /** What is below `floor` is forgotten. */
  renumber(renumbering: Renumbering, floor: LogIndex): void {
    this.terms.forgetBelow(floor);
    this.payloads.forgetBelow(floor);
    this.nodes.forgetBelow(floor);
    this.ids.forgetBelow(floor);
    this.ids.renumber(renumbering);
  }

  setId(index: LogIndex, id: LogId): void {
    this.ids.set(index, id);
  }

  /** Has nobody applied anything here before? Then this is now what belongs here. */
  isFirst(index: LogIndex, term: Term, payload: number, node: NodeId): boolean {
    if (this.terms.get(index) !== 0) return false;
    this.terms.set(index, term);
    this.payloads.set(index, payload);
    this.nodes.set(index, node);
    return true;
  }

  agrees(index: LogIndex, term: Term, payload: number): boolean {
    return this.terms.get(index) === term && this.payloads.get(index) === payload;
  }

  termAt(index: LogIndex): Term {
    return this.terms.get(index);
  }

  payloadAt(index: LogIndex): number {
    return this.payloads.get(index);
  }

  firstNode(index: LogIndex): NodeId {
    return this.nodes.get(index);
  }
}
