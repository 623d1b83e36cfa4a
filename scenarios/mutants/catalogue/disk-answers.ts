/** What a server makes of what its disk tells it: writes that are done, late, or failed (§5). */
import type { Mutant } from '../mutant.ts';

export const DISK_ANSWER_MUTANTS: readonly Mutant[] = [
  {
    id: 'older-hard-state-counts',
    title: 'An older write that is done passes for the write of the newest term and vote',
    needs: 'a slow disk, and a vote while another write is under way',
    edits: [
      {
        file: 'core/storage.ts',
        find: `  if (id === state.hardStateWriteId) state.isHardStateDurable = true;\n`,
        replace: `  if (id <= state.hardStateWriteId) state.isHardStateDurable = true;\n`,
      },
    ],
    breaks: ['durable-promise', 'term-monotonicity', 'one-vote-per-term', 'election-safety'],
    section: '§5.2, Figure 2 (persistent state)',
    source: ['etcd-io/raft#8'],
  },
];
