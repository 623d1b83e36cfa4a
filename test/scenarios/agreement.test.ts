import { describe, expect, it } from 'vitest';
import type { Entry, NodeId } from '../../core/messages.ts';
import {
  appliedThrough,
  appliesAgree,
  holdersOf,
  indexOfCommand,
  lastLeader,
  logsAgree,
  oneLeaderPerTerm,
  showTerms,
} from '../../scenarios/agreement.ts';
import { RunRecord } from '../../scenarios/run-record.ts';

function entry(term: number, seq: number): Entry {
  return { term, command: { clientId: 1, seq, op: `put x ${seq}` } };
}

/** Every server in term 2, which S1 leads, with these logs on disk. */
function recordOf(logs: readonly (readonly Entry[])[]): RunRecord {
  const record = new RunRecord(logs.length);
  logs.forEach((log, i) => {
    record.prepared(i + 1, 2, 1, log);
  });
  record.claimed(1, 'leader', 2);
  return record;
}

function applying(lives: readonly [node: NodeId, entries: readonly Entry[]][]): RunRecord {
  const record = new RunRecord(3);
  lives.forEach(([node, entries], boot) => {
    record.started(boot, node, boot);
    entries.forEach((each, i) => {
      record.applied(node, i + 1, each);
    });
  });
  return record;
}

describe('oneLeaderPerTerm', () => {
  it('sees two at different times', () => {
    const record = new RunRecord(2);
    record.claimed(1, 'leader', 1);
    record.crashed(5, 1, []);
    expect(oneLeaderPerTerm(record)).toBeNull();
    record.claimed(2, 'leader', 1);
    expect(oneLeaderPerTerm(record)).toBe('S1 and S2 both lead term 1.');
  });
});

describe('lastLeader', () => {
  it('is that of the highest term, even if it came earlier', () => {
    const record = new RunRecord(2);
    expect(lastLeader(record)).toBeNull();
    record.claimed(1, 'leader', 3);
    record.claimed(2, 'leader', 2);
    expect(lastLeader(record)).toMatchObject({ node: 1, term: 3 });
  });
});

describe('logsAgree', () => {
  it('wants the log of the leader everywhere', () => {
    const log = [entry(1, 1), entry(2, 2)];
    expect(logsAgree(recordOf([log, log]), [1, 2])).toBeNull();
    expect(logsAgree(recordOf([log, [entry(1, 1)]]), [1, 2])).toBe(
      'S2 ends with log 1, its leader S1 with 1 2.',
    );
    expect(logsAgree(recordOf([log, [entry(1, 1), entry(2, 3)]]), [1, 2])).toMatch(/^S2 ends/);
    expect(logsAgree(recordOf([log, []]), [1])).toBeNull();
  });

  it('wants the term of the leader everywhere', () => {
    const record = recordOf([[], []]);
    record.persistIssued(2, 1, 'hard', 0, {
      kind: 'hardState',
      currentTerm: 9,
      votedFor: 0,
      commitIndex: 0,
    });
    record.persisted(1, 2, 1);
    expect(logsAgree(record, [1, 2])).toBe('S2 ends in term 9, S1 leads term 2.');
    expect(logsAgree(new RunRecord(1), [1])).toBe('Nobody ever led.');
  });
});

describe('appliesAgree', () => {
  it('wants the same entry at an index, over all lives', () => {
    const [a, b, c] = [entry(1, 1), entry(1, 2), entry(2, 3)];
    expect(
      appliesAgree(
        applying([
          [1, [a, b]],
          [2, [a]],
          [1, [a, b, c]],
        ]),
      ),
    ).toBeNull();
    expect(
      appliesAgree(
        applying([
          [1, [a, b]],
          [2, [a, c]],
        ]),
      ),
    ).toMatch(/^S2 applies "put x 3"/);
  });

  it('wants every index, in order, once in a life', () => {
    const record = applying([[1, [entry(1, 1)]]]);
    record.applied(1, 1, entry(1, 1));
    expect(appliesAgree(record)).toBe('S1 applies index 1, its next is 2.');
    const gap = applying([[1, []]]);
    gap.applied(1, 2, entry(1, 1));
    expect(appliesAgree(gap)).toBe('S1 applies index 2, its next is 1.');
  });
});

describe('appliedThrough', () => {
  it('counts', () => {
    const record = applying([[1, [entry(1, 1)]]]);
    expect(appliedThrough(record, [1], 1)).toBeNull();
    expect(appliedThrough(record, [1, 2], 1)).toBe('S2 ends with 0 entries applied instead of 1.');
  });
});

describe('commands', () => {
  it('are found in logs', () => {
    const log = [entry(1, 1), entry(1, 2)];
    expect(indexOfCommand(log, 'put x 2')).toBe(2);
    expect(indexOfCommand(log, 'put x 3')).toBe(0);
    expect(holdersOf(recordOf([log, [], log]), 'put x 2')).toEqual([1, 3]);
  });
});

describe('showTerms', () => {
  it('is a row of the figure, or runs of a long log', () => {
    expect(showTerms([])).toBe('(empty)');
    expect(showTerms([entry(1, 1), entry(3, 2)])).toBe('1 3');
    const long = Array.from({ length: 30 }, (_, i) => entry(i < 10 ? 1 : 4, i));
    expect(showTerms(long)).toBe('10×1 20×4');
  });
});
