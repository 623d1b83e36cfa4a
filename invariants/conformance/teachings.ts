/**
 * What the leader of one term has shown a server of its log, in the AppendEntries that were
 * delivered in this life: the entries, and the term of the entry before them.
 */
import type { AppendEntries, Entry, LogIndex, NodeId, Term } from '../../core/messages.ts';
import { isSameEntry } from './observed-log.ts';

export class Teachings {
  readonly leaderTerm: Term;
  readonly leader: NodeId;
  /** The server was in this term, or below it, when the newest of them came. */
  isCurrent = true;
  /** By index; the term of the entry there, as far as it was shown. */
  private readonly terms = new Map<LogIndex, Term>([[0, 0]]);
  private readonly entries = new Map<LogIndex, Entry>();
  /** The last index shown. */
  last: LogIndex = 0;

  constructor(leaderTerm: Term, leader: NodeId) {
    this.leaderTerm = leaderTerm;
    this.leader = leader;
  }

  take({ prevLogIndex, prevLogTerm, entries }: AppendEntries): void {
    this.terms.set(prevLogIndex, prevLogTerm);
    for (let i = 0; i < entries.length; i += 1) {
      this.terms.set(prevLogIndex + 1 + i, entries[i]!.term);
      this.entries.set(prevLogIndex + 1 + i, entries[i]!);
    }
    this.last = Math.max(this.last, prevLogIndex + entries.length);
  }

  show(index: LogIndex, term: Term): void {
    this.terms.set(index, term);
    this.last = Math.max(this.last, index);
  }

  /** -1 where nothing was shown. */
  termAt(index: LogIndex): Term {
    return this.terms.get(index) ?? -1;
  }

  shows(index: LogIndex, entry: Entry): boolean {
    const shown = this.entries.get(index);
    return shown !== undefined && isSameEntry(shown, entry);
  }

  /** Where this entry was shown; 0 for nowhere. */
  placeOf(entry: Entry): LogIndex {
    for (const [index, shown] of this.entries) if (isSameEntry(shown, entry)) return index;
    return 0;
  }
}
