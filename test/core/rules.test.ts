import { describe, expect, it } from 'vitest';
import { LogStore } from '../../core/log-store.ts';
import {
  agreesAt,
  canGrantVote,
  committableIndex,
  countPresent,
  firstIndexOfTerm,
  followerCommitIndex,
  isLogUpToDate,
  nextIndexAfterRefusal,
} from '../../core/rules.ts';
import { entriesOf } from './cluster.ts';

function logOf(terms: readonly number[]): LogStore {
  return new LogStore(entriesOf(terms));
}

function compactedLogOf(terms: readonly number[], base: number): LogStore {
  const log = logOf(terms);
  log.compactTo(base);
  return log;
}

describe('canGrantVote (§5.2)', () => {
  it.each([
    ['nobody', 0, true],
    ['the same candidate', 2, true],
    ['another candidate', 3, false],
  ])('having voted for %s', (_, votedFor, expected) => {
    expect(canGrantVote(votedFor, 2)).toBe(expected);
  });
});

describe('isLogUpToDate (§5.4.1)', () => {
  it.each([
    ['empty against empty', [], [], true],
    ['empty against anything', [], [1], false],
    ['anything against empty', [1], [], true],
    ['the same log', [1, 2], [1, 2], true],
    ['same last term, longer', [1, 2, 2], [1, 2], true],
    ['same last term, shorter', [1, 2], [1, 2, 2], false],
    ['later last term, shorter', [3], [1, 2, 2], true],
    ['earlier last term, longer', [1, 1, 1, 1], [1, 2], false],
  ])('%s', (_, candidate, voter, expected) => {
    const log = logOf(candidate);
    const end = { lastLogTerm: log.lastTerm, lastLogIndex: log.lastIndex };
    expect(isLogUpToDate(end, logOf(voter))).toBe(expected);
  });

  it('a log that was compacted to its end is not empty', () => {
    const compacted = compactedLogOf([1, 2, 2], 3);
    expect(isLogUpToDate({ lastLogTerm: 2, lastLogIndex: 2 }, compacted)).toBe(false);
    expect(isLogUpToDate({ lastLogTerm: 2, lastLogIndex: 3 }, compacted)).toBe(true);
    const end = { lastLogTerm: compacted.lastTerm, lastLogIndex: compacted.lastIndex };
    expect(isLogUpToDate(end, logOf([1, 2, 2]))).toBe(true);
  });
});

describe('committableIndex (§5.4.2)', () => {
  it.each([
    ['an entry of the current term commits all before it', [1, 2, 4], 0, 3, 4, 3],
    ['an older entry on a majority does not', [1, 2, 4], 0, 2, 4, 0],
    ['nothing new on a majority', [1, 2, 4], 2, 2, 4, 2],
    ['commitIndex never falls', [4, 4, 4], 3, 1, 4, 3],
  ])('%s', (_, terms, commitIndex, majorityIndex, currentTerm, expected) => {
    expect(committableIndex(logOf(terms), commitIndex, majorityIndex, currentTerm)).toBe(expected);
  });
});

describe('followerCommitIndex (Figure 2, AppendEntries 5)', () => {
  it.each([
    ['the leader has committed less than was verified', 0, 3, 5, 3],
    ['the leader has committed more than was verified', 0, 9, 5, 5],
    ['a new leader knows less', 4, 2, 5, 4],
    ['an old message verifies less', 4, 9, 3, 4],
  ])('%s', (_, commitIndex, leaderCommit, lastVerifiedIndex, expected) => {
    expect(followerCommitIndex(commitIndex, leaderCommit, lastVerifiedIndex)).toBe(expected);
  });
});

describe('agreesAt (§5.3)', () => {
  it.each([
    ['the entry that was asked about', 0, 3, 2, true],
    ['an entry of another term', 0, 3, 3, false],
    ['a place behind the end', 0, 5, 2, false],
    ['the base', 2, 2, 1, true],
    ['what was compacted, whatever its term is said to be', 2, 1, 1, true],
  ])('%s', (_, base, prevLogIndex, prevLogTerm, expected) => {
    const log = compactedLogOf([1, 1, 2, 2], base);
    expect(agreesAt(log, prevLogIndex, prevLogTerm)).toBe(expected);
  });
});

describe('countPresent (Figure 2, AppendEntries 3 and 4)', () => {
  it.each([
    ['none', [1, 1], 2, [2, 2], 0],
    ['some', [1, 1, 2], 2, [2, 2], 1],
    ['all', [1, 1, 2, 2], 2, [2, 2], 2],
    ['all, and more behind', [1, 1, 2, 2, 2], 2, [2, 2], 2],
    ['a conflict at once', [1, 1, 1, 1], 2, [2, 2], 0],
    ['a conflict later', [1, 1, 2, 2], 2, [2, 3], 1],
    ['a heartbeat', [1, 1], 1, [], 0],
  ])('%s', (_, terms, prevLogIndex, entries, expected) => {
    expect(countPresent(logOf(terms), prevLogIndex, entriesOf(entries))).toBe(expected);
  });

  it.each([
    ['all compacted', [1, 1, 2, 2], 4, 1, [1, 2], 2],
    ['compacted ones and those behind the base', [1, 1, 2, 2], 2, 0, [1, 1, 2, 2, 2], 4],
    ['compacted ones, and a conflict behind them', [1, 1, 1, 1], 2, 1, [1, 2, 2], 1],
    ['a heartbeat below the base', [1, 1, 2], 3, 1, [], 0],
  ])('%s', (_, terms, base, prevLogIndex, entries, expected) => {
    const log = compactedLogOf(terms, base);
    expect(countPresent(log, prevLogIndex, entriesOf(entries))).toBe(expected);
  });
});

describe('firstIndexOfTerm', () => {
  it.each([
    [[1, 1, 1], 3, 1],
    [[1, 2, 2, 3], 3, 2],
    [[1, 2, 2, 3], 1, 1],
  ])('in %j at %i is %i', (terms, index, expected) => {
    expect(firstIndexOfTerm(logOf(terms), index)).toBe(expected);
  });

  it('stops at the base, where every leader agrees', () => {
    expect(firstIndexOfTerm(compactedLogOf([1, 1, 1, 1], 2), 4)).toBe(3);
  });
});

describe('nextIndexAfterRefusal (§5.3)', () => {
  const leader = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
  it.each([
    ['the log is too short', { conflictTerm: 0, conflictIndex: 5 }, 11, 0, 5],
    ['the leader has entries of the term', { conflictTerm: 4, conflictIndex: 4 }, 8, 0, 6],
    ['the leader has none of the term', { conflictTerm: 2, conflictIndex: 4 }, 11, 0, 4],
    ['never below what agrees', { conflictTerm: 2, conflictIndex: 4 }, 11, 6, 7],
    ['nor when the term reaches below it', { conflictTerm: 1, conflictIndex: 1 }, 11, 2, 4],
    ['nor when only what agrees has the term', { conflictTerm: 1, conflictIndex: 1 }, 11, 3, 4],
  ])('%s', (_, hint, nextIndex, matchIndex, expected) => {
    const refusal = {
      kind: 'AppendEntriesResponse',
      term: 8,
      success: false,
      matchIndex: 0,
      ...hint,
    } as const;
    expect(nextIndexAfterRefusal(logOf(leader), refusal, nextIndex, matchIndex)).toBe(expected);
  });

  it.each([
    ['a term at the base', { conflictTerm: 4, conflictIndex: 4 }, 8, 5, 6],
    ['a term above the base', { conflictTerm: 5, conflictIndex: 6 }, 9, 5, 8],
    ['a term that may be below the base', { conflictTerm: 1, conflictIndex: 2 }, 8, 5, 2],
    [
      'an answer from before a snapshot had to be sent',
      { conflictTerm: 4, conflictIndex: 4 },
      3,
      5,
      4,
    ],
  ])('in a compacted log: %s', (_, hint, nextIndex, base, expected) => {
    const refusal = {
      kind: 'AppendEntriesResponse',
      term: 8,
      success: false,
      matchIndex: 0,
      ...hint,
    } as const;
    const log = compactedLogOf(leader, base);
    expect(nextIndexAfterRefusal(log, refusal, nextIndex, 0)).toBe(expected);
  });
});
