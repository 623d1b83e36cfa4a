/**
 * What servers say to each other: the RPCs of Figures 2 and 13 as one-way messages, with the
 * paper's field names, and the entries they carry. Optional fields belong to options that are off.
 */
/** Servers are numbered from 1, as S1 … S5 in the paper; 0 stands for "none". */
export type NodeId = number;
/** Terms count from 1; 0 is before the first election. */
export type Term = number;
/** Log indexes count from 1; 0 is the place before the log. */
export type LogIndex = number;

/** (clientId, seq) names a command; `op` is opaque to Raft, for example "put x3 1017", "get x3". */
export interface Command {
  readonly clientId: number;
  readonly seq: number;
  readonly op: string;
  /** The session that it belongs to, as its registration was answered (thesis §6.3); else absent. */
  readonly session?: number;
  /**
   * The client has the answers to all commands of the session below this seq, and will not ask for
   * them again; absent: it has one command at a time.
   */
  readonly answeredBelow?: number;
}

/**
 * Who takes part (§6). Votes and copies are counted among voters: while joint, a majority of
 * `voters` (C_old) and a majority of `newVoters` (C_new) are both needed. Immutable.
 */
export interface Configuration {
  /** Ascending; empty only at a server that knows of no cluster yet. */
  readonly voters: readonly NodeId[];
  /** While joint: C_new, ascending; else null. */
  readonly newVoters: readonly NodeId[] | null;
  /**
   * Get the log like voters and do not count (thesis §4.2.1). Ascending, none of them a voter; while
   * joint, none of C_new: one of C_old may be about to become a learner.
   */
  readonly learners: readonly NodeId[];
}

/** An entry is immutable and may be shared; its index is its place in the log. */
export interface Entry {
  readonly term: Term;
  /** null is a no-op: the first entry of a reign (§8). */
  readonly command: Command | null;
  /** In force as soon as it is in the log (§6). Its command is null. */
  readonly configuration?: Configuration;
  /** The leader's wall clock when it made the entry, ms, where the configuration logs time. */
  readonly wallClock?: number;
}

/** All that the log through lastIncludedIndex amounts to (§7). Immutable. */
export interface Snapshot {
  readonly lastIncludedIndex: LogIndex;
  readonly lastIncludedTerm: Term;
  /** In force at lastIncludedIndex. */
  readonly configuration: Configuration;
  /** The state machine, sessions included: opaque to Raft. */
  readonly data: string;
}

export interface RequestVote {
  readonly kind: 'RequestVote';
  readonly term: Term;
  readonly candidateId: NodeId;
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
  /** Asks whether an election could be won; `term` is the one it would have (thesis §9.6). */
  readonly preVote?: true;
  /** The leader itself has asked for this election: no leader protects it (thesis §4.2.3). */
  readonly leadershipTransfer?: true;
}

export interface RequestVoteResponse {
  readonly kind: 'RequestVoteResponse';
  readonly term: Term;
  readonly voteGranted: boolean;
  /** The answer to a pre-vote: promises nothing. A grant bears the term that was asked about. */
  readonly preVote?: true;
}

export interface AppendEntries {
  readonly kind: 'AppendEntries';
  readonly term: Term;
  readonly leaderId: NodeId;
  readonly prevLogIndex: LogIndex;
  readonly prevLogTerm: Term;
  readonly entries: readonly Entry[];
  readonly leaderCommit: LogIndex;
  /** Numbers the leader's rounds of contact in its reign, from 1, where it keeps count of them. */
  readonly round?: number;
}

/**
 * On success `matchIndex` is the last index known to agree with the leader's log, and the conflict
 * fields are 0. On refusal `matchIndex` is 0 and the conflict fields say where to look next (§5.3):
 * the term of the conflicting entry (0 when the log is too short) and the first index of that term
 * (when the log is too short, one past its end).
 */
export interface AppendEntriesResponse {
  readonly kind: 'AppendEntriesResponse';
  readonly term: Term;
  readonly success: boolean;
  readonly matchIndex: LogIndex;
  readonly conflictTerm: Term;
  readonly conflictIndex: LogIndex;
  /** The round of the message that this answers. */
  readonly round?: number;
}

/** One chunk of a snapshot (Figure 13). */
export interface InstallSnapshot {
  readonly kind: 'InstallSnapshot';
  readonly term: Term;
  readonly leaderId: NodeId;
  readonly lastIncludedIndex: LogIndex;
  readonly lastIncludedTerm: Term;
  readonly configuration: Configuration;
  /** Where `data` stands in the whole, in UTF-16 code units. */
  readonly offset: number;
  readonly data: string;
  /** This chunk is the last one. */
  readonly done: boolean;
  readonly round?: number;
}

/**
 * Figure 13 answers with the term only; the other fields tell which chunk comes next. `done`
 * promises that the snapshot, or a log through lastIncludedIndex that is committed, is durable.
 */
export interface InstallSnapshotResponse {
  readonly kind: 'InstallSnapshotResponse';
  readonly term: Term;
  readonly lastIncludedIndex: LogIndex;
  /** So much of the snapshot is there. */
  readonly nextOffset: number;
  readonly done: boolean;
  readonly round?: number;
}

/** Stand for election now, whatever your timer says (thesis §3.10). */
export interface TimeoutNow {
  readonly kind: 'TimeoutNow';
  readonly term: Term;
  readonly leaderId: NodeId;
}

export type Message =
  | RequestVote
  | RequestVoteResponse
  | AppendEntries
  | AppendEntriesResponse
  | InstallSnapshot
  | InstallSnapshotResponse
  | TimeoutNow;
