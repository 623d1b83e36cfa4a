/** What is committed and applied. */
import type { Case } from './case.ts';
import { History, noOp } from './history.ts';

/** S1 leads term 1 and has its no-op on S2; committed and applied by S1. */
function committedOnTwoOfThree(): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]);
  return history.replicate(1, 2).apply(1, 1);
}

/** Figure 8 (c): the entry of term 2 is on S1, S2 and S3, and S5 has one of term 3. */
function figure8(): History {
  const history = new History(5);
  for (const node of [1, 2]) history.judge.prepared(node, 2, 1, [noOp(1), noOp(2)]);
  for (const node of [3, 4, 5]) history.judge.prepared(node, 2, 0, [noOp(1)]);
  history
    .boot()
    .adopt([1, 2], [noOp(1), noOp(2)])
    .adopt([3, 4, 5], [noOp(1)]);
  history.elect(5, 3, [3, 4]).restart(5);
  history.campaign(1, 4, [2, 3]);
  history.take(history.sendAppend(1, 3, { prev: 1 }));
  history.flush(3).deliver(history.sendSuccess(3, 1, 4, 2));
  history.take(history.sendAppend(1, 2, { prev: 2 }));
  history.flush(2).deliver(history.sendSuccess(2, 1, 4, 2));
  return history;
}

export const COMMIT_CASES: readonly Case[] = [
  {
    property: 'leader-completeness',
    rule: 'at-election',
    story: 'a server without a committed entry is elected',
    bad: () => committedOnTwoOfThree().elect(3, 2, [2]),
    good: () => committedOnTwoOfThree().elect(2, 2, [3]),
  },
  {
    property: 'leader-completeness',
    rule: 'at-commit',
    story: 'the entry is claimed only after a leader without it has been elected',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]).replicate(1, 2);
      history.elect(3, 2, [2]);
      history.wake(1).apply(1, 1);
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).replicate(1, 2);
      history.elect(2, 2, [3]);
      history.wake(1).apply(1, 1);
      return history;
    },
  },
  {
    property: 'committed-on-quorum',
    rule: 'too-few-copies',
    story: 'a leader commits what only it has',
    bad: () => new History(3).boot().elect(1, 1, [2]).apply(1, 1),
    good: () => committedOnTwoOfThree(),
  },
  {
    property: 'committed-on-quorum',
    rule: 'beyond-own-log',
    story: 'a leader tells its followers more than it has',
    bad: () => {
      const history = new History(1).boot().elect(1, 1, []);
      history.sendAppend(1, 2, { prev: 1, commit: 3 });
      return history;
    },
    good: () => new History(1).boot().elect(1, 1, []).apply(1, 1),
  },
  {
    property: 'commit-of-earlier-term',
    rule: 'can-be-lost',
    story: 'Figure 8: an entry of term 2 is committed by its copies, and S5 can still win',
    bad: () => figure8().wake(1).apply(1, 1).apply(1, 2),
    good: () => {
      const history = figure8();
      history.wake(1).append(1, noOp(4));
      history.flush(1).replicate(1, 2, { prev: 2 }).replicate(1, 3, { prev: 2 });
      return history.apply(1, 1).apply(1, 2).apply(1, 3);
    },
  },
  {
    property: 'commit-monotonicity',
    rule: 'committed-differs',
    story: 'a deposed leader tells its followers to commit what was replaced',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.replicate(3, 2).apply(3, 1);
      history.wake(1).sendAppend(1, 2, { commit: 1 });
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.replicate(3, 2).apply(3, 1);
      history.wake(1).sendAppend(1, 2, { commit: 0 });
      return history;
    },
  },
  {
    property: 'committed-never-dropped',
    rule: 'drops-committed',
    story: 'a follower truncates at a late message what it has applied',
    bad: () => {
      const history = committedOnTwoOfThree().replicate(1, 2, { prev: 1, commit: 1 });
      history.wake(2).apply(2, 1).truncate(2, 1);
      return history;
    },
    good: () => {
      const history = committedOnTwoOfThree().replicate(1, 2, { prev: 1, commit: 1 });
      history.wake(2).apply(2, 1).truncate(2, 2);
      return history;
    },
  },
  {
    property: 'state-machine-safety',
    rule: 'differs-from-committed',
    story: 'a follower applies its own old entry at a committed index',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.replicate(3, 2).apply(3, 1);
      const heartbeat = history.sendAppend(3, 1, { prev: 1, commit: 1 });
      history.deliver(heartbeat).apply(1, 1);
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.replicate(3, 2).apply(3, 1);
      return history.take(history.sendAppend(3, 1, { commit: 1 })).apply(1, 1);
    },
  },
  {
    property: 'state-machine-safety',
    rule: 'differs-from-applied',
    story: 'two followers apply different entries before anything is committed there',
    bad: () => {
      const history = new History(3, ['applied-only-committed']).boot();
      history.elect(1, 1, [2]).elect(3, 2, [2]);
      return history.restart(1).apply(1, 1).restart(3).apply(3, 1);
    },
    good: () => {
      const history = committedOnTwoOfThree().replicate(1, 2, { prev: 1, commit: 1 });
      return history.wake(2).apply(2, 1);
    },
  },
  {
    property: 'applied-in-order',
    rule: 'applied-again',
    story: 'an entry is applied a second time in a life',
    bad: () => committedOnTwoOfThree().apply(1, 1),
    good: () => {
      const history = committedOnTwoOfThree().restart(1).elect(1, 2, [2]);
      history.replicate(1, 2, { prev: 1 });
      return history.apply(1, 1).apply(1, 2);
    },
  },
  {
    property: 'applied-in-order',
    rule: 'gap',
    story: 'an entry is left out',
    bad: () => {
      const history = new History(1).boot().elect(1, 1, []);
      history.propose(1, 'put x 1');
      return history.apply(1, 2);
    },
    good: () => {
      const history = new History(1).boot().elect(1, 1, []);
      history.propose(1, 'put x 1');
      return history.apply(1, 1).apply(1, 2);
    },
  },
  {
    property: 'applied-only-committed',
    rule: 'not-told',
    story: 'a follower applies what it has just appended',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      return history.take(history.sendAppend(1, 2)).apply(2, 1);
    },
    good: () => {
      const history = committedOnTwoOfThree();
      return history.take(history.sendAppend(1, 3, { commit: 1 })).apply(3, 1);
    },
  },
  {
    property: 'applied-only-committed',
    rule: 'not-in-log',
    story: 'a server applies something else than its log has',
    bad: () => new History(1).boot().elect(1, 1, []).apply(1, 1, noOp(2)),
    good: () => new History(1).boot().elect(1, 1, []).apply(1, 1, noOp(1)),
  },
];
