/**
 * Everything that one server knows: Figure 2, and what explicit durability adds to it. Plain data,
 * so that a state can be cloned, hashed and compared. Arrays "by node" are indexed by node id and
 * have unused places at 0 and at ids that take no part; they grow with the configuration.
 */
import { assert } from './assert.ts';
import { bootstrapConfiguration, configurationAt, serversOf } from './configuration.ts';
import type { ClientRequest, ServerConfig, StartEvent } from './contract.ts';
import { leaseLengthMs } from './lease.ts';
import { LogStore } from './log-store.ts';
import type { Configuration, LogIndex, Message, NodeId, Term } from './messages.ts';
import { recoveredLog } from './recovered-log.ts';
import { cloneRounds, createRounds, type Rounds } from './rounds.ts';
import { cloneSnapshotState, createSnapshotState, type SnapshotState } from './snapshot-state.ts';
import {
  cloneTransfer,
  type MembershipChange,
  type PendingRequest,
  type Transfer,
  type WaitingRead,
} from './waiting.ts';

/** "None" where a server is named. */
export const nobody: NodeId = 0;

/** A preCandidate asks whether it could win (thesis §9.6), and else does what a follower does. */
export type Role = 'follower' | 'preCandidate' | 'candidate' | 'leader';

export interface RaftState {
  /** Fixed for a life. */
  readonly self: NodeId;
  /** Fixed for a life: in force where neither log nor snapshot holds a configuration. */
  readonly bootstrap: Configuration;
  /** Fixed for a life: what was applied survives a crash. */
  readonly isStateMachineDurable: boolean;
  readonly config: ServerConfig;
  /** Fixed for a life: leaders number their rounds of contact, for check-quorum and reads. */
  readonly countsRounds: boolean;
  /** Fixed for a life: check-quorum; a lease rests on it, and brings it along. */
  readonly protectsLeaders: boolean;
  /** Fixed for a life: how long a lease holds, local ms; 0 without leases. */
  readonly leaseMs: number;

  // Of the event that is being handled.

  /** Local monotonic ms: durations are differences of it, never counts of events or timers. */
  now: number;
  /** May jump, ms: only ever a value to be logged. */
  wallClock: number;

  // Persistent state on all servers.

  /** Only rises. Persisted; changed by a higher term in a message, and by standing for election. */
  currentTerm: Term;
  /** The vote of currentTerm: set once per term, cleared with a new term. Persisted. */
  votedFor: NodeId;
  /** Persisted. A leader only appends; a follower truncates from a conflict on (§5.3). */
  readonly log: LogStore;

  // Volatile state on all servers.

  /**
   * In force: the newest in the log, committed or not, else the snapshot's, else that of bootstrap
   * (§6). Changed with the log: by an append, a truncation, an installed snapshot.
   */
  configuration: Configuration;
  /** Where it stands in the log, or where the snapshot ends that holds it; 0 for bootstrap. */
  configurationIndex: LogIndex;
  /** The servers of the configuration, and whom a leader sends to besides; ascending, without self. */
  peers: readonly NodeId[];
  /** A restart makes a follower of everybody: leading again needs a new election. */
  role: Role;
  /** The leader of currentTerm, nobody while unknown; a hint for clients. */
  leaderId: NodeId;
  /**
   * A leader has been heard so lately that nobody else gets a vote before this time, local ms (thesis
   * §4.2.3). Set by each message of a leader; outlives a change of the term.
   */
  protectsLeaderUntilMs: number;
  /** Only rises within a life: learnt from a leader, or as one by counting. */
  commitIndex: LogIndex;
  /** Only rises within a life, from what the host's state machine holds at start. */
  lastApplied: LogIndex;
  /** More is to be applied than one step may; the apply timer brings the next batch. */
  isApplyTimerSet: boolean;

  // Volatile state on candidates.

  /**
   * By node: granted (true), refused (false), no answer (null). Cleared by standing, and by asking
   * for pre-votes, of which only grants are noted.
   */
  readonly votes: (boolean | null)[];

  // Volatile state on leaders, by node, set anew by an election. A leader sends nothing to itself:
  // the places of self are not used, but for matchIndex, see commit.ts.

  /** The next entry to send. Rises with what is sent, falls at a refusal or a loss. */
  readonly nextIndex: LogIndex[];
  /** Known to agree and to be durable there. Only rises within a reign. */
  readonly matchIndex: LogIndex[];
  /** AppendEntries with entries that are not answered yet: 1 while probing, else <= inflightMax. */
  readonly inflight: number[];
  /** Not known where the logs agree: nextIndex is a guess, and one message at a time tests it. */
  readonly isProbing: boolean[];
  /** Heartbeats since matchIndex last rose, while something was in flight. */
  readonly stalledHeartbeats: number[];
  /** Of contact with the others; counted only if countsRounds. */
  readonly rounds: Rounds;
  /** Where the first entry of the reign stands: what commits from there on commits all before (§8). */
  reignIndex: LogIndex;
  /** The reign has been offered to another server: no lease holds until the next reign. */
  isLeaseGivenUp: boolean;

  // Membership, on leaders; empty on others.

  /** What an operator has asked for, until it is answered: one at a time. */
  membershipChange: MembershipChange | null;
  /** Voters that C_new leaves out, for as long as they may not know: they get it with its commit. */
  leaving: readonly NodeId[];
  /** Local ms; then who has not heard of C_new is given up. 0 until C_new is committed. */
  leavingUntilMs: number;

  // Clients of a leader; empty on others.

  /** Accepted, and no entries yet: they wait for the write of those before them (groupCommit). */
  readonly queuedRequests: ClientRequest[];
  /** Entries by now, and not applied yet, in the order of their indexes. */
  readonly pendingRequests: PendingRequest[];
  /** Read-only requests that need no entry, in the order of their coming. */
  readonly waitingReads: WaitingRead[];
  /** What an operator has asked for, while it is under way. */
  transfer: Transfer | null;

  // Durability.

  /** The newest write. Ids rise within a life. */
  lastWriteId: number;
  /** (currentTerm, votedFor) as last handed to storage, durable or not. */
  writtenTerm: Term;
  writtenVotedFor: NodeId;
  /** The newest write with another term or vote, 0 for none in this life. */
  hardStateWriteId: number;
  /** Is that write safe? */
  isHardStateDurable: boolean;
  /** commitIndex as last handed to storage; 0 where it is not persisted. Only rises. */
  writtenCommitIndex: LogIndex;
  /** The write that brings nothing but a commit index, while it is not safe; else 0. */
  commitWriteId: number;
  /** Log writes that are not safe yet, oldest first. */
  readonly pendingLogWrites: PendingLogWrite[];
  /**
   * The log is safe through here, or a snapshot that covers it. Rises with completed writes, falls
   * with a truncation.
   */
  durableIndex: LogIndex;
  /** Messages that promise something which is not safe yet. Emptied when the term changes. */
  readonly waiting: WaitingMessage[];

  /** Taken, written, installed and sent (§7). */
  readonly snapshots: SnapshotState;
}

export interface PendingLogWrite {
  readonly id: number;
  /** The log is safe through here once the write is. Falls with a later truncation. */
  lastIndex: LogIndex;
}

/** Leaves when the hard state is safe and the log is safe through `durableIndex`. */
export interface WaitingMessage {
  readonly to: NodeId;
  readonly body: Message;
  readonly durableIndex: LogIndex;
}

/** A server at the beginning of a life: what its disk holds, and nothing else. */
export function createRaftState(event: StartEvent): RaftState {
  const { self, members, boot, config, image, applied } = event;
  const log = image === null ? new LogStore([]) : recoveredLog(image);
  const snapshot = image === null ? null : image.snapshot;
  const currentTerm = image === null ? 0 : image.currentTerm;
  const votedFor = image === null ? nobody : image.votedFor;
  assert(log.lastTerm <= currentTerm, 'no entry is newer than the term', log.lastTerm, currentTerm);
  const lastApplied = applied === null ? 0 : applied;
  const commitIndex = Math.max(lastApplied, image === null ? 0 : image.commitIndex);
  assert(commitIndex <= log.lastIndex, 'the log holds what is committed', commitIndex);
  const isLease = config.reads === 'lease';
  const bootstrap = bootstrapConfiguration(members);
  const inForce = configurationAt(log, log.lastIndex, snapshot, bootstrap);
  const { configuration } = inForce;
  const peers = peersOf(configuration, self);
  const size = peers.reduce((largest, id) => Math.max(largest, id), self) + 1;
  return {
    self,
    bootstrap,
    isStateMachineDurable: applied !== null,
    countsRounds: config.checkQuorum || config.reads !== 'log',
    protectsLeaders: config.checkQuorum || isLease,
    leaseMs: isLease ? leaseLengthMs(config.electionMsMin, config.clockDriftPpm) : 0,
    config,
    currentTerm,
    now: event.now,
    wallClock: event.wallClock,
    votedFor,
    log,
    configuration,
    configurationIndex: inForce.index,
    peers,
    role: 'follower',
    leaderId: nobody,
    // An earlier life may have confirmed a lease: it is not known any more, but it has an end.
    protectsLeaderUntilMs: isLease && boot > 0 ? event.now + config.electionMsMax : event.now,
    // What the disk or the state machine knows to be committed, mostly nothing (Figure 2). A server
    // that took its whole log for committed would apply entries that the next leader replaces.
    commitIndex,
    // Not the commit index: the entries between are committed, and no state machine holds them.
    lastApplied,
    isApplyTimerSet: false,
    votes: new Array<boolean | null>(size).fill(null),
    nextIndex: new Array<number>(size).fill(1),
    matchIndex: new Array<number>(size).fill(0),
    inflight: new Array<number>(size).fill(0),
    isProbing: new Array<boolean>(size).fill(true),
    stalledHeartbeats: new Array<number>(size).fill(0),
    rounds: createRounds(size),
    reignIndex: 0,
    isLeaseGivenUp: false,
    membershipChange: null,
    leaving: [],
    leavingUntilMs: 0,
    queuedRequests: [],
    pendingRequests: [],
    waitingReads: [],
    transfer: null,
    lastWriteId: 0,
    writtenTerm: currentTerm,
    writtenVotedFor: votedFor,
    hardStateWriteId: 0,
    isHardStateDurable: true,
    writtenCommitIndex: image === null ? 0 : image.commitIndex,
    commitWriteId: 0,
    pendingLogWrites: [],
    durableIndex: log.lastIndex,
    waiting: [],
    snapshots: createSnapshotState(snapshot, size),
  };
}

/** Nobody sends to itself or counts itself twice. */
export function peersOf(configuration: Configuration, self: NodeId): readonly NodeId[] {
  return serversOf(configuration).filter((server) => server !== self);
}

/** A copy that can go its own way; entries, bodies and configurations are shared: they never change. */
export function cloneRaftState(state: RaftState): RaftState {
  return {
    ...state,
    log: state.log.clone(),
    votes: state.votes.slice(),
    nextIndex: state.nextIndex.slice(),
    matchIndex: state.matchIndex.slice(),
    inflight: state.inflight.slice(),
    isProbing: state.isProbing.slice(),
    stalledHeartbeats: state.stalledHeartbeats.slice(),
    rounds: cloneRounds(state.rounds),
    queuedRequests: state.queuedRequests.slice(),
    pendingRequests: state.pendingRequests.slice(),
    waitingReads: state.waitingReads.slice(),
    transfer: cloneTransfer(state.transfer),
    pendingLogWrites: state.pendingLogWrites.map((write) => ({ ...write })),
    waiting: state.waiting.slice(),
    snapshots: cloneSnapshotState(state.snapshots),
  };
}
