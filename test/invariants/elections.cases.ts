/** Votes, terms and leaders. */
import type { Case } from './case.ts';
import { History, noOp } from './history.ts';

export const ELECTION_CASES: readonly Case[] = [
  {
    property: 'election-safety',
    rule: 'second-leader',
    story: 'a deposed leader sends AppendEntries with the term of its successor',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.wake(1).sendAppend(1, 2, { prev: 1, term: 2 });
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.wake(1).sendAppend(1, 2, { prev: 1, term: 1 });
      return history;
    },
  },
  {
    property: 'election-safety',
    rule: 'reign-resumed',
    story: 'a leader goes on leading after a restart',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]).restart(1);
      history.wake(1).sendAppend(1, 2, { prev: 1 });
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).restart(1).elect(1, 2, [2]);
      history.wake(1).sendAppend(1, 2, { prev: 1 });
      return history;
    },
  },
  {
    property: 'elected-by-majority',
    rule: 'too-few-votes',
    story: 'two of four servers make a leader',
    bad: () => new History(4).boot().elect(1, 1, [2]),
    good: () => new History(4).boot().elect(1, 1, [2, 3]),
  },
  {
    property: 'elected-by-majority',
    rule: 'votes-not-received',
    story: 'a candidate leads while the vote that it needs is still on its way',
    bad: () => {
      const history = new History(3).boot().campaign(1, 1, []);
      history.wake(2).vote(2, 1, 1);
      history.flush(2).sendGrant(2, 1, 1);
      history.wake(1).append(1, noOp(1));
      return history;
    },
    good: () => {
      const history = new History(3).boot().campaign(1, 1, []);
      history.wake(2).vote(2, 1, 1);
      history.flush(2).deliver(history.sendGrant(2, 1, 1));
      history.append(1, noOp(1));
      return history;
    },
  },
  {
    property: 'one-vote-per-term',
    rule: 'granted-twice',
    story: 'a voter that has answered one candidate grants another the same term',
    bad: () => {
      const history = new History(3).boot().campaign(1, 1, [3]);
      history.wake(3).sendGrant(3, 2, 1);
      return history;
    },
    good: () => {
      const history = new History(3).boot().campaign(1, 1, [3]).restart(3);
      history.wake(3).sendGrant(3, 1, 1);
      return history;
    },
  },
  {
    property: 'one-vote-per-term',
    rule: 'vote-changed',
    story: 'a voter writes another vote into the same term',
    bad: () => {
      const history = new History(3).boot();
      history.wake(3).vote(3, 1, 1);
      history.vote(3, 1, 2);
      return history;
    },
    good: () => {
      const history = new History(3).boot();
      history.wake(3).vote(3, 1, 1);
      history.vote(3, 2, 2);
      return history;
    },
  },
  {
    property: 'durable-promise',
    rule: 'vote-not-durable',
    story: 'a vote is granted while its write is pending',
    bad: () => {
      const history = new History(3).boot();
      history.wake(3).vote(3, 1, 1);
      history.sendGrant(3, 1, 1);
      return history;
    },
    good: () => {
      const history = new History(3).boot();
      history.wake(3).vote(3, 1, 1);
      history.flush(3).sendGrant(3, 1, 1);
      return history;
    },
  },
  {
    property: 'durable-promise',
    rule: 'own-vote-not-durable',
    story: 'a leader acts before the vote for itself is durable, with enough votes of others',
    bad: () => {
      const history = new History(3).boot();
      history.wake(1).vote(1, 1, 1);
      for (const voter of [2, 3]) {
        history.wake(voter).vote(voter, 1, 1);
        history.flush(voter).deliver(history.sendGrant(voter, 1, 1));
      }
      history.sendAppend(1, 2);
      return history;
    },
    good: () => {
      const history = new History(3).boot();
      history.wake(1).vote(1, 1, 1);
      for (const voter of [2, 3]) {
        history.wake(voter).vote(voter, 1, 1);
        history.flush(voter).deliver(history.sendGrant(voter, 1, 1));
      }
      history.flush(1).sendAppend(1, 2);
      return history;
    },
  },
  {
    property: 'term-monotonicity',
    rule: 'falls-in-life',
    story: 'a server takes the term of an old message',
    bad: () => {
      const history = new History(3).boot();
      history.wake(3).vote(3, 2, 0);
      history.vote(3, 1, 0);
      return history;
    },
    good: () => {
      const history = new History(3).boot();
      history.wake(3).vote(3, 1, 0);
      history.crash(3).start(3).vote(3, 1, 2);
      return history;
    },
  },
  {
    property: 'quorum-intersection',
    rule: 'elections',
    story: 'each half of four servers elects a leader',
    bad: () => new History(4, ['elected-by-majority']).boot().elect(1, 1, [2]).elect(3, 2, [4]),
    good: () => new History(4).boot().elect(1, 1, [2, 3]).elect(3, 2, [2, 4]),
  },
  {
    property: 'quorum-intersection',
    rule: 'election-and-commit',
    story: 'a leader is elected by those who do not hold what is committed',
    bad: () => {
      const disabled = ['elected-by-majority', 'leader-completeness'];
      const history = new History(4, disabled).boot().elect(1, 1, [2, 3]);
      history.replicate(1, 2).apply(1, 1);
      return history.elect(4, 2, [3]);
    },
    good: () => {
      const history = new History(4).boot().elect(1, 1, [2, 3]);
      history.replicate(1, 2).apply(1, 1);
      return history.elect(2, 2, [3, 4]);
    },
  },
];
