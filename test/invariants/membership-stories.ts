/** Stories of changes of the configuration (§6, thesis ch. 4). */
import type { AdminRequest } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import { History } from './history.ts';
import type { Story } from './story.ts';

const CHANGE: AdminRequest = { kind: 'changeMembership', voters: [1, 2, 3, 4], learners: [] };

/** S1 leads term 1 of S1, S2, S3; the others are spare. Its no-op is on all three, and committed. */
function led(size = 5): History {
  const history = new History(size, [], 3).boot().elect(1, 1, [2, 3]);
  return history.replicate(1, 2).replicate(1, 3).wake(1).apply(1, 1);
}

/** The followers take everything that S1 has behind the no-op. */
function share(history: History, followers: readonly NodeId[]): History {
  for (const to of followers) history.replicate(1, to, { prev: to > 3 ? 0 : 1 });
  return history.wake(1);
}

/** S1, S2, S3 become S3, S4, S5: the joint entry is on disk at S1 and these. */
function joint(followers: readonly NodeId[] = [2, 3, 4, 5]): History {
  return share(led().configure(1, [1, 2, 3], { newVoters: [3, 4, 5] }), followers);
}

/** S3 leads term 2, elected by both halves, and has the joint entry committed. */
function handedOn(): History {
  const history = joint().apply(1, 2).elect(3, 2, [2, 4]);
  for (const to of [2, 4]) history.replicate(3, to, { prev: 2 });
  return history.wake(3).apply(3, 1).apply(3, 2).apply(3, 3);
}

/** S1, S2, S3 become S2, S3, S4 under S1, which commits it. */
function leftOut(): History {
  const history = share(led(4).configure(1, [1, 2, 3], { newVoters: [2, 3, 4] }), [2, 3, 4]);
  history.apply(1, 2).configure(1, [2, 3, 4]);
  for (const to of [2, 3, 4]) history.replicate(1, to, { prev: 2 });
  return history.wake(1).apply(1, 3);
}

/** S1 makes S4 a learner; then, where told, a voter. */
function learner(voters: readonly NodeId[]): History {
  const history = share(led(4).configure(1, [1, 2, 3], { learners: [4] }), [2, 3, 4]).apply(1, 2);
  return history.configure(1, voters, voters.includes(4) ? {} : { learners: [4] });
}

/** S4 has become a voter: S2 knows, and S4 does where told. Then S2 stands. */
function promoted(knowing: readonly NodeId[]): History {
  const history = learner([1, 2, 3, 4]);
  for (const to of knowing) history.replicate(1, to, { prev: 2 });
  return history.elect(2, 2, [4, 3]);
}

/** S4 has been removed, and does not know it where told; it asks S3 for its vote. */
function stands(node: NodeId): History {
  const history = new History(4).boot().elect(1, 1, [2, 3]);
  for (const to of [2, 3, 4]) history.replicate(1, to);
  history.wake(1).apply(1, 1).configure(1, [1, 2, 3]);
  for (const to of [2, 3]) history.replicate(1, to, { prev: 1 });
  history.wake(1).apply(1, 2).wake(node).vote(node, 2, node);
  history.flush(node).sendRequestVote(node, 3, 2);
  return history;
}

/** S4 of joint servers stands in vain, with the votes of these, and then gives up. */
function loses(voters: readonly NodeId[]): History {
  const history = joint().campaign(4, 2, voters);
  history.wake(4).vote(4, 3, 0);
  return history;
}

/** S1 has a configuration that nobody else has; S2 leads, and S1 follows it. */
function truncated(isConfiguration: boolean): History {
  const history = led(4);
  if (isConfiguration) history.configure(1, [1, 2, 3, 4]);
  else history.propose(1, 'put x 1');
  return history.elect(2, 2, [3]).replicate(2, 1, { prev: 1 });
}

/** S5 replaces S3, which may be gone for good. */
function replaced(isWiped: boolean): History {
  const history = led().configure(1, [1, 2, 3], { newVoters: [1, 2, 5] });
  if (isWiped) history.wipe(3);
  share(history, [2, 5]).apply(1, 2).configure(1, [1, 2, 5]);
  return history.replicate(1, 2, { prev: 2 }).wake(1).apply(1, 3);
}

const refuse = (history: History): History => {
  return history.ask(1, 'operator/1', CHANGE).respond(1, 'operator/1', 'rejected');
};

export const MEMBERSHIP_STORIES: Readonly<Record<string, Story>> = {
  'joint-entered': { told: () => joint(), near: () => led().configure(1, [1, 2, 3, 4]) },
  'joint-left': {
    told: () => joint().apply(1, 2).configure(1, [3, 4, 5]),
    near: () => joint().apply(1, 2),
  },
  'joint-left-by-other': {
    told: () => handedOn().configure(3, [3, 4, 5]),
    near: () => joint().apply(1, 2).configure(1, [3, 4, 5]),
  },
  'commit-while-joint': {
    told: () => joint().apply(1, 2),
    near: () => joint(),
  },
  'elected-while-joint': {
    told: () => joint().elect(3, 2, [2, 4]),
    near: () => joint([4, 5]).elect(2, 2, [3]),
  },
  'joint-half-won': { told: () => loses([3, 5]), near: () => loses([1]) },
  'elected-by-older-configuration': {
    told: () => joint([4, 5]).elect(2, 2, [3]),
    near: () => joint([2, 4, 5]).elect(2, 2, [1, 3, 4, 5]),
  },
  'configuration-rolled-back': { told: () => truncated(true), near: () => truncated(false) },
  'left-out-commits': { told: () => leftOut(), near: () => joint().apply(1, 2) },
  'left-out-stepped-down': {
    told: () => {
      const history = leftOut();
      history.judge.claimed(1, 'follower', 1);
      return history;
    },
    near: () => {
      const history = led();
      history.judge.claimed(1, 'follower', 1);
      return history;
    },
  },
  'removed-stood': { told: () => stands(4), near: () => stands(2) },
  'learner-promoted': { told: () => learner([1, 2, 3, 4]), near: () => learner([1, 2]) },
  'unaware-voted': { told: () => promoted([2, 3]), near: () => promoted([2, 3, 4]) },
  'two-operators': {
    told: () => led().ask(1, 'operator/1', CHANGE).ask(2, 'operator/2', CHANGE),
    near: () => refuse(led()).ask(2, 'operator/2', CHANGE),
  },
  'change-under-way': {
    told: () => refuse(led().configure(1, [1, 2, 3], { learners: [5] })),
    near: () => refuse(led()),
  },
  'change-too-early': {
    told: () => refuse(new History(4, [], 3).boot().elect(1, 1, [2, 3])),
    near: () => refuse(led()),
  },
  'wiped-replaced': { told: () => replaced(true), near: () => replaced(false) },
};
