/**
 * One server as the world saw it: what it has written, what of that is durable, and what it is
 * bound to by what it has sent. Everything under "this life" starts anew with every boot.
 */
import type { LogIndex, NodeId, Term } from '../../core/messages.ts';
import { LogImage } from './log-image.ts';
import { PendingWrites } from './pending-writes.ts';

export interface ServerView {
  readonly node: NodeId;
  /** -1 before the first life. */
  boot: number;
  isUp: boolean;
  isPaused: boolean;
  /** It stopped itself; its reason, else null. Cleared by a restart. */
  haltReason: string | null;

  // The two images: as issued (durable or not), and as durable. A restart makes them equal.

  readonly issued: LogImage;
  issuedTerm: Term;
  issuedVote: NodeId;
  readonly durable: LogImage;
  durableTerm: Term;
  durableVote: NodeId;
  readonly pending: PendingWrites;

  // Across lives.

  /** The highest term it has promised something in: a vote, a success, a reign. Only rises. */
  promisedTerm: Term;

  // This life.

  /** Highest term issued, or seen in a message. Only rises. */
  seenTerm: Term;
  /** The newest term it has acted as leader of; 0 for none. Only rises. */
  reignTerm: Term;
  /** The newest term in which a vote for it has arrived, and a bit per server that gave it. */
  votesTerm: Term;
  votesReceived: number;
  /** Newest term whose leader it has got an AppendEntries of. Only rises. */
  heardTerm: Term;
  /** Entries that were handed to the state machine, in order. Only rises. */
  lastApplied: LogIndex;
  /** What it has claimed to be committed, as a leader. Only rises. */
  claimed: LogIndex;
  /** What leaders of current terms have told it to be committed (Figure 2). Only rises. */
  toldCommitted: LogIndex;
  /** Messages with smaller ids were sent before this life. */
  firstMessageId: number;
  /** Claimed in the running step, and not judged yet; 0 for nothing. */
  claiming: LogIndex;
}

export function newServerView(node: NodeId): ServerView {
  return {
    node,
    boot: -1,
    isUp: false,
    isPaused: false,
    haltReason: null,
    issued: new LogImage(),
    issuedTerm: 0,
    issuedVote: 0,
    durable: new LogImage(),
    durableTerm: 0,
    durableVote: 0,
    pending: new PendingWrites(),
    promisedTerm: 0,
    seenTerm: 0,
    reignTerm: 0,
    votesTerm: 0,
    votesReceived: 0,
    heardTerm: 0,
    lastApplied: 0,
    claimed: 0,
    toldCommitted: 0,
    firstMessageId: 0,
    claiming: 0,
  };
}

/** Forgets what dies with the memory. */
export function beginLife(server: ServerView, boot: number, firstMessageId: number): void {
  server.boot = boot;
  server.isUp = true;
  server.isPaused = false;
  server.haltReason = null;
  server.issuedTerm = server.durableTerm;
  server.issuedVote = server.durableVote;
  server.seenTerm = server.durableTerm;
  server.reignTerm = 0;
  server.votesTerm = 0;
  server.votesReceived = 0;
  server.heardTerm = 0;
  server.lastApplied = 0;
  server.claimed = 0;
  server.toldCommitted = 0;
  server.firstMessageId = firstMessageId;
  server.claiming = 0;
}

/** Does it lead, going by what it did: has it acted as leader, and taken up no later term? */
export function reigns(server: ServerView): boolean {
  return server.reignTerm !== 0 && server.reignTerm >= server.issuedTerm;
}
