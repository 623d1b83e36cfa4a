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
    breaks: ['applied-only-committed', 'committed-on-quorum', 'state-machine-safety'],
    section: '§5.3, Figure 2 (commitIndex)',
    source: ['https://raft.github.io/raft.pdf'],
  },
];
