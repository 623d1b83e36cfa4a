/**
 * Everything that one server knows: Figure 2, and what explicit durability adds to it. Plain data,
 * so that a state can be cloned, hashed and compared. Arrays "by node" are indexed by node id and
 * have unused places at 0 and at ids that are not members.
 */
import { assert } from './assert.ts';
import type { ServerConfig, StartEvent } from './contract.ts';
import { LogStore } from './log-store.ts';
import type { LogIndex, Message, NodeId, Term } from './messages.ts';

/** "None" where a server is named. */
export const nobody: NodeId = 0;

export type Role = 'follower' | 'candidate' | 'leader';

export interface RaftState {
  /** Fixed for a life. */
  readonly self: NodeId;
  /** Fixed for a life, ascending. */
  readonly members: readonly NodeId[];
  /** The members but self: nobody sends to itself or counts itself twice. */
  readonly peers: readonly NodeId[];
  readonly config: ServerConfig;

  // Persistent state on all servers.

  /** Only rises. Persisted; changed by a higher term in a message, and by standing for election. */
  currentTerm: Term;
  /** The vote of currentTerm: set once per term, cleared with a new term. Persisted. */
  votedFor: NodeId;
  /** Persisted. A leader only appends; a follower truncates from a conflict on (§5.3). */
  readonly log: LogStore;

  // Volatile state on all servers.

  /** A restart makes a follower of everybody: leading again needs a new election. */
  role: Role;
  /** The leader of currentTerm, nobody while unknown; a hint for clients. */
  leaderId: NodeId;
  /** Only rises within a life, 0 at start: learnt from a leader, or as one by counting. */
  commitIndex: LogIndex;
  /** Only rises within a life, 0 at start: the host's state machine starts empty. */
  lastApplied: LogIndex;

  // Volatile state on candidates.

  /** By node: granted (true), refused (false), no answer (null). Cleared by standing. */
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

  // Clients of a leader; empty on others.

  /** Accepted and not applied yet, in the order of their indexes. */
  readonly pendingRequests: PendingRequest[];

  // Durability.

  /** The newest write. Ids rise within a life. */
  lastWriteId: number;
  /** (currentTerm, votedFor) as last handed to storage, durable or not. */
  writtenTerm: Term;
  writtenVotedFor: NodeId;
  /** The newest write of the hard state, 0 for none in this life. */
  hardStateWriteId: number;
  /** Is the newest write of the hard state safe? */
  isHardStateDurable: boolean;
  /** Log writes that are not safe yet, oldest first. */
  readonly pendingLogWrites: PendingLogWrite[];
  /** The log is safe through here. Rises with completed writes, falls with a truncation. */
  durableIndex: LogIndex;
  /** Messages that promise something which is not safe yet. Emptied when the term changes. */
  readonly waiting: WaitingMessage[];
}

export interface PendingRequest {
  readonly index: LogIndex;
  readonly term: Term;
  readonly id: string;
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
  const { self, members, config, image } = event;
  assert(image === null || image.firstIndex === 1, 'the image starts at index 1');
  const log = new LogStore(image === null ? [] : image.entries);
  const currentTerm = image === null ? 0 : image.currentTerm;
  const votedFor = image === null ? nobody : image.votedFor;
  assert(log.lastTerm <= currentTerm, 'no entry is newer than the term', log.lastTerm, currentTerm);
  const size = members.reduce((largest, id) => Math.max(largest, id), self) + 1;
  return {
    self,
    members,
    peers: members.filter((id) => id !== self),
    config,
    currentTerm,
    votedFor,
    log,
    role: 'follower',
    leaderId: nobody,
    // Figure 2: not persisted. A server that took its whole log for committed after a restart
    // would apply entries that the next leader replaces.
    commitIndex: 0,
    lastApplied: 0,
    votes: new Array<boolean | null>(size).fill(null),
    nextIndex: new Array<number>(size).fill(1),
    matchIndex: new Array<number>(size).fill(0),
    inflight: new Array<number>(size).fill(0),
    isProbing: new Array<boolean>(size).fill(true),
    stalledHeartbeats: new Array<number>(size).fill(0),
    pendingRequests: [],
    lastWriteId: 0,
    writtenTerm: currentTerm,
    writtenVotedFor: votedFor,
    hardStateWriteId: 0,
    isHardStateDurable: true,
    pendingLogWrites: [],
    durableIndex: log.lastIndex,
    waiting: [],
  };
}

/** A copy that can go its own way; entries, bodies and members are shared, as they never change. */
export function cloneRaftState(state: RaftState): RaftState {
  return {
    self: state.self,
    members: state.members,
    peers: state.peers,
    config: state.config,
    currentTerm: state.currentTerm,
    votedFor: state.votedFor,
    log: state.log.clone(),
    role: state.role,
    leaderId: state.leaderId,
    commitIndex: state.commitIndex,
    lastApplied: state.lastApplied,
    votes: state.votes.slice(),
    nextIndex: state.nextIndex.slice(),
    matchIndex: state.matchIndex.slice(),
    inflight: state.inflight.slice(),
    isProbing: state.isProbing.slice(),
    stalledHeartbeats: state.stalledHeartbeats.slice(),
    pendingRequests: state.pendingRequests.slice(),
    lastWriteId: state.lastWriteId,
    writtenTerm: state.writtenTerm,
    writtenVotedFor: state.writtenVotedFor,
    hardStateWriteId: state.hardStateWriteId,
    isHardStateDurable: state.isHardStateDurable,
    pendingLogWrites: state.pendingLogWrites.map((write) => ({
      id: write.id,
      lastIndex: write.lastIndex,
    })),
    durableIndex: state.durableIndex,
    waiting: state.waiting.slice(),
  };
}
