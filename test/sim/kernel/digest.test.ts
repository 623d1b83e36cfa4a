/** What the digest tells apart, and what it does not even see while it is not there. */
import { describe, expect, test } from 'vitest';
import type { AdminRequest, Write } from '../../../core/contract.ts';
import type { Configuration, Entry, Message } from '../../../core/messages.ts';
import { Digest } from '../../../sim/kernel/digest.ts';

function ofBody(body: Message): string {
  const digest = new Digest();
  digest.body(body);
  return digest.toString();
}

function ofWrite(write: Write): string {
  const digest = new Digest();
  digest.write(write, 'log');
  return digest.toString();
}

const three: Configuration = { voters: [1, 2, 3], newVoters: null, learners: [] };
const command = { clientId: 1, seq: 2, op: 'put x0 1' };
const plain: Entry = { term: 1, command };
const noop: Entry = { term: 1, command: null };

const vote: Message = {
  kind: 'RequestVote',
  term: 2,
  candidateId: 1,
  lastLogIndex: 3,
  lastLogTerm: 1,
};
const answer: Message = { kind: 'RequestVoteResponse', term: 2, voteGranted: true };
const appendEntries = (entries: readonly Entry[]): Message => ({
  kind: 'AppendEntries',
  term: 2,
  leaderId: 1,
  prevLogIndex: 3,
  prevLogTerm: 1,
  entries,
  leaderCommit: 2,
});
const success: Message = {
  kind: 'AppendEntriesResponse',
  term: 2,
  success: true,
  matchIndex: 4,
  conflictTerm: 0,
  conflictIndex: 0,
};
const install: Message = {
  kind: 'InstallSnapshot',
  term: 2,
  leaderId: 1,
  lastIncludedIndex: 5,
  lastIncludedTerm: 1,
  configuration: three,
  offset: 0,
  data: 'data',
  done: false,
};
const installed: Message = {
  kind: 'InstallSnapshotResponse',
  term: 2,
  lastIncludedIndex: 5,
  nextOffset: 4,
  done: false,
};
const timeoutNow: Message = { kind: 'TimeoutNow', term: 2, leaderId: 1 };

describe('without what is new', () => {
  test.each([
    ['a request for a vote', ofBody(vote), '148c824aaa8f11ce'],
    ['a vote', ofBody(answer), '709e9f25f380b14f'],
    ['entries', ofBody(appendEntries([plain, noop])), '334c648a34bd5a77'],
    ['a success', ofBody(success), 'f94b77d409ec0e44'],
    ['an append', ofWrite({ kind: 'append', entries: [plain, noop] }), '3c58e49c8c57e126'],
  ])('%s has the digest that it had', (_, now, before) => {
    expect(now).toBe(before);
  });
});

test('what is new is told apart', () => {
  const bodies: Message[] = [
    vote,
    { ...vote, preVote: true },
    { ...vote, leadershipTransfer: true },
    { ...vote, preVote: true, leadershipTransfer: true },
    answer,
    { ...answer, preVote: true },
    appendEntries([]),
    { ...appendEntries([]), round: 1 } as Message,
    { ...appendEntries([]), round: 2 } as Message,
    success,
    { ...success, round: 1 },
    { ...success, round: 2 },
    install,
    { ...install, term: 3 },
    { ...install, leaderId: 2 },
    { ...install, lastIncludedIndex: 6 },
    { ...install, lastIncludedTerm: 2 },
    { ...install, configuration: { ...three, voters: [1, 2] } },
    { ...install, configuration: { ...three, newVoters: [] } },
    { ...install, configuration: { ...three, newVoters: [1] } },
    { ...install, configuration: { ...three, learners: [1] } },
    { ...install, offset: 1 },
    { ...install, data: 'date' },
    { ...install, done: true },
    { ...install, round: 1 },
    installed,
    { ...installed, term: 3 },
    { ...installed, lastIncludedIndex: 6 },
    { ...installed, nextOffset: 5 },
    { ...installed, done: true },
    { ...installed, round: 1 },
    timeoutNow,
    { ...timeoutNow, term: 3 },
    { ...timeoutNow, leaderId: 2 },
  ];
  expect(new Set(bodies.map(ofBody)).size).toBe(bodies.length);

  const entries: Entry[] = [
    plain,
    { ...plain, wallClock: 0 },
    { ...plain, wallClock: 1 },
    { ...plain, wallClock: 1 + 2 ** 32 },
    { ...plain, command: { ...command, session: 0 } },
    { ...plain, command: { ...command, session: 1 } },
    noop,
    { ...noop, configuration: three },
    { ...noop, configuration: { ...three, learners: [4] } },
    { ...noop, configuration: { ...three, newVoters: [4] } },
  ];
  const appends = entries.map((entry): Write => ({ kind: 'append', entries: [entry] }));
  const snapshot = { lastIncludedIndex: 1, lastIncludedTerm: 1, configuration: three, data: 'x' };
  const writes: Write[] = [
    ...appends,
    { kind: 'truncateFrom', index: 1 },
    { kind: 'compactTo', index: 1 },
    { kind: 'compactTo', index: 2 },
    { kind: 'snapshot', snapshot },
    { kind: 'snapshot', snapshot: { ...snapshot, lastIncludedIndex: 2 } },
    { kind: 'snapshot', snapshot: { ...snapshot, lastIncludedTerm: 2 } },
    { kind: 'snapshot', snapshot: { ...snapshot, data: 'y' } },
    { kind: 'snapshot', snapshot: { ...snapshot, configuration: { ...three, learners: [4] } } },
  ];
  expect(new Set(writes.map(ofWrite)).size).toBe(writes.length);
});

test('requests of operators are told apart, and not by the order of their fields', () => {
  const ofRequest = (request: AdminRequest): string => {
    const digest = new Digest();
    digest.request(request);
    return digest.toString();
  };
  const change: AdminRequest = { kind: 'changeMembership', voters: [1, 2], learners: [3] };
  const requests: AdminRequest[] = [
    change,
    { ...change, voters: [1] },
    { ...change, learners: [] },
    { ...change, voters: [1, 2, 3], learners: [] },
    { kind: 'transferLeadership', to: 1 },
    { kind: 'transferLeadership', to: 2 },
    { kind: 'takeSnapshot' },
  ];
  expect(new Set(requests.map(ofRequest)).size).toBe(requests.length);
  expect(ofRequest({ learners: [3], voters: [1, 2], kind: 'changeMembership' })).toBe(
    ofRequest(change),
  );
});
