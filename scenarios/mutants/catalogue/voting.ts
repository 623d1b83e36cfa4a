/** Whom a server votes for (§5.2, §5.4.1). */
import type { Mutant } from '../mutant.ts';

export const VOTING_MUTANTS: readonly Mutant[] = [
  {
    id: 'revote-same-term',
    title: 'A voter looks at term and log, not at whom it has voted for',
    needs: 'two candidates in one term',
    edits: [
      {
        file: 'core/rules.ts',
        find: `return votedFor === nobody || votedFor === candidateId;`,
        replace: `return true;`,
      },
    ],
    breaks: ['one-vote-per-term', 'election-safety'],
    section: '§5.2',
    source: ['camunda/camunda#5356', 'camunda/camunda#1068'],
  },
  {
    id: 'vote-lower-term-granted',
    title: 'A request for a vote of a lower term is granted, in that term',
    needs: 'a request that arrives after its voter has gone on to a higher term',
    edits: [
      {
        file: 'core/election.ts',
        find: `const isCurrent = body.term === state.currentTerm;`,
        replace: `const isCurrent = true;`,
      },
      {
        file: 'core/election.ts',
        find: `    term: state.currentTerm,\n    voteGranted,\n`,
        replace: `    term: body.term,\n    voteGranted,\n`,
      },
    ],
    breaks: ['one-vote-per-term', 'durable-promise', 'election-safety'],
    section: '§5.2, Figure 2 (RequestVote 1)',
    source: ['https://thesquareplanet.com/blog/students-guide-to-raft/'],
  },
  {
    id: 'vote-needs-higher-term',
    title: 'A vote is granted only to a candidate of a higher term, not of an equal one',
    needs: 'a voter that has seen the term of a candidate before its request',
    edits: [
      {
        file: 'core/step.ts',
        find: `  if (endsTerm(state, body)) becomeFollower(state, body.term, out);\n`,
        replace: `  const isHigher = endsTerm(state, body);
  if (isHigher) becomeFollower(state, body.term, out);\n`,
      },
      {
        file: 'core/step.ts',
        find: `handleRequestVote(state, from, body, out);`,
        replace: `handleRequestVote(state, from, body, isHigher, out);`,
      },
      {
        file: 'core/election.ts',
        find: `  body: RequestVote,\n  out: Outbox,\n`,
        replace: `  body: RequestVote,\n  isHigher: boolean,\n  out: Outbox,\n`,
      },
      {
        file: 'core/election.ts',
        find: `const isCurrent = body.term === state.currentTerm;`,
        replace: `const isCurrent = isHigher;`,
      },
    ],
    breaks: [],
    section: '§5.2, Figure 2 (RequestVote 1)',
    source: ['https://raft.github.io/raft.pdf'],
    survivor:
      'A vote may always be refused, so nothing unsafe can follow. And a server refuses for this reason only while it is in the term of the candidate without having voted, because it has heard of that term from somebody else who stood at the same time. The next server to stand alone is in a higher term than all that it can hear of, so it is elected as in the original.',
  },
  {
    id: 'vote-kept-across-terms',
    title: 'The vote of the last term is not cleared in a new term',
    needs: 'a second election',
    edits: [
      {
        file: 'core/roles.ts',
        find: `    state.votedFor = nobody;\n`,
        replace: ``,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: '§5.2',
    source: ['https://thesquareplanet.com/blog/students-guide-to-raft/'],
  },
  {
    id: 'vote-cleared-in-same-term',
    title: 'A candidate that finds the leader of its term forgets its vote of that term',
    needs: 'three candidates in one term, and a late request of one of them',
    edits: [
      {
        file: 'core/roles.ts',
        find: `  if (term > state.currentTerm) {\n`,
        replace: `  if (term >= state.currentTerm) {\n`,
      },
    ],
    breaks: ['one-vote-per-term', 'election-safety'],
    section: '§5.2',
    source: ['https://thesquareplanet.com/blog/students-guide-to-raft/'],
  },
  {
    id: 'log-check-index-only',
    title: 'A voter compares only the last indexes, not the last terms',
    needs: 'a deposed leader with a long tail that nobody else has',
    edits: [
      {
        file: 'core/rules.ts',
        find: `  if (candidate.lastLogTerm !== log.lastTerm) return candidate.lastLogTerm > log.lastTerm;\n`,
        replace: ``,
      },
    ],
    breaks: ['leader-completeness', 'state-machine-safety'],
    section: '§5.4.1',
    source: ['alibaba/nacos#785', 'hydro-project/hydro#3082'],
  },
  {
    id: 'log-check-term-only',
    title: 'A voter compares only the last terms, not the last indexes',
    needs: 'a follower that lags behind in the term of a leader that dies',
    edits: [
      {
        file: 'core/rules.ts',
        find: `return candidate.lastLogIndex >= log.lastIndex;`,
        replace: `return true;`,
      },
    ],
    breaks: ['leader-completeness', 'state-machine-safety'],
    section: '§5.4.1',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'log-check-missing',
    title: 'A voter does not compare logs at all',
    needs: 'a follower that lags behind a leader that dies',
    edits: [
      {
        file: 'core/election.ts',
        find: `canGrantVote(state.votedFor, body.candidateId) &&\n    isLogUpToDate(body, state.log);`,
        replace: `canGrantVote(state.votedFor, body.candidateId);`,
      },
    ],
    breaks: ['leader-completeness', 'state-machine-safety'],
    section: '§5.4.1',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'log-check-against-committed',
    title: 'A voter compares the log of the candidate with what it knows to be committed',
    needs: 'a leader that dies before it has told what is committed',
    edits: [
      {
        file: 'core/rules.ts',
        find: `export function isLogUpToDate(candidate: LogEnd, log: LogStore): boolean {
  if (candidate.lastLogTerm !== log.lastTerm) return candidate.lastLogTerm > log.lastTerm;
  return candidate.lastLogIndex >= log.lastIndex;\n`,
        replace: `export function isLogUpToDate(
  candidate: LogEnd,
  log: LogStore,
  commitIndex: LogIndex,
): boolean {
  const commitTerm = log.termAt(commitIndex);
  if (candidate.lastLogTerm !== commitTerm) return candidate.lastLogTerm > commitTerm;
  return candidate.lastLogIndex >= commitIndex;\n`,
      },
      {
        file: 'core/election.ts',
        find: `isLogUpToDate(body, state.log)`,
        replace: `isLogUpToDate(body, state.log, state.commitIndex)`,
      },
      {
        file: 'core/pre-vote.ts',
        find: `isLogUpToDate(body, state.log)`,
        replace: `isLogUpToDate(body, state.log, state.commitIndex)`,
      },
    ],
    breaks: ['leader-completeness', 'state-machine-safety'],
    section: '§5.4.1',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'empty-log-refuses-vote',
    title: 'An empty log is taken for one of one entry, so its server refuses other empty logs',
    needs: 'a new cluster',
    edits: [
      {
        file: 'core/rules.ts',
        find: `return candidate.lastLogIndex >= log.lastIndex;`,
        replace: `return candidate.lastLogIndex >= Math.max(1, log.lastIndex);`,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: '§5.4.1',
    source: ['https://raft.github.io/raft.pdf'],
  },
];
