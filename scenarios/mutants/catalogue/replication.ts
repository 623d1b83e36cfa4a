/** How a leader brings followers up to date (§5.3). */
import type { Mutant } from '../mutant.ts';

export const REPLICATION_MUTANTS: readonly Mutant[] = [
  {
    id: 'stale-reign-ack-accepted',
    title: 'A leader counts a success that answers an earlier reign of its own',
    needs: 'a server that leads twice, and an answer that is late by a reign of another',
    edits: [
      {
        file: 'core/replication.ts',
        find: `  if (body.term < state.currentTerm) return;\n`,
        replace: ``,
      },
    ],
    breaks: ['committed-on-quorum', 'leader-completeness', 'state-machine-safety'],
    section: '§5.3',
    source: ['https://thesquareplanet.com/blog/students-guide-to-raft/'],
  },
  {
    id: 'match-survives-reign',
    title: 'A server that leads again starts with the matchIndex of its last reign',
    needs: 'a server that leads twice in one life, and entries replaced between',
    edits: [
      {
        file: 'core/replication.ts',
        find: `  state.matchIndex[peer] = 0;\n`,
        replace: ``,
      },
    ],
    breaks: ['committed-on-quorum', 'convergence', 'state-machine-safety'],
    section: '§5.3, Figure 2 (volatile state on leaders)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'nack-hint-stored-as-match',
    title: 'The guess that follows from a refusal is stored as matchIndex',
    needs: 'logs that differ over several terms',
    edits: [
      {
        file: 'core/replication.ts',
        find: `  startProbing(state, peer, lowerNextIndex);\n`,
        replace: `  state.matchIndex[peer] = lowerNextIndex - 1;
  startProbing(state, peer, lowerNextIndex);\n`,
      },
    ],
    breaks: ['committed-on-quorum', 'replication-liveness', 'convergence', 'state-machine-safety'],
    section: '§5.3',
    source: ['microsoft/CCF#5325', 'microsoft/CCF#5324'],
  },
  {
    id: 'match-regresses',
    title: 'matchIndex is taken from every success, also from an older one that comes late',
    needs: 'answers out of order',
    edits: [
      {
        file: 'core/replication.ts',
        find: `state.matchIndex[peer] = Math.max(state.matchIndex[peer]!, acknowledgedIndex);`,
        replace: `state.matchIndex[peer] = acknowledgedIndex;`,
      },
    ],
    breaks: ['convergence', 'replication-liveness'],
    section: '§5.3',
    source: [
      'zhebrak/raftos#25',
      'bakwc/PySyncObj#167',
      'etcd-io/etcd#1761',
      'ongardie/raft.tla#18',
    ],
  },
  {
    id: 'conflict-hint-loops',
    title: 'A refusal always points to the end of the follower’s log, wherever the logs differ',
    needs: 'a follower with a long tail of a deposed leader',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  if (prevLogIndex > state.log.lastIndex) {\n`,
        replace: `  if (prevLogIndex >= 0) {\n`,
      },
    ],
    breaks: ['convergence', 'replication-liveness'],
    section: '§5.3',
    source: ['cubefs/cubefs#2428'],
  },
  {
    id: 'lost-append-not-resent',
    title: 'A leader does not send again what got lost',
    needs: 'a lost AppendEntries, or a lost answer',
    edits: [
      {
        file: 'core/replication.ts',
        find: `return state.stalledHeartbeats[peer]! >= stalledHeartbeatsMax;`,
        replace: `return false;`,
      },
    ],
    breaks: ['replication-liveness', 'convergence'],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'entries-shifted-by-one',
    title: 'Entries are taken from one place too far: 0-based and 1-based indexes mixed',
    needs: 'two entries',
    edits: [
      {
        file: 'core/replication.ts',
        find: `const entries = state.log.slice(nextIndex, lastIndex);`,
        replace: `const entries = state.log.slice(nextIndex + 1, lastIndex + 1);`,
      },
    ],
    breaks: ['log-matching', 'true-success', 'leader-creates-entries'],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
  },
];
