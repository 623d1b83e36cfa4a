/** Servers that are no members any more (§6). */
import type { Mutant } from '../mutant.ts';

export const REMOVED_SERVER_MUTANTS: readonly Mutant[] = [
  {
    id: 'removed-node-resurrected-empty',
    title: 'A removed server deletes its log and its vote, and goes on as one of the first members',
    needs: 'a member that is removed, and old members that have missed it',
    edits: [
      {
        file: 'core/step.ts',
        find: `  if (state.role === 'leader') pursueMembership(state, out);`,
        replace: `  if (state.role === 'follower' && isRemoved(state)) beginAnew(state, out);
  if (state.role === 'leader') pursueMembership(state, out);`,
      },
      {
        file: 'core/step.ts',
        find: `/** Servers start as followers,`,
        replace: `function isRemoved({ self, configuration, configurationIndex, commitIndex, log }: RaftState): boolean {
  if (configurationIndex === 0 || configurationIndex > commitIndex || log.baseIndex > 0) return false;
  return !serversOf(configuration).includes(self);
}

function beginAnew(state: RaftState, out: Outbox): void {
  state.log.truncateFrom(1);
  persistTruncate(state, 1, out);
  state.commitIndex = 0;
  state.lastApplied = 0;
  state.votedFor = 0;
  state.leaderId = 0;
  reloadConfiguration(state);
}

/** Servers start as followers,`,
      },
      {
        file: 'core/step.ts',
        find: `import { handleAdmin } from './admin.ts';`,
        replace: `import { handleAdmin } from './admin.ts';
import { reloadConfiguration } from './adopt-configuration.ts';
import { serversOf } from './configuration.ts';`,
      },
      {
        file: 'core/step.ts',
        find: `import { completeWrite, persistCommitIndex, persistHardState }`,
        replace: `import { completeWrite, persistCommitIndex, persistHardState, persistTruncate }`,
      },
    ],
    breaks: [
      'committed-never-dropped',
      'leader-completeness',
      'one-vote-per-term',
      'leader-append-only',
    ],
    section: '§6, thesis §4.2',
    source: [
      'https://aphyr.com/posts/330-jepsen-rethinkdb-2-2-3-reconfiguration',
      'rethinkdb/rethinkdb#5289',
      'tikv/tikv#9579',
    ],
  },
];
