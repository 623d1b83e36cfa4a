/** Two states by value: equality, and a hash that agrees with it. Both go field by field. */
import { equalConfigurations } from './configuration.ts';
import type { ClientRequest } from './contract.ts';
import { equalArrays } from './equal-arrays.ts';
import { mix, mixConfiguration, mixNumbers, mixText } from './hash-mix.ts';
import type { LogStore } from './log-store.ts';
import type { Command, Entry, Message } from './messages.ts';
import type {
  MembershipChange,
  PendingLogWrite,
  PendingRequest,
  RaftState,
  WaitingMessage,
} from './raft-state.ts';
import {
  equalInstallAnswers,
  equalSnapshotStates,
  mixInstallAnswer,
  mixSnapshots,
} from './snapshot-state-hash.ts';

/** 32 bits, >= 0. Equal states have equal hashes; a second seed gives 32 more bits. */
export function hashRaftState(state: RaftState, seed = 0): number {
  let hash = mix(seed ^ 0x811c9dc5, state.self);
  hash = mixConfiguration(hash, state.configuration);
  hash = mixNumbers(mix(hash, state.configurationIndex), state.peers);
  hash = mix(hash, state.currentTerm);
  hash = mix(hash, state.votedFor);
  hash = mixLog(hash, state.log);
  hash = mixText(hash, state.role);
  hash = mix(hash, state.leaderId);
  hash = mix(hash, state.commitIndex);
  hash = mix(mix(hash, state.lastApplied), Number(state.isApplyTimerSet));
  for (const vote of state.votes) hash = mix(hash, vote === null ? 2 : Number(vote));
  hash = mixNumbers(hash, state.nextIndex);
  hash = mixNumbers(hash, state.matchIndex);
  hash = mixNumbers(hash, state.inflight);
  for (const isProbing of state.isProbing) hash = mix(hash, Number(isProbing));
  hash = mixNumbers(hash, state.stalledHeartbeats);
  hash = mixChange(hash, state.membershipChange);
  hash = mix(mixNumbers(hash, state.leaving), state.leavingUntilMs);
  for (const request of state.queuedRequests) hash = mixText(hash, request.id);
  hash = mix(hash, state.queuedRequests.length);
  for (const request of state.pendingRequests) {
    hash = mixText(mix(mix(hash, request.index), request.term), request.id);
  }
  hash = mix(mix(hash, state.pendingRequests.length), state.lastWriteId);
  hash = mix(mix(hash, state.writtenTerm), state.writtenVotedFor);
  hash = mix(mix(hash, state.hardStateWriteId), Number(state.isHardStateDurable));
  hash = mix(mix(hash, state.writtenCommitIndex), state.commitWriteId);
  for (const write of state.pendingLogWrites) hash = mix(mix(hash, write.id), write.lastIndex);
  hash = mix(mix(hash, state.pendingLogWrites.length), state.durableIndex);
  for (const message of state.waiting) {
    hash = mixMessage(mix(mix(hash, message.to), message.durableIndex), message.body);
  }
  hash = mix(hash, state.waiting.length);
  return mixSnapshots(hash, state.snapshots) >>> 0;
}

function mixLog(hash: number, log: LogStore): number {
  let mixed = mix(mix(mix(hash, log.lastIndex), log.baseIndex), log.baseTerm);
  for (let index = log.baseIndex + 1; index <= log.lastIndex; index += 1) {
    mixed = mixEntry(mixed, log.entryAt(index));
  }
  return mixed;
}

/** Without the operation: (clientId, seq) names the command. */
function mixEntry(hash: number, entry: Entry): number {
  const { term, command, configuration } = entry;
  if (configuration !== undefined) return mixConfiguration(mix(hash, term), configuration);
  if (command === null) return mix(hash, term);
  return mix(mix(mix(hash, term), command.clientId + 1), command.seq);
}

function mixChange(hash: number, change: MembershipChange | null): number {
  if (change === null) return mix(hash, -1);
  let mixed = mixConfiguration(mixText(hash, change.id), change.target);
  mixed = mix(mix(mix(mixed, change.round), change.roundStartMs), change.roundEndIndex);
  mixed = mixNumbers(mixed, change.joining);
  return mixNumbers(mixNumbers(mixed, change.progress), change.movedMs);
}

function mixMessage(hash: number, body: Message): number {
  const mixed = mix(mixText(hash, body.kind), body.term);
  switch (body.kind) {
    case 'RequestVote':
      return mix(mix(mix(mixed, body.candidateId), body.lastLogIndex), body.lastLogTerm);
    case 'RequestVoteResponse':
      return mix(mixed, Number(body.voteGranted));
    case 'AppendEntries': {
      const entries = body.entries.reduce(mixEntry, mix(mixed, body.entries.length));
      const prev = mix(mix(entries, body.prevLogIndex), body.prevLogTerm);
      return mix(mix(prev, body.leaderId), body.leaderCommit);
    }
    case 'AppendEntriesResponse': {
      const conflict = mix(mix(mixed, body.conflictTerm), body.conflictIndex);
      return mix(mix(conflict, Number(body.success)), body.matchIndex);
    }
    case 'InstallSnapshot':
      return mix(mixText(mix(mixed, body.lastIncludedIndex), body.data), body.offset);
    case 'InstallSnapshotResponse':
      return mixInstallAnswer(mixed, body);
    case 'TimeoutNow':
      return mix(mixed, body.leaderId);
  }
}

/** The same values everywhere, entries and bodies included. The config is fixed for a run. */
export function equalRaftStates(a: RaftState, b: RaftState): boolean {
  return (
    a.self === b.self &&
    equalConfigurations(a.configuration, b.configuration) &&
    a.configurationIndex === b.configurationIndex &&
    equalArrays(a.peers, b.peers, isSame) &&
    a.currentTerm === b.currentTerm &&
    a.votedFor === b.votedFor &&
    equalLogs(a.log, b.log) &&
    a.role === b.role &&
    a.leaderId === b.leaderId &&
    a.commitIndex === b.commitIndex &&
    a.lastApplied === b.lastApplied &&
    a.isApplyTimerSet === b.isApplyTimerSet &&
    equalArrays(a.votes, b.votes, isSame) &&
    equalArrays(a.nextIndex, b.nextIndex, isSame) &&
    equalArrays(a.matchIndex, b.matchIndex, isSame) &&
    equalArrays(a.inflight, b.inflight, isSame) &&
    equalArrays(a.isProbing, b.isProbing, isSame) &&
    equalArrays(a.stalledHeartbeats, b.stalledHeartbeats, isSame) &&
    equalChanges(a.membershipChange, b.membershipChange) &&
    equalArrays(a.leaving, b.leaving, isSame) &&
    a.leavingUntilMs === b.leavingUntilMs &&
    equalArrays(a.queuedRequests, b.queuedRequests, equalQueued) &&
    equalArrays(a.pendingRequests, b.pendingRequests, equalRequests) &&
    a.lastWriteId === b.lastWriteId &&
    a.writtenTerm === b.writtenTerm &&
    a.writtenVotedFor === b.writtenVotedFor &&
    a.hardStateWriteId === b.hardStateWriteId &&
    a.isHardStateDurable === b.isHardStateDurable &&
    a.writtenCommitIndex === b.writtenCommitIndex &&
    a.commitWriteId === b.commitWriteId &&
    equalArrays(a.pendingLogWrites, b.pendingLogWrites, equalWrites) &&
    a.durableIndex === b.durableIndex &&
    equalArrays(a.waiting, b.waiting, equalWaiting) &&
    equalSnapshotStates(a.snapshots, b.snapshots)
  );
}

function isSame<Item>(a: Item, b: Item): boolean {
  return a === b;
}

function equalLogs(a: LogStore, b: LogStore): boolean {
  if (a.lastIndex !== b.lastIndex || a.baseIndex !== b.baseIndex) return false;
  if (a.baseTerm !== b.baseTerm) return false;
  for (let index = a.baseIndex + 1; index <= a.lastIndex; index += 1) {
    if (!equalEntries(a.entryAt(index), b.entryAt(index))) return false;
  }
  return true;
}

function equalEntries(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  if (a.term !== b.term || a.wallClock !== b.wallClock) return false;
  if (a.configuration !== undefined && b.configuration !== undefined) {
    return equalConfigurations(a.configuration, b.configuration);
  }
  if (a.configuration !== b.configuration) return false;
  if (a.command === null || b.command === null) return a.command === b.command;
  return equalCommands(a.command, b.command);
}

function equalCommands(a: Command, b: Command): boolean {
  return a.clientId === b.clientId && a.seq === b.seq && a.op === b.op;
}

function equalChanges(a: MembershipChange | null, b: MembershipChange | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.id === b.id &&
    equalConfigurations(a.target, b.target) &&
    a.round === b.round &&
    a.roundStartMs === b.roundStartMs &&
    a.roundEndIndex === b.roundEndIndex &&
    equalArrays(a.joining, b.joining, isSame) &&
    equalArrays(a.progress, b.progress, isSame) &&
    equalArrays(a.movedMs, b.movedMs, isSame)
  );
}

function equalQueued(a: ClientRequest, b: ClientRequest): boolean {
  return a.id === b.id && a.readOnly === b.readOnly && equalCommands(a.command, b.command);
}

function equalRequests(a: PendingRequest, b: PendingRequest): boolean {
  return a.index === b.index && a.term === b.term && a.id === b.id;
}

function equalWrites(a: PendingLogWrite, b: PendingLogWrite): boolean {
  return a.id === b.id && a.lastIndex === b.lastIndex;
}

function equalWaiting(a: WaitingMessage, b: WaitingMessage): boolean {
  return a.to === b.to && a.durableIndex === b.durableIndex && equalMessages(a.body, b.body);
}

function equalMessages(a: Message, b: Message): boolean {
  if (a === b) return true;
  if (a.term !== b.term) return false;
  switch (a.kind) {
    case 'RequestVote':
      return (
        b.kind === a.kind &&
        a.candidateId === b.candidateId &&
        a.lastLogIndex === b.lastLogIndex &&
        a.lastLogTerm === b.lastLogTerm
      );
    case 'RequestVoteResponse':
      return b.kind === a.kind && a.voteGranted === b.voteGranted;
    case 'AppendEntries':
      return (
        b.kind === a.kind &&
        a.leaderId === b.leaderId &&
        a.prevLogIndex === b.prevLogIndex &&
        a.prevLogTerm === b.prevLogTerm &&
        a.leaderCommit === b.leaderCommit &&
        equalArrays(a.entries, b.entries, equalEntries)
      );
    case 'AppendEntriesResponse':
      return (
        b.kind === a.kind &&
        a.success === b.success &&
        a.matchIndex === b.matchIndex &&
        a.conflictTerm === b.conflictTerm &&
        a.conflictIndex === b.conflictIndex
      );
    case 'InstallSnapshot':
      return (
        b.kind === a.kind &&
        a.lastIncludedIndex === b.lastIncludedIndex &&
        a.offset === b.offset &&
        a.data === b.data
      );
    case 'InstallSnapshotResponse':
      return b.kind === a.kind && equalInstallAnswers(a, b);
    case 'TimeoutNow':
      return b.kind === a.kind && a.leaderId === b.leaderId;
  }
}
