/**
 * What servers say to each other: the RPCs of Figure 2 as one-way messages, with the paper's field
 * names, and the entries they carry.
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
}

/** An entry is immutable and may be shared; its index is its place in the log. */
export interface Entry {
  readonly term: Term;
  /** null is a no-op: the first entry of a reign (§8). */
  readonly command: Command | null;
}

export interface RequestVote {
  readonly kind: 'RequestVote';
  readonly term: Term;
  readonly candidateId: NodeId;
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
}

export interface RequestVoteResponse {
  readonly kind: 'RequestVoteResponse';
  readonly term: Term;
  readonly voteGranted: boolean;
}

export interface AppendEntries {
  readonly kind: 'AppendEntries';
  readonly term: Term;
  readonly leaderId: NodeId;
  readonly prevLogIndex: LogIndex;
  readonly prevLogTerm: Term;
  readonly entries: readonly Entry[];
  readonly leaderCommit: LogIndex;
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
}

export type Message = RequestVote | RequestVoteResponse | AppendEntries | AppendEntriesResponse;
