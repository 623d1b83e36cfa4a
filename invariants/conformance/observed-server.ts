/** One server as it is seen from outside: what it wrote, was told, and has said. */
import type { AdminRequest, Write } from '../../core/contract.ts';
import type {
  AppendEntries,
  Configuration,
  Entry,
  InstallSnapshot,
  LogIndex,
  NodeId,
  Snapshot,
  Term,
} from '../../core/messages.ts';
import { type Duties, type ElectionTimer, newDuties, newElectionTimer } from './observed-habits.ts';
import { ObservedLog, type PlacedConfiguration } from './observed-log.ts';
import { Reign } from './observed-reign.ts';
import { ObservedSnapshots } from './observed-snapshots.ts';
import { Teachings } from './teachings.ts';

export interface PendingWrite {
  readonly id: number;
  readonly stream: string;
  /** The id of the write that it is ordered after; 0 for none. */
  readonly after: number;
  readonly write: Write;
}

/** A request for a vote, as it looked when it came. */
export interface VoteRequest {
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
  /** The candidate's log was not behind the voter's own. */
  readonly isUpToDate: boolean;
}

/** Attempts of clients that this life was handed, by id. */
export interface Attempt {
  readonly id: string;
  /** "3.1": client 3, first command. */
  readonly command: string;
  readonly readOnly: boolean;
  /** When it was handed over, and what was known to be committed then. */
  readonly askedStep: number;
  readonly askedUs: number;
  readonly commitAtAsk: LogIndex;
  answer: string | null;
  /** Where this life appended the command; 0 for nowhere. */
  index: LogIndex;
  /** The tick of its server in which an entry was applied at that place; 0 for not yet. */
  decidedTick: number;
  /** Ticks without a write under way in which it was neither appended nor answered. */
  idleTicks: number;
}

/** What an operator asked this life for. */
export interface AdminAttempt {
  readonly id: string;
  readonly request: AdminRequest;
  /** How far it had applied the log then. */
  readonly applied: LogIndex;
  answer: string | null;
  /** Where the first entry of a change that it asked for was appended; 0 for nowhere. */
  index: LogIndex;
}

/** So many AppendEntries are remembered for what they say of the commit index. */
const HEARD_MAX = 256;
/** So many terms are remembered whose leaders have been heard. */
const LEADERS_MAX = 4;

export class ObservedServer {
  readonly node: NodeId;
  /** What it was told of the cluster; a spare was told of nobody. */
  readonly bootstrap: Configuration;
  boot = -1;
  isUp = false;

  // The two images; a restart makes them equal.

  readonly issued = new ObservedLog();
  issuedTerm: Term = 0;
  issuedVote: NodeId = 0;
  readonly durable = new ObservedLog();
  durableTerm: Term = 0;
  durableVote: NodeId = 0;
  durableCommit: LogIndex = 0;
  snapshots = new ObservedSnapshots(null);
  issuedSnapshot: Snapshot | null = null;
  durableSnapshot: Snapshot | null = null;
  pending: PendingWrite[] = [];

  // Across lives.

  /** By term: whom it has told that it has its vote. */
  readonly grants = new Map<Term, NodeId>();
  /** By term: the vote that was on its disk. */
  readonly durableVotes = new Map<Term, NodeId>();
  /** Commands that went to its state machine. */
  readonly appliedCommands = new Set<string>();

  // This life.

  /** Milliseconds of this life in which it had a step: many steps at once, as after a pause, are one. */
  ticks = 0;
  tickUs = -1;
  /** A write failed: its memory may hold what was never written. */
  hasLostWrites = false;
  /** The highest term in a message, or written. */
  seenTerm: Term = 0;
  /** The highest term in an answer, or in AppendEntries. */
  deposedBy: Term = 0;
  /** The last one it acted as leader of; 0 for none. */
  reignTerm: Term = 0;
  reign = new Reign({ step: 0, atUs: 0 });
  lastApplied: LogIndex = 0;
  /** Known to be committed: told by leaders, restored, or counted as one. */
  knownCommit: LogIndex = 0;
  /** What it may have committed by counting, as a leader, whether it let that show or not. */
  countedCommit: LogIndex = 0;
  /** The last entry of its log when it last voted for itself, and the configuration then. */
  stoodIndex: LogIndex = 0;
  stoodTerm: Term = 0;
  stoodIn: Configuration;
  /** Those that this life has had in its log, and has no more. */
  formerConfigurations: Configuration[] = [];
  /** By term * 8 + candidate. */
  readonly voteRequests = new Map<number, VoteRequest>();
  /** By term: bit per server whose grant has arrived; of pre-votes apart. */
  readonly votes = new Map<Term, number>();
  readonly preVotes = new Map<Term, number>();
  /** The newest term in which successes arrived, and by server how far they go. */
  successTerm: Term = 0;
  successes: LogIndex[] = [];
  /** Newest last. */
  leaders: Teachings[] = [];
  /** Those that may still tell something about the commit index. */
  heard: AppendEntries[] = [];
  lastHeard: AppendEntries | null = null;
  startedUs = 0;
  /** When a leader of its term was last heard; -1 for never. */
  leaderHeardUs = -1;
  leaderHeardTerm: Term = 0;
  /** The newest term whose leader has asked it to stand; 0: none has. */
  askedToStand: Term = 0;
  /** By index: what it created as the leader of `reignTerm`. */
  readonly created = new Map<LogIndex, Entry>();
  readonly attempts = new Map<string, Attempt>();
  /** What operators asked of this life, by id. */
  readonly adminAttempts = new Map<string, AdminAttempt>();
  isHalted = false;
  timer: ElectionTimer = newElectionTimer();
  duties: Duties = newDuties();

  constructor(node: NodeId, bootstrap: Configuration) {
    this.node = node;
    this.bootstrap = bootstrap;
    this.stoodIn = bootstrap;
  }

  beginLife(boot: number, applied: LogIndex, atUs: number): void {
    this.boot = boot;
    this.isUp = true;
    this.restoreImage();
    this.issuedTerm = this.durableTerm;
    this.issuedVote = this.durableVote;
    this.pending = [];
    this.ticks = 0;
    this.tickUs = -1;
    this.hasLostWrites = false;
    this.seenTerm = this.durableTerm;
    this.deposedBy = 0;
    this.reignTerm = 0;
    this.lastApplied = applied;
    const covered = this.durableSnapshot?.lastIncludedIndex ?? 0;
    this.knownCommit = Math.max(applied, this.durableCommit, covered);
    this.countedCommit = 0;
    this.stoodIndex = this.issued.last;
    this.stoodTerm = this.issued.lastTerm;
    this.stoodIn = this.inForce;
    this.formerConfigurations = [];
    this.snapshots = new ObservedSnapshots(this.durableSnapshot);
    this.voteRequests.clear();
    this.votes.clear();
    this.preVotes.clear();
    this.successTerm = 0;
    this.successes = [];
    this.leaders = [];
    this.heard = [];
    this.lastHeard = null;
    this.startedUs = atUs;
    this.leaderHeardUs = -1;
    this.leaderHeardTerm = 0;
    this.askedToStand = 0;
    this.created.clear();
    this.attempts.clear();
    this.adminAttempts.clear();
    this.isHalted = false;
    this.timer = newElectionTimer();
    this.duties = newDuties();
  }

  /** Its memory of the log begins with what is on its disk: log and snapshot together (§7). */
  restoreImage(): void {
    this.issued.become(this.durable);
    this.issued.beginBehind(this.durableSnapshot);
    this.issuedSnapshot = this.durableSnapshot;
  }

  /** The configuration in force (§6), and where it stands: 0 for the one of the start. */
  get placed(): PlacedConfiguration {
    return this.placedAt(this.issued.last);
  }

  get inForce(): Configuration {
    return this.placed.configuration;
  }

  /** The configuration that is in force where the log ends with `index`. */
  placedAt(index: LogIndex): PlacedConfiguration {
    return this.issued.configurationAt(index) ?? { index: 0, configuration: this.bootstrap };
  }

  /** It stands or leads in the term it is in. */
  get hasOwnVote(): boolean {
    return this.issuedTerm > 0 && this.issuedVote === this.node;
  }

  get isLeading(): boolean {
    return this.reignTerm > 0 && this.reignTerm === this.issuedTerm;
  }

  /** A chunk of a snapshot shows the entry at its end. */
  hearSnapshot({ term, leaderId, lastIncludedIndex, lastIncludedTerm }: InstallSnapshot): void {
    this.teachingsOf(term, leaderId).show(lastIncludedIndex, lastIncludedTerm);
  }

  hear(body: AppendEntries): Teachings {
    const teachings = this.teachingsOf(body.term, body.leaderId);
    teachings.take(body);
    if (!teachings.isCurrent) return teachings;
    this.lastHeard = body;
    const verified = Math.min(body.leaderCommit, body.prevLogIndex + body.entries.length);
    if (verified > this.knownCommit) this.heard.push(body);
    if (this.heard.length > HEARD_MAX) this.heard.shift();
    return teachings;
  }

  private teachingsOf(term: Term, leaderId: NodeId): Teachings {
    let teachings = this.taughtBy(term);
    if (teachings === undefined) {
      teachings = new Teachings(term, leaderId);
      this.leaders.push(teachings);
      this.leaders.sort((a, b) => a.leaderTerm - b.leaderTerm);
      if (this.leaders.length > LEADERS_MAX) this.leaders.shift();
    }
    teachings.isCurrent = term >= this.issuedTerm;
    return teachings;
  }

  taughtBy(leaderTerm: Term): Teachings | undefined {
    return this.leaders.find((one) => one.leaderTerm === leaderTerm);
  }
}
