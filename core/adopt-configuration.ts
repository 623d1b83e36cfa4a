/**
 * The configuration in force follows the log (§6): in with an entry, back with a truncation. Called
 * by whoever changes the log; where nothing is said about configurations this costs one test.
 */
import { assert } from './assert.ts';
import { configurationAt, serversOf } from './configuration.ts';
import type { Configuration, Entry, LogIndex, NodeId } from './messages.ts';
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
  const { log } = state;
  const { configuration, index } = configurationAt(log, log.lastIndex, null, state.bootstrap);
  adopt(state, configuration, index);
}

function adopt(state: RaftState, configuration: Configuration, index: LogIndex): void {
  assert(index <= state.log.lastIndex, 'a configuration stands in the log', index);
  state.configuration = configuration;
  state.configurationIndex = index;
  setPeers(state, peersOf(configuration, state.self));
}

/** Makes room for servers with higher numbers than any before. */
export function setPeers(state: RaftState, peers: readonly NodeId[]): void {
  state.peers = peers;
  const last = Math.max(state.self, ...serversOf(state.configuration), ...peers);
  for (let node = state.votes.length; node <= last; node += 1) {
    state.votes.push(null);
    state.nextIndex.push(1);
    state.matchIndex.push(0);
    state.inflight.push(0);
    state.isProbing.push(true);
    state.stalledHeartbeats.push(0);
  }
}
