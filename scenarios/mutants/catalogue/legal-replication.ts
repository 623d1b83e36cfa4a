/** Not bugs: freedoms of how a leader brings followers up to date (§5.3). */
import type { Mutant } from '../mutant.ts';

export const LEGAL_REPLICATION_MUTANTS: readonly Mutant[] = [
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
        replace: `  const isInLog = prevLogIndex > state.log.baseIndex;
  const again = isInLog ? state.log.slice(prevLogIndex, prevLogIndex) : noEntries;
  sendAppendEntries(state, peer, prevLogIndex - again.length, again, transport);\n`,
      },
    ],
    breaks: [],
    section: '§5.3',
    source: ['etcd-io/raft#148', 'etcd-io/raft#149'],
    legal: 'To probe below what is known to agree is wasteful, never wrong.',
  },
  {
    id: 'leader-waits-for-own-disk',
    title: 'A leader sends entries only when they are on its own disk',
    needs: 'requests',
    edits: [
      {
        file: 'core/replication.ts',
        find: `const lastSendable = lastSendableIndex(state, peer);`,
        replace: `const lastSendable = Math.min(lastSendableIndex(state, peer), state.durableIndex);`,
      },
      {
        file: 'core/step.ts',
        find: `  advanceCommitIndex(state);\n`,
        replace: `  advanceCommitIndex(state);\n  broadcastAppendEntries(state, out);\n`,
      },
      {
        file: 'core/step.ts',
        find: `import { handleAppendEntriesResponse, handleHeartbeatTimeout } from`,
        replace: `import {
  broadcastAppendEntries,
  handleAppendEntriesResponse,
  handleHeartbeatTimeout,
} from`,
      },
    ],
    breaks: [],
    section: 'thesis §10.2.1',
    source: ['https://github.com/ongardie/dissertation'],
    legal:
      'A leader may write and send at the same time, as the reference does, or one after the other: it counts itself for what is on its disk in both cases.',
  },
  {
    id: 'new-leader-probes-from-commit',
    title: 'A new leader begins behind its commitIndex instead of at the end of its log',
    needs: 'an election',
    edits: [
      {
        file: 'core/replication.ts',
        find: `  startProbing(state, peer, state.log.lastIndex + 1);\n`,
        replace: `  startProbing(state, peer, state.commitIndex + 1);\n`,
      },
    ],
    breaks: [],
    section: '§5.3, Figure 2 (nextIndex)',
    source: ['etcd-io/raft#148', 'etcd-io/raft#149'],
    legal:
      'nextIndex is a guess: where the search begins matters for the time it takes, and followers skip what they have.',
  },
  {
    id: 'append-entries-answered-twice',
    title: 'Every success is sent twice',
    needs: 'a leader',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  sendWhenDurable(state, to, body, matchIndex, out);\n`,
        replace: `  sendWhenDurable(state, to, body, matchIndex, out);
  sendWhenDurable(state, to, body, matchIndex, out);\n`,
      },
    ],
    breaks: [],
    section: '§5.5',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'A network may double answers, and so may a follower: what is true stays true.',
  },
  {
    id: 'ack-covers-committed',
    title: 'A success reports all that the follower knows to be committed, too',
    needs: 'AppendEntries that come late',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  acknowledge(state, from, matchIndex, body.round ?? noRound, out);\n`,
        replace: `  acknowledge(state, from, Math.max(matchIndex, state.commitIndex), body.round ?? noRound, out);\n`,
      },
    ],
    breaks: [],
    section: '§5.4.3',
    source: ['https://raft.github.io/raft.pdf'],
    legal:
      'What is committed is in the log of every later leader (Leader Completeness), so the logs agree through there, whatever the message has verified.',
  },
  {
    id: 'heartbeat-answered-every-second-time',
    title: 'A follower answers only every second heartbeat that it agrees with',
    needs: 'a leader',
    edits: [
      {
        file: 'core/raft-state.ts',
        find: `  readonly config: ServerConfig;\n`,
        replace: `  readonly config: ServerConfig;\n  heartbeats: number;\n`,
      },
      {
        file: 'core/raft-state.ts',
        find: `    config,\n    currentTerm,\n`,
        replace: `    config,\n    heartbeats: 0,\n    currentTerm,\n`,
      },
      {
        file: 'core/append-entries.ts',
        find: `  acknowledge(state, from, matchIndex, body.round ?? noRound, out);\n`,
        replace: `  if (body.entries.length === 0) state.heartbeats += 1;
  if (body.entries.length > 0 || state.heartbeats % 2 === 0) {
    acknowledge(state, from, matchIndex, body.round ?? noRound, out);
  }\n`,
      },
    ],
    breaks: [],
    section: '§5.3, §5.5',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'Any answer may get lost; the leader asks again.',
  },
  {
    id: 'refusal-without-hint',
    title: 'A refusal says nothing but no, and the leader goes back one entry at a time',
    needs: 'logs that differ',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  if (prevLogIndex > state.log.lastIndex) {
    refuse(state, to, 0, state.log.lastIndex + 1, round, transport);\n`,
        replace: `  if (prevLogIndex > 0) {
    refuse(state, to, 0, prevLogIndex, round, transport);\n`,
      },
    ],
    breaks: [],
    section: '§5.3',
    source: ['https://raft.github.io/raft.pdf'],
    legal:
      'The hint only saves time (§5.3, end): without one the search goes down by one with each refusal, and index 0 is never refused.',
  },
  {
    id: 'commit-told-by-heartbeats-only',
    title: 'AppendEntries with entries says nothing about what is committed; heartbeats do',
    needs: 'requests',
    edits: [
      {
        file: 'core/replication.ts',
        find: `, commitIndex: leaderCommit, rounds } = state;\n`,
        replace: `, rounds } = state;
  const leaderCommit = entries.length > 0 ? 0 : state.commitIndex;\n`,
      },
    ],
    breaks: [],
    section: '§5.3, Figure 2 (AppendEntries 5)',
    source: ['https://raft.github.io/raft.pdf'],
    legal:
      'leaderCommit may fall from one message to the next, as it does from one leader to the next; followers keep the highest.',
  },
];
