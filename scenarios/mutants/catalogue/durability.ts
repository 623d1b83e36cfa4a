/** What must be on stable storage before it is promised (§5, Figure 2; thesis §10.2.1). */
import type { Mutant } from '../mutant.ts';

export const DURABILITY_MUTANTS: readonly Mutant[] = [
  {
    id: 'vote-not-persisted',
    title: 'The term is written to stable storage, the vote is not',
    needs: 'a voter that crashes and restarts within an election',
    edits: [
      {
        file: 'core/storage.ts',
        find: `    votedFor: state.votedFor,\n`,
        replace: `    votedFor: 0,\n`,
      },
    ],
    breaks: ['durable-promise', 'elected-by-majority', 'one-vote-per-term', 'election-safety'],
    section: '§5.2, Figure 2 (persistent state)',
    source: ['wenweihu86/raft-java#57'],
  },
  {
    id: 'vote-reply-before-persist',
    title: 'A vote is granted before it is on stable storage',
    needs: 'a voter that crashes right after its answer, and a second candidate',
    edits: [
      {
        file: 'core/election.ts',
        find: `  sendWhenDurable(state, from, response, 0, out);\n`,
        replace: `  out.send(from, response);\n`,
      },
    ],
    breaks: ['durable-promise', 'term-monotonicity', 'one-vote-per-term', 'election-safety'],
    section: '§5.2, Figure 2 (persistent state)',
    source: ['etcd-io/etcd#2431'],
  },
  {
    id: 'follower-acks-before-fsync',
    title: 'A follower reports success before the entries are on stable storage',
    needs: 'a follower that crashes before its write is done',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `sendWhenDurable(state, to, body, matchIndex, out);`,
        replace: `sendWhenDurable(state, to, body, 0, out);`,
      },
    ],
    breaks: ['durable-promise', 'committed-on-quorum', 'leader-completeness'],
    section: '§5.3, Figure 2 (persistent state)',
    source: [
      'etcd-io/etcd#12589',
      'camunda/camunda#4160',
      'lni/dragonboat#201',
      'lni/dragonboat#360',
    ],
  },
  {
    id: 'log-kept-in-memory',
    title: 'New entries are never written to stable storage',
    needs: 'entries',
    edits: [
      {
        file: 'core/storage.ts',
        find: `  state.pendingLogWrites.push({ id: state.lastWriteId, lastIndex: state.log.lastIndex });
  store.persist(state.lastWriteId, logStream, after, { kind: 'append', entries });\n`,
        replace: `  state.durableIndex = state.log.lastIndex;\n`,
      },
    ],
    breaks: ['true-success', 'applied-only-committed', 'committed-on-quorum'],
    section: '§5.3, Figure 2 (persistent state)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'truncate-not-persisted',
    title: 'A truncation is not written, so new entries stand behind the old ones on disk',
    needs: 'a deposed leader with a tail that nobody else has',
    edits: [
      {
        file: 'core/storage.ts',
        find: `  state.lastWriteId += 1;
  state.pendingLogWrites.push({ id: state.lastWriteId, lastIndex: index - 1 });
  store.persist(state.lastWriteId, logStream, after, { kind: 'truncateFrom', index });\n`,
        replace: ``,
      },
    ],
    breaks: ['leader-creates-entries', 'log-matching', 'true-success'],
    section: '§5.3, Figure 2 (persistent state)',
    source: ['etcd-io/etcd#22442'],
  },
  {
    id: 'term-not-persisted-on-ae',
    title: 'A term is written only together with a vote, so one learnt otherwise is forgotten',
    needs: 'a follower that did not vote in the term, crashes, and meets the older leader',
    edits: [
      {
        file: 'core/storage.ts',
        find: `  assert(state.currentTerm >= state.writtenTerm, 'the term never falls', state.currentTerm);\n`,
        replace: `  if (state.votedFor === 0) return;\n`,
      },
    ],
    breaks: ['durable-promise', 'term-monotonicity'],
    section: '§5.1, Figure 2 (persistent state)',
    source: ['xnnyygn/xraft#29'],
  },
  {
    id: 'heartbeat-ack-leaks-unsynced',
    title: 'A heartbeat is answered at once with the last entry received, safe or not',
    needs: 'a slow disk, a heartbeat before the write is done, and a crash',
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
        find: `  acknowledge(state, from, matchIndex, body.round ?? noRound, out);\n`,
        replace: `  if (state.receivedTerm !== state.currentTerm) state.receivedIndex = 0;
  state.receivedTerm = state.currentTerm;
  state.receivedIndex = Math.max(state.receivedIndex, matchIndex);
  const round = body.round ?? noRound;
  if (body.entries.length > 0) acknowledge(state, from, matchIndex, round, out);
  else acknowledge(state, from, state.receivedIndex, round, out, 0);\n`,
      },
      {
        file: 'core/append-entries.ts',
        find: `  matchIndex: LogIndex,
  round: number,
  out: Outbox,
): void {\n`,
        replace: `  matchIndex: LogIndex,
  round: number,
  out: Outbox,
  durableIndex: LogIndex = matchIndex,
): void {\n`,
      },
      {
        file: 'core/append-entries.ts',
        find: `sendWhenDurable(state, to, body, matchIndex, out);`,
        replace: `sendWhenDurable(state, to, body, durableIndex, out);`,
      },
    ],
    breaks: ['durable-promise', 'committed-on-quorum', 'leader-completeness'],
    section: '§5.3, Figure 2 (persistent state)',
    source: ['yugabyte/yugabyte-db#32875', 'yugabyte/yugabyte-db#23453'],
  },
  {
    id: 'async-append-aba',
    title: 'A finished write of replaced entries passes for the write of those that replace them',
    needs: 'two leaders, a slow disk, and entries replaced before they are safe',
    edits: [
      {
        file: 'core/storage.ts',
        find: `  for (const write of state.pendingLogWrites)
    write.lastIndex = Math.min(write.lastIndex, index - 1);\n`,
        replace: ``,
      },
    ],
    breaks: ['durable-promise', 'committed-on-quorum', 'leader-completeness'],
    section: 'thesis §10.2.1',
    source: ['etcd-io/raft#8', 'cockroachdb/cockroach#124440'],
  },
  {
    id: 'waiting-ack-survives-term-change',
    title: 'A success that waits for the disk is still sent after the term has changed',
    needs: 'a slow disk, and a change of leader that replaces the entries meanwhile',
    edits: [
      {
        file: 'core/storage.ts',
        find: `  state.waiting.length = 0;\n`,
        replace: ``,
      },
    ],
    breaks: ['true-success', 'committed-on-quorum'],
    section: '§5.3',
    source: ['etcd-io/raft#8'],
  },
  {
    id: 'stepdown-keeps-waiting',
    title: 'A follower that hears of a higher term keeps the answers that wait for its disk',
    needs: 'a slow disk, and a change of leader that replaces the entries meanwhile',
    edits: [
      {
        file: 'core/roles.ts',
        find: `  dropWaiting(state);\n`,
        replace: ``,
      },
    ],
    breaks: ['true-success'],
    section: '§5.3',
    source: ['etcd-io/raft#8'],
  },
];
