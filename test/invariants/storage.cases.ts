/** Disks that fail, commit indexes on disk, and state machines that survive a crash. */
import type { Case } from './case.ts';
import { History, noOp } from './history.ts';

/** S1 leads term 1; S2 has its no-op, and is told that it is committed, but not on disk yet. */
function toldBeforeSafe(): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]).replicate(1, 3).apply(1, 1);
  return history.take(history.wake(1).sendAppend(1, 2, { commit: 1 }));
}

/** S2 has applied the no-op of S1 and a command; both are on its disk. */
function appliedTwo(): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]);
  history.propose(1, 'put x 1');
  history.replicate(1, 3).apply(1, 1).apply(1, 2).replicate(1, 2, { commit: 2 });
  return history.wake(2).apply(2, 1).apply(2, 2);
}

/** S1 has sent a second entry to S2 when its own write of it fails. */
function leaderWriteFailed(): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]).replicate(1, 2).apply(1, 1);
  const command = history.invoke(1, 'put x 1');
  history.request(1, '1.1/1', command).append(1, { term: 1, command });
  history.sendAppend(1, 2, { prev: 1 });
  return history.fail(1, [noOp(1)]);
}

export const STORAGE_CASES: readonly Case[] = [
  {
    property: 'commit-index-on-disk',
    rule: 'ahead-of-log',
    story: 'the commit index is on disk before the entry that it covers',
    bad: () => {
      const history = toldBeforeSafe();
      return history.complete(2, history.wake(2).writeCommit(2, 1));
    },
    good: () => {
      const history = toldBeforeSafe();
      return history.flush(2).complete(2, history.wake(2).writeCommit(2, 1));
    },
  },
  {
    property: 'commit-index-on-disk',
    rule: 'ahead-of-log',
    story: 'a crash keeps the commit index and loses the entry',
    bad: () => {
      const history = toldBeforeSafe();
      const writeId = history.wake(2).writeCommit(2, 1);
      return history.crash(2, [{ writeId, kept: -1 }], []).start(2);
    },
    good: () => {
      const history = toldBeforeSafe();
      history.wake(2).writeCommit(2, 1);
      return history.crash(2, [], []).start(2);
    },
  },
  {
    property: 'commit-index-on-disk',
    rule: 'ahead-of-log',
    story: 'the commit index is on disk while the place still holds an entry that was replaced',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.replicate(3, 2).apply(3, 1);
      history.take(history.wake(3).sendAppend(3, 1, { commit: 1 }));
      return history.complete(1, history.wake(1).writeCommit(1, 1));
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.replicate(3, 2).apply(3, 1);
      history.take(history.wake(3).sendAppend(3, 1, { commit: 1 })).flush(1);
      return history.complete(1, history.wake(1).writeCommit(1, 1));
    },
  },
  {
    property: 'commit-index-on-disk',
    rule: 'not-told',
    story: 'a follower writes that its whole log is committed',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2, 3]).replicate(1, 2);
      history.wake(2).writeCommit(2, 1);
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2, 3]).replicate(1, 2).apply(1, 1);
      history.replicate(1, 2, { prev: 1, commit: 1 }).wake(2).writeCommit(2, 1);
      return history;
    },
  },
  {
    property: 'committed-on-quorum',
    rule: 'too-few-copies',
    story: 'a leader writes that an entry is committed which nobody else has',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2, 3]);
      history.wake(1).writeCommit(1, 1);
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2, 3]).replicate(1, 2);
      history.wake(1).writeCommit(1, 1);
      return history;
    },
  },
  {
    property: 'applied-in-order',
    rule: 'gap',
    story: 'a state machine survives a crash but for its last entry, which is skipped',
    bad: () => {
      const history = appliedTwo();
      history.replicate(1, 2, { prev: 2, commit: 2 }).propose(1, 'put x 2');
      history.replicate(1, 2, { prev: 2 }).apply(1, 3);
      history.crash(2).start(2, 1);
      history.replicate(1, 2, { prev: 3, commit: 3 });
      return history.wake(2).apply(2, 3);
    },
    good: () => {
      const history = appliedTwo();
      history.crash(2).start(2, 1).replicate(1, 2, { prev: 2, commit: 2 });
      return history.wake(2).apply(2, 2);
    },
  },
  {
    property: 'applied-in-order',
    rule: 'applied-again',
    story: 'what a state machine has kept is handed to it once more',
    bad: () => {
      const history = appliedTwo().crash(2).start(2, 2);
      history.replicate(1, 2, { prev: 2, commit: 2 });
      return history.wake(2).apply(2, 1);
    },
    good: () => {
      const history = appliedTwo().crash(2).start(2, 2);
      return history.replicate(1, 2, { prev: 2, commit: 2 });
    },
  },
  {
    property: 'applied-only-committed',
    rule: 'not-told',
    story: 'after a restart a server applies more than its disk knows to be committed',
    bad: () => {
      const history = appliedTwo();
      history.writeCommit(2, 1);
      return history.flush(2).crash(2).start(2).apply(2, 1).apply(2, 2);
    },
    good: () => {
      const history = appliedTwo();
      history.writeCommit(2, 2);
      return history.flush(2).crash(2).start(2).apply(2, 1).apply(2, 2);
    },
  },
  {
    property: 'applied-only-committed',
    rule: 'not-told',
    story: 'a deposed leader applies what it cannot have committed',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2, 3]);
      const message = history.wake(1).sendAppend(1, 2);
      history.wake(1).vote(1, 2, 0);
      return history.take(message).acknowledge(message).apply(1, 1);
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2, 3]).replicate(1, 2);
      history.wake(1).vote(1, 2, 0);
      return history.wake(1).apply(1, 1);
    },
  },
  {
    property: 'durable-promise',
    rule: 'log-not-durable',
    story: 'a follower takes a failed write for a safe one',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2, 3]);
      const message = history.wake(1).sendAppend(1, 2);
      return history.take(message).fail(2, []).acknowledge(message);
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2, 3]);
      const message = history.wake(1).sendAppend(1, 2);
      history.take(message).fail(2, []).append(2, noOp(1));
      return history.acknowledge(message);
    },
  },
  {
    property: 'durable-promise',
    rule: 'vote-not-durable',
    story: 'a voter takes a failed write for a safe one',
    bad: () => {
      const history = new History(3).boot().wake(2);
      history.vote(2, 1, 1);
      history.fail(2, []).sendGrant(2, 1, 1);
      return history;
    },
    good: () => {
      const history = new History(3).boot().wake(2);
      history.vote(2, 1, 1);
      history.fail(2, []).vote(2, 1, 1);
      history.flush(2).sendGrant(2, 1, 1);
      return history;
    },
  },
  {
    property: 'log-matching',
    rule: 'entries-differ',
    story: 'a leader whose write fails puts another entry in the place of one that it has sent',
    bad: () => {
      const history = leaderWriteFailed();
      history.append(1, noOp(1));
      return history;
    },
    good: () => {
      const history = leaderWriteFailed();
      history.append(1, { term: 1, command: { clientId: 1, seq: 1, op: 'put x 1' } });
      return history;
    },
  },
  {
    property: 'elected-by-majority',
    rule: 'claims-too-early',
    story: 'a candidate says that it leads before a vote has reached it',
    bad: () => {
      const history = new History(3).boot().wake(1);
      history.vote(1, 1, 1);
      return history.claim(1, 1);
    },
    good: () => new History(3).boot().campaign(1, 1, [2]).claim(1, 1),
  },
];
