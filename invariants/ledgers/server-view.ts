/**
 * One server as the world saw it: what it has written, what of that is durable, and what it is
 * bound to by what it has sent. Everything under "this life" starts anew with every boot.
 */
import type { LogIndex, NodeId, Term } from '../../core/messages.ts';
import type { EraId } from './eras.ts';
import { LogImage } from './log-image.ts';
import type { LogId, LogLedger } from './log-ledger.ts';
import { PendingWrites } from './pending-writes.ts';

export interface ServerView {
  readonly node: NodeId;
  /** -1 before the first life. */
  boot: number;
  isUp: boolean;
  isPaused: boolean;
  /** Gone for good; what its disk held may have saved a commit, and still counts. */
  isWiped: boolean;
  /** It stopped itself; its reason, else null. Cleared by a restart. */
  haltReason: string | null;

  // The two images: as issued (durable or not), and as durable. A restart makes them equal.

  readonly issued: LogImage;
  issuedTerm: Term;
  issuedVote: NodeId;
  readonly durable: LogImage;
  durableTerm: Term;
  durableVote: NodeId;
  /** The commit index on disk; 0 where it is not persisted. */
  durableCommit: LogIndex;
  /** The log that the newest snapshot stands for, as issued and as durable; 0 for none. */
  issuedSnapshot: LogId;
  durableSnapshot: LogId;
  readonly pending: PendingWrites;

  // Across lives.

  /** The highest term it has promised something in: a vote, a success, a reign. Only rises. */
  promisedTerm: Term;
  /** The highest index that it has applied in any life. Only rises. */
  appliedMax: LogIndex;

  // This life.

  /** Highest term issued, or seen in a message. Only rises. */
  seenTerm: Term;
  /** The newest term it has acted as leader of; 0 for none. Only rises. */
  reignTerm: Term;
  /** The newest term in which a vote for it has arrived, and a bit per server that gave it. */
  votesTerm: Term;
  votesReceived: number;
  /** Newest term whose leader has asked it to stand; 0 for none. Only rises. */
  askedToStand: Term;
  /** The message that asked it to stand last; 0 for none. */
  askedBy: number;
  /** Newest term whose leader it has got an AppendEntries of. Only rises. */
  heardTerm: Term;
  /** What its state machine held at start, and what was handed to it since. Only rises. */
  lastApplied: LogIndex;
  /** What it has claimed to be committed, as a leader. Only rises. */
  claimed: LogIndex;
  /**
   * What leaders of current terms have told it to be committed (Figure 2); at first what its disk
   * and its state machine know from earlier lives. Only rises.
   */
  toldCommitted: LogIndex;
  /** The newest index that a chunk of a snapshot has brought in this life. Only rises. */
  offeredSnapshot: LogIndex;
  /** The newest index that a snapshot of its own state machine was taken at in this life. */
  takenSnapshot: LogIndex;
  /** The term of the leader of whose snapshot it has got some chunks, and not the last; else 0. */
  gatheringTerm: Term;
  /** Messages with smaller ids were sent before this life. */
  firstMessageId: number;
  /** Claimed in the running step, and not judged yet; 0 for nothing. */
  claiming: LogIndex;
  /** When its last reign ended, its log as far as there were copies enough, and those copies. */
  reignLog: LogId;
  reignCopies: number;
  /** The era that its log had come to then. */
  reignEra: EraId;
  /**
   * The log as it was when a write failed. The server may go on with it in memory until it has
   * written it again. 0 for nothing.
   */
  unwritten: LogId;
  /** The term in which it led without links to a majority, the last time; 0 for none. */
  cutOffTerm: Term;
}

export function newServerView(node: NodeId): ServerView {
  return {
    node,
    boot: -1,
    isUp: false,
    isPaused: false,
    isWiped: false,
    haltReason: null,
    issued: new LogImage(),
    issuedTerm: 0,
    issuedVote: 0,
    durable: new LogImage(),
    durableTerm: 0,
    durableVote: 0,
    durableCommit: 0,
    issuedSnapshot: 0,
    durableSnapshot: 0,
    pending: new PendingWrites(),
    promisedTerm: 0,
    appliedMax: 0,
    seenTerm: 0,
    reignTerm: 0,
    votesTerm: 0,
    votesReceived: 0,
    askedToStand: 0,
    askedBy: 0,
    heardTerm: 0,
    lastApplied: 0,
    claimed: 0,
    toldCommitted: 0,
    offeredSnapshot: 0,
    takenSnapshot: 0,
    gatheringTerm: 0,
    firstMessageId: 0,
    claiming: 0,
    reignLog: 0,
    reignCopies: 0,
    reignEra: 0,
    unwritten: 0,
    cutOffTerm: 0,
  };
}

/** Forgets what dies with the memory; the state machine holds the log through `applied`. */
export function beginLife(
  log: LogLedger,
  server: ServerView,
  boot: number,
  firstMessageId: number,
  applied: LogIndex,
): void {
  server.boot = boot;
  server.isUp = true;
  server.isPaused = false;
  server.haltReason = null;
  server.issuedTerm = server.durableTerm;
  server.issuedVote = server.durableVote;
  server.issued.copy(log, server.durable);
  server.issuedSnapshot = server.durableSnapshot;
  server.seenTerm = server.durableTerm;
  server.reignTerm = 0;
  server.votesTerm = 0;
  server.votesReceived = 0;
  server.askedToStand = 0;
  server.askedBy = 0;
  server.heardTerm = 0;
  server.lastApplied = applied;
  server.claimed = 0;
  const inSnapshot = log.indexOf(server.durableSnapshot);
  server.toldCommitted = Math.max(applied, server.durableCommit, inSnapshot);
  server.offeredSnapshot = 0;
  server.takenSnapshot = 0;
  server.gatheringTerm = 0;
  server.firstMessageId = firstMessageId;
  server.claiming = 0;
  server.reignLog = 0;
  server.reignCopies = 0;
  server.reignEra = 0;
  server.unwritten = 0;
  server.cutOffTerm = 0;
}

/** Does it lead, going by what it did: has it acted as leader, and taken up no later term? */
export function reigns(server: ServerView): boolean {
  return server.reignTerm !== 0 && server.reignTerm >= server.issuedTerm;
}

/** The log through `index` that it may have in memory, written or not; -1 when it has none there. */
export function heldAt(log: LogLedger, server: ServerView, index: LogIndex): LogId {
  const { issued, unwritten } = server;
  if (unwritten === 0 || index > log.indexOf(unwritten)) return issued.at(index);
  return log.ancestorAt(unwritten, index);
}

/** The last index that it may have in memory. */
export function heldLast(log: LogLedger, server: ServerView): LogIndex {
  return Math.max(server.issued.last, log.indexOf(server.unwritten));
}
