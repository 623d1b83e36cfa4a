/** One server as it is seen from outside: what it wrote, was told, and has said. */
import type { Write } from '../../core/contract.ts';
import type { AppendEntries, Entry, LogIndex, NodeId, Term } from '../../core/messages.ts';
import { ObservedLog } from './observed-log.ts';
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
  answer: string | null;
  /** Where this life appended the command; 0 for nowhere. */
  index: LogIndex;
  /** The tick of its server in which an entry was applied at that place; 0 for not yet. */
  decidedTick: number;
  /** Ticks without a write under way in which it was neither appended nor answered. */
  idleTicks: number;
}

/** The timer named election, where a server has one. */
export interface ElectionTimer {
  isKnown: boolean;
  isRunning: boolean;
  /** Since it was last set: when a leader was heard or a vote given, -1 for not; and what it was. */
  heardUs: number;
  /** A vote was given, and not told yet, without the timer being set with it. */
  hasVoted: boolean;
  heard: string;
  /** The last timeout without a choice, and how often it came in a row. */
  fixedMs: number;
  fixedCount: number;
}

/** What a server has failed to do, so many times in a row. */
export interface Duties {
  refusals: number;
  votesRefused: number;
  commitsDue: number;
  commitsDueStep: number;
  tailWaits: number;
  /** What AppendEntries that it has accepted said of the commit index, or it has told as a leader. */
  toldCommit: LogIndex;
  applyWaits: number;
  appliedBefore: LogIndex;
  partSuccesses: number;
  /** By follower: how often, and how far its log was known to agree the last time. */
  readonly rounds: number[];
  readonly matches: number[];
  /** By follower: a success has come since the last AppendEntries. */
  readonly answered: boolean[];
}

/** So many AppendEntries are remembered for what they say of the commit index. */
const HEARD_MAX = 256;
/** So many terms are remembered whose leaders have been heard. */
const LEADERS_MAX = 4;

export class ObservedServer {
  readonly node: NodeId;
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
  lastApplied: LogIndex = 0;
  /** Known to be committed: told by leaders, restored, or counted as one. */
  knownCommit: LogIndex = 0;
  /** What it may have committed by counting, as a leader, whether it let that show or not. */
  countedCommit: LogIndex = 0;
  /** The last entry of its log when it last voted for itself. */
  stoodIndex: LogIndex = 0;
  stoodTerm: Term = 0;
  /** By term * 8 + candidate. */
  readonly voteRequests = new Map<number, VoteRequest>();
  /** By term: bit per server whose grant has arrived. */
  readonly votes = new Map<Term, number>();
  /** The newest term in which successes arrived, and by server how far they go. */
  successTerm: Term = 0;
  successes: LogIndex[] = [];
  /** Newest last. */
  leaders: Teachings[] = [];
  /** Those that may still tell something about the commit index. */
  heard: AppendEntries[] = [];
  lastHeard: AppendEntries | null = null;
  /** By index: what it created as the leader of `reignTerm`. */
  readonly created = new Map<LogIndex, Entry>();
  readonly attempts = new Map<string, Attempt>();
  isHalted = false;
  timer: ElectionTimer = newElectionTimer();
  duties: Duties = newDuties();

  constructor(node: NodeId) {
    this.node = node;
  }

  beginLife(boot: number, applied: LogIndex): void {
    this.boot = boot;
    this.isUp = true;
    this.issued.become(this.durable);
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
    this.knownCommit = Math.max(applied, this.durableCommit);
    this.countedCommit = 0;
    this.stoodIndex = this.issued.last;
    this.stoodTerm = this.issued.lastTerm;
    this.voteRequests.clear();
    this.votes.clear();
    this.successTerm = 0;
    this.successes = [];
    this.leaders = [];
    this.heard = [];
    this.lastHeard = null;
    this.created.clear();
    this.attempts.clear();
    this.isHalted = false;
    this.timer = newElectionTimer();
    this.duties = newDuties();
  }

  /** It stands or leads in the term it is in. */
  get hasOwnVote(): boolean {
    return this.issuedTerm > 0 && this.issuedVote === this.node;
  }

  get isLeading(): boolean {
    return this.reignTerm > 0 && this.reignTerm === this.issuedTerm;
  }

  hear(body: AppendEntries): Teachings {
    let teachings = this.taughtBy(body.term);
    if (teachings === undefined) {
      teachings = new Teachings(body.term, body.leaderId);
      this.leaders.push(teachings);
      this.leaders.sort((a, b) => a.leaderTerm - b.leaderTerm);
      if (this.leaders.length > LEADERS_MAX) this.leaders.shift();
    }
    teachings.isCurrent = body.term >= this.issuedTerm;
    teachings.take(body);
    if (!teachings.isCurrent) return teachings;
    this.lastHeard = body;
    const verified = Math.min(body.leaderCommit, body.prevLogIndex + body.entries.length);
    if (verified > this.knownCommit) this.heard.push(body);
    if (this.heard.length > HEARD_MAX) this.heard.shift();
    return teachings;
  }

  taughtBy(leaderTerm: Term): Teachings | undefined {
    return this.leaders.find((one) => one.leaderTerm === leaderTerm);
  }
}

function newElectionTimer(): ElectionTimer {
  return {
    isKnown: false,
    isRunning: false,
    heardUs: -1,
    hasVoted: false,
    heard: '',
    fixedMs: 0,
    fixedCount: 0,
  };
}

function newDuties(): Duties {
  return {
    refusals: 0,
    votesRefused: 0,
    commitsDue: 0,
    commitsDueStep: 0,
    tailWaits: 0,
    toldCommit: 0,
    applyWaits: 0,
    appliedBefore: 0,
    partSuccesses: 0,
    rounds: [],
    matches: [],
    answered: [],
  };
}
