/** What has to happen once the faults are over, where the configuration has changed (§6). */
import type { LogIndex, NodeId } from '../../core/messages.ts';
import type { Case } from './case.ts';
import { ELECTION_MS_MAX, History } from './history.ts';

const PATIENCE_MS = 50 * ELECTION_MS_MAX;

type Options = ConstructorParameters<typeof History>[3];

/** The follower has everything through `from`; it gets, and applies, the leader's log to `last`. */
function bring(
  history: History,
  leader: NodeId,
  follower: NodeId,
  from: LogIndex,
  last: LogIndex,
): void {
  history.replicate(leader, follower, { prev: from, commit: last }).wake(follower);
  for (let index = from + 1; index <= last; index += 1) history.apply(follower, index);
}

/** S1, S2, S3 are joint with S3, S4, S5: committed, and applied by all. */
function joint(options: Options = {}): History {
  const history = new History(5, [], 3, options).boot().elect(1, 1, [2, 3]);
  for (const to of [2, 3]) history.replicate(1, to);
  history
    .wake(1)
    .apply(1, 1)
    .configure(1, [1, 2, 3], { newVoters: [3, 4, 5] });
  for (const to of [2, 3]) history.replicate(1, to, { prev: 1 });
  for (const to of [4, 5]) history.replicate(1, to);
  history.wake(1).apply(1, 2);
  for (const to of [2, 3, 4, 5]) {
    history.replicate(1, to, { prev: 2, commit: 2 }).wake(to).apply(to, 1).apply(to, 2);
  }
  return history;
}

/** S3, S4, S5 are left; S1 leads on. S2 has not heard of it. */
function left(options: Options = {}): History {
  const history = joint(options).configure(1, [3, 4, 5]);
  for (const to of [3, 4, 5]) history.replicate(1, to, { prev: 2 });
  history.wake(1).apply(1, 3);
  for (const to of [3, 4, 5]) {
    history.replicate(1, to, { prev: 3, commit: 3 }).wake(to).apply(to, 3);
  }
  return history;
}

/** S3 has followed S1, and all three agree. */
function succeeded(options: Options = {}): History {
  const history = left(options).elect(3, 2, [4, 5]);
  for (const to of [4, 5]) history.replicate(3, to, { prev: 3 });
  history.wake(3).apply(3, 4);
  for (const to of [4, 5]) bring(history, 3, to, 3, 4);
  return history;
}

/** S4 is a learner, S5 a spare. */
function learning(): History {
  const history = new History(5, [], 3).boot().elect(1, 1, [2, 3]);
  history.configure(1, [1, 2, 3], { learners: [4] });
  for (const to of [2, 3]) history.replicate(1, to);
  history.wake(1).apply(1, 1).apply(1, 2);
  for (const to of [2, 3]) {
    history.replicate(1, to, { prev: 2, commit: 2 }).wake(to).apply(to, 1).apply(to, 2);
  }
  return history;
}

function quiet(history: History): History {
  return history.phase('heal').phase('quiet').pass(1_000);
}

/** The server stands for election so often, and nobody takes notice. */
function stands(history: History, node: NodeId, term: number, times: number): History {
  for (let at = term; at < term + times; at += 1) {
    history.wake(node).vote(node, at, node);
    for (const to of [3, 4, 5]) if (to !== node) history.sendRequestVote(node, to, at);
    history.pass(300);
  }
  return history;
}

export const RECONFIGURED_CASES: readonly Case[] = [
  {
    property: 'configuration-settles',
    rule: 'joint-not-left',
    story: 'a joint configuration is committed, and no leader goes on from there',
    bad: () => quiet(joint()).pass(PATIENCE_MS + 1_000),
    good: () => quiet(succeeded()).pass(PATIENCE_MS + 1_000),
  },
  {
    property: 'configuration-settles',
    rule: 'left-out-still-leads',
    story: 'a leader that is left out goes on leading',
    bad: () => quiet(left()).pass(PATIENCE_MS + 1_000),
    good: () => {
      const history = quiet(left()).elect(3, 2, [4, 5]);
      for (const to of [4, 5]) history.replicate(3, to, { prev: 3 });
      history.wake(3).apply(3, 4);
      for (const to of [4, 5]) bring(history, 3, to, 3, 4);
      return history.pass(PATIENCE_MS + 1_000);
    },
  },
  {
    property: 'convergence',
    rule: 'not-converged',
    story: 'a learner is left without the log',
    bad: () => quiet(learning()).pass(PATIENCE_MS + 1_000),
    good: () => {
      const history = learning();
      bring(history, 1, 4, 0, 2);
      return quiet(history).pass(PATIENCE_MS + 1_000);
    },
  },
  {
    property: 'leader-stability',
    rule: 'churn',
    story: 'voters stand again and again, and not only a server that was removed',
    bad: () => stands(quiet(succeeded({ preVote: true })), 5, 3, 4),
    good: () => stands(quiet(succeeded({ preVote: true })), 2, 3, 9),
  },
  {
    property: 'leader-stability',
    rule: 'churn',
    story: 'voters stand again and again, and nobody was removed unknowing',
    bad: () => stands(quiet(succeeded().replicate(3, 2, { prev: 2 })), 5, 3, 4),
    good: () => stands(stands(quiet(succeeded()), 2, 3, 1), 5, 4, 9),
  },
];
