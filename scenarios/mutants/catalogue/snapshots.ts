/** Snapshots and compaction (§7). */
import type { Mutant } from '../mutant.ts';

export const SNAPSHOT_MUTANTS: readonly Mutant[] = [
  {
    id: 'log-check-empty-after-compaction',
    title: 'A voter whose whole log is in its snapshot takes its log for empty',
    needs: 'snapshots with no trailing entries, and a candidate that lags behind',
    edits: [
      {
        file: 'core/rules.ts',
        find: `  if (candidate.lastLogTerm !== log.lastTerm) return candidate.lastLogTerm > log.lastTerm;\n`,
        replace: `  if (log.lastIndex === log.baseIndex) return true;
  if (candidate.lastLogTerm !== log.lastTerm) return candidate.lastLogTerm > log.lastTerm;\n`,
      },
    ],
    breaks: ['leader-completeness'],
    section: '§5.4.1, §7',
    source: ['willemt/raft#118', 'hashicorp/raft#86'],
  },
  {
    id: 'install-does-not-move-commit',
    title: 'A follower installs a snapshot and goes on to apply from where it was',
    needs: 'a snapshot for a follower that has the entries and does not know them to be committed',
    edits: [
      {
        file: 'core/snapshots.ts',
        find: `  state.lastApplied = lastIncludedIndex;\n`,
        replace: ``,
      },
    ],
    breaks: ['applied-in-order'],
    section: '§7',
    source: ['wenweihu86/raft-java#60', 'sofastack/sofa-jraft#1092'],
  },
  {
    id: 'install-stale-snapshot',
    title: 'A follower installs a snapshot that is older than what it has applied',
    needs: 'a chunk that is late or doubled',
    edits: [
      {
        file: 'core/install-snapshot.ts',
        find: `  if (body.lastIncludedIndex <= state.commitIndex) {`,
        replace: `  if (body.lastIncludedIndex <= 0) {`,
      },
      {
        file: 'core/install-snapshot.ts',
        find: `  } else if (body.lastIncludedIndex <= newestSnapshotIndex(snapshots)) {`,
        replace: `  } else if (newestSnapshotIndex(snapshots) < 0) {`,
      },
      {
        file: 'core/snapshots.ts',
        find: `  if (lastIncludedIndex > state.commitIndex) install(state, snapshot, out);`,
        replace: `  if (snapshots.installer !== null) install(state, snapshot, out);`,
      },
    ],
    breaks: ['applied-in-order', 'log-joins-snapshot'],
    section: '§7',
    source: ['databendlabs/openraft#543', 'eBay/NuRaft#407', 'etcd-io/etcd#1715'],
  },
  {
    id: 'prev-compacted-is-conflict',
    title: 'An AppendEntries that begins before the snapshot is taken for a conflict: the log goes',
    needs: 'a late AppendEntries at a follower that has compacted its log',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  // Heartbeats are checked as well: an unchecked yes would be counted as agreement.\n`,
        replace: `  if (body.prevLogIndex < state.log.baseIndex && state.log.lastIndex > state.log.baseIndex) {
    truncateConflict(state, state.log.baseIndex + 1, out);
  }\n`,
      },
    ],
    breaks: ['committed-never-dropped', 'replication-liveness'],
    section: '§7, §5.3',
    source: ['databendlabs/openraft#511'],
  },
  {
    id: 'snapshot-state-never-left',
    title: 'A leader that has sent a chunk waits for its answer for ever',
    needs: 'a chunk, or its answer, that is lost',
    edits: [
      {
        file: 'core/replication.ts',
        find: `  if (state.inflight[peer] === 0) return false;\n`,
        replace: `  if (state.inflight[peer] === 0 || isInSnapshotOnly(state, peer)) return false;\n`,
      },
    ],
    breaks: ['convergence', 'replication-liveness'],
    section: '§7',
    source: ['etcd-io/etcd#10225', 'dgraph-io/dgraph#2707'],
  },
  {
    id: 'snapshot-label-ahead-of-state',
    title: 'A snapshot bears the commit index, and holds what was applied',
    needs: 'a server that applies behind its commit index',
    edits: [
      {
        file: 'core/snapshots.ts',
        find: `    lastIncludedIndex: lastApplied,
    lastIncludedTerm: state.log.termAt(lastApplied),`,
        replace: `    lastIncludedIndex: state.commitIndex,
    lastIncludedTerm: state.log.termAt(state.commitIndex),`,
      },
      {
        file: 'core/snapshots.ts',
        find: `  out.takeSnapshot(lastApplied);`,
        replace: `  out.takeSnapshot(state.commitIndex);`,
      },
    ],
    breaks: ['state-equals-log', 'snapshot-label', 'snapshot-content'],
    section: '§7',
    source: ['MartinKalema/horizontal-scaling-convex#276'],
  },
  {
    id: 'install-keeps-conflicting-suffix',
    title: 'A follower keeps its log behind a snapshot, also when another entry stands at its end',
    needs: 'a snapshot for a server with the long tail of a deposed leader',
    edits: [
      {
        file: 'core/snapshots.ts',
        find: `  if (!log.has(lastIncludedIndex, lastIncludedTerm)) {`,
        replace: `  if (log.lastIndex < lastIncludedIndex) {`,
      },
    ],
    breaks: ['log-matching'],
    section: '§7, Figure 13',
    source: ['hashicorp/raft#212'],
  },
  {
    id: 'snapshot-boundary-empty-ae',
    title: 'Right at the snapshot an AppendEntries without a place to check is sent instead of it',
    needs: 'a follower with a conflicting entry, and a leader that has compacted its whole log',
    edits: [
      {
        file: 'core/snapshot-transfer.ts',
        find: `  return state.nextIndex[peer]! <= state.log.baseIndex;`,
        replace: `  return state.nextIndex[peer]! < state.log.baseIndex;`,
      },
      {
        file: 'core/replication.ts',
        find: `  const prevLogTerm = prevLogIndex === 0 ? 0 : state.log.termAt(prevLogIndex);
  const body: AppendEntries = state.countsRounds`,
        replace: `  const isGone = prevLogIndex < state.log.baseIndex;
  if (isGone) {
    prevLogIndex = 0;
    entries = noEntries;
  }
  const prevLogTerm = isGone || prevLogIndex === 0 ? 0 : state.log.termAt(prevLogIndex);
  const body: AppendEntries = state.countsRounds`,
      },
      {
        file: 'core/replication.ts',
        find: `    const entries = state.log.slice(nextIndex, lastIndex);`,
        replace: `    const entries =
      nextIndex <= state.log.baseIndex ? noEntries : state.log.slice(nextIndex, lastIndex);`,
      },
      {
        file: 'core/append-entries.ts',
        find: `  commitThrough(state, followerCommitIndex(state.commitIndex, body.leaderCommit, matchIndex));`,
        replace: `  const isUnplaced = body.prevLogIndex === 0 && body.entries.length === 0;
  const verified = isUnplaced ? state.log.lastIndex : matchIndex;
  commitThrough(state, followerCommitIndex(state.commitIndex, body.leaderCommit, verified));`,
      },
    ],
    breaks: ['applied-only-committed', 'state-machine-safety', 'commit-index-on-disk'],
    section: '§7',
    source: ['willemt/raft#118', 'RedisLabs/raft#47'],
  },
  {
    id: 'snapshot-omits-config',
    title: 'A snapshot has the configuration that the cluster began with',
    needs: 'a snapshot behind a change of membership',
    edits: [
      {
        file: 'core/snapshots.ts',
        find: `  const configuration = configurationThrough(state, lastApplied);
  if (isUnknown(configuration)) return;`,
        replace: `  if (isUnknown(configurationThrough(state, lastApplied))) return;
  const configuration = state.bootstrap;`,
      },
    ],
    breaks: ['snapshot-label'],
    section: '§6, §7',
    source: ['moby/swarmkit#238', 'async-raft/async-raft#133', 'matrixorigin/matrixone#23281'],
  },
  {
    id: 'compact-before-snapshot-durable',
    title: 'The log is compacted as soon as the snapshot is there, before it is on disk',
    needs: 'a crash between the two writes',
    edits: [
      {
        file: 'core/snapshots.ts',
        find: `  persistSnapshot(state, { lastIncludedIndex, lastIncludedTerm, configuration, data }, out);
}`,
        replace: `  persistSnapshot(state, { lastIncludedIndex, lastIncludedTerm, configuration, data }, out);
  state.snapshots.durable = { lastIncludedIndex, lastIncludedTerm, configuration, data };
  compactLog(state, out);
}`,
      },
    ],
    breaks: ['log-joins-snapshot'],
    section: '§7',
    source: ['RedisLabs/redisraft#43', 'hashicorp/consul#3362', 'canonical/raft#199'],
  },
  {
    id: 'local-snapshot-overwrites-installed',
    title: 'A snapshot of its own that comes late replaces a newer one of the leader',
    needs: 'a host that takes its time with snapshots, and a leader that sends one meanwhile',
    edits: [
      {
        file: 'core/snapshots.ts',
        find: `  if (index <= newestSnapshotIndex(snapshots)) return;\n`,
        replace: ``,
      },
    ],
    breaks: ['log-joins-snapshot'],
    section: '§7',
    source: ['hashicorp/raft#248', 'eBay/NuRaft#301'],
  },
];
