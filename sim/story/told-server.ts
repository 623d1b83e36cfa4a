/** What the story knows of a server: its term and role, its log, and what it has committed. */
import type { AdminRequest, ClientRequest, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, NodeId, Snapshot, Term } from '../../core/messages.ts';
import type { SurvivingWrite } from '../../invariants/facts.ts';
import { carriedOut, lastOf, lastTermOf, NO_LOG, restarted, type ToldLog } from './told-log.ts';

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
  log: ToldLog = NO_LOG;
  /** That its log goes with. */
  snapshot: Snapshot | null = null;
  pending: PendingWrite[] = [];
  applied: LogIndex = 0;
  /** Last index that it told or applied as a leader. */
  committed: LogIndex = 0;
  /** By term: who has granted it a vote that arrived. */
  readonly votes = new Map<Term, NodeId[]>();
  /** By follower: success through here, in its present term. */
  successes: LogIndex[] = [];
  /** What this life was asked, by id: reads that it has not applied, and what operators want. */
  readonly reads = new Map<string, ClientRequest>();
  readonly adminRequests = new Map<string, AdminRequest>();
  private durableLog = NO_LOG;
  private durableSnapshot: Snapshot | null = null;
  private durableTerm: Term = 0;
  private durableVote: NodeId = 0;

  constructor(node: NodeId) {
    this.node = node;
  }

  get last(): LogIndex {
    return lastOf(this.log);
  }

  get lastTerm(): Term {
    return lastTermOf(this.log);
  }

  prepare(term: Term, vote: NodeId, entries: readonly Entry[]): void {
    this.durableLog = { ...NO_LOG, entries };
    this.durableTerm = term;
    this.durableVote = vote;
  }

  start(boot: number, applied: LogIndex): void {
    this.boot = boot;
    this.isUp = true;
    this.term = this.durableTerm;
    this.vote = this.durableVote;
    this.role = 'follower';
    this.log = restarted(this.durableLog, this.durableSnapshot);
    this.snapshot = this.durableSnapshot;
    this.reads.clear();
    this.adminRequests.clear();
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
    } else if (write.kind === 'snapshot') this.snapshot = write.snapshot;
    else this.log = carriedOut(this.log, write, -1, this.snapshot);
    this.pending.push({ id, stream, write, last: this.last });
  }

  hear(requests: readonly ClientRequest[]): void {
    for (const request of requests) if (request.readOnly) this.reads.set(request.id, request);
  }

  /** A read that goes through the log is none that is served without it. */
  apply(index: LogIndex, { command }: Entry): void {
    this.applied = index;
    if (command === null) return;
    for (const [id, read] of this.reads) {
      const { clientId, seq } = read.command;
      if (clientId === command.clientId && seq === command.seq) this.reads.delete(id);
    }
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
    this.log = this.durableLog;
    this.snapshot = this.durableSnapshot;
    for (const { write } of this.pending) {
      if (write.kind === 'snapshot') this.snapshot = write.snapshot;
      this.log = carriedOut(this.log, write, -1, this.snapshot);
    }
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
    } else if (write.kind === 'snapshot') this.durableSnapshot = write.snapshot;
    else this.durableLog = carriedOut(this.durableLog, write, kept, this.durableSnapshot);
  }
}
