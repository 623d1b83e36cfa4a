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
    breaks: ['applied-only-committed', 'state-machine-safety', 'committed-on-quorum'],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'fig8-previous-term-ok',
    title: 'A leader commits entries of the term just before its own by counting copies',
    needs: 'small batches, and a change of leader',
    edits: [
      {
        file: 'core/rules.ts',
        find: `  if (log.termAt(majorityIndex) !== currentTerm) return commitIndex;\n`,
        replace: `  if (log.termAt(majorityIndex) < currentTerm - 1) return commitIndex;\n`,
      },
    ],
    breaks: [],
    section: '§5.4.2, Figure 8',
    source: ['https://raft.github.io/raft.pdf'],
    survivor:
      'Let the leader of term T find an entry of term T - 1 on a majority. A later leader needs the vote of one of these servers, so its last term is T - 1 or more. If it is T - 1, its log is at least as long as that of its voter, and what two logs have of one term agrees (§5.3): it has the entry. If it is T, its last entry came from the leader of term T, and the entry stands before it. If it is higher, its last entry came from a leader for which the same holds. Figure 8 needs a term between that of the entry and that of the leader, and here there is none.',
  },
];
