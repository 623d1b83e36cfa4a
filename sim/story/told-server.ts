/** What the story knows of a server: its term and role, its log, and what it has committed. */
import type { Write } from '../../core/contract.ts';
import type { Entry, LogIndex, NodeId, Term } from '../../core/messages.ts';
import type { SurvivingWrite } from '../../invariants/facts.ts';

export interface PendingWrite {
  readonly id: number;
  readonly stream: string;
  readonly write: Write;
  /** The last index of the log with this write. */
  readonly last: LogIndex;
}

export class ToldServer {
  readonly node: NodeId;
  boot = 0;
  isUp = false;
  term: Term = 0;
  vote: NodeId = 0;
  role: 'follower' | 'candidate' | 'leader' = 'follower';
  log: Entry[] = [];
  pending: PendingWrite[] = [];
  applied: LogIndex = 0;
  /** Last index that it told or applied as a leader. */
  committed: LogIndex = 0;
  /** By term: who has granted it a vote that arrived. */
  readonly votes = new Map<Term, NodeId[]>();
  /** By follower: success through here, in its present term. */
  successes: LogIndex[] = [];
  private durableLog: Entry[] = [];
  private durableTerm: Term = 0;
  private durableVote: NodeId = 0;

  constructor(node: NodeId) {
    this.node = node;
  }

  get last(): LogIndex {
    return this.log.length;
  }

  get lastTerm(): Term {
    return this.log[this.log.length - 1]?.term ?? 0;
  }

  prepare(term: Term, vote: NodeId, entries: readonly Entry[]): void {
    this.durableLog = entries.slice();
    this.durableTerm = term;
    this.durableVote = vote;
  }

  start(boot: number, applied: LogIndex): void {
    this.boot = boot;
    this.isUp = true;
    this.term = this.durableTerm;
    this.vote = this.durableVote;
    this.role = 'follower';
    this.log = this.durableLog.slice();
    this.pending = [];
    this.applied = applied;
    this.committed = 0;
    this.votes.clear();
    this.successes = [];
  }

  issue(id: number, stream: string, write: Write): void {
    if (write.kind === 'hardState') {
      if (write.currentTerm > this.term) this.enter(write.currentTerm);
      this.vote = write.votedFor;
    } else this.log = carriedOut(this.log, write, -1);
    this.pending.push({ id, stream, write, last: this.last });
  }

  /** A later term: what was counted in the last one counts no more. */
  enter(term: Term): void {
    this.term = term;
    this.successes = [];
    if (this.role !== 'candidate') this.role = 'follower';
  }

  persist(id: number): void {
    const done = this.pending.find((one) => one.id === id);
    if (done === undefined) return;
    const isDone = (one: PendingWrite) => one.stream === done.stream && one.id <= id;
    for (const one of this.pending) if (isDone(one)) this.keep(one.write, -1);
    this.pending = this.pending.filter((one) => !isDone(one));
  }

  fail(id: number): void {
    this.pending = this.pending.filter((one) => one.id !== id);
    this.log = this.durableLog.slice();
    for (const { write } of this.pending) this.log = carriedOut(this.log, write, -1);
  }

  /** Returns how many of its unfinished writes are lost, at least in part. */
  crash(survivors: readonly SurvivingWrite[]): number {
    let whole = 0;
    for (const { writeId, kept } of survivors) {
      const survivor = this.pending.find((one) => one.id === writeId);
      if (survivor === undefined) continue;
      this.keep(survivor.write, kept);
      if (kept < 0) whole += 1;
    }
    const lost = this.pending.length - whole;
    this.pending = [];
    this.isUp = false;
    return lost;
  }

  private keep(write: Write, kept: number): void {
    if (write.kind === 'hardState') {
      this.durableTerm = write.currentTerm;
      this.durableVote = write.votedFor;
    } else this.durableLog = carriedOut(this.durableLog, write, kept);
  }
}

function carriedOut(log: Entry[], write: Write, kept: number): Entry[] {
  switch (write.kind) {
    case 'hardState':
      return log;
    case 'truncateFrom':
      return log.slice(0, Math.max(0, write.index - 1));
    case 'append':
      return log.concat(kept < 0 ? write.entries : write.entries.slice(0, kept));
    case 'overwrite': {
      const entries = kept < 0 ? write.entries : write.entries.slice(0, kept);
      const first = write.index - 1;
      return [...log.slice(0, first), ...entries, ...log.slice(first + entries.length)];
    }
    // What a snapshot stands for is still told as entries.
    case 'compactTo':
    case 'snapshot':
      return log;
  }
}
