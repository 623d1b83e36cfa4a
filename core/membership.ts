/**
 * Changing the configuration of a running cluster (§6, thesis ch. 4). New voters first get the log
 * without a vote; then the leader appends C_old,new, which needs both majorities, and when that is
 * committed C_new. One server more or less may go without the step between, since majorities of
 * before and after share a server (thesis §4.1).
 */
import { adoptAppended, updatePeers } from './adopt-configuration.ts';
import { assert } from './assert.ts';
import { catchUp, startCatchUp } from './catch-up.ts';
import {
  countChangedVoters,
  finalConfiguration,
  isJoint,
  isVoter,
  jointConfiguration,
} from './configuration.ts';
import type { Outbox, Outcome } from './contract.ts';
import type { LogStore } from './log-store.ts';
import type { Configuration, Entry, LogIndex, NodeId, Term } from './messages.ts';
import { nobody, type RaftState } from './raft-state.ts';
import {
  broadcastAppendEntries,
  sendHeartbeat,
  sendNewEntries,
  startReplicationTo,
} from './replication.ts';
import { becomeFollower } from './roles.ts';
import { persistAppend } from './storage.ts';
import type { MembershipChange } from './waiting.ts';

/** Times electionMsMax: for so long a leader goes on telling removed servers of C_new. */
const leavingTimeoutsMax = 10;

const noServers: readonly NodeId[] = [];

/** Answered when C_new is committed: ok. Refused at once where it cannot begin. */
export function changeMembership(
  state: RaftState,
  id: string,
  voters: readonly NodeId[],
  learners: readonly NodeId[],
  out: Outbox,
): void {
  if (state.role !== 'leader') {
    out.respond(id, 'redirect', state.leaderId);
    return;
  }
  const target = { voters: ascending(voters), newVoters: null, learners: ascending(learners) };
  if (!isSettled(state) || !isTarget(target) || !isStep(state, target)) {
    out.respond(id, 'rejected', nobody);
    return;
  }
  const joining = target.voters.filter((server) => !state.configuration.voters.includes(server));
  const change = startCatchUp(state, id, target, joining);
  state.membershipChange = change;
  if (joining.length === 0) {
    enterConfiguration(state, change, out);
    return;
  }
  const before = state.peers;
  updatePeers(state);
  startReplicationToNew(state, before, out);
}

function ascending(servers: readonly NodeId[]): readonly NodeId[] {
  return [...servers].sort((a, b) => a - b);
}

/** One change at a time, and none before this leader has committed something itself. */
function isSettled(state: RaftState): boolean {
  const { configuration, configurationIndex, commitIndex, currentTerm } = state;
  if (state.membershipChange !== null || isJoint(configuration)) return false;
  // The target of a transfer is to have the whole log, and that log is to end.
  if (state.transfer !== null) return false;
  return isChangeSafe(state.log, configurationIndex, commitIndex, currentTerm);
}

/**
 * The last configuration is committed, and an entry of the current term is. Without the second a
 * change that an older leader has left behind could still win a majority of its own, which need not
 * meet one of the next change (the bug of 2015 in single-server changes).
 */
export function isChangeSafe(
  log: LogStore,
  configurationIndex: LogIndex,
  commitIndex: LogIndex,
  currentTerm: Term,
): boolean {
  return configurationIndex <= commitIndex && log.termAt(commitIndex) === currentTerm;
}

/** Somebody votes, and everybody is named once. */
function isTarget({ voters, learners }: Configuration): boolean {
  const named = ascending([...voters, ...learners]);
  if (voters.length === 0 || named[0]! <= nobody) return false;
  return named.every((server, at) => server !== named[at + 1]);
}

/** Without the joint phase only one voter may come or go. */
function isStep({ config, configuration }: RaftState, target: Configuration): boolean {
  return config.membership === 'joint' || countChangedVoters(configuration, target) <= 1;
}

/**
 * At the end of every step of a leader: what it now owes to the configuration, be it its own
 * change or one that it has found in its log.
 */
export function pursueMembership(state: RaftState, out: Outbox): void {
  if (state.configurationIndex === 0 && state.membershipChange === null) return;
  if (state.membershipChange !== null) pursueChange(state, state.membershipChange, out);
  // C_old,new left before it is committed would be committed by C_new alone, while servers that
  // have never seen it decide by C_old.
  if (state.configurationIndex > state.commitIndex) return;
  if (isJoint(state.configuration)) {
    appendConfiguration(state, finalConfiguration(state.configuration), out);
    return;
  }
  if (state.leaving.length > 0) tellLeaving(state, out);
  if (state.membershipChange?.joining.length === 0) answerChange(state, 'ok', out);
  // Not before: until C_new is committed there may be nobody else to commit it (§6).
  if (!isVoter(state.configuration, state.self)) leaveOffice(state, out);
}

/** New voters have caught up: the entry. They do not get there: the answer. */
function pursueChange(state: RaftState, change: MembershipChange, out: Outbox): void {
  if (change.joining.length === 0) return;
  const result = catchUp(state, change);
  if (result === 'caughtUp') enterConfiguration(state, change, out);
  else if (result === 'givenUp') answerChange(state, 'rejected', out);
}

/** C_old,new, or what needs no step between: one server, or learners only. */
function enterConfiguration(state: RaftState, change: MembershipChange, out: Outbox): void {
  const { configuration, config } = state;
  const { target } = change;
  const isDirect =
    config.membership === 'singleServer' || countChangedVoters(configuration, target) === 0;
  state.membershipChange = { ...change, joining: noServers };
  appendConfiguration(state, isDirect ? target : jointConfiguration(configuration, target), out);
}

/** In force at once, here as everywhere: it may be what commits it. */
function appendConfiguration(state: RaftState, configuration: Configuration, out: Outbox): void {
  assert(state.role === 'leader', 'only a leader makes entries');
  const entry: Entry = { term: state.currentTerm, command: null, configuration };
  const before = state.peers;
  state.log.append(entry);
  adoptAppended(state, [entry]);
  persistAppend(state, [entry], out);
  startReplicationToNew(state, before, out);
  broadcastAppendEntries(state, out);
}

/** The first heartbeat finds out at once what they have. */
function startReplicationToNew(state: RaftState, before: readonly NodeId[], out: Outbox): void {
  for (const peer of state.peers) {
    if (before.includes(peer)) continue;
    startReplicationTo(state, peer);
    sendHeartbeat(state, peer, out);
  }
}

function answerChange(state: RaftState, outcome: Outcome, out: Outbox): void {
  const change = state.membershipChange;
  assert(change !== null, 'a change is under way');
  state.membershipChange = null;
  out.respond(change.id, outcome, nobody);
  updatePeers(state);
}

/**
 * Removed servers that do not know it would stand again and again. So C_new and its commit go out to
 * them, too, until they have it or have been silent for long.
 */
function tellLeaving(state: RaftState, out: Outbox): void {
  const { leaving, configurationIndex } = state;
  if (state.leavingUntilMs === 0) {
    state.leavingUntilMs = state.now + leavingTimeoutsMax * state.config.electionMsMax;
    for (const server of leaving) sendNewEntries(state, server, out);
    return;
  }
  const isOver = state.now >= state.leavingUntilMs;
  const untold = leaving.filter((server) => state.matchIndex[server]! < configurationIndex);
  if (!isOver && untold.length === leaving.length) return;
  state.leaving = isOver ? noServers : untold;
  updatePeers(state);
}

/** The others learn of the commit from a last heartbeat, and one of them will stand (§6). */
function leaveOffice(state: RaftState, out: Outbox): void {
  for (const peer of state.peers) {
    if (!state.leaving.includes(peer)) sendHeartbeat(state, peer, out);
  }
  becomeFollower(state, state.currentTerm, out);
}
