/**
 * A small, honest Raft to start from: elections, replication and commit, without any of the things
 * that make it fast. It sends again what is not acknowledged with every heartbeat, and steps back one
 * entry at a time.
 *
 *     npx whitewater campaign --sut examples/minimal-raft.ts
 *
 * It imports types only. In a project of your own write 'whitewater/contract' for the path below.
 */
import type {
  ClientRequest,
  Entry,
  Message,
  Outbox,
  Server,
  ServerEvent,
  StartEvent,
  Write,
} from '../core/contract.ts';

type Body<Kind extends Message['kind']> = Extract<Message, { kind: Kind }>;

/** What the bench looks for in a module. It is called for every life of every server. */
export function createServer(): Server {
  return new MinimalRaft();
}

class MinimalRaft implements Server {
  private me = 0;
  private members: readonly number[] = [];
  private config!: StartEvent['config'];

  // On disk.
  private currentTerm = 0;
  private votedFor = 0;
  /** The entry at index i stands at place i - 1. */
  private log: Entry[] = [];

  // In memory.
  private role: 'follower' | 'candidate' | 'leader' = 'follower';
  private leaderId = 0;
  private commitIndex = 0;
  private lastApplied = 0;
  private readonly votes = new Set<number>();
  private readonly nextIndex = new Map<number, number>();
  private readonly matchIndex = new Map<number, number>();
  /** Index of the log → id of the request that waits for it. */
  private readonly clients = new Map<number, string>();
  private lastWriteId = 0;
  private safeWriteId = 0;
  /** Writes to the log that are not safe: from this index on it may be lost. */
  private unsafe: { readonly writeId: number; readonly index: number }[] = [];
  /** What must not be done before a write is safe. All writes are in one stream, so in order. */
  private waiting: { readonly writeId: number; readonly then: (out: Outbox) => void }[] = [];

  step(event: ServerEvent, out: Outbox): void {
    switch (event.kind) {
      case 'start':
        this.start(event, out);
        break;
      case 'message':
        this.receive(event.from, event.body, out);
        break;
      case 'timer':
        if (event.name === 'election') this.stand(out);
        else this.heartbeat(out);
        break;
      case 'request':
        for (const request of event.requests) this.request(request, out);
        break;
      case 'persisted':
        this.noteSafe(event.id, out);
        break;
      case 'persistFailed':
        // What is in memory is not on disk, and never will be: better to stop than to forget it.
        out.halt(event.error);
        return;
    }
    this.applyCommitted(out);
  }

  /** First boot and every restart: what is on disk, and in the state machine, is all there is. */
  private start({ self, members, config, image, applied }: StartEvent, out: Outbox): void {
    this.me = self;
    this.members = members;
    this.config = config;
    this.currentTerm = image?.currentTerm ?? 0;
    this.votedFor = image?.votedFor ?? 0;
    this.log = [...(image?.entries ?? [])];
    this.lastApplied = applied ?? 0;
    this.commitIndex = this.lastApplied;
    this.resetElectionTimer(out);
  }

  private receive(from: number, body: Message, out: Outbox): void {
    if (body.term > this.currentTerm) this.follow(body.term, out);
    switch (body.kind) {
      case 'RequestVote':
        this.answerCandidate(body, out);
        break;
      case 'RequestVoteResponse':
        if (body.term === this.currentTerm && body.voteGranted) this.countVote(from, out);
        break;
      case 'AppendEntries':
        this.answerLeader(body, out);
        break;
      case 'AppendEntriesResponse':
        if (body.term === this.currentTerm && this.role === 'leader') {
          this.hearFollower(from, body, out);
        }
    }
  }

  // Elections (§5.2).

  private stand(out: Outbox): void {
    this.follow(this.currentTerm + 1, out, this.me);
    this.role = 'candidate';
    this.votes.clear();
    this.resetElectionTimer(out);
    const [lastLogIndex, lastLogTerm] = [this.log.length, this.termAt(this.log.length)];
    const { currentTerm: term, me: candidateId } = this;
    this.whenSafe(out, (later) => {
      for (const to of this.others()) {
        later.send(to, { kind: 'RequestVote', term, candidateId, lastLogIndex, lastLogTerm });
      }
      this.countVote(this.me, later);
    });
  }

  private answerCandidate(
    { term, candidateId, ...theirs }: Body<'RequestVote'>,
    out: Outbox,
  ): void {
    const lastLogTerm = this.termAt(this.log.length);
    const isUpToDate =
      theirs.lastLogTerm > lastLogTerm ||
      (theirs.lastLogTerm === lastLogTerm && theirs.lastLogIndex >= this.log.length);
    const isFree = this.votedFor === 0 || this.votedFor === candidateId;
    const voteGranted = term === this.currentTerm && isFree && isUpToDate;
    const answer = { kind: 'RequestVoteResponse', term: this.currentTerm, voteGranted } as const;
    if (!voteGranted) {
      out.send(candidateId, answer);
      return;
    }
    this.votedFor = candidateId;
    this.persistHardState(out);
    this.resetElectionTimer(out);
    this.whenSafe(out, (later) => later.send(candidateId, answer));
  }

  private countVote(voter: number, out: Outbox): void {
    if (this.role !== 'candidate') return;
    this.votes.add(voter);
    if (!this.isMajority(this.votes.size)) return;
    this.role = 'leader';
    this.leaderId = this.me;
    out.claim('leader', this.currentTerm);
    out.cancelTimer('election');
    for (const peer of this.others()) {
      this.nextIndex.set(peer, this.log.length + 1);
      this.matchIndex.set(peer, 0);
    }
    // What was safe here in an earlier reign may have been replaced since.
    this.matchIndex.set(this.me, 0);
    // An entry of this term, without which those of earlier terms would not commit (§5.4.2, §8).
    this.append([{ term: this.currentTerm, command: null }], out);
    this.heartbeat(out);
  }

  /** Takes up a term, and says so to whoever waits for an entry of this leader. */
  private follow(term: number, out: Outbox, votedFor = 0): void {
    for (const id of this.clients.values()) out.respond(id, 'unknown', 0);
    this.clients.clear();
    if (this.role === 'leader') {
      out.cancelTimer('heartbeat');
      this.resetElectionTimer(out);
    }
    this.role = 'follower';
    this.leaderId = 0;
    // What was about to be promised in the old term is of no use to anybody any more.
    this.waiting = [];
    this.currentTerm = term;
    this.votedFor = votedFor;
    this.persistHardState(out);
  }

  // Replication (§5.3).

  private heartbeat(out: Outbox): void {
    if (this.role !== 'leader') return;
    out.setTimer('heartbeat', this.config.heartbeatMs, this.config.heartbeatMs);
    for (const peer of this.others()) this.sendAppend(peer, out);
  }

  private sendAppend(peer: number, out: Outbox): void {
    const prevLogIndex = this.nextIndex.get(peer)! - 1;
    out.send(peer, {
      kind: 'AppendEntries',
      term: this.currentTerm,
      leaderId: this.me,
      prevLogIndex,
      prevLogTerm: this.termAt(prevLogIndex),
      entries: this.log.slice(prevLogIndex, prevLogIndex + this.config.batchEntriesMax),
      leaderCommit: this.commitIndex,
    });
  }

  private answerLeader(body: Body<'AppendEntries'>, out: Outbox): void {
    const { leaderId, prevLogIndex, prevLogTerm, entries } = body;
    const refusal = { success: false, matchIndex: 0, conflictTerm: 0, conflictIndex: 0 };
    const kind = 'AppendEntriesResponse';
    const term = this.currentTerm;
    if (body.term < term) {
      out.send(leaderId, { kind, term, ...refusal });
      return;
    }
    this.role = 'follower';
    this.leaderId = leaderId;
    this.resetElectionTimer(out);
    if (prevLogIndex > this.log.length || this.termAt(prevLogIndex) !== prevLogTerm) {
      const conflictIndex = Math.min(prevLogIndex, this.log.length + 1);
      out.send(leaderId, { kind, term, ...refusal, conflictIndex });
      return;
    }
    this.takeEntries(prevLogIndex, entries, out);
    const matchIndex = prevLogIndex + entries.length;
    this.commitIndex = Math.max(this.commitIndex, Math.min(body.leaderCommit, matchIndex));
    const success = { ...refusal, success: true, matchIndex };
    this.whenSafe(out, (later) => later.send(leaderId, { kind, term, ...success }));
  }

  /** Truncates only from a conflict on: a late message must not remove what is behind it. */
  private takeEntries(prevLogIndex: number, entries: readonly Entry[], out: Outbox): void {
    let present = 0;
    while (
      present < entries.length &&
      this.termAt(prevLogIndex + present + 1) === entries[present]!.term
    ) {
      present += 1;
    }
    if (present === entries.length) return;
    const index = prevLogIndex + present + 1;
    if (index <= this.log.length) {
      this.log.length = index - 1;
      this.persistLog({ kind: 'truncateFrom', index }, index, out);
    }
    this.append(entries.slice(present), out);
  }

  private hearFollower(peer: number, body: Body<'AppendEntriesResponse'>, out: Outbox): void {
    const matchIndex = this.matchIndex.get(peer)!;
    if (body.success) {
      if (body.matchIndex <= matchIndex) return;
      this.matchIndex.set(peer, body.matchIndex);
      this.nextIndex.set(peer, body.matchIndex + 1);
      this.advanceCommitIndex();
      if (body.matchIndex < this.log.length) this.sendAppend(peer, out);
    } else if (body.conflictIndex > matchIndex && body.conflictIndex < this.nextIndex.get(peer)!) {
      this.nextIndex.set(peer, body.conflictIndex);
      this.sendAppend(peer, out);
    }
  }

  /** Counts copies of entries of the current term only; older ones commit with them (§5.4.2). */
  private advanceCommitIndex(): void {
    for (let index = this.log.length; index > this.commitIndex; index -= 1) {
      const holders = this.members.filter((member) => (this.matchIndex.get(member) ?? 0) >= index);
      if (!this.isMajority(holders.length) || this.termAt(index) !== this.currentTerm) continue;
      this.commitIndex = index;
      return;
    }
  }

  /** A state machine may survive a crash that the log does not: it gets only what is safe here. */
  private applyCommitted(out: Outbox): void {
    const safeIndex = Math.min(this.log.length, ...this.unsafe.map(({ index }) => index - 1));
    while (this.lastApplied < Math.min(this.commitIndex, safeIndex)) {
      this.lastApplied += 1;
      out.apply(this.lastApplied, this.log[this.lastApplied - 1]!);
      const id = this.clients.get(this.lastApplied);
      if (id !== undefined) out.respond(id, 'ok', 0);
      this.clients.delete(this.lastApplied);
    }
  }

  // Clients.

  private request({ id, command }: ClientRequest, out: Outbox): void {
    if (this.role !== 'leader') {
      out.respond(id, 'redirect', this.leaderId);
      return;
    }
    this.append([{ term: this.currentTerm, command }], out);
    this.clients.set(this.log.length, id);
    for (const peer of this.others()) this.sendAppend(peer, out);
  }

  // The disk.

  private append(entries: readonly Entry[], out: Outbox): void {
    const index = this.log.length + 1;
    this.log.push(...entries);
    this.persistLog({ kind: 'append', entries }, index, out);
    if (this.role !== 'leader') return;
    // A leader counts itself, like any other server, for what is safe on its disk.
    const lastIndex = this.log.length;
    this.whenSafe(out, () => {
      this.matchIndex.set(this.me, lastIndex);
      this.advanceCommitIndex();
    });
  }

  private persistHardState(out: Outbox): void {
    const { currentTerm, votedFor } = this;
    this.persist({ kind: 'hardState', currentTerm, votedFor, commitIndex: 0 }, out);
  }

  private persistLog(write: Write, index: number, out: Outbox): void {
    this.persist(write, out);
    this.unsafe.push({ writeId: this.lastWriteId, index });
  }

  private persist(write: Write, out: Outbox): void {
    this.lastWriteId += 1;
    out.persist(this.lastWriteId, 'disk', 0, write);
  }

  /** An older write may be told of after a newer one: then it says nothing new. */
  private noteSafe(writeId: number, out: Outbox): void {
    this.safeWriteId = Math.max(this.safeWriteId, writeId);
    this.unsafe = this.unsafe.filter((write) => write.writeId > this.safeWriteId);
    while (this.waiting[0] !== undefined && this.waiting[0].writeId <= this.safeWriteId) {
      this.waiting.shift()!.then(out);
    }
  }

  /** Does it when all that was written so far would survive a crash: now, or when told so. */
  private whenSafe(out: Outbox, then: (out: Outbox) => void): void {
    if (this.safeWriteId === this.lastWriteId) then(out);
    else this.waiting.push({ writeId: this.lastWriteId, then });
  }

  private termAt(index: number): number {
    return this.log[index - 1]?.term ?? 0;
  }

  private others(): readonly number[] {
    return this.members.filter((member) => member !== this.me);
  }

  private isMajority(count: number): boolean {
    return count > this.members.length / 2;
  }

  private resetElectionTimer(out: Outbox): void {
    out.setTimer('election', this.config.electionMsMin, this.config.electionMsMax);
  }
}
