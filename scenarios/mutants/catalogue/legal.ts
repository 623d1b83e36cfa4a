/** Not bugs: freedoms that Raft leaves. The bench must stay silent on all of them. */
import type { Mutant } from '../mutant.ts';

export const LEGAL_MUTANTS: readonly Mutant[] = [
  {
    id: 'commit-on-half-of-even',
    title: 'Of an even number of servers, half is enough to commit, though not to be elected',
    needs: 'an even number of servers',
    edits: [
      {
        file: 'core/quorum.ts',
        find: `const needed = majority(members.length);`,
        replace: `const needed = Math.ceil(members.length / 2);`,
      },
    ],
    breaks: [],
    section: '§5.4.3',
    source: ['https://fpaxos.github.io'],
    legal:
      'A majority of 2k servers is k + 1 of them, so it includes one of any k: no leader can be elected without what is committed.',
  },
  {
    id: 'entries-sent-one-by-one',
    title: 'Every AppendEntries carries one entry',
    needs: 'requests',
    edits: [
      {
        file: 'core/replication.ts',
        find: `const batchEnd = nextIndex + state.config.batchEntriesMax - 1;`,
        replace: `const batchEnd = nextIndex;`,
      },
    ],
    breaks: [],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'AppendEntries may carry any number of entries; one by one is only slower.',
  },
  {
    id: 'append-entries-doubled',
    title: 'Every AppendEntries with entries is sent twice',
    needs: 'requests',
    edits: [
      {
        file: 'core/replication.ts',
        find: `    sendAppendEntries(state, peer, nextIndex - 1, entries, transport);\n`,
        replace: `    sendAppendEntries(state, peer, nextIndex - 1, entries, transport);
    sendAppendEntries(state, peer, nextIndex - 1, entries, transport);\n`,
      },
    ],
    breaks: [],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'RPCs are idempotent (§5.5): a network may double them, and so may a leader.',
  },
  {
    id: 'heartbeat-repeats-last-entry',
    title: 'A heartbeat carries the last entry that is known to agree once more',
    needs: 'a leader',
    edits: [
      {
        file: 'core/replication.ts',
        find: `  sendAppendEntries(state, peer, prevLogIndex, noEntries, transport);\n`,
        replace: `  const first = Math.max(1, prevLogIndex);
  sendAppendEntries(state, peer, first - 1, state.log.slice(first, prevLogIndex), transport);\n`,
      },
    ],
    breaks: [],
    section: '§5.3',
    source: ['etcd-io/raft#148', 'etcd-io/raft#149'],
    legal: 'To probe below what is known to agree is wasteful, never wrong.',
  },
  {
    id: 'noop-doubled',
    title: 'A new leader appends two no-ops',
    needs: 'an election',
    edits: [
      {
        file: 'core/election.ts',
        find: `  appendNoOp(state, out);\n`,
        replace: `  appendNoOp(state, out);\n  appendNoOp(state, out);\n`,
      },
    ],
    breaks: [],
    section: '§8',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'A no-op changes nothing; a leader may append as many as it likes.',
  },
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
];
