/** A hash of a state by value, field by field. It agrees with raft-state-equality.ts. */
import { mix, mixConfiguration, mixNumbers, mixText } from './hash-mix.ts';
import type { LogStore } from './log-store.ts';
import type { Entry, Message } from './messages.ts';
import type { RaftState } from './raft-state.ts';
import type { Rounds } from './rounds.ts';
import { mixInstallAnswer, mixSnapshots } from './snapshot-state-hash.ts';
import type { MembershipChange, Transfer } from './waiting.ts';

/** 32 bits, >= 0. Equal states have equal hashes; a second seed gives 32 more bits. */
export function hashRaftState(state: RaftState, seed = 0): number {
  let hash = mix(seed ^ 0x811c9dc5, state.self);
  hash = mixConfiguration(hash, state.configuration);
  hash = mixNumbers(mix(hash, state.configurationIndex), state.peers);
  hash = mix(hash, state.currentTerm);
  hash = mix(hash, state.votedFor);
  hash = mixLog(hash, state.log);
  hash = mixText(hash, state.role);
  hash = mix(mix(hash, state.leaderId), state.protectsLeaderUntilMs);
  hash = mix(hash, state.commitIndex);
  hash = mix(mix(hash, state.lastApplied), Number(state.isApplyTimerSet));
  for (const vote of state.votes) hash = mix(hash, vote === null ? 2 : Number(vote));
  hash = mixNumbers(hash, state.nextIndex);
  hash = mixNumbers(hash, state.matchIndex);
  hash = mixNumbers(hash, state.inflight);
  for (const isProbing of state.isProbing) hash = mix(hash, Number(isProbing));
  hash = mixNumbers(hash, state.stalledHeartbeats);
  hash = mixRounds(hash, state.rounds);
  hash = mix(mix(hash, state.reignIndex), Number(state.isLeaseGivenUp));
  hash = mixChange(hash, state.membershipChange);
  hash = mix(mixNumbers(hash, state.leaving), state.leavingUntilMs);
  for (const request of state.queuedRequests) hash = mixText(hash, request.id);
  hash = mix(hash, state.queuedRequests.length);
  for (const request of state.pendingRequests) {
    hash = mixText(mix(mix(hash, request.index), request.term), request.id);
  }
  for (const read of state.waitingReads) {
    hash = mixText(mix(mix(hash, read.readIndex), read.round), read.id);
  }
  hash = mixTransfer(mix(hash, state.waitingReads.length), state.transfer);
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

function mixRounds(hash: number, rounds: Rounds): number {
  const { newest, confirmed, confirmedBeganMs, heardMs, beganMs, answered } = rounds;
  const mixed = mix(mix(mix(mix(hash, newest), confirmed), confirmedBeganMs), heardMs);
  return mixNumbers(mixNumbers(mixed, beganMs), answered);
}

function mixTransfer(hash: number, transfer: Transfer | null): number {
  if (transfer === null) return mix(hash, 0);
  const { id, to, giveUpMs, askMs, isAsked } = transfer;
  return mixText(mix(mix(mix(mix(hash, to), giveUpMs), askMs), Number(isAsked)), id);
}

function mixMessage(hash: number, body: Message): number {
  const mixed = mix(mixText(hash, body.kind), body.term);
  switch (body.kind) {
    case 'RequestVote':
      return mix(mix(mix(mixed, body.candidateId), body.lastLogIndex), body.lastLogTerm);
    case 'RequestVoteResponse':
      return mix(mix(mixed, Number(body.voteGranted)), Number(body.preVote === true));
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
