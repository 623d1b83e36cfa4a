/** When servers stand for election, and leaders send heartbeats (§5.2). */
import type { Mutant } from '../mutant.ts';

export const TIMER_MUTANTS: readonly Mutant[] = [
  {
    id: 'timer-not-randomised',
    title: 'All servers have the same election timeout',
    needs: 'an even number of live servers',
    edits: [
      {
        file: 'core/timers.ts',
        find: `state.config.electionMsMin, state.config.electionMsMax`,
        replace: `state.config.electionMsMin, state.config.electionMsMin`,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: '§5.2',
    source: ['etcd-io/etcd#10483'],
  },
  {
    id: 'timer-drawn-once',
    title: 'A server draws its election timeout once per life and keeps it',
    needs: 'servers that have drawn almost the same timeout',
    edits: [
      {
        file: 'core/raft-state.ts',
        find: `  readonly config: ServerConfig;\n`,
        replace: `  readonly config: ServerConfig;\n  readonly electionMs: number;\n`,
      },
      {
        file: 'core/raft-state.ts',
        find: `    config,\n    currentTerm,\n`,
        replace: `    config,\n    electionMs: drawElectionMs(event.seed, config),\n    currentTerm,\n`,
      },
      {
        file: 'core/raft-state.ts',
        find: `/** A copy that can go its own way`,
        replace: `function drawElectionMs(seed: string, config: ServerConfig): number {
  let hash = 0;
  for (let at = 0; at < seed.length; at += 1) {
    hash = (Math.imul(hash, 31) + seed.charCodeAt(at)) >>> 0;
  }
  const { electionMsMin, electionMsMax } = config;
  return electionMsMin + (hash % (electionMsMax - electionMsMin + 1));
}

/** A copy that can go its own way`,
      },
      {
        file: 'core/timers.ts',
        find: `state.config.electionMsMin, state.config.electionMsMax`,
        replace: `state.electionMs, state.electionMs`,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: '§5.2',
    source: ['https://thesquareplanet.com/blog/students-guide-to-raft/'],
  },
  {
    id: 'timer-reset-on-any-rv',
    title: 'Every request for a vote resets the election timer, granted or not',
    needs: 'servers that cannot win and stand again and again',
    edits: [
      {
        file: 'core/election.ts',
        find: `  const isCurrent = body.term === state.currentTerm;\n`,
        replace: `  if (state.role !== 'leader') resetElectionTimer(state, out);
  const isCurrent = body.term === state.currentTerm;\n`,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: '§5.2',
    source: [
      'tikv/raft-rs#14',
      'dotnet/dotNext#89',
      'OneSizeFitsQuorum/MIT6.824-2021#27',
      'https://thesquareplanet.com/blog/students-guide-to-raft/',
    ],
  },
  {
    id: 'timer-not-reset-on-vote-grant',
    title: 'A voter does not reset its election timer, and may stand against whom it elects',
    needs: 'a voter whose timeout is about to run out',
    edits: [
      {
        file: 'core/election.ts',
        find: `  resetElectionTimer(state, out);
  // Not before the vote is safe`,
        replace: `  // Not before the vote is safe`,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: '§5.2',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'timer-not-reset-on-append-entries',
    title: 'AppendEntries of the leader does not reset the election timer',
    needs: 'a leader',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  resetElectionTimer(state, out);\n`,
        replace: ``,
      },
    ],
    breaks: ['leader-stability', 'leader-election-liveness', 'replication-liveness', 'convergence'],
    section: '§5.2',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'timer-not-reset-on-mismatch',
    title: 'AppendEntries that fails the check does not reset the election timer',
    needs: 'a follower that is brought up to date slowly',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `  resetElectionTimer(state, out);\n`,
        replace: ``,
      },
      {
        file: 'core/append-entries.ts',
        find: `  takeEntries(state, body.prevLogIndex, body.entries, out);\n`,
        replace: `  resetElectionTimer(state, out);
  takeEntries(state, body.prevLogIndex, body.entries, out);\n`,
      },
    ],
    breaks: ['leader-election-liveness', 'replication-liveness', 'convergence'],
    section: '§5.2',
    source: ['redpanda-data/redpanda#30817'],
  },
  {
    id: 'heartbeat-timer-survives-stepdown',
    title: 'A deposed leader goes on with heartbeats, in the term of its successor',
    needs: 'a leader that is deposed while it runs',
    edits: [
      {
        file: 'core/roles.ts',
        find: `  cancelHeartbeatTimer(out);\n`,
        replace: ``,
      },
      {
        file: 'core/replication.ts',
        find: `  if (state.role !== 'leader') return;\n  resetHeartbeatTimer(state, out);\n`,
        replace: `  resetHeartbeatTimer(state, out);\n`,
      },
    ],
    breaks: ['elected-by-majority', 'election-safety', 'quorum-intersection'],
    section: '§5.2',
    source: [
      'databendlabs/openraft#1839',
      'https://thesquareplanet.com/blog/students-guide-to-raft/',
    ],
  },
  {
    id: 'stale-append-resets-timer',
    title: 'AppendEntries of a lower term is refused, but resets the election timer',
    needs: 'a deposed leader that does not know it yet',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `    refuse(state, from, 0, 0, noRound, out);\n`,
        replace: `    if (state.role !== 'leader') resetElectionTimer(state, out);
    refuse(state, from, 0, 0, noRound, out);\n`,
      },
    ],
    breaks: [],
    section: '§5.2',
    source: ['https://thesquareplanet.com/blog/students-guide-to-raft/'],
    survivor:
      'The refusal carries the higher term, and the sender steps down when it hears of that: a deposed leader can put off an election only until the first answer is back. Where no answer ever comes back, Raft promises no leader either, since the followers of such a leader, in its own term, would hear it for ever.',
  },
  {
    id: 'exleader-traffic-resets-timers',
    title: 'A deposed leader goes on with heartbeats of its old term, and all who get them wait',
    needs: 'a deposed leader that cannot be elected again, and no other leader',
    edits: [
      {
        file: 'core/raft-state.ts',
        find: `  readonly config: ServerConfig;\n`,
        replace: `  readonly config: ServerConfig;\n  formerTerm: Term;\n`,
      },
      {
        file: 'core/raft-state.ts',
        find: `    config,\n    currentTerm,\n`,
        replace: `    config,\n    formerTerm: 0,\n    currentTerm,\n`,
      },
      {
        file: 'core/roles.ts',
        find: `  if (term > state.currentTerm) {\n`,
        replace: `  if (state.role === 'leader') state.formerTerm = state.currentTerm;
  if (term > state.currentTerm) {\n`,
      },
      {
        file: 'core/roles.ts',
        find: `  cancelHeartbeatTimer(out);\n`,
        replace: ``,
      },
      {
        file: 'core/replication.ts',
        find: `  if (state.role !== 'leader') return;\n  resetHeartbeatTimer(state, out);\n`,
        replace: `  resetHeartbeatTimer(state, out);
  if (state.role !== 'leader') {
    for (const peer of state.peers) {
      out.send(peer, {
        kind: 'AppendEntries',
        term: state.formerTerm,
        leaderId: state.self,
        prevLogIndex: 0,
        prevLogTerm: 0,
        entries: noEntries,
        leaderCommit: 0,
      });
    }
    return;
  }\n`,
      },
      {
        file: 'core/append-entries.ts',
        find: `    refuse(state, from, 0, 0, noRound, out);\n`,
        replace: `    if (state.role !== 'leader') resetElectionTimer(state, out);
    refuse(state, from, 0, 0, noRound, out);\n`,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: '§5.2',
    source: ['cockroachdb/cockroach#142994', 'databendlabs/openraft#1839'],
  },
];
