/** Not bugs: freedoms of what is written, applied and answered when. */
import type { Mutant } from '../mutant.ts';

export const LEGAL_STORAGE_MUTANTS: readonly Mutant[] = [
  {
    id: 'entries-before-term',
    title:
      'Without a configuration in the log, entries may be on disk before the term in which they came',
    needs: 'a crash between two writes',
    edits: [
      {
        file: 'core/storage.ts',
        find: `return state.isHardStateDurable ? 0 : state.hardStateWriteId;`,
        replace: `return state.isHardStateDurable || state.configurationIndex === 0
    ? 0
    : state.hardStateWriteId;`,
      },
      {
        file: 'core/storage.ts',
        find: `  const after = precedingHardState(state, store);
  state.lastWriteId += 1;
  snapshots.pendingWrites`,
        replace: `  persistHardState(state, store);
  const after = state.isHardStateDurable ? 0 : state.hardStateWriteId;
  state.lastWriteId += 1;
  snapshots.pendingWrites`,
      },
    ],
    breaks: [],
    section: '§5.3, Figure 2 (persistent state)',
    source: ['https://raft.github.io/raft.pdf'],
    legal:
      'Every promise waits for both writes. A server that has entries of a term which it has forgotten has promised nothing in it, and the leader of that term has been elected without it: those who have not voted in it are no majority. Of a smaller configuration that the same leader has made they may be one, and would elect the server to lead the term once more; so with a configuration in log or snapshot the term goes first.',
  },
  {
    id: 'hard-state-written-again',
    title: 'Term and vote are written again before every write to the log',
    needs: 'entries',
    edits: [
      {
        file: 'core/storage.ts',
        find: `function precedingHardState(state: RaftState, store: PersistentStore): number {\n`,
        replace: `function precedingHardState(state: RaftState, store: PersistentStore): number {
  state.writtenTerm = 0;\n`,
      },
    ],
    breaks: [],
    section: '§5.2, Figure 2 (persistent state)',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'To write the same once more changes nothing but the time it takes.',
  },
  {
    id: 'queue-answered-unknown',
    title: 'A deposed leader says of its queue that it may or may not happen',
    needs: 'a leader that is deposed with requests in its queue',
    edits: [
      {
        file: 'core/pending-requests.ts',
        find: `out.respond(request.id, 'rejected', nobody);\n  state.queuedRequests.length = 0;\n`,
        replace: `out.respond(request.id, 'unknown', nobody);\n  state.queuedRequests.length = 0;\n`,
      },
    ],
    breaks: [],
    section: '§8',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'Less is said than is known, and nothing that is not true.',
  },
  {
    id: 'commit-index-not-persisted',
    title: 'The commit index is not written, though the configuration asks for it',
    needs: 'a persisted commit index',
    edits: [
      {
        file: 'core/storage.ts',
        find: `return Math.min(state.commitIndex, state.durableIndex);`,
        replace: `return state.writtenCommitIndex;`,
      },
    ],
    breaks: [],
    section: '§5.3, Figure 2 (volatile state on all servers)',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'A restarted server learns from its leader what is committed, as in the paper.',
  },
  {
    id: 'entries-applied-one-by-one',
    title: 'Every step applies one entry at most',
    needs: 'entries',
    edits: [
      {
        file: 'core/commit.ts',
        find: `lastApplied + state.config.applyBatchMax);`,
        replace: `lastApplied + 1);`,
      },
    ],
    breaks: [],
    section: '§5.3, Figure 2 (lastApplied)',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'A server may apply what is committed as late as it likes, as long as it does.',
  },
  {
    id: 'applied-ahead-of-disk',
    title: 'Entries are applied to a state machine that survives a crash before they are on disk',
    needs: 'a durable state machine, a slow disk, and a crash',
    edits: [
      {
        file: 'core/commit.ts',
        find: `  const { commitIndex, durableIndex } = state;
  return state.isStateMachineDurable ? Math.min(commitIndex, durableIndex) : commitIndex;\n`,
        replace: `  return state.commitIndex;\n`,
      },
      {
        file: 'core/raft-state.ts',
        find: `  assert(commitIndex <= log.lastIndex, 'the log holds what is committed', commitIndex);\n`,
        replace: ``,
      },
      {
        file: 'core/step.ts',
        find: `  assert(commitIndex <= log.lastIndex, 'commits what it has', commitIndex, log.lastIndex);\n`,
        replace: ``,
      },
      {
        file: 'core/commit.ts',
        find: `  assert(commitIndex <= state.log.lastIndex, 'commits what it has', commitIndex);\n`,
        replace: ``,
      },
      {
        file: 'core/append-entries.ts',
        find: `  assert(index > state.commitIndex, 'what is committed stays', index, state.commitIndex);\n`,
        replace: ``,
      },
      {
        file: 'core/snapshots.ts',
        find: `  if (!isSnapshotDue(snapshots`,
        replace: `  if (state.isStateMachineDurable) return;
  if (!isSnapshotDue(snapshots`,
      },
      {
        file: 'core/snapshots.ts',
        find: `  if (isUnknown(configurationThrough(state, state.lastApplied))) {`,
        replace: `  if (state.isStateMachineDurable || isUnknown(configurationThrough(state, state.lastApplied))) {`,
      },
    ],
    breaks: [],
    section: '§5.4.3',
    source: ['https://raft.github.io/raft.pdf'],
    legal:
      'What is applied is committed, so it is on a majority of disks, and a log without it is never elected: the server gets back from its leader what its own log has lost, and skips what its state machine has. It takes no snapshots: the log could not tell the term of what it has lost.',
  },
  {
    id: 'failed-write-repeated',
    title:
      'A server does not stop at a failed write, but makes it again, with all that followed it',
    needs: 'a write that fails',
    edits: [
      {
        file: 'core/step.ts',
        find: `      haltOnFailedWrite(event.error, out);\n      return;\n`,
        replace: `      repeatWrites(state, event.id, out);\n      break;\n`,
      },
      {
        file: 'core/step.ts',
        find: `import { completeWrite, persistCommitIndex, persistHardState } from`,
        replace: `import { completeWrite, persistCommitIndex, persistHardState, repeatWrites } from`,
      },
      {
        file: 'core/raft-state.ts',
        find: `export interface PendingLogWrite {\n`,
        replace: `export interface PendingLogWrite {
  readonly firstIndex: LogIndex;
  readonly truncates: boolean;\n`,
      },
      {
        file: 'core/storage.ts',
        find: `  state.pendingLogWrites.push({ id: state.lastWriteId, lastIndex: state.log.lastIndex });\n`,
        replace: `  const { lastIndex } = state.log;
  const firstIndex = lastIndex - entries.length + 1;
  const truncates = false;
  state.pendingLogWrites.push({ id: state.lastWriteId, firstIndex, truncates, lastIndex });\n`,
      },
      {
        file: 'core/storage.ts',
        find: `  state.pendingLogWrites.push({ id: state.lastWriteId, lastIndex: index - 1 });\n`,
        replace: `  const id = state.lastWriteId;
  state.pendingLogWrites.push({ id, firstIndex: index, truncates: true, lastIndex: index - 1 });\n`,
      },
      {
        file: 'core/storage.ts',
        find: `  state.pendingLogWrites.push({ id: state.lastWriteId, lastIndex: log.lastIndex });\n`,
        replace: `  const { lastIndex } = log;
  const place = { firstIndex: lastIndex + 1, truncates: false, lastIndex };
  state.pendingLogWrites.push({ id: state.lastWriteId, ...place });\n`,
      },
      {
        file: 'core/storage.ts',
        find: `/** A log never holds an entry of a term`,
        replace: `export function repeatWrites(state: RaftState, id: number, store: PersistentStore): void {
  if (id === state.commitWriteId) state.commitWriteId = 0;
  if (id === state.hardStateWriteId) state.writtenTerm = 0;
  const { pendingWrites } = state.snapshots;
  const snapshotPlace = pendingWrites.findIndex((write) => write.id === id);
  if (snapshotPlace >= 0) {
    const { snapshot } = pendingWrites.splice(snapshotPlace).pop()!;
    persistSnapshot(state, snapshot, store);
  }
  const place = state.pendingLogWrites.findIndex((write) => write.id === id);
  if (place < 0) return;
  const { log } = state;
  const failed = state.pendingLogWrites.splice(place);
  const index = failed.reduce((first, write) => Math.min(first, write.firstIndex), Infinity);
  if (failed.some(({ truncates }) => truncates)) {
    const after = precedingHardState(state, store);
    state.lastWriteId += 1;
    state.pendingLogWrites.push({
      id: state.lastWriteId,
      firstIndex: index,
      truncates: true,
      lastIndex: index - 1,
    });
    store.persist(state.lastWriteId, logStream, after, { kind: 'truncateFrom', index });
  }
  const first = Math.max(index, log.baseIndex + 1);
  if (failed.some((write) => write.firstIndex > write.lastIndex && !write.truncates)) {
    persistCompaction(state, store);
    const compaction = state.pendingLogWrites[state.pendingLogWrites.length - 1]!;
    compaction.lastIndex = Math.min(first - 1, log.lastIndex);
  }
  if (log.lastIndex >= first) persistAppend(state, log.slice(first, log.lastIndex), store);
}

/** A log never holds an entry of a term`,
      },
    ],
    breaks: [],
    section: '§5.3, Figure 2 (persistent state)',
    source: ['https://raft.github.io/raft.pdf'],
    legal:
      'What has not become safe is written once more, in its order, and nothing is promised before it is safe.',
  },
];
