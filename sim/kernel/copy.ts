/** Copies bodies at the network's edge: two servers never share an object that one may change. */
import type { Entry, Message } from '../../core/messages.ts';

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);

/** Entries are immutable by contract and stay shared; everything around them is new. */
export function copyMessage(body: Message): Message {
  switch (body.kind) {
    case 'AppendEntries':
      return {
        kind: 'AppendEntries',
        term: body.term,
        leaderId: body.leaderId,
        prevLogIndex: body.prevLogIndex,
        prevLogTerm: body.prevLogTerm,
        entries: body.entries.length === 0 ? NO_ENTRIES : body.entries.slice(),
        leaderCommit: body.leaderCommit,
      };
    case 'AppendEntriesResponse':
      return {
        kind: 'AppendEntriesResponse',
        term: body.term,
        success: body.success,
        matchIndex: body.matchIndex,
        conflictTerm: body.conflictTerm,
        conflictIndex: body.conflictIndex,
      };
    case 'RequestVote':
      return {
        kind: 'RequestVote',
        term: body.term,
        candidateId: body.candidateId,
        lastLogIndex: body.lastLogIndex,
        lastLogTerm: body.lastLogTerm,
      };
    case 'RequestVoteResponse':
      return { kind: 'RequestVoteResponse', term: body.term, voteGranted: body.voteGranted };
    default:
      return copyDeep(body);
  }
}

/** For implementations that are not ours: nothing stays shared, entries included. */
export function copyDeep<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
