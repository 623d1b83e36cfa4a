/** What counts as committed, and is applied (§5.3, §5.4.2). */
import type { Mutant } from '../mutant.ts';

export const COMMIT_MUTANTS: readonly Mutant[] = [
  {
    id: 'commit-prior-term-by-count',
    title: 'A leader commits entries of earlier terms by counting copies',
    needs: 'small batches, and two changes of leader',
    edits: [
      {
        file: 'core/rules.ts',
        find: `  if (log.termAt(majorityIndex) !== currentTerm) return commitIndex;\n`,
        replace: ``,
      },
    ],
    breaks: ['commit-of-earlier-term', 'leader-completeness', 'state-machine-safety'],
    section: '§5.4.2, Figure 8',
    source: [
      'logcabin/logcabin#44',
      'bakwc/PySyncObj#169',
      'nats-io/nats-server#7955',
      'microsoft/CCF#4472',
    ],
  },
  {
    id: 'leader-counted-twice',
    title: 'A leader counts itself beside its own place in matchIndex',
    needs: 'a leader that is cut off with requests of its own',
    edits: [
      {
        file: 'core/quorum.ts',
        find: `  let count = 0;\n`,
        replace: `  let count = 1;\n`,
      },
    ],
    breaks: ['committed-on-quorum', 'leader-completeness'],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'leader-counts-unsynced-self',
    title: 'A leader counts itself for entries that are not on its own stable storage',
    needs: 'a disk that is slower than the network, and a leader that crashes',
    edits: [
      {
        file: 'core/commit.ts',
        find: `state.matchIndex[state.self] = state.durableIndex;`,
        replace: `state.matchIndex[state.self] = state.log.lastIndex;`,
      },
    ],
    breaks: ['committed-on-quorum', 'leader-completeness'],
    section: 'thesis §10.2.1',
    source: ['https://github.com/ongardie/dissertation'],
  },
  {
    id: 'commit-needs-one-more',
    title: 'An entry commits only when a majority holds more than it: > where >= is meant',
    needs: 'an end of the requests',
    edits: [
      {
        file: 'core/quorum.ts',
        find: `if (matchIndex[member]! >= index) count += 1;`,
        replace: `if (matchIndex[member]! > index) count += 1;`,
      },
    ],
    breaks: ['replication-liveness'],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'follower-commit-regresses',
    title: 'A follower takes leaderCommit also when it is lower than its commitIndex',
    needs: 'a change of leader',
    edits: [
      {
        file: 'core/rules.ts',
        find: `return Math.max(commitIndex, Math.min(leaderCommit, lastVerifiedIndex));`,
        replace: `return Math.min(leaderCommit, lastVerifiedIndex);`,
      },
    ],
    breaks: ['applied-in-order'],
    section: '§5.3, Figure 2 (AppendEntries 5)',
    source: ['bakwc/PySyncObj#166', 'ongardie/raft.tla#19'],
  },
  {
    id: 'follower-commit-clamped-to-own-last',
    title: 'A follower commits through its last entry, not through the last one verified',
    needs: 'a follower with a tail of a deposed leader',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `followerCommitIndex(state.commitIndex, body.leaderCommit, matchIndex)`,
        replace: `followerCommitIndex(state.commitIndex, body.leaderCommit, state.log.lastIndex)`,
      },
    ],
    breaks: ['applied-only-committed', 'state-machine-safety'],
    section: '§5.3, Figure 2 (AppendEntries 5)',
    source: ['atomix/copycat#265', 'scylladb/scylladb#9965', 'eBay/NuRaft#57', 'rabbitmq/ra#508'],
  },
  {
    id: 'apply-on-append',
    title: 'A follower applies entries when it appends them',
    needs: 'a change of leader under load',
    edits: [
      {
        file: 'core/commit.ts',
        find: `  const applicable = applicableIndex(state);\n`,
        replace: `  const learnt = state.role === 'leader' ? applicableIndex(state) : state.log.lastIndex;
  const applicable = Math.max(lastApplied, learnt);\n`,
      },
    ],
    breaks: ['applied-only-committed', 'state-machine-safety'],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'restart-commits-own-log',
    title: 'A restarted server takes its whole log for committed',
    needs: 'a restart with entries that no majority has',
    edits: [
      {
        file: 'core/raft-state.ts',
        find: `    commitIndex,\n`,
        replace: `    commitIndex: log.lastIndex,\n`,
      },
    ],
    breaks: ['applied-only-committed', 'committed-on-quorum', 'state-machine-safety'],
    section: '§5.3, Figure 2 (commitIndex)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'apply-batch-limit-skips',
    title: 'Entries are applied in batches, and the first one behind a full batch is skipped',
    needs: 'more than four entries that become committed at once',
    edits: [
      {
        file: 'core/commit.ts',
        find: `    answerApplied(state, index, entry, out);
  }
  state.lastApplied = lastOfBatch;\n`,
        replace: `    answerApplied(state, index, entry, out);
    if (index === lastApplied + 4) index += 1;
  }
  state.lastApplied = lastOfBatch;\n`,
      },
    ],
    breaks: ['applied-in-order'],
    section: '§5.3, Figure 2 (lastApplied)',
    source: ['cockroachdb/cockroach#28918'],
  },
];
