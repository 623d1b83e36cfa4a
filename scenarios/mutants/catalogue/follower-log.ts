/** What a follower makes of AppendEntries (§5.3). */
import type { Edit, Mutant } from '../mutant.ts';

/**
 * A success beyond the end of the own log leaves once all of that log is safe, and commits what
 * there is: in most programs the wait is for writes, not for an index.
 */
const SUCCESS_BEYOND_THE_END: readonly Edit[] = [
  {
    file: 'core/append-entries.ts',
    find: `sendWhenDurable(state, to, body, matchIndex, out);`,
    replace: `sendWhenDurable(state, to, body, Math.min(matchIndex, state.log.lastIndex), out);`,
  },
  {
    file: 'core/append-entries.ts',
    find: `followerCommitIndex(state.commitIndex, body.leaderCommit, matchIndex)`,
    replace: `followerCommitIndex(
      state.commitIndex,
      body.leaderCommit,
      Math.min(matchIndex, state.log.lastIndex),
    )`,
  },
];

export const FOLLOWER_LOG_MUTANTS: readonly Mutant[] = [
  {
    id: 'stale-term-ae-accepted',
    title: 'AppendEntries of a lower term is carried out',
    needs: 'a deposed leader whose messages are late, or which comes back',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  if (body.term < state.currentTerm) {
    refuse(state, from, 0, 0, noRound, out);
    return;
  }\n`,
        replace: ``,
      },
    ],
    breaks: [
      'applied-only-committed',
      'true-success',
      'committed-never-dropped',
      'leader-append-only',
    ],
    section: '§5.1, Figure 2 (AppendEntries 1)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'equal-term-ae-refused',
    title: 'AppendEntries of the own term is refused: > where the paper has >=',
    needs: 'a leader',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  if (body.term < state.currentTerm) {\n`,
        replace: `  if (body.term <= state.currentTerm) {\n`,
      },
    ],
    breaks: ['replication-liveness', 'leader-election-liveness'],
    section: '§5.1, Figure 2 (AppendEntries 1)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'index-zero-refused',
    title: 'prevLogIndex 0 finds no entry, so nothing can be appended to an empty log',
    needs: 'an empty log',
    edits: [
      {
        file: 'core/log-store.ts',
        find: `return index >= this.#baseIndex && index <= this.lastIndex`,
        replace: `return index > this.#baseIndex && index <= this.lastIndex`,
      },
    ],
    breaks: ['replication-liveness'],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'truncate-on-every-ae',
    title: 'A follower cuts its log behind prevLogIndex at every AppendEntries',
    needs: 'messages out of order',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  const present = countPresent(state.log, prevLogIndex, entries);
  if (present === entries.length) return;
  const firstNewIndex = prevLogIndex + present + 1;\n`,
        replace: `  const firstNewIndex = prevLogIndex + 1;\n`,
      },
      {
        file: 'core/append-entries.ts',
        find: `  const newEntries = present === 0 ? entries : entries.slice(present);\n`,
        replace: `  if (entries.length === 0) return;\n  const newEntries = entries;\n`,
      },
    ],
    breaks: [
      'committed-never-dropped',
      'committed-on-quorum',
      'leader-completeness',
      'replication-liveness',
    ],
    section: '§5.3, Figure 2 (AppendEntries 3)',
    source: [
      'zhebrak/raftos#26',
      'microsoft/CCF#5991',
      'https://thesquareplanet.com/blog/students-guide-to-raft/',
    ],
  },
  {
    id: 'conflict-overwrites-slot-only',
    title: 'A conflicting entry is replaced in its place, and those behind it stay',
    needs: 'a deposed leader with a tail of two entries or more',
    edits: [
      {
        file: 'core/log-store.ts',
        find: `  /** Shares the entries, not the array. */\n`,
        replace: `  overwrite(index: LogIndex, entries: readonly Entry[]): void {
    for (const [place, entry] of entries.entries()) {
      this.#entries[index + place - this.#offset] = entry;
    }
  }

  /** Shares the entries, not the array. */\n`,
      },
      {
        file: 'core/storage.ts',
        find: `/** A log never holds an entry of a term that its own server could forget`,
        replace: `export function persistOverwrite(
  state: RaftState,
  index: LogIndex,
  entries: readonly Entry[],
  store: PersistentStore,
): void {
  const after = precedingHardState(state, store);
  state.durableIndex = Math.min(state.durableIndex, index - 1);
  for (const write of state.pendingLogWrites)
    write.lastIndex = Math.min(write.lastIndex, index - 1);
  state.lastWriteId += 1;
  state.pendingLogWrites.push({ id: state.lastWriteId, lastIndex: state.log.lastIndex });
  store.persist(state.lastWriteId, logStream, after, { kind: 'overwrite', index, entries });
}

/** A log never holds an entry of a term that its own server could forget`,
      },
      {
        file: 'core/append-entries.ts',
        find: `import { persistAppend, persistTruncate, sendWhenDurable }`,
        replace: `import { persistAppend, persistOverwrite, persistTruncate, sendWhenDurable }`,
      },
      {
        file: 'core/append-entries.ts',
        find: `  if (firstNewIndex <= state.log.lastIndex) truncateConflict(state, firstNewIndex, out);
  const newEntries = present === 0 ? entries : entries.slice(present);\n`,
        replace: `  const newEntries = present === 0 ? entries : entries.slice(present);
  if (firstNewIndex <= state.log.lastIndex) {
    state.log.overwrite(firstNewIndex, newEntries);
    persistOverwrite(state, firstNewIndex, newEntries, out);
    return;
  }\n`,
      },
    ],
    breaks: ['log-matching'],
    section: '§5.3, Figure 2 (AppendEntries 3)',
    source: ['mofa-org/mofa#1150'],
  },
  {
    id: 'conflict-not-truncated',
    title: 'New entries go to the end of the log, behind conflicting ones',
    needs: 'a deposed leader with a tail that nobody else has',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  if (firstNewIndex <= state.log.lastIndex) truncateConflict(state, firstNewIndex, out);\n`,
        replace: ``,
      },
    ],
    breaks: ['leader-creates-entries', 'log-matching', 'true-success', 'state-machine-safety'],
    section: '§5.3, Figure 2 (AppendEntries 3)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'append-loop-stops-at-existing',
    title: 'A follower stops at the first entry that it has already, and reports all as taken',
    needs: 'entries that are sent again, some of them new',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  if (present === entries.length) return;\n`,
        replace: `  if (present > 0 || entries.length === 0) return;\n`,
      },
      ...SUCCESS_BEYOND_THE_END,
    ],
    breaks: ['true-success', 'state-machine-safety', 'committed-on-quorum', 'leader-completeness'],
    section: '§5.3, Figure 2 (AppendEntries 4)',
    source: ['amino-os/Amino.Run#143'],
  },
  {
    id: 'heartbeat-skips-consistency-check',
    title: 'AppendEntries without entries succeeds without the check of prevLogIndex',
    needs: 'a follower whose log differs from that of a new leader',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  if (!agreesAt(state.log, body.prevLogIndex, body.prevLogTerm)) {\n`,
        replace: `  const isHeartbeat = body.entries.length === 0;
  if (!isHeartbeat && !agreesAt(state.log, body.prevLogIndex, body.prevLogTerm)) {\n`,
      },
      ...SUCCESS_BEYOND_THE_END,
    ],
    breaks: ['true-success', 'state-machine-safety', 'committed-on-quorum', 'durable-promise'],
    section: '§5.3, Figure 2 (AppendEntries 2)',
    source: ['https://thesquareplanet.com/blog/students-guide-to-raft/'],
  },
  {
    id: 'ack-reports-last-index',
    title: 'A success reports the last index of the log instead of the last one verified',
    needs: 'a follower with a tail of a deposed leader',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  acknowledge(state, from, matchIndex, body.round ?? noRound, out);\n`,
        replace: `  acknowledge(state, from, state.log.lastIndex, body.round ?? noRound, out);\n`,
      },
    ],
    breaks: ['true-success', 'committed-on-quorum'],
    section: '§5.3',
    source: ['microsoft/CCF#6016', 'arXiv:2406.17455'],
  },
  {
    id: 'dedup-does-not-advance-watermark',
    title: 'A success reports the last entry that was new, so entries sent again report nothing',
    needs: 'more entries sent again than one message holds',
    edits: [
      {
        file: 'core/raft-state.ts',
        find: `  readonly config: ServerConfig;\n`,
        replace: `  readonly config: ServerConfig;
  receivedTerm: Term;
  receivedIndex: LogIndex;\n`,
      },
      {
        file: 'core/raft-state.ts',
        find: `    config,\n    currentTerm,\n`,
        replace: `    config,\n    receivedTerm: 0,\n    receivedIndex: 0,\n    currentTerm,\n`,
      },
      {
        file: 'core/append-entries.ts',
        find: `  persistAppend(state, newEntries, out);\n`,
        replace: `  persistAppend(state, newEntries, out);
  state.receivedTerm = state.currentTerm;
  state.receivedIndex = state.log.lastIndex;\n`,
      },
      {
        file: 'core/append-entries.ts',
        find: `  acknowledge(state, from, matchIndex, body.round ?? noRound, out);\n`,
        replace: `  const received = state.receivedTerm === state.currentTerm ? state.receivedIndex : 0;
  acknowledge(state, from, received, body.round ?? noRound, out);\n`,
      },
    ],
    breaks: ['convergence', 'replication-liveness'],
    section: '§5.3',
    source: ['yugabyte/yugabyte-db#13723', 'yugabyte/yugabyte-db#8879'],
  },
];
