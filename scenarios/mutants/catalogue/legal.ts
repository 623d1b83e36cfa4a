/** Not bugs: freedoms of elections, reigns and commits. The bench must stay silent on all of them. */
import type { Mutant } from '../mutant.ts';

export const LEGAL_MUTANTS: readonly Mutant[] = [
  {
    id: 'commit-on-half-of-even',
    title: 'Of an even number of servers, half is enough to commit, though not to be elected',
    needs: 'an even number of servers, and joint consensus for changes of them',
    edits: [
      {
        file: 'core/commit.ts',
        find: `committedIndex(state.configuration, state.matchIndex)`,
        replace: `committedIndex(
    state.configuration,
    state.matchIndex,
    state.config.membership === 'joint',
  )`,
      },
      {
        file: 'core/quorum.ts',
        find: `  matchIndex: readonly LogIndex[],
): LogIndex {
  const committed = committedIndexAmong(voters, matchIndex);`,
        replace: `  matchIndex: readonly LogIndex[],
  isHalfEnough = false,
): LogIndex {
  const committed = committedIndexAmong(voters, matchIndex, isHalfEnough);`,
      },
      {
        file: 'core/quorum.ts',
        find: `committedIndexAmong(newVoters, matchIndex))`,
        replace: `committedIndexAmong(newVoters, matchIndex, isHalfEnough))`,
      },
      {
        file: 'core/quorum.ts',
        find: `  matchIndex: readonly LogIndex[],
): LogIndex {
  const needed = majority(members.length);`,
        replace: `  matchIndex: readonly LogIndex[],
  isHalfEnough: boolean,
): LogIndex {
  const needed = isHalfEnough ? Math.ceil(members.length / 2) : majority(members.length);`,
      },
    ],
    breaks: [],
    section: '§5.4.3, §6',
    source: ['https://fpaxos.github.io'],
    legal:
      'A majority of 2k servers is k + 1 of them, so it includes one of any k: no leader can be elected without what is committed. Joint consensus keeps that: who stands in C_old,new needs a majority of C_old as well, and of C_new. With changes of one server it would not hold, for k of 2k servers need not meet k + 1 of 2k + 1; there the mutant waits for a majority.',
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
    id: 'stale-timer-fires-once',
    title: 'Once in a run, every server stands for election though its timer has been reset',
    needs: 'a leader',
    edits: [
      {
        file: 'core/step.ts',
        find: `      handleStart(state, event.image, out);\n`,
        replace: `      handleStart(state, event.image, out);
      if (event.boot === 0) {
        out.setTimer('stale', state.config.electionMsMin, state.config.electionMsMax);
      }\n`,
      },
      {
        file: 'core/step.ts',
        find: `  if (name === electionTimer) handleElectionTimeout(state, out);\n`,
        replace: `  if (name === electionTimer || name === 'stale') handleElectionTimeout(state, out);\n`,
      },
    ],
    breaks: [],
    section: '§5.2',
    source: ['https://raft.github.io/raft.pdf'],
    legal: 'An election that nobody needed takes time, and is safe like any other.',
  },
  {
    id: 'vote-asked-again',
    title: 'A candidate asks again for votes, as often as a leader sends heartbeats',
    needs: 'a candidate that waits',
    edits: [
      {
        file: 'core/election.ts',
        find: `  becomeCandidate(state, out);
  const request = `,
        replace: `  becomeCandidate(state, out);
  askForVotes(state, isTransfer, out);
}

export function askForVotes(state: RaftState, isTransfer: boolean, out: Outbox): void {
  resetHeartbeatTimer(state, out);
  const request = `,
      },
      {
        file: 'core/step.ts',
        find: `  else if (name === heartbeatTimer) handleHeartbeat(state, out);\n`,
        replace: `  else if (name === heartbeatTimer && state.role === 'candidate') {
    askForVotes(state, false, out);
  } else if (name === heartbeatTimer) handleHeartbeat(state, out);\n`,
      },
      {
        file: 'core/step.ts',
        find: `import { countOwnVote,`,
        replace: `import { askForVotes, countOwnVote,`,
      },
    ],
    breaks: [],
    section: '§5.1, §5.5',
    source: ['https://raft.github.io/raft.pdf'],
    legal:
      'Servers retry RPCs that are not answered in time (§5.1). A voter gives the same answer again, and a vote that comes twice counts once.',
  },
  {
    id: 'candidate-that-lost-follows',
    title: 'A candidate that a majority has refused becomes a follower again at once',
    needs: 'a candidate with an older log',
    edits: [
      {
        file: 'core/election.ts',
        find: `  if (voteResult(state.configuration, state.votes) === 'won') becomeLeader(state, out);\n`,
        replace: `  const result = voteResult(state.configuration, state.votes);
  if (result === 'won') becomeLeader(state, out);
  if (result === 'lost') becomeFollower(state, state.currentTerm, out);\n`,
      },
      {
        file: 'core/election.ts',
        find: `import { canGrantVote, isLogUpToDate } from`,
        replace: `import { becomeFollower } from './roles.ts';
import { canGrantVote, isLogUpToDate } from`,
      },
    ],
    breaks: [],
    section: '§5.2',
    source: ['https://raft.github.io/raft.pdf'],
    legal:
      'It has voted for itself in this term, so it votes for nobody else. A candidate may stop being one at any time; its timer runs on.',
  },
  {
    id: 'vote-refused-while-following',
    title: 'A follower that knows a leader refuses the first request for its vote after that',
    needs: 'a leader that is gone',
    edits: [
      {
        file: 'core/step.ts',
        find: `  if (endsTerm(state, body)) becomeFollower(state, body.term, out);\n`,
        replace: `  const hadLeader = state.leaderId !== nobody;
  if (endsTerm(state, body)) becomeFollower(state, body.term, out);\n`,
      },
      {
        file: 'core/step.ts',
        find: `handleRequestVote(state, from, body, out);`,
        replace: `handleRequestVote(state, from, body, out, hadLeader);`,
      },
      {
        file: 'core/step.ts',
        find: `import type { RaftState } from './raft-state.ts';`,
        replace: `import { nobody, type RaftState } from './raft-state.ts';`,
      },
      {
        file: 'core/election.ts',
        find: `  body: RequestVote,\n  out: Outbox,\n`,
        replace: `  body: RequestVote,\n  out: Outbox,\n  hadLeader: boolean,\n`,
      },
      {
        file: 'core/election.ts',
        find: `const isCurrent = body.term === state.currentTerm;`,
        replace: `const isCurrent = body.term === state.currentTerm && !hadLeader;`,
      },
    ],
    breaks: [],
    section: '§5.2, thesis §4.2.3',
    source: ['https://github.com/ongardie/dissertation'],
    legal:
      'A vote may always be refused. By the refused request the follower has come to a new term, whose leader it does not know, so the next one is looked at.',
  },
  {
    id: 'leader-without-answers-steps-down',
    title: 'A leader that a majority has not answered for eight heartbeats follows again',
    needs: 'a leader that is cut off',
    edits: [
      {
        file: 'core/raft-state.ts',
        find: `  readonly config: ServerConfig;\n`,
        replace: `  readonly config: ServerConfig;\n  readonly unanswered: number[];\n`,
      },
      {
        file: 'core/raft-state.ts',
        find: `    config,\n    currentTerm,\n`,
        replace: `    config,\n    unanswered: new Array<number>(size).fill(0),\n    currentTerm,\n`,
      },
      {
        file: 'core/replication.ts',
        find: `  state.matchIndex[peer] = 0;\n`,
        replace: `  state.unanswered[peer] = 0;
  state.matchIndex[peer] = 0;\n`,
      },
      {
        file: 'core/replication.ts',
        find: `  if (state.role !== 'leader') return;\n  resetHeartbeatTimer(state, out);\n`,
        replace: `  if (state.role !== 'leader') return;
  for (const peer of state.peers) state.unanswered[peer]! += 1;
  // Of voters: who learns or leaves is a peer as well, and may be gone for good.
  const heard = state.unanswered.map((count) => (count > 8 ? 0 : 1));
  if (committedIndex(state.configuration, heard) === 0) {
    becomeFollower(state, state.currentTerm, out);
    return;
  }
  resetHeartbeatTimer(state, out);\n`,
      },
      {
        file: 'core/replication.ts',
        find: `  if (body.success) handleAccepted(state, from, body.matchIndex, out);\n`,
        replace: `  state.unanswered[from] = 0;
  if (body.success) handleAccepted(state, from, body.matchIndex, out);\n`,
      },
      {
        file: 'core/replication.ts',
        find: `import { nextIndexAfterRefusal } from`,
        replace: `import { committedIndex } from './quorum.ts';
import { becomeFollower } from './roles.ts';
import { nextIndexAfterRefusal } from`,
      },
    ],
    breaks: [],
    section: 'thesis §6.2',
    source: ['https://github.com/ongardie/dissertation'],
    legal:
      'A leader may stop leading at any time, for example to let its clients go elsewhere (thesis §6.2); as a follower it waits for a leader, or stands again. It is a majority of the voters that has to be silent: were learners and leaving servers counted, a leader would step down again and again where those that are needed hear it.',
  },
];
