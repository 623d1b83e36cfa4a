/** What the judge says besides violations: when a run is decided, excuses, what is waited for. */
import { describe, expect, test } from 'vitest';
import { SITUATIONS } from '../../invariants/all-situations.ts';
import { Judge } from '../../invariants/judge.ts';
import { ELECTION_MS_MAX, History, noOp } from './history.ts';

const STUCK_MS = 50 * ELECTION_MS_MAX + 1_000;

function secondLeader(history: History): History {
  history.elect(1, 1, [2]).elect(3, 2, [2]);
  history.wake(1).sendAppend(1, 2, { prev: 1, term: 2 });
  return history;
}

describe('a verdict', () => {
  test('leaves out disabled properties', () => {
    const history = secondLeader(new History(3, ['election-safety']).boot());
    expect(history.findings).toEqual([]);
    expect(history.judge.verdict).toBe('pass');
  });

  test('notes the first hit of each property, or stops at the first of all', () => {
    const features = { preVote: false, checkQuorum: false };
    const times = { electionMsMax: 300, heartbeatMs: 50, sessionExpiryMs: 0, ...features };
    const options = { size: 1, members: 1, ...times, disabled: new Set<string>() };
    const found = [true, false].map((stopAtFirst) => {
      const judge = new Judge({ ...options, stopAtFirst });
      judge.started(0, 1, 0, 0);
      for (const index of [1, 3, 5]) judge.applied(1, index, noOp(1));
      judge.stepEnded(1);
      return { judge, properties: judge.violations.map(({ property }) => property) };
    });
    expect(found[0]!.properties).toEqual(['applied-only-committed']);
    expect(found[0]!.judge.isDecided).toBe(true);
    expect(found[1]!.properties).toEqual(['applied-only-committed', 'applied-in-order']);
    expect(found[1]!.judge.isDecided).toBe(false);
  });

  test('carries the step, the time and what the server was', () => {
    const { judge } = secondLeader(new History(3).boot()).end();
    expect(judge.firstViolation).toMatchObject({
      property: 'election-safety',
      node: 1,
      role: 'leader',
      messageKind: 'election',
      relation: 'other-server',
      detail: 'S1 acts as leader of term 2, whose leader is S3.',
    });
  });
});

describe('standing still', () => {
  test('is excused when nobody can be elected', () => {
    const history = new History(3).boot().crash(2).crash(3);
    history.phase('heal', [1]).phase('quiet', [1]).pass(STUCK_MS);
    expect(history.findings).toEqual([]);
    expect(history.judge.verdict).toBe('excused');
    expect(history.judge.excuse).toMatch(/^Nobody can be elected: of the 3 servers S1 is up/);
    expect(history.judge.isDecided).toBe(true);
  });

  test('is excused when the one with the newest log is cut off from the others', () => {
    const history = new History(3).boot().elect(1, 1, [2, 3]).replicate(1, 2);
    history.judge.blocked(history.atUs, [1 * 8 + 2, 1 * 8 + 3, 2 * 8 + 1, 2 * 8 + 3, 3 * 8 + 2]);
    history.phase('heal').phase('quiet').pass(STUCK_MS);
    expect(history.judge.verdict).toBe('excused');
  });

  test('is excused by a removed server that knows nothing, where nothing keeps it quiet', () => {
    for (const preVote of [false, true]) {
      const history = new History(4, [], 4, { preVote }).boot().elect(1, 1, [2, 3]);
      history.configure(1, [1, 2, 3]);
      for (const to of [2, 3]) history.replicate(1, to);
      history
        .wake(1)
        .apply(1, 1)
        .apply(1, 2)
        .phase('heal')
        .phase('quiet')
        .pass(STUCK_MS - 2_000);
      history.wake(4).vote(4, 2, 4);
      history.sendRequestVote(4, 1, 2);
      history.pass(2_000);
      expect(history.judge.verdict).toBe(preVote ? 'violation' : 'excused');
      const sentence = /^S4 was removed, does not know it and stands for election again and again/;
      if (!preVote) expect(history.judge.excuse).toMatch(sentence);
    }
  });

  test('is excused when one half of a joint configuration is gone', () => {
    const history = new History(5, [], 3).boot().elect(1, 1, [2, 3]);
    history.configure(1, [1, 2, 3], { newVoters: [3, 4, 5] });
    for (const to of [2, 3, 4, 5]) history.replicate(1, to);
    history.wipe(4).wipe(5).phase('heal', [1, 2, 3]).phase('quiet', [1, 2, 3]).pass(STUCK_MS);
    expect(history.findings).toEqual([]);
    expect(history.judge.excuse).toMatch(/none of them reaches a quorum of the configuration/);
  });

  test('is not excused by a server that stopped itself', () => {
    const history = new History(3).boot().elect(1, 1, [2, 3]);
    history.wake(3).judge.halted(3, 'enough');
    history.crash(3).crash(2).start(2).phase('heal').phase('quiet').pass(STUCK_MS);
    expect(history.findings).toEqual(['leader-election-liveness/no-leader']);
    expect(history.judge.pendingReason()).toBe('Not settled: S3 has stopped itself (enough).');
  });

  test('is excused where the one that stopped itself is not of the core', () => {
    const history = new History(3).boot().elect(1, 1, [2, 3]);
    history.wake(3).judge.halted(3, 'enough');
    history.crash(3).crash(2).phase('heal', [1]).phase('quiet', [1]).pass(STUCK_MS);
    expect(history.findings).toEqual([]);
    expect(history.judge.excuse).toMatch(/^Nobody can be elected: of the 3 servers S1 is up/);
  });

  test('is not declared while a follower is catching up, or a leader looks for the place', () => {
    const history = new History(3).boot().elect(1, 1, [2, 3]);
    for (let i = 1; i <= 6; i += 1) history.propose(1, `put x ${i}`);
    history.phase('heal').phase('quiet');
    for (let prev = 6; prev >= 0; prev -= 1) {
      history.wake(1).sendAppend(1, 3, { prev, last: prev });
      history.pass(STUCK_MS - 2_000);
    }
    for (let last = 1; last <= 7; last += 1) {
      const message = history.wake(1).sendAppend(1, 3, { prev: last - 1, last });
      history
        .take(message)
        .acknowledge(message)
        .pass(STUCK_MS - 2_000);
    }
    expect(history.findings).toEqual([]);
    expect(history.judge.pendingReason()).toBe(
      'Not settled: S2 has not heard S1, the leader of term 1.',
    );
    history.pass(4_000);
    expect(history.findings).toEqual(['replication-liveness/not-committed']);
  });
});

describe('what is waited for', () => {
  test('is a sentence at every stage', () => {
    const history = new History(3).boot().phase('quiet');
    const { judge } = history;
    const stages = [judge.pendingReason()];
    history.elect(1, 1, [2, 3]).replicate(1, 2);
    stages.push(judge.pendingReason());
    history.deliver(history.sendAppend(1, 3, { last: 0 }));
    stages.push(judge.pendingReason());
    history.wake(1).apply(1, 1).replicate(1, 2, { prev: 1, commit: 1 });
    stages.push(judge.pendingReason());
    history.wake(2).apply(2, 1);
    stages.push(judge.pendingReason());
    history.replicate(1, 3, { commit: 1 }).wake(3).apply(3, 1);
    stages.push(judge.pendingReason());
    expect(stages).toEqual([
      'Not settled: no server of the core leads.',
      'Not settled: S3 has not heard S1, the leader of term 1.',
      'Not settled: 0 of the 1 entries of S1 are committed.',
      'Not settled: S2 has applied 0 entries, and S1 has 1.',
      'Not settled: S3 has 0 of the 1 entries of S1 on disk, of 0.',
      'Settled: all logs are the same.',
    ]);
  });
});

describe('situations', () => {
  test('have one id and one sentence each, and start at zero', () => {
    expect(new Set(SITUATIONS.map(({ id }) => id)).size).toBe(SITUATIONS.length);
    for (const { sentence } of SITUATIONS) expect(sentence).toMatch(/^[A-Z].*\.$/);
    const counts = new History(3).judge.situations;
    expect(Object.keys(counts)).toEqual(SITUATIONS.map(({ id }) => id));
    expect(Object.values(counts).every((count) => count === 0)).toBe(true);
  });
});
