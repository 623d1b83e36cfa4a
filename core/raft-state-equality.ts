/** Two states by value, field by field. */
import { equalConfigurations } from './configuration.ts';
import type { ClientRequest } from './contract.ts';
import { equalArrays } from './equal-arrays.ts';
import type { LogStore } from './log-store.ts';
import type { Command, Entry, Message } from './messages.ts';
import type { PendingLogWrite, RaftState, WaitingMessage } from './raft-state.ts';
import type { Rounds } from './rounds.ts';
import { equalInstallAnswers, equalSnapshotStates } from './snapshot-state-hash.ts';
import type { MembershipChange, PendingRequest, Transfer, WaitingRead } from './waiting.ts';

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
    a.protectsLeaderUntilMs === b.protectsLeaderUntilMs &&
    a.commitIndex === b.commitIndex &&
    a.lastApplied === b.lastApplied &&
    a.isApplyTimerSet === b.isApplyTimerSet &&
    equalArrays(a.votes, b.votes, isSame) &&
    equalArrays(a.nextIndex, b.nextIndex, isSame) &&
    equalArrays(a.matchIndex, b.matchIndex, isSame) &&
    equalArrays(a.inflight, b.inflight, isSame) &&
    equalArrays(a.isProbing, b.isProbing, isSame) &&
    equalArrays(a.stalledHeartbeats, b.stalledHeartbeats, isSame) &&
    equalRounds(a.rounds, b.rounds) &&
    a.reignIndex === b.reignIndex &&
    a.isLeaseGivenUp === b.isLeaseGivenUp &&
    equalChanges(a.membershipChange, b.membershipChange) &&
    equalArrays(a.leaving, b.leaving, isSame) &&
    a.leavingUntilMs === b.leavingUntilMs &&
    equalArrays(a.queuedRequests, b.queuedRequests, equalQueued) &&
    equalArrays(a.pendingRequests, b.pendingRequests, equalRequests) &&
    equalArrays(a.waitingReads, b.waitingReads, equalReads) &&
    equalTransfers(a.transfer, b.transfer) &&
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

function equalReads(a: WaitingRead, b: WaitingRead): boolean {
  return a.id === b.id && a.readIndex === b.readIndex && a.round === b.round;
}

function equalRounds(a: Rounds, b: Rounds): boolean {
  return (
    a.newest === b.newest &&
    a.confirmed === b.confirmed &&
    a.confirmedBeganMs === b.confirmedBeganMs &&
    a.heardMs === b.heardMs &&
    equalArrays(a.beganMs, b.beganMs, isSame) &&
    equalArrays(a.answered, b.answered, isSame)
  );
}

function equalTransfers(a: Transfer | null, b: Transfer | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.id === b.id &&
    a.to === b.to &&
    a.giveUpMs === b.giveUpMs &&
    a.askMs === b.askMs &&
    a.isAsked === b.isAsked
  );
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
        a.lastLogTerm === b.lastLogTerm &&
        a.preVote === b.preVote &&
        a.leadershipTransfer === b.leadershipTransfer
      );
    case 'RequestVoteResponse':
      return b.kind === a.kind && a.voteGranted === b.voteGranted && a.preVote === b.preVote;
    case 'AppendEntries':
      return (
        b.kind === a.kind &&
        a.leaderId === b.leaderId &&
        a.prevLogIndex === b.prevLogIndex &&
        a.prevLogTerm === b.prevLogTerm &&
        a.leaderCommit === b.leaderCommit &&
        a.round === b.round &&
        equalArrays(a.entries, b.entries, equalEntries)
      );
    case 'AppendEntriesResponse':
      return (
        b.kind === a.kind &&
        a.success === b.success &&
        a.matchIndex === b.matchIndex &&
        a.conflictTerm === b.conflictTerm &&
        a.conflictIndex === b.conflictIndex &&
        a.round === b.round
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
