/** What one server knows of snapshots (§7), as plain data. Part of RaftState. */
import type {
  Configuration,
  InstallSnapshotResponse,
  LogIndex,
  NodeId,
  Snapshot,
  Term,
} from './messages.ts';

export interface SnapshotState {
  /** The newest that is safe: what followers get, and what the log may begin behind. Only rises. */
  durable: Snapshot | null;
  /** Handed to storage and not safe yet, oldest first; each reaches further than those before. */
  readonly pendingWrites: PendingSnapshotWrite[];
  /** Asked of the host, which has not delivered yet: one at a time. */
  taking: SnapshotLabel | null;
  /** Operators that wait for a snapshot through `index`, in the order of asking. */
  readonly requests: SnapshotRequest[];
  /** Chunks of a leader's snapshot, as far as they have come. */
  incoming: IncomingSnapshot | null;
  /** Whom to tell when a leader's snapshot, which is being written, is safe. */
  installer: Installer | null;
  /** By node: what a leader is sending in chunks, null for nothing. Set anew by an election. */
  readonly transfers: (SnapshotTransfer | null)[];
}

export interface PendingSnapshotWrite {
  readonly id: number;
  readonly snapshot: Snapshot;
}

/** What a snapshot covers, known when it is asked for: the log may have lost it when it comes. */
export interface SnapshotLabel {
  readonly lastIncludedIndex: LogIndex;
  readonly lastIncludedTerm: Term;
  readonly configuration: Configuration;
}

export interface SnapshotRequest {
  readonly id: string;
  readonly index: LogIndex;
}

/** Chunks are of one snapshot of one leader, which `term` names. */
export interface IncomingSnapshot extends SnapshotLabel {
  readonly term: Term;
  /** From the beginning, without gaps. */
  readonly data: string;
}

export interface Installer {
  readonly leaderId: NodeId;
  /** Says `done`, which is not true yet; of no use in another term. */
  readonly answer: InstallSnapshotResponse;
}

export interface SnapshotTransfer {
  readonly snapshot: Snapshot;
  /** The follower has all before; the chunk from here on is in flight. */
  readonly offset: number;
}

/** `size`: places by node. */
export function createSnapshotState(durable: Snapshot | null, size: number): SnapshotState {
  return {
    durable,
    pendingWrites: [],
    taking: null,
    requests: [],
    incoming: null,
    installer: null,
    transfers: new Array<SnapshotTransfer | null>(size).fill(null),
  };
}

/** Shares what never changes: snapshots, labels, transfers. */
export function cloneSnapshotState(state: SnapshotState): SnapshotState {
  return {
    durable: state.durable,
    pendingWrites: state.pendingWrites.slice(),
    taking: state.taking,
    requests: state.requests.slice(),
    incoming: state.incoming,
    installer: state.installer,
    transfers: state.transfers.slice(),
  };
}

/** Through where the newest snapshot reaches that is safe or being written; 0 for none. */
export function newestSnapshotIndex({ pendingWrites, durable }: SnapshotState): LogIndex {
  const newest = pendingWrites[pendingWrites.length - 1];
  if (newest !== undefined) return newest.snapshot.lastIncludedIndex;
  return durable === null ? 0 : durable.lastIncludedIndex;
}
