/**
 * Histories written by hand: what servers did, fact by fact, in the order in which it happened. A
 * step is opened by what happens to a server and closed by the next thing that happens to anybody.
 */
import type { AdminRequest, Outcome, Write } from '../../core/contract.ts';
import type {
  AppendEntries,
  Command,
  Entry,
  LogIndex,
  Message,
  NodeId,
  Snapshot,
  Term,
} from '../../core/messages.ts';
import type { Phase, SurvivingWrite } from '../../invariants/facts.ts';
import { Judge } from '../../invariants/judge.ts';

export interface Sent {
  readonly id: number;
  readonly stamp: number;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly body: Message;
}

interface Shadow {
  boot: number;
  term: Term;
  vote: NodeId;
  log: Entry[];
  lastWriteId: number;
  unfinished: number[];
}

/** Election timeouts of these histories are at most this long. */
export const ELECTION_MS_MAX = 300;

export class History {
  readonly judge: Judge;
  readonly size: number;
  atUs = 0;
  private readonly shadows: Shadow[] = [];
  private lastMessageId = 0;
  private openNode: NodeId = 0;
  private readonly seqs = new Map<number, number>();

  /** Servers 1 … members vote at the start, the others are spare. */
  constructor(
    size: number,
    disabled: readonly string[] = [],
    members = size,
    options: { readonly preVote?: boolean; readonly checkQuorum?: boolean } = {},
  ) {
    this.size = size;
    this.judge = new Judge({
      size,
      members,
      electionMsMax: ELECTION_MS_MAX,
      heartbeatMs: 50,
      sessionExpiryMs: 0,
      preVote: options.preVote ?? false,
      checkQuorum: options.checkQuorum ?? false,
      disabled: new Set(disabled),
      stopAtFirst: false,
    });
    for (let node = 0; node <= size; node += 1) this.shadows.push(newShadow());
  }

  /** Each of these has this log on its disk: the builder's side of `prepared`. */
  adopt(nodes: readonly NodeId[], log: readonly Entry[]): this {
    for (const node of nodes) this.shadow(node).log = log.slice();
    return this;
  }

  // What happens to servers.

  /** All servers begin their first life. */
  boot(): this {
    for (let node = 1; node <= this.size; node += 1) this.start(node);
    return this;
  }

  /** A durable state machine holds the log through `applied`. */
  start(node: NodeId, applied: LogIndex = 0): this {
    const shadow = this.shadow(node);
    this.open(node);
    this.judge.started(this.atUs, node, shadow.boot, applied);
    return this;
  }

  /** Unfinished writes are lost but for the survivors; the next life sees what the disk kept. */
  crash(node: NodeId, survivors: readonly SurvivingWrite[] = [], onDisk?: readonly Entry[]): this {
    if (this.openNode === node) this.openNode = 0;
    else this.end();
    this.tick();
    this.judge.crashed(this.atUs, node, survivors);
    const shadow = this.shadow(node);
    shadow.boot += 1;
    shadow.unfinished = [];
    shadow.lastWriteId = 0;
    if (onDisk !== undefined) shadow.log = onDisk.slice();
    return this;
  }

  restart(node: NodeId): this {
    return this.crash(node).start(node);
  }

  /** A timer runs out: a step in which anything may follow. */
  wake(node: NodeId): this {
    this.open(node);
    this.judge.fired(this.atUs, node, 'election');
    return this;
  }

  deliver(message: Sent): this {
    this.open(message.to);
    const { to, from, id, stamp, body } = message;
    this.judge.delivered(this.atUs, to, from, id, stamp, body);
    return this;
  }

  /** All unfinished writes of this server become durable, each in a step of its own. */
  flush(node: NodeId): this {
    const shadow = this.shadow(node);
    for (const id of shadow.unfinished) {
      this.open(node);
      this.judge.persisted(this.atUs, node, id);
    }
    shadow.unfinished = [];
    return this;
  }

  /** One write becomes durable; it need not be the oldest. */
  complete(node: NodeId, writeId: number): this {
    this.open(node);
    this.judge.persisted(this.atUs, node, writeId);
    const shadow = this.shadow(node);
    shadow.unfinished = shadow.unfinished.filter((id) => id !== writeId);
    return this;
  }

  /** All unfinished writes of this server fail, each in a step of its own; its disk keeps `onDisk`. */
  fail(node: NodeId, onDisk: readonly Entry[]): this {
    const shadow = this.shadow(node);
    for (const id of shadow.unfinished) {
      this.open(node);
      this.judge.persistFailed(this.atUs, node, id, 'disk full');
    }
    shadow.unfinished = [];
    shadow.log = onDisk.slice();
    return this;
  }

  /** A request is handed to a server; `invoke` came before. */
  request(node: NodeId, id: string, command: Command): this {
    this.open(node);
    const readOnly = isRead(command.op);
    this.judge.requested(this.atUs, node, [{ id, command, readOnly }]);
    return this;
  }

  /** An operator asks. */
  ask(node: NodeId, id: string, request: AdminRequest): this {
    this.open(node);
    this.judge.adminRequested(this.atUs, node, id, request);
    return this;
  }

  /** Everything is gone for good. */
  wipe(node: NodeId): this {
    this.crash(node).judge.wiped(this.atUs, node);
    return this;
  }

  // What servers do, in the open step.

  write(node: NodeId, write: Write, after = 0): number {
    const shadow = this.shadow(node);
    shadow.lastWriteId += 1;
    shadow.unfinished.push(shadow.lastWriteId);
    const { kind } = write;
    const stream = kind === 'hardState' || kind === 'snapshot' ? kind : 'log';
    this.judge.persistIssued(node, shadow.lastWriteId, stream, after, write);
    this.mirror(shadow, write);
    return shadow.lastWriteId;
  }

  vote(node: NodeId, currentTerm: Term, votedFor: NodeId): number {
    return this.write(node, { kind: 'hardState', currentTerm, votedFor, commitIndex: 0 });
  }

  /** The hard state as it is, with this commit index. */
  writeCommit(node: NodeId, commitIndex: LogIndex): number {
    const { term: currentTerm, vote: votedFor } = this.shadow(node);
    return this.write(node, { kind: 'hardState', currentTerm, votedFor, commitIndex });
  }

  claim(node: NodeId, term: Term): this {
    this.judge.claimed(node, 'leader', term);
    return this;
  }

  append(node: NodeId, ...entries: readonly Entry[]): number {
    return this.write(node, { kind: 'append', entries });
  }

  /** The leader appends an entry of its term with this configuration; durable. */
  configure(
    leader: NodeId,
    voters: readonly NodeId[],
    options: { newVoters?: readonly NodeId[]; learners?: readonly NodeId[] } = {},
  ): this {
    const { newVoters = null, learners = [] } = options;
    const configuration = { voters, newVoters, learners };
    this.wake(leader);
    this.append(leader, { term: this.shadow(leader).term, command: null, configuration });
    return this.flush(leader);
  }

  truncate(node: NodeId, index: LogIndex): number {
    return this.write(node, { kind: 'truncateFrom', index });
  }

  /** The server asks for its state machine under this index, and the host has taken it. */
  takeSnapshot(node: NodeId, index: LogIndex, data: string): this {
    this.judge.snapshotAsked(node, index);
    this.open(node);
    this.judge.snapshotTaken(this.atUs, node, index, data);
    return this;
  }

  /** The snapshot of the log of `node` through `index`, or of what the options say. */
  snapshot(node: NodeId, index: LogIndex, data: string, options: Partial<Snapshot> = {}): Snapshot {
    const lastIncludedTerm = index === 0 ? 0 : (this.shadow(node).log[index - 1]?.term ?? 0);
    const configuration = { voters: this.everybody(), newVoters: null, learners: [] };
    return { lastIncludedIndex: index, lastIncludedTerm, configuration, data, ...options };
  }

  writeSnapshot(node: NodeId, snapshot: Snapshot): number {
    return this.write(node, { kind: 'snapshot', snapshot });
  }

  compact(node: NodeId, index: LogIndex, after = 0): number {
    return this.write(node, { kind: 'compactTo', index }, after);
  }

  restore(node: NodeId, index: LogIndex, data: string): this {
    this.judge.restored(node, index, data);
    return this;
  }

  send(from: NodeId, to: NodeId, body: Message): Sent {
    this.lastMessageId += 1;
    const id = this.lastMessageId;
    return { id, stamp: this.judge.sent(from, to, id, 1, body), from, to, body };
  }

  apply(node: NodeId, index: LogIndex, entry = this.entryAt(node, index)): this {
    this.judge.applied(node, index, entry);
    return this;
  }

  respond(node: NodeId, id: string, outcome: Outcome, hint: NodeId = 0): this {
    this.judge.responded(node, id, outcome, hint, null);
    return this;
  }

  // Messages.

  /** AppendEntries from the log of `from`, with everything behind `prevLogIndex` unless told. */
  sendAppend(
    from: NodeId,
    to: NodeId,
    options: { prev?: LogIndex; last?: LogIndex; commit?: LogIndex; term?: Term } = {},
  ): Sent {
    const { log, term } = this.shadow(from);
    const prevLogIndex = options.prev ?? 0;
    const body: AppendEntries = {
      kind: 'AppendEntries',
      term: options.term ?? term,
      leaderId: from,
      prevLogIndex,
      prevLogTerm: prevLogIndex === 0 ? 0 : log[prevLogIndex - 1]!.term,
      entries: log.slice(prevLogIndex, options.last ?? log.length),
      leaderCommit: options.commit ?? 0,
    };
    return this.send(from, to, body);
  }

  sendSuccess(from: NodeId, to: NodeId, term: Term, matchIndex: LogIndex): Sent {
    return this.send(from, to, {
      kind: 'AppendEntriesResponse',
      term,
      success: true,
      matchIndex,
      conflictTerm: 0,
      conflictIndex: 0,
    });
  }

  /** All of a snapshot in one chunk. */
  sendInstall(from: NodeId, to: NodeId, snapshot: Snapshot): Sent {
    const { term } = this.shadow(from);
    const chunk = { ...snapshot, term, leaderId: from, offset: 0, done: true };
    return this.send(from, to, { kind: 'InstallSnapshot', ...chunk });
  }

  /** "The snapshot is on my disk." */
  sendInstalled(from: NodeId, to: NodeId, lastIncludedIndex: LogIndex, nextOffset = 0): Sent {
    const { term } = this.shadow(from);
    const answer = { term, lastIncludedIndex, nextOffset, done: true };
    return this.send(from, to, { kind: 'InstallSnapshotResponse', ...answer });
  }

  sendGrant(voter: NodeId, candidate: NodeId, term: Term): Sent {
    return this.send(voter, candidate, { kind: 'RequestVoteResponse', term, voteGranted: true });
  }

  sendRequestVote(candidate: NodeId, to: NodeId, term: Term): Sent {
    const { log } = this.shadow(candidate);
    return this.send(candidate, to, {
      kind: 'RequestVote',
      term,
      candidateId: candidate,
      lastLogIndex: log.length,
      lastLogTerm: log.at(-1)?.term ?? 0,
    });
  }

  // Whole passages, as a correct server would act.

  /** `candidate` stands in `term`, the voters grant, all of it durable; it has not acted yet. */
  campaign(candidate: NodeId, term: Term, voters: readonly NodeId[]): this {
    this.wake(candidate).vote(candidate, term, candidate);
    const requests = voters.map((voter) => this.sendRequestVote(candidate, voter, term));
    this.flush(candidate);
    for (const request of requests) {
      this.deliver(request).vote(request.to, term, candidate);
      this.flush(request.to).deliver(this.sendGrant(request.to, candidate, term));
    }
    return this;
  }

  /** A campaign that is won: the leader appends a no-op and makes it durable. */
  elect(leader: NodeId, term: Term, voters: readonly NodeId[]): this {
    this.campaign(leader, term, voters);
    if (voters.length === 0) this.wake(leader);
    this.append(leader, noOp(term));
    return this.flush(leader);
  }

  /** The leader appends a command that is invoked now; durable. Returns the command. */
  propose(leader: NodeId, op: string, clientId = 1): Command {
    const command = this.invoke(clientId, op);
    this.request(leader, `${clientId}.${command.seq}/1`, command);
    this.append(leader, { term: this.shadow(leader).term, command });
    this.flush(leader);
    return command;
  }

  /** The follower takes the leader's log behind `prev`, makes it durable and says so. */
  replicate(
    leader: NodeId,
    follower: NodeId,
    options: { prev?: number; commit?: number } = {},
  ): this {
    this.wake(leader);
    const message = this.sendAppend(leader, follower, options);
    return this.take(message).acknowledge(message);
  }

  /** The follower writes what the message brings: truncates a conflict, appends the rest. */
  take(message: Sent): this {
    const body = message.body as AppendEntries;
    this.deliver(message);
    const { to } = message;
    const shadow = this.shadow(to);
    if (body.term > shadow.term) this.vote(to, body.term, 0);
    const { prevLogIndex, entries } = body;
    const conflict = entries.findIndex((entry, i) => {
      const own = shadow.log[prevLogIndex + i];
      return own === undefined || own.term !== entry.term;
    });
    if (conflict < 0) return this;
    if (prevLogIndex + conflict < shadow.log.length) this.truncate(to, prevLogIndex + conflict + 1);
    this.append(to, ...entries.slice(conflict));
    return this;
  }

  /** The follower makes everything durable and confirms the message. */
  acknowledge(message: Sent): this {
    const body = message.body as AppendEntries;
    const { to, from } = message;
    this.flush(to).wake(to);
    const success = this.sendSuccess(to, from, body.term, body.prevLogIndex + body.entries.length);
    return this.deliver(success);
  }

  /**
   * The server applies all of its log through `index`, which it has on disk and knows to be
   * committed, has a snapshot taken of that and writes it, durably; its log is compacted.
   */
  makeSnapshot(node: NodeId, index: LogIndex, data: string): Snapshot {
    this.takeSnapshot(node, index, data);
    const snapshot = this.snapshot(node, index, data);
    this.writeSnapshot(node, snapshot);
    this.flush(node).wake(node).compact(node, index);
    this.flush(node);
    return snapshot;
  }

  /** The server gets the whole snapshot, writes it and, when it is durable, holds it and says so. */
  install(leader: NodeId, follower: NodeId, snapshot: Snapshot): this {
    const { lastIncludedIndex: index, data } = snapshot;
    this.deliver(this.wake(leader).sendInstall(leader, follower, snapshot));
    const { term } = this.shadow(leader);
    if (this.shadow(follower).term < term) this.vote(follower, term, 0);
    this.writeSnapshot(follower, snapshot);
    this.flush(follower).wake(follower).restore(follower, index, data);
    const { log } = this.shadow(follower);
    const mine = log[index - 1];
    if (mine === undefined || mine.term !== snapshot.lastIncludedTerm) {
      if (log.length > index) this.truncate(follower, index + 1);
      this.adopt([follower], this.logOf(leader).slice(0, index));
    }
    this.compact(follower, index);
    return this.deliver(this.sendInstalled(follower, leader, index));
  }

  // Clients and the world.

  invoke(clientId: number, op: string): Command {
    this.end();
    this.tick();
    const seq = (this.seqs.get(clientId) ?? 0) + 1;
    this.seqs.set(clientId, seq);
    this.judge.invoked(this.atUs, clientId, seq, op, isRead(op));
    return { clientId, seq, op };
  }

  /** The client gets its answer in the open step. */
  answer(command: Command, outcome: 'ok' | 'fail' | 'info', value: string | null = null): this {
    this.judge.returned(this.atUs, command.clientId, command.seq, outcome, value);
    return this;
  }

  phase(phase: Phase, core = this.everybody()): this {
    this.end();
    this.tick();
    this.judge.phaseBegan(this.atUs, phase, core);
    return this;
  }

  /** Time passes, with a look every 100 ms. */
  pass(ms: number): this {
    this.end();
    for (let rest = ms; rest > 0; rest -= 100) {
      this.atUs += 100_000;
      this.judge.inspected(this.atUs);
    }
    return this;
  }

  // What came of it.

  logOf(node: NodeId): readonly Entry[] {
    return this.shadow(node).log;
  }

  termOf(node: NodeId): Term {
    return this.shadow(node).term;
  }

  /** "property/rule" of each violation, in order. */
  get findings(): string[] {
    this.end();
    return this.judge.violations.map(({ property, rule }) => `${property}/${rule}`);
  }

  everybody(): NodeId[] {
    return Array.from({ length: this.size }, (_, i) => i + 1);
  }

  /** Closes the open step. */
  end(): this {
    if (this.openNode !== 0) this.judge.stepEnded(this.openNode);
    this.openNode = 0;
    return this;
  }

  private open(node: NodeId): void {
    this.end();
    this.tick();
    this.openNode = node;
  }

  private tick(): void {
    this.atUs += 1_000;
  }

  private entryAt(node: NodeId, index: LogIndex): Entry {
    return this.shadow(node).log[index - 1]!;
  }

  private shadow(node: NodeId): Shadow {
    return this.shadows[node]!;
  }

  private mirror(shadow: Shadow, write: Write): void {
    switch (write.kind) {
      case 'hardState':
        shadow.term = write.currentTerm;
        shadow.vote = write.votedFor;
        return;
      case 'append':
        shadow.log = [...shadow.log, ...write.entries];
        return;
      case 'truncateFrom':
        shadow.log = shadow.log.slice(0, write.index - 1);
        return;
      case 'overwrite':
        shadow.log = shadow.log.slice();
        shadow.log.splice(write.index - 1, write.entries.length, ...write.entries);
    }
  }
}

function newShadow(): Shadow {
  return { boot: 0, term: 0, vote: 0, log: [], lastWriteId: 0, unfinished: [] };
}

function isRead(op: string): boolean {
  return op.startsWith('get ') || op.startsWith('range ');
}

export function noOp(term: Term): Entry {
  return { term, command: null };
}
