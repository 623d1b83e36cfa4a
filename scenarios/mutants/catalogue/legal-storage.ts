/** Not bugs: freedoms of what is written, applied and answered when. */
import type { Mutant } from '../mutant.ts';

export const LEGAL_STORAGE_MUTANTS: readonly Mutant[] = [
  {
    id: 'entries-before-term',
    title: 'Entries may be on disk before the term in which they came',
    needs: 'a crash between two writes',
    edits: [
      {
        file: 'core/storage.ts',
        find: `return state.isHardStateDurable ? 0 : state.hardStateWriteId;`,
        replace: `return 0;`,
      },
    ],
    breaks: [],
    section: '§5.3, Figure 2 (persistent state)',
    source: ['https://raft.github.io/raft.pdf'],
    legal:
      'Every promise waits for both writes. A server that has entries of a term which it has forgotten has promised nothing in it, and the leader of that term has been elected without it.',
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
        file: 'core/raft-state.ts',
        find: `      id: write.id,\n`,
        replace: `      firstIndex: write.firstIndex,
      truncates: write.truncates,
      id: write.id,\n`,
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
        find: `/** A log never holds an entry of a term`,
        replace: `export function repeatWrites(state: RaftState, id: number, store: PersistentStore): void {
  if (id === state.commitWriteId) state.commitWriteId = 0;
  if (id === state.hardStateWriteId) state.writtenTerm = 0;
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
  if (log.lastIndex >= index) persistAppend(state, log.slice(index, log.lastIndex), store);
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
