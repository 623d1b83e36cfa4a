/** Configurations: whose votes and copies count (§6, thesis ch. 4). */
import type { NodeId } from '../../core/messages.ts';
import type { Case } from './case.ts';
import { History, noOp } from './history.ts';

/** S1 leads term 1 of S1, S2, S3; S4 and S5 are spare. Its no-op is on all three, and committed. */
function led(size = 5, disabled: readonly string[] = []): History {
  const history = new History(size, disabled, 3).boot().elect(1, 1, [2, 3]);
  return history.replicate(1, 2).replicate(1, 3).wake(1).apply(1, 1);
}

/** The followers take everything that S1 has behind the no-op. */
function share(history: History, followers: readonly NodeId[]): History {
  for (const to of followers) history.replicate(1, to, { prev: to > 3 ? 0 : 1 });
  return history;
}

/** S1, S2, S3 become S3, S4, S5: the joint entry is on disk everywhere. */
const joint = (disabled: readonly string[] = []): History => {
  return share(led(5, disabled).configure(1, [1, 2, 3], { newVoters: [3, 4, 5] }), [2, 3, 4, 5]);
};

/**
 * Four servers and a spare, which votes. S1, leader of term 1, adds S5 and is cut off with that; S2 follows it,
 * commits something of its term where `isSettled`, then removes S1.
 */
function of2015(
  isSettled: boolean,
  isCommitted: boolean,
  without: readonly string[] = [],
): History {
  const history = new History(5, without, 4).boot().elect(1, 1, [2, 3]);
  for (const to of [2, 3, 4]) history.replicate(1, to);
  history.wake(1).apply(1, 1).configure(1, [1, 2, 3, 4, 5]);
  history.campaign(2, 2, [3, 4]);
  if (isSettled) {
    history.append(2, noOp(2));
    history.flush(2);
    for (const to of [3, 4]) history.replicate(2, to, { prev: 1 });
    history.wake(2).apply(2, 1).apply(2, 2);
  }
  history.configure(2, [2, 3, 4]);
  if (!isCommitted) return history;
  history.replicate(2, 3, { prev: 1 }).wake(2);
  return isSettled ? history.apply(2, 3) : history.apply(2, 1).apply(2, 2);
}

export const MEMBERSHIP_CASES: readonly Case[] = [
  {
    property: 'configurations-intersect',
    rule: 'neighbours-apart',
    story: 'two of three servers are replaced in one step',
    bad: () => led().configure(1, [3, 4, 5]),
    good: () => led().configure(1, [1, 2, 3], { newVoters: [3, 4, 5] }),
  },
  {
    property: 'configurations-intersect',
    rule: 'neighbours-apart',
    story: 'a leader forgets the change that its predecessor has left in its log',
    bad: () => {
      const history = new History(5, [], 4)
        .boot()
        .elect(1, 1, [2, 3])
        .configure(1, [1, 2, 3, 4, 5]);
      history.replicate(1, 2).elect(2, 2, [3, 4]);
      return history.configure(2, [2, 3, 4]);
    },
    good: () => {
      const history = new History(5, [], 4)
        .boot()
        .elect(1, 1, [2, 3])
        .configure(1, [1, 2, 3, 4, 5]);
      history.replicate(1, 2).elect(2, 2, [3, 4]).configure(2, [2, 3, 4, 5]);
      return history;
    },
  },
  {
    property: 'configurations-intersect',
    rule: 'change-on-change',
    story: 'joint consensus is left before it is committed',
    bad: () => {
      const history = led().configure(1, [1, 2, 3], { newVoters: [3, 4, 5] });
      return share(history, [4, 5]).configure(1, [3, 4, 5]);
    },
    good: () => joint().configure(1, [3, 4, 5]),
  },
  {
    property: 'configurations-intersect',
    rule: 'change-on-change',
    story: 'two servers are added, one on the other',
    bad: () => led().configure(1, [1, 2, 3, 4]).configure(1, [1, 2, 3, 4, 5]),
    good: () => {
      const history = share(led().configure(1, [1, 2, 3, 4]), [2, 3]);
      return history.configure(1, [1, 2, 3, 4, 5]);
    },
  },
  {
    property: 'configurations-intersect',
    rule: 'rivals-apart',
    story: 'a change is made while a rival one can still win (the bug of 2015)',
    bad: () => of2015(false, false),
    good: () => of2015(true, false),
  },
  {
    property: 'configurations-intersect',
    rule: 'rivals-apart',
    story: 'a change is made where others would follow, and not by a leader whom nobody follows',
    bad: () => of2015(false, false),
    good: () => {
      const history = share(led(5).configure(1, [1, 2, 3], { newVoters: [3, 4, 5] }), [2, 3, 4, 5]);
      history.apply(1, 2).elect(2, 2, [3, 4, 5]);
      for (const to of [3, 4, 5]) history.replicate(2, to, { prev: 2 });
      history.wake(2).apply(2, 1).apply(2, 2).apply(2, 3).configure(2, [3, 4, 5]);
      for (const to of [3, 4, 5]) history.replicate(2, to, { prev: 3 });
      return history.wake(2).apply(2, 4).configure(1, [1, 2, 3]);
    },
  },
  {
    property: 'configurations-intersect',
    rule: 'no-quorum',
    story: 'everybody becomes a learner',
    bad: () => led().configure(1, [], { learners: [1, 2, 3] }),
    good: () => led().configure(1, [1, 2], { learners: [3] }),
  },
  {
    property: 'committed-for-good',
    rule: 'can-be-lost',
    story: 'a change is committed while a rival one can still win (the bug of 2015)',
    bad: () => of2015(false, true, ['configurations-intersect']),
    good: () => of2015(true, true),
  },
  {
    property: 'committed-for-good',
    rule: 'can-be-lost',
    story: 'while joint, an entry is committed by the new servers alone',
    bad: () => {
      const history = led().configure(1, [1, 2, 3], { newVoters: [3, 4, 5] });
      return share(history, [4, 5]).wake(1).apply(1, 2);
    },
    good: () => {
      const history = led().configure(1, [1, 2, 3], { newVoters: [3, 4, 5] });
      return share(history, [2, 4, 5]).wake(1).apply(1, 2);
    },
  },
  {
    property: 'committed-on-quorum',
    rule: 'too-few-copies',
    story: 'copies of learners are counted',
    bad: () => {
      const history = share(led().configure(1, [1, 2, 3], { learners: [4, 5] }), [2, 3]);
      history.wake(1).apply(1, 2).propose(1, 'put x 1');
      return share(history, [4, 5]).wake(1).apply(1, 3);
    },
    good: () => {
      const history = share(led().configure(1, [1, 2, 3], { learners: [4, 5] }), [2, 3]);
      history.wake(1).apply(1, 2).propose(1, 'put x 1');
      return share(history, [2]).wake(1).apply(1, 3);
    },
  },
  {
    property: 'committed-on-quorum',
    rule: 'too-few-copies',
    story: 'a leader that is left out counts itself',
    bad: () => {
      const history = new History(5).boot().elect(1, 1, [2, 3]).configure(1, [2, 3, 4, 5]);
      for (const to of [2, 3, 4]) history.replicate(1, to);
      history.wake(1).apply(1, 1).apply(1, 2).propose(1, 'put x 1');
      return history.replicate(1, 2, { prev: 2 }).wake(1).apply(1, 3);
    },
    good: () => {
      const history = new History(5).boot().elect(1, 1, [2, 3]).configure(1, [2, 3, 4, 5]);
      for (const to of [2, 3, 4]) history.replicate(1, to);
      history.wake(1).apply(1, 1).apply(1, 2).propose(1, 'put x 1');
      for (const to of [2, 3]) history.replicate(1, to, { prev: 2 });
      return history.wake(1).apply(1, 3);
    },
  },
  {
    property: 'committed-on-quorum',
    rule: 'too-few-copies',
    story: 'three servers have become five, and two copies are still enough',
    bad: () => {
      const history = share(joint5(), [2, 3, 4, 5]).wake(1).apply(1, 2);
      history.configure(1, [1, 2, 3, 4, 5]);
      return history.replicate(1, 2, { prev: 2 }).wake(1).apply(1, 3);
    },
    good: () => {
      const history = share(joint5(), [2, 3, 4, 5]).wake(1).apply(1, 2);
      history.configure(1, [1, 2, 3, 4, 5]);
      for (const to of [2, 5]) history.replicate(1, to, { prev: 2 });
      return history.wake(1).apply(1, 3);
    },
  },
  {
    property: 'elected-by-majority',
    rule: 'too-few-votes',
    story: 'while joint, the votes of one half and a majority of all are counted',
    bad: () => joint().elect(4, 2, [3, 5]),
    good: () => joint().elect(4, 2, [2, 3]),
  },
  {
    property: 'elected-by-majority',
    rule: 'too-few-votes',
    story: 'the vote of a learner is counted',
    bad: () => share(led(4).configure(1, [1, 2, 3], { learners: [4] }), [2, 4]).elect(2, 2, [4]),
    good: () =>
      share(led(4).configure(1, [1, 2, 3], { learners: [4] }), [2, 4]).elect(2, 2, [4, 3]),
  },
  {
    property: 'elected-by-majority',
    rule: 'too-few-votes',
    story: 'a server that knows of no cluster needs nobody else',
    bad: () => new History(4, [], 3).boot().elect(4, 1, []),
    good: () => new History(4, [], 3).boot().elect(3, 1, [2]),
  },
  {
    property: 'elected-by-majority',
    rule: 'too-few-votes',
    story: 'a truncated configuration stays in force',
    bad: () => rolledBack([3]),
    good: () => rolledBack([3, 4]),
  },
  {
    property: 'elected-by-majority',
    rule: 'too-few-votes',
    story: 'answers to a pre-vote are counted as votes (thesis §9.6)',
    bad: () => {
      const history = preVoted();
      history.wake(1).append(1, noOp(1));
      return history;
    },
    good: () => preVoted().elect(1, 1, [2]),
  },
  {
    property: 'durable-promise',
    rule: 'own-vote-not-durable',
    story: 'a leader hands over before its vote for itself is durable',
    bad: () => {
      const history = elected();
      history.send(1, 2, { kind: 'TimeoutNow', term: 1, leaderId: 1 });
      return history;
    },
    good: () => {
      const history = elected().flush(1).wake(1);
      history.send(1, 2, { kind: 'TimeoutNow', term: 1, leaderId: 1 });
      return history;
    },
  },
];

/** S1, S2, S3 become all five. */
function joint5(): History {
  return led().configure(1, [1, 2, 3], { newVoters: [1, 2, 3, 4, 5] });
}

/**
 * S1 leads four servers, makes S4 a learner, and loses that entry to S2; then it stands again, and
 * has the votes of these.
 */
function rolledBack(voters: readonly NodeId[]): History {
  const history = new History(4).boot().elect(1, 1, [2, 3]);
  history.configure(1, [1, 2, 3], { learners: [4] }).elect(2, 2, [3, 4]);
  history.replicate(2, 1);
  return history.elect(1, 3, voters);
}

/** S1 has asked whether it could win term 1, and S2 thinks so. Nobody is in that term yet. */
function preVoted(): History {
  const history = new History(3).boot().wake(1);
  const question = { term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0 } as const;
  const request = history.send(1, 2, { kind: 'RequestVote', ...question, preVote: true });
  history.deliver(request);
  const answer = { term: 1, voteGranted: true, preVote: true } as const;
  return history.deliver(history.send(2, 1, { kind: 'RequestVoteResponse', ...answer }));
}

/** S1 has the votes of S2 and S3 in term 1; its own is on its way to disk. */
function elected(): History {
  const history = new History(3).boot();
  history.wake(1).vote(1, 1, 1);
  for (const voter of [2, 3]) {
    history.wake(voter).vote(voter, 1, 1);
    history.flush(voter).deliver(history.sendGrant(voter, 1, 1));
  }
  return history;
}
