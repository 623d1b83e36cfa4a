/** Requests that gather for one write, and entries that are applied in batches (§8). */
import type { Mutant } from '../mutant.ts';

export const BATCHING_MUTANTS: readonly Mutant[] = [
  {
    id: 'stepdown-appends-with-new-term',
    title: 'Queued requests are appended after a step-down, as entries of the term just adopted',
    needs: 'a leader that is deposed with requests in its queue',
    edits: [
      {
        file: 'core/roles.ts',
        find: `  rejectQueued(state, out);\n`,
        replace: ``,
      },
      {
        file: 'core/step.ts',
        find: `  if (state.role !== 'leader') return;
  advanceCommitIndex(state);
  appendQueued(state, out);\n`,
        replace: `  if (state.role === 'leader') advanceCommitIndex(state);
  appendQueued(state, out);\n`,
      },
      {
        file: 'core/requests.ts',
        find: `  assert(state.role === 'leader', 'only a leader makes entries');\n`,
        replace: ``,
      },
      {
        file: 'core/requests.ts',
        find: `  broadcastAppendEntries(state, out);\n`,
        replace: `  if (state.role === 'leader') broadcastAppendEntries(state, out);\n`,
      },
    ],
    breaks: [
      'leader-creates-entries',
      'log-matching',
      'elected-by-majority',
      'true-success',
      'state-machine-safety',
    ],
    section: '§5.3',
    source: ['camunda/camunda#5360', 'komamitsu/oraft#46'],
  },
  {
    id: 'queue-kept-at-stepdown',
    title: 'A deposed leader keeps the requests in its queue, for a reign that may never come',
    needs: 'a leader that is deposed with requests in its queue',
    edits: [
      {
        file: 'core/roles.ts',
        find: `  rejectQueued(state, out);\n`,
        replace: ``,
      },
    ],
    breaks: ['no-request-forgotten'],
    section: '§8',
    source: ['etcd-io/etcd#11483', 'tikv/tikv#4071'],
  },
  {
    id: 'rejected-queue-not-emptied',
    title: 'A deposed leader rejects its queue, and appends it when it leads again',
    needs: 'a server that is deposed with requests in its queue, and leads again',
    edits: [
      {
        file: 'core/pending-requests.ts',
        find: `  state.queuedRequests.length = 0;\n`,
        replace: ``,
      },
    ],
    breaks: ['refused-never-committed', 'one-answer', 'exactly-once'],
    section: '§8',
    source: ['RedisLabs/redisraft#23', 'vesoft-inc/nebula#3880'],
  },
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
    breaks: ['no-request-forgotten'],
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
    breaks: ['no-request-forgotten', 'traffic-progress'],
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
    breaks: ['convergence'],
    section: '§5.3, Figure 2 (lastApplied)',
    source: ['https://raft.github.io/raft.pdf'],
  },
];
