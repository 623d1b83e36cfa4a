/** What a server knows when it starts again: commit index and state machine (Figure 2). */
import type { Mutant } from '../mutant.ts';

export const RESTART_MUTANTS: readonly Mutant[] = [
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
    breaks: [
      'applied-only-committed',
      'commit-index-on-disk',
      'committed-on-quorum',
      'state-machine-safety',
    ],
    section: '§5.3, Figure 2 (commitIndex)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'commit-index-persisted-first',
    title: 'The commit index is written before the entries that it covers are safe',
    needs: 'a persisted commit index, and a crash between two writes',
    edits: [
      {
        file: 'core/storage.ts',
        find: `return Math.min(state.commitIndex, state.durableIndex);`,
        replace: `return state.commitIndex;`,
      },
    ],
    breaks: ['commit-index-on-disk'],
    section: '§5.3, Figure 2 (persistent state)',
    source: ['cockroachdb/cockroach#2592', 'etcd-io/etcd#16220', 'JDRaftKeeper/RaftKeeper#320'],
  },
  {
    id: 'durable-index-written-as-commit',
    title: 'What is written as the commit index is how far the log is safe',
    needs: 'a persisted commit index, and a restart with entries that no majority has',
    edits: [
      {
        file: 'core/storage.ts',
        find: `return Math.min(state.commitIndex, state.durableIndex);`,
        replace: `return Math.max(state.writtenCommitIndex, state.durableIndex);`,
      },
    ],
    breaks: [
      'commit-index-on-disk',
      'committed-on-quorum',
      'leader-completeness',
      'state-machine-safety',
    ],
    section: '§5.3, Figure 2 (commitIndex)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'applied-from-commit-on-restart',
    title: 'A restarted server takes all that is committed for applied',
    needs: 'a persisted commit index, and a state machine that is behind it',
    edits: [
      {
        file: 'core/raft-state.ts',
        find: `    lastApplied,\n`,
        replace: `    lastApplied: commitIndex,\n`,
      },
    ],
    breaks: ['applied-in-order', 'state-equals-log'],
    section: '§5.3, Figure 2 (lastApplied)',
    source: ['MartinKalema/horizontal-scaling-convex#145', 'ArcadeData/arcadedb#5408'],
  },
  {
    id: 'applied-forgotten-on-restart',
    title: 'A restarted server applies its log from the beginning, to a state machine that has it',
    needs: 'a durable state machine, and a restart',
    edits: [
      {
        file: 'core/raft-state.ts',
        find: `    lastApplied,\n`,
        replace: `    lastApplied: 0,\n`,
      },
    ],
    breaks: ['applied-in-order'],
    section: '§5.3, Figure 2 (lastApplied)',
    source: ['https://raft.github.io/raft.pdf'],
  },
];
