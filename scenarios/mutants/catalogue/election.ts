/** Becoming a leader, and staying one (§5.2). */
import type { Mutant } from '../mutant.ts';

export const ELECTION_MUTANTS: readonly Mutant[] = [
  {
    id: 'stale-vote-reply-counted',
    title: 'A candidate counts a vote that was granted to it in an older term',
    needs: 'a vote that takes longer than an election timeout',
    edits: [
      {
        file: 'core/election.ts',
        find: `  if (body.term < state.currentTerm) return;\n`,
        replace: ``,
      },
    ],
    breaks: ['elected-by-majority', 'quorum-intersection', 'election-safety'],
    section: '§5.2',
    source: [
      'xnnyygn/xraft#33',
      'ktoso/akka-raft#46',
      'andreev-io/little-raft#44',
      'eatonphil/raft-rs#3',
    ],
  },
  {
    id: 'duplicate-vote-counted',
    title: 'A candidate counts answers, not voters, so a vote that comes twice counts twice',
    needs: 'a network that duplicates messages',
    edits: [
      {
        file: 'core/election.ts',
        find: `  countVote(state, from, body.voteGranted, out);\n`,
        replace: `  const isFirst = state.votes[from] === null;
  const place = isFirst ? from : state.configuration.voters.find((member) => state.votes[member] === null);
  countVote(state, place ?? from, body.voteGranted, out);\n`,
      },
    ],
    breaks: ['elected-by-majority', 'quorum-intersection', 'election-safety'],
    section: '§5.2, §5.5',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'votes-survive-election',
    title: 'A candidate that stands again keeps the votes of its last election',
    needs: 'a candidate that stands twice',
    edits: [
      {
        file: 'core/election.ts',
        find: `  state.votes.fill(null);\n`,
        replace: ``,
      },
    ],
    breaks: ['elected-by-majority', 'quorum-intersection', 'election-safety'],
    section: '§5.2',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'new-leader-no-noop',
    title: 'A new leader sends heartbeats, but appends no entry of its own term',
    needs: 'a leader that dies with an uncommitted entry, and no requests after it',
    edits: [
      {
        file: 'core/election.ts',
        find: `  appendNoOp(state, out);\n  broadcastAppendEntries(state, out);\n`,
        replace: `  handleHeartbeatTimeout(state, out);\n`,
      },
      {
        file: 'core/election.ts',
        find: `import { broadcastAppendEntries, startReplication }`,
        replace: `import { handleHeartbeatTimeout, startReplication }`,
      },
    ],
    breaks: ['replication-liveness', 'convergence'],
    section: '§8',
    source: ['RedisLabs/redisraft#22', 'adjoint-io/raft#54', 'jgroups-extras/jgroups-raft#122'],
  },
  {
    id: 'new-leader-drops-tail',
    title: 'A new leader begins with a clean log: what it does not know to be committed goes',
    needs: 'a leader that dies before it has told what is committed',
    edits: [
      {
        file: 'core/election.ts',
        find: `  startReplication(state);\n`,
        replace: `  if (state.log.lastIndex > state.commitIndex) {
    state.log.truncateFrom(state.commitIndex + 1);
    persistTruncate(state, state.commitIndex + 1, out);
  }
  startReplication(state);\n`,
      },
      {
        file: 'core/election.ts',
        find: `import { dropWaiting, persistAppend, sendWhenDurable }`,
        replace: `import { dropWaiting, persistAppend, persistTruncate, sendWhenDurable }`,
      },
    ],
    breaks: ['leader-completeness', 'state-machine-safety', 'committed-on-quorum'],
    section: '§5.3, §5.4.2',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'quorum-even-off-by-one',
    title: 'Half of an even number of servers counts as a majority',
    needs: 'an even number of servers',
    edits: [
      {
        file: 'core/quorum.ts',
        find: `return Math.floor(memberCount / 2) + 1;`,
        replace: `return Math.ceil(memberCount / 2);`,
      },
    ],
    breaks: ['elected-by-majority', 'quorum-intersection', 'election-safety'],
    section: '§5.2',
    source: ['hydro-project/hydro#3082'],
  },
  {
    id: 'restart-resumes-leadership',
    title: 'A leader that crashed leads its old term again after the restart',
    needs: 'a leader that crashes with entries that are not safe yet, and restarts at once',
    // That it led is read back from the no-op of the reign, so it is as durable as that entry.
    edits: [
      {
        file: 'core/messages.ts',
        find: `export interface Entry {\n`,
        replace: `export interface Entry {\n  readonly leaderId?: NodeId;\n`,
      },
      {
        file: 'core/election.ts',
        find: `const noOp: Entry = { term: state.currentTerm, command: null };`,
        replace: `const noOp: Entry = { term: state.currentTerm, command: null, leaderId: state.self };`,
      },
      {
        file: 'core/election.ts',
        find: `function becomeLeader(state: RaftState, out: Outbox): void {\n`,
        replace: `export function resumeLeading(state: RaftState, out: Outbox): void {
  const { log, currentTerm, self } = state;
  let index = log.lastIndex;
  while (index > 0 && log.entryAt(index).leaderId === undefined) index -= 1;
  if (index === 0 || log.termAt(index) !== currentTerm) return;
  if (log.entryAt(index).leaderId !== self) return;
  state.role = 'leader';
  state.leaderId = state.self;
  out.claim('leader', currentTerm);
  cancelElectionTimer(out);
  resetHeartbeatTimer(state, out);
  startReplication(state);
}

function becomeLeader(state: RaftState, out: Outbox): void {\n`,
      },
      {
        file: 'core/step.ts',
        find: `handleRequestVoteResponse } from`,
        replace: `handleRequestVoteResponse, resumeLeading } from`,
      },
      {
        file: 'core/step.ts',
        find: `  resetElectionTimer(state, out);\n`,
        replace: `  resetElectionTimer(state, out);\n  resumeLeading(state, out);\n`,
      },
    ],
    breaks: [
      'election-safety',
      'elected-by-majority',
      'leader-creates-entries',
      'log-matching',
      'applied-only-committed',
    ],
    section: '§5.2',
    source: ['xline-kv/Xline#457'],
  },
  {
    id: 'candidate-asks-before-persist',
    title: 'A candidate asks for votes before its own vote is on stable storage',
    needs: 'a slow disk, and a candidate that crashes after its election',
    edits: [
      {
        file: 'core/election.ts',
        find: `if (isVoter(state.configuration, peer)) sendWhenDurable(state, peer, body, 0, out);`,
        replace: `if (isVoter(state.configuration, peer)) out.send(peer, body);`,
      },
    ],
    breaks: ['durable-promise', 'election-safety'],
    section: '§5.2, Figure 2 (persistent state)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'term-as-lamport-clock',
    title: 'A higher term is counted on from, as a Lamport clock, instead of adopted',
    needs: 'two servers',
    edits: [
      {
        file: 'core/roles.ts',
        find: `    state.currentTerm = term;\n`,
        replace: `    state.currentTerm = Math.max(state.currentTerm, term) + 1;\n`,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: '§5.1',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'higher-term-in-answer-ignored',
    title: 'A higher term counts in requests only, not in answers to them',
    needs: 'pre-vote or check-quorum, and a server in a higher term than its leader',
    edits: [
      {
        file: 'core/step.ts',
        find: `  if (endsTerm(state, body)) becomeFollower(state, body.term, out);\n`,
        replace: `  const isAnswer =
    body.kind === 'RequestVoteResponse' ||
    body.kind === 'AppendEntriesResponse' ||
    body.kind === 'InstallSnapshotResponse';
  if (!isAnswer && endsTerm(state, body)) becomeFollower(state, body.term, out);\n`,
      },
    ],
    breaks: ['convergence'],
    section: '§5.1, Figure 2 (all servers)',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'candidate-stays-candidate',
    title: 'A candidate that hears the leader of its term follows it, but remains a candidate',
    needs:
      'two candidates in one term, and a change of membership that leaves out voters of the leader',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  if (state.role === 'candidate') becomeFollower(state, body.term, out);\n`,
        replace: ``,
      },
    ],
    breaks: [
      'election-safety',
      'leader-creates-entries',
      'log-matching',
      'state-machine-safety',
      'committed-for-good',
    ],
    section: '§5.2, §6',
    source: ['https://raft.github.io/raft.pdf'],
  },
];
