/** Requests that gather for one write, and entries that are applied in batches (§8). */
import type { Mutant } from '../mutant.ts';

export const BATCHING_MUTANTS: readonly Mutant[] = [
  {
    id: 'queue-not-flushed',
    title: 'A queue is appended with the next request only, not when the write before it is done',
    needs: 'requests that come while a write is under way, and none after them',
    edits: [
      {
        file: 'core/step.ts',
        find: `  advanceCommitIndex(state);\n  appendQueued(state, out);\n`,
        replace: `  advanceCommitIndex(state);\n`,
      },
    ],
    breaks: ['no-request-forgotten', 'traffic-progress'],
    section: '§8',
    source: ['databendlabs/openraft#1964'],
  },
  {
    id: 'queue-waits-for-newer-write',
    title: 'A queue waits until more is safe than was written: <= where < is meant',
    needs: 'requests that gather',
    edits: [
      {
        file: 'core/requests.ts',
        find: `state.durableIndex < state.log.lastIndex;`,
        replace: `state.durableIndex <= state.log.lastIndex;`,
      },
    ],
    breaks: ['traffic-progress', 'no-request-forgotten'],
    section: '§8',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'overload-rejected-but-appended',
    title: 'A leader with too many requests rejects the next one, and appends it all the same',
    needs: 'more requests than a leader takes, which are four here',
    edits: [
      {
        file: 'core/pending-requests.ts',
        find: `export const pendingRequestsMax = 10_000;`,
        replace: `export const pendingRequestsMax = 4;`,
      },
      {
        file: 'core/requests.ts',
        find: `    else state.queuedRequests.push(request);\n`,
        replace: `    state.queuedRequests.push(request);\n`,
      },
    ],
    breaks: ['refused-never-committed', 'one-answer', 'exactly-once'],
    section: '§8',
    source: ['RedisLabs/redisraft#23'],
  },
  {
    id: 'apply-batch-limit-skips',
    title: 'Entries are applied in batches, and the first one behind a full batch is skipped',
    needs: 'more entries at once than one step applies',
    edits: [
      {
        file: 'core/commit.ts',
        find: `  state.lastApplied = lastOfBatch;\n`,
        replace: `  state.lastApplied = Math.min(applicable, lastApplied + state.config.applyBatchMax + 1);\n`,
      },
    ],
    breaks: ['applied-in-order'],
    section: '§5.3, Figure 2 (lastApplied)',
    source: ['cockroachdb/cockroach#28918'],
  },
  {
    id: 'apply-batch-limit-repeats',
    title: 'Entries are applied in batches, and the last one of a full batch once more',
    needs: 'more entries at once than one step applies',
    edits: [
      {
        file: 'core/commit.ts',
        find: `  state.lastApplied = lastOfBatch;\n`,
        replace: `  state.lastApplied = lastOfBatch < applicable ? lastOfBatch - 1 : lastOfBatch;\n`,
      },
    ],
    breaks: ['applied-in-order'],
    section: '§5.3, Figure 2 (lastApplied)',
    source: ['cockroachdb/cockroach#28918'],
  },
  {
    id: 'apply-stops-after-batch',
    title: 'What is left over by the first full batch is never applied, nor is anything after it',
    needs: 'more entries at once than one step applies',
    edits: [
      {
        file: 'core/commit.ts',
        find: `  state.isApplyTimerSet = false;\n`,
        replace: `  state.isApplyTimerSet = state.lastApplied < state.commitIndex;\n`,
      },
    ],
    breaks: ['convergence', 'replication-liveness'],
    section: '§5.3, Figure 2 (lastApplied)',
    source: ['https://raft.github.io/raft.pdf'],
  },
];
