/**
 * Who takes part (§6): pure rules over a configuration, and which one is in force. Every server
 * uses the newest configuration that it knows of, committed or not: one that waited for the commit
 * could decide alone what others decide together already.
 */
import { assert } from './assert.ts';
import type { LogStore } from './log-store.ts';
import type { Configuration, LogIndex, NodeId, Snapshot } from './messages.ts';

/** A configuration and where it comes from: an entry, the end of a snapshot, or 0 for bootstrap. */
export interface PlacedConfiguration {
  readonly configuration: Configuration;
  readonly index: LogIndex;
}

/** What a cluster starts with; without members, that of a server which knows of no cluster yet. */
export function bootstrapConfiguration(members: readonly NodeId[]): Configuration {
  return { voters: members, newVoters: null, learners: [] };
}

/** While joint, decisions need a majority of C_old and a majority of C_new (§6). */
export function isJoint(configuration: Configuration): boolean {
  return configuration.newVoters !== null;
}

/** A voter of C_old or of C_new: either may stand, and each counts in its own majority (§6). */
export function isVoter({ voters, newVoters }: Configuration, server: NodeId): boolean {
  if (voters.includes(server)) return true;
  return newVoters?.includes(server) ?? false;
}

/** Everybody who gets the log: voters of both sides and learners, each once, ascending. */
export function serversOf({ voters, newVoters, learners }: Configuration): readonly NodeId[] {
  if (newVoters === null && learners.length === 0) return voters;
  const servers = [...voters];
  for (const server of [...(newVoters ?? []), ...learners]) {
    if (!servers.includes(server)) servers.push(server);
  }
  return servers.sort((a, b) => a - b);
}

/** C_old,new (§6). Its learners are those of C_new: one of them may vote in C_old until then. */
export function jointConfiguration(old: Configuration, target: Configuration): Configuration {
  return { voters: old.voters, newVoters: target.voters, learners: target.learners };
}

/** C_new, which follows from C_old,new alone: any leader can leave the joint phase (§6). */
export function finalConfiguration({ newVoters, learners }: Configuration): Configuration {
  assert(newVoters !== null, 'only a joint configuration has a C_new');
  return { voters: newVoters, newVoters: null, learners };
}

/** Voters that come or go: at most one, or majorities of before and after may not meet (thesis §4.1). */
export function countChangedVoters(old: Configuration, target: Configuration): number {
  const leaving = old.voters.filter((server) => !target.voters.includes(server));
  const joining = target.voters.filter((server) => !old.voters.includes(server));
  return leaving.length + joining.length;
}

/** The same servers in the same parts. */
export function equalConfigurations(a: Configuration, b: Configuration): boolean {
  if (a === b) return true;
  if (!equalServers(a.voters, b.voters) || !equalServers(a.learners, b.learners)) return false;
  if (a.newVoters === null || b.newVoters === null) return a.newVoters === b.newVoters;
  return equalServers(a.newVoters, b.newVoters);
}

function equalServers(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((server, at) => server === b[at]);
}

/**
 * The configuration that was in force when the log ended with `lastIndex`: the newest in the log
 * through there, else the snapshot's, else the one of bootstrap. A function of what is on disk, so
 * that a truncation, an installed snapshot and a restart cannot leave a server with one that none
 * of them holds (§6).
 */
export function configurationAt(
  log: LogStore,
  lastIndex: LogIndex,
  snapshot: Snapshot | null,
  bootstrap: Configuration,
): PlacedConfiguration {
  for (let index = lastIndex; index > log.baseIndex; index -= 1) {
    const { configuration } = log.entryAt(index);
    if (configuration !== undefined) return { configuration, index };
  }
  if (snapshot === null) return { configuration: bootstrap, index: 0 };
  return { configuration: snapshot.configuration, index: snapshot.lastIncludedIndex };
}
