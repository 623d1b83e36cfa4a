/**
 * Raft as in Figure 2 of the extended paper, with snapshots (§7): elections, replication, commit,
 * restarts, logs that are cut behind snapshots. Reads go through the log like writes. What Figure 2
 * wants on stable storage before an answer leaves is written with `persist`, and the answer waits.
 */
import { type Capabilities, type Change, type Disk, type Request, Server } from './whitewater.ts';

const ELECTION_MS = [150, 300] as const;
const HEARTBEAT_MS = 50;
/** At most so many entries in one AppendEntries. */
const BATCH = 64;

/** `op` null: a no-op. */
type Entry = { readonly term: number; readonly op: string | null };

/** `ref` stands for the state after all entries up to `lastIndex`; null when there are none. */
type Snapshot = {
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly ref: string | null;
};

type Message =
  | { type: 'RequestVote'; term: number; lastLogIndex: number; lastLogTerm: number }
  | { type: 'Vote'; term: number; voteGranted: boolean }
  | {
      type: 'AppendEntries';
      term: number;
      prevLogIndex: number;
      prevLogTerm: number;
      entries: readonly Entry[];
      leaderCommit: number;
    }
  | { type: 'InstallSnapshot'; term: number; snapshot: Snapshot }
  /** To both: all up to `match` is as the leader has it, and on disk here. */
  | { type: 'Appended'; term: number; success: true; match: number }
  /** `next`: where the leader should try again. */
  | { type: 'Appended'; term: number; success: false; next: number };

type Sent<Type> = Extract<Message, { type: Type }>;

export class Raft extends Server<Message, Entry> {
  override readonly capabilities: Capabilities = {
    durability: 'explicit',
    claims: true,
    snapshots: true,
    reset: true,
    electionMs: ELECTION_MS,
    heartbeatMs: HEARTBEAT_MS,
  };

  // Persistent state on all servers (Figure 2). The log begins behind the snapshot.
  private currentTerm = 0;
  private votedFor: string | null = null;
  private log: Entry[] = [];
  private firstIndex = 1;
  private snapshot: Snapshot = { lastIndex: 0, lastTerm: 0, ref: null };
  // Volatile state on all servers.
  private commitIndex = 0;
  private lastApplied = 0;
  private role: 'follower' | 'candidate' | 'leader' = 'follower';
  private leader: string | null = null;
  // On candidates: who has voted for me. On leaders, by server: Figure 2.
  private votes = new Set<string>();
  private nextIndex = new Map<string, number>();
  private matchIndex = new Map<string, number>();
  /** On leaders: the request that waits for the entry at this index. */
  private waiting = new Map<number, string>();
  /** A snapshot was asked for and is not there yet; operators that wait for it. */
  private isTaking = false;
  private operators: string[] = [];

  override start({ values, entries, firstIndex }: Disk): void {
    const state = values['state'] as { term: number; votedFor: string | null } | undefined;
    this.currentTerm = state?.term ?? 0;
    this.votedFor = state?.votedFor ?? null;
    this.log = [...entries] as Entry[];
    this.firstIndex = firstIndex;
    this.snapshot = (values['snapshot'] as Snapshot | undefined) ?? this.snapshot;
    const { lastIndex, ref } = this.snapshot;
    if (ref !== null) this.restore(lastIndex, ref);
    this.commitIndex = lastIndex;
    this.lastApplied = lastIndex;
    // The crash may have come between the snapshot and the cut.
    this.cutLog();
    this.setTimer('election', ...ELECTION_MS);
  }

  // ---- The log ------------------------------------------------------------------------------------

  private lastLogIndex(): number {
    return this.firstIndex + this.log.length - 1;
  }

  /** Undefined where the log does not reach. */
  private termAt(index: number): number | undefined {
    if (index === this.snapshot.lastIndex) return this.snapshot.lastTerm;
    return this.log[index - this.firstIndex]?.term;
  }

  private append(entries: readonly Entry[]): void {
    this.log.push(...entries);
    this.persist({ append: entries });
  }

  private truncateFrom(index: number): void {
    this.log.length = index - this.firstIndex;
    this.persist({ truncateFrom: index });
  }

  // ---- Terms and roles ----------------------------------------------------------------------------

  private enterTerm(term: number, votedFor: string | null): void {
    this.currentTerm = term;
    this.votedFor = votedFor;
    this.persist({ put: { state: { term, votedFor } } });
  }

  /** When all that was written so far is on disk; never once the term is over. */
  private whenSafe(then: () => void): void {
    const term = this.currentTerm;
    this.whenDurable(this.lastWrite, then, () => this.currentTerm === term);
  }

  /** Figure 2: updated on stable storage before responding to RPCs. */
  private reply(to: string, body: Message): void {
    this.whenSafe(() => this.send(to, body));
  }

  private becomeFollower(leader: string | null): void {
    if (this.role !== 'follower') this.claim('follower', this.currentTerm);
    if (this.role === 'leader') {
      this.cancelTimer('heartbeat');
      this.setTimer('election', ...ELECTION_MS);
    }
    // Another leader may commit these entries, or overwrite them.
    for (const id of this.waiting.values()) this.respond(id, 'unknown');
    this.waiting.clear();
    this.role = 'follower';
    this.leader = leader;
  }

  /** Rules for Servers, Candidates (§5.2). The vote for itself counts when it is on disk. */
  private becomeCandidate(): void {
    this.role = 'candidate';
    this.leader = null;
    this.votes.clear();
    this.enterTerm(this.currentTerm + 1, this.me);
    this.claim('candidate', this.currentTerm);
    this.setTimer('election', ...ELECTION_MS);
    this.whenSafe(() => {
      if (this.role !== 'candidate') return;
      const lastLogIndex = this.lastLogIndex();
      const lastLogTerm = this.termAt(lastLogIndex)!;
      const term = this.currentTerm;
      for (const peer of this.peers) {
        this.send(peer, { type: 'RequestVote', term, lastLogIndex, lastLogTerm });
      }
      this.countVote(this.me);
    });
  }

  private countVote(voter: string): void {
    this.votes.add(voter);
    if (this.votes.size > this.members.length / 2) this.becomeLeader();
  }

  private becomeLeader(): void {
    this.role = 'leader';
    this.leader = this.me;
    this.claim('leader', this.currentTerm);
    this.cancelTimer('election');
    for (const member of this.members) {
      this.nextIndex.set(member, this.lastLogIndex() + 1);
      this.matchIndex.set(member, 0);
    }
    // §8: only an entry of its own term lets a leader know what is committed.
    this.appendAsLeader(null);
    this.heartbeat();
  }

  // ---- Events -------------------------------------------------------------------------------------

  override timer(name: string): void {
    const mayStand = this.role !== 'leader' && this.members.includes(this.me);
    if (name === 'election' && mayStand) this.becomeCandidate();
    if (name === 'heartbeat' && this.role === 'leader') this.heartbeat();
  }

  /** What was sent and is not acknowledged may be lost: it is sent again. */
  private heartbeat(): void {
    this.setTimer('heartbeat', HEARTBEAT_MS);
    for (const peer of this.peers) {
      const match = this.matchIndex.get(peer)!;
      if (match > 0) this.nextIndex.set(peer, match + 1);
      this.replicate(peer);
    }
  }

  override message(from: string, body: Message): void {
    // Rules for Servers, All Servers (§5.1).
    if (body.term > this.currentTerm) {
      this.enterTerm(body.term, null);
      this.becomeFollower(null);
    }
    switch (body.type) {
      case 'RequestVote':
        this.onRequestVote(from, body);
        break;
      case 'Vote':
        this.onVote(from, body);
        break;
      case 'AppendEntries':
        this.onAppendEntries(from, body);
        break;
      case 'InstallSnapshot':
        this.onInstallSnapshot(from, body);
        break;
      case 'Appended':
        this.onAppended(from, body);
        break;
    }
  }

  override request({ id, command }: Request): void {
    if (this.role !== 'leader') {
      this.respond(id, 'redirect', { hint: this.leader });
      return;
    }
    this.waiting.set(this.lastLogIndex() + 1, id);
    this.appendAsLeader(command.op);
    for (const peer of this.peers) this.replicate(peer);
  }

  // ---- RequestVote (§5.2, §5.4.1) -----------------------------------------------------------------

  private onRequestVote(candidate: string, body: Sent<'RequestVote'>): void {
    const isFree = this.votedFor === null || this.votedFor === candidate;
    const voteGranted = body.term === this.currentTerm && isFree && this.isUpToDate(body);
    if (voteGranted) {
      if (this.votedFor === null) this.enterTerm(this.currentTerm, candidate);
      this.setTimer('election', ...ELECTION_MS);
    }
    this.reply(candidate, { type: 'Vote', term: this.currentTerm, voteGranted });
  }

  private isUpToDate({ lastLogTerm, lastLogIndex }: Sent<'RequestVote'>): boolean {
    const mine = this.termAt(this.lastLogIndex())!;
    return lastLogTerm === mine ? lastLogIndex >= this.lastLogIndex() : lastLogTerm > mine;
  }

  private onVote(voter: string, { term, voteGranted }: Sent<'Vote'>): void {
    if (this.role !== 'candidate' || term !== this.currentTerm) return;
    if (voteGranted) this.countVote(voter);
  }

  // ---- AppendEntries (§5.3) -----------------------------------------------------------------------

  private onAppendEntries(leader: string, body: Sent<'AppendEntries'>): void {
    if (!this.follow(leader, body.term)) return;
    // The snapshot stands for entries that are committed: here they agree already.
    const held = Math.max(0, this.snapshot.lastIndex - body.prevLogIndex);
    const prev = body.prevLogIndex + held;
    const entries = body.entries.slice(held);
    if (held === 0 && this.termAt(prev) !== body.prevLogTerm) {
      const next = this.firstOfConflict(prev);
      this.reply(leader, { type: 'Appended', term: this.currentTerm, success: false, next });
      return;
    }
    const isNew = (entry: Entry, i: number) => this.termAt(prev + 1 + i) !== entry.term;
    const place = entries.findIndex(isNew);
    if (place >= 0) {
      // A conflict: this entry and all behind it go.
      const index = prev + 1 + place;
      if (index <= this.lastLogIndex()) this.truncateFrom(index);
      this.append(entries.slice(place));
    }
    const match = prev + entries.length;
    this.commit(Math.min(body.leaderCommit, match));
    this.reply(leader, { type: 'Appended', term: this.currentTerm, success: true, match });
  }

  /** False for a leader of the past, which learns it from the answer. */
  private follow(leader: string, term: number): boolean {
    if (term < this.currentTerm) {
      this.reply(leader, { type: 'Appended', term: this.currentTerm, success: false, next: 0 });
      return false;
    }
    if (this.role !== 'follower' || this.leader !== leader) this.becomeFollower(leader);
    this.setTimer('election', ...ELECTION_MS);
    return true;
  }

  /** Passes over a whole term at once (end of §5.3), and never over what is committed. */
  private firstOfConflict(prev: number): number {
    let index = Math.min(prev, this.lastLogIndex() + 1);
    const term = this.termAt(index);
    const isSame = (at: number) => term !== undefined && this.termAt(at) === term;
    while (index > this.commitIndex + 1 && isSame(index - 1)) index -= 1;
    return Math.max(index, this.commitIndex + 1);
  }

  private onAppended(follower: string, body: Sent<'Appended'>): void {
    if (this.role !== 'leader' || body.term !== this.currentTerm) return;
    const next = this.nextIndex.get(follower)!;
    if (body.success) {
      this.matched(follower, body.match);
      this.nextIndex.set(follower, Math.max(next, body.match + 1));
      if (this.nextIndex.get(follower)! <= this.lastLogIndex()) this.replicate(follower);
    } else if (body.next < next) {
      // Else it answers an older question.
      this.nextIndex.set(follower, Math.max(this.matchIndex.get(follower)! + 1, body.next));
      this.replicate(follower);
    }
  }

  // ---- Leaders (§5.3, §5.4.2) ---------------------------------------------------------------------

  /** The leader's own log counts like that of any other server: when it is on disk. */
  private appendAsLeader(op: string | null): void {
    this.append([{ term: this.currentTerm, op }]);
    const index = this.lastLogIndex();
    this.whenSafe(() => {
      if (this.role === 'leader') this.matched(this.me, index);
    });
  }

  private replicate(peer: string): void {
    const term = this.currentTerm;
    const prevLogIndex = this.nextIndex.get(peer)! - 1;
    if (prevLogIndex < this.snapshot.lastIndex) {
      this.nextIndex.set(peer, this.snapshot.lastIndex + 1);
      this.send(peer, { type: 'InstallSnapshot', term, snapshot: this.snapshot });
      return;
    }
    const from = prevLogIndex + 1 - this.firstIndex;
    const entries = this.log.slice(from, from + BATCH);
    this.nextIndex.set(peer, prevLogIndex + 1 + entries.length);
    const prevLogTerm = this.termAt(prevLogIndex)!;
    const leaderCommit = this.commitIndex;
    const body = { term, prevLogIndex, prevLogTerm, entries, leaderCommit };
    this.send(peer, { type: 'AppendEntries', ...body });
  }

  private matched(member: string, index: number): void {
    this.matchIndex.set(member, Math.max(this.matchIndex.get(member)!, index));
    const ranked = [...this.matchIndex.values()].sort((a, b) => b - a);
    // A majority has at least this. Only an entry of this term is committed by counting (§5.4.2).
    const agreed = ranked[Math.floor(ranked.length / 2)]!;
    if (this.termAt(agreed) === this.currentTerm) this.commit(agreed);
  }

  private commit(index: number): void {
    this.commitIndex = Math.max(this.commitIndex, index);
    while (this.lastApplied < this.commitIndex) {
      this.lastApplied += 1;
      const { op } = this.log[this.lastApplied - this.firstIndex]!;
      if (op !== null) this.apply(op, this.lastApplied);
      const id = this.waiting.get(this.lastApplied);
      if (id !== undefined) this.respond(id, 'ok');
      this.waiting.delete(this.lastApplied);
    }
    const { snapshotEvery } = this.config;
    const since = this.lastApplied - this.snapshot.lastIndex;
    if (snapshotEvery !== null && since >= snapshotEvery) this.beginSnapshot();
  }

  // ---- Snapshots (§7) -----------------------------------------------------------------------------

  private beginSnapshot(): void {
    if (this.isTaking || this.lastApplied === this.snapshot.lastIndex) return;
    this.isTaking = true;
    this.takeSnapshot(this.lastApplied);
  }

  override snapshotTaken(lastIndex: number, ref: string): void {
    this.isTaking = false;
    // A newer one of the leader may have come in between.
    if (lastIndex > this.snapshot.lastIndex) {
      this.adopt({ lastIndex, lastTerm: this.termAt(lastIndex)!, ref });
    }
    this.answerOperators();
  }

  /** The snapshot first, then the cut: a crash between the two loses nothing. */
  private adopt(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.persist({ put: { snapshot } });
    this.cutLog();
  }

  /** Entries that the snapshot stands for go; a log that does not agree with it goes whole. */
  private cutLog(): void {
    const { lastIndex, lastTerm } = this.snapshot;
    const place = lastIndex - this.firstIndex;
    if (place < 0) return;
    if (this.log.length > 0 && this.log[place]?.term !== lastTerm) {
      this.truncateFrom(this.firstIndex);
    }
    this.log = this.log.slice(place + 1);
    this.firstIndex = lastIndex + 1;
    this.persist({ compactTo: lastIndex });
  }

  private onInstallSnapshot(leader: string, { term, snapshot }: Sent<'InstallSnapshot'>): void {
    if (!this.follow(leader, term)) return;
    const { lastIndex, ref } = snapshot;
    if (lastIndex > this.commitIndex) {
      this.adopt(snapshot);
      this.restore(lastIndex, ref!);
      this.commitIndex = lastIndex;
      this.lastApplied = lastIndex;
    }
    this.reply(leader, { type: 'Appended', term, success: true, match: lastIndex });
  }

  override admin(id: string, change: Change): void {
    if (!('takeSnapshot' in change)) {
      this.respond(id, 'rejected');
      return;
    }
    this.operators.push(id);
    this.beginSnapshot();
    // Else the snapshot that there is holds all.
    if (!this.isTaking) this.answerOperators();
  }

  private answerOperators(): void {
    const ids = this.operators.splice(0);
    this.whenDurable(this.lastWrite, () => {
      for (const id of ids) this.respond(id, 'ok');
    });
  }
}

export const createServer = () => new Raft();
