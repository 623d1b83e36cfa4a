/**
 * The configuration in force follows the log (§6): in with an entry, back with a truncation. Called
 * by whoever changes the log; where nothing is said about configurations this costs one test.
 */
import { assert } from './assert.ts';
import { configurationAt, serversOf } from './configuration.ts';
import type { Configuration, Entry, LogIndex } from './messages.ts';
import { peersOf, type RaftState } from './raft-state.ts';

/** What has just been appended; a configuration among it is in force from now on, uncommitted. */
export function adoptAppended(state: RaftState, entries: readonly Entry[]): void {
  const firstIndex = state.log.lastIndex - entries.length + 1;
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const { configuration } = entries[at]!;
    if (configuration === undefined) continue;
    adopt(state, configuration, firstIndex + at);
    return;
  }
}

/**
 * The log has just been truncated: if the configuration went with it, the one before it is in force
 * again. With one that no log holds any more this server would count votes and copies among servers
 * that nobody else counts.
 */
export function adoptTruncated(state: RaftState): void {
  if (state.configurationIndex > state.log.lastIndex) reloadConfiguration(state);
}

/** Log, snapshot or both have been replaced. */
export function reloadConfiguration(state: RaftState): void {
  const { log, snapshots, bootstrap } = state;
  const inForce = configurationAt(log, log.lastIndex, snapshots.durable, bootstrap);
  adopt(state, inForce.configuration, inForce.index);
}

function adopt(state: RaftState, configuration: Configuration, index: LogIndex): void {
  assert(index <= state.log.lastIndex, 'a configuration stands in the log', index);
  state.configuration = configuration;
  state.configurationIndex = index;
  if (state.role === 'leader') noteLeaving(state);
  updatePeers(state);
}

/**
 * Whom C_new leaves out. They learn of it when it is committed, not before: who does not vote any
 * more and does not know whether that stands would have to stand for election (thesis §4.2.2).
 */
export function noteLeaving(state: RaftState): void {
  const servers = serversOf(state.configuration);
  const { voters, newVoters } = previousConfiguration(state);
  const candidates = peersOf({ voters, newVoters, learners: [] }, state.self);
  state.leaving = candidates.filter((server) => !servers.includes(server));
  state.leavingUntilMs = 0;
}

/** The one before that in force, as far as the log goes back; else that in force. */
export function previousConfiguration(state: RaftState): Configuration {
  const { log, configuration, configurationIndex, snapshots, bootstrap } = state;
  if (configurationIndex <= log.baseIndex) return configuration;
  const before = configurationAt(log, configurationIndex - 1, snapshots.durable, bootstrap);
  return before.configuration;
}

/** With room for servers with higher numbers than any before. */
export function updatePeers(state: RaftState): void {
  const guests = [...(state.membershipChange?.joining ?? []), ...state.leaving];
  const { voters, newVoters, learners } = state.configuration;
  const everybody = { voters, newVoters, learners: [...learners, ...guests] };
  state.peers = peersOf(everybody, state.self);
  const last = Math.max(state.self, ...serversOf(everybody));
  for (let node = state.votes.length; node <= last; node += 1) {
    state.votes.push(null);
    state.nextIndex.push(1);
    state.matchIndex.push(0);
    state.inflight.push(0);
    state.isProbing.push(true);
    state.stalledHeartbeats.push(0);
    state.rounds.answered.push(0);
    state.snapshots.transfers.push(null);
  }
}
