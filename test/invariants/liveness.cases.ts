/** What has to happen once the faults are over. */
import type { Case } from './case.ts';
import { ELECTION_MS_MAX, History } from './history.ts';

const PATIENCE_MS = 50 * ELECTION_MS_MAX;

/** S1 leads, and both others hear it; nothing is committed yet. */
function heard(): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]);
  for (const follower of [2, 3]) history.wake(1).take(history.sendAppend(1, follower));
  return history.flush(2).flush(3);
}

/** The same, with everything committed and applied everywhere. */
function settled(): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]);
  history.replicate(1, 2).apply(1, 1).replicate(1, 3, { commit: 1 }).wake(3).apply(3, 1);
  return history.replicate(1, 2, { prev: 1, commit: 1 }).wake(2).apply(2, 1);
}

/** `count` elections of S3 that nobody answers, in the calm after everything has settled. */
function churn(count: number): History {
  const history = settled().phase('heal').phase('quiet').pass(1_000);
  for (let term = 2; term < 2 + count; term += 1) {
    history.wake(3).vote(3, term, 3);
    history.sendRequestVote(3, 1, term);
    history.sendRequestVote(3, 2, term);
    history.pass(300);
  }
  return history;
}

export const LIVENESS_CASES: readonly Case[] = [
  {
    property: 'leader-election-liveness',
    rule: 'no-leader',
    story: 'votes are split for ever: rising terms are no progress',
    bad: () => {
      const history = new History(3).boot().phase('heal').phase('quiet');
      for (let term = 1; term < 60; term += 1) {
        for (const node of history.everybody()) history.wake(node).vote(node, term, node);
        history.pass(300);
      }
      return history;
    },
    good: () =>
      settled()
        .phase('heal')
        .phase('quiet')
        .pass(PATIENCE_MS + 1_000),
  },
  {
    property: 'replication-liveness',
    rule: 'not-committed',
    story: 'a leader that all hear never commits',
    bad: () =>
      heard()
        .phase('heal')
        .phase('quiet')
        .pass(PATIENCE_MS + 1_000),
    good: () =>
      settled()
        .phase('heal')
        .phase('quiet')
        .pass(PATIENCE_MS + 1_000),
  },
  {
    property: 'convergence',
    rule: 'not-converged',
    story: 'a follower is never told that the last entry is committed',
    bad: () => {
      const history = heard().replicate(1, 2, { prev: 1 }).apply(1, 1);
      return history
        .phase('heal')
        .phase('quiet')
        .pass(PATIENCE_MS + 1_000);
    },
    good: () => {
      const history = heard().replicate(1, 2, { prev: 1 }).apply(1, 1);
      history
        .phase('heal')
        .phase('quiet')
        .pass(PATIENCE_MS - 1_000);
      history
        .replicate(1, 2, { prev: 1, commit: 1 })
        .wake(2)
        .apply(2, 1)
        .pass(PATIENCE_MS - 1_000);
      history.replicate(1, 3, { prev: 1, commit: 1 }).wake(3).apply(3, 1);
      return history.pass(PATIENCE_MS + 1_000);
    },
  },
  {
    property: 'leader-stability',
    rule: 'churn',
    story: 'a follower that hears its leader stands again and again',
    bad: () => churn(4),
    good: () => churn(3),
  },
  {
    property: 'traffic-progress',
    rule: 'nothing-acknowledged',
    story: 'clients ask and nobody answers',
    bad: () => {
      const history = settled().phase('heal').phase('quiet').pass(1_000).phase('traffic');
      history.invoke(1, 'put x 1');
      return history.pass(PATIENCE_MS + 1_000);
    },
    good: () => {
      const history = settled().phase('heal').phase('quiet').pass(1_000).phase('traffic');
      history.pass(2 * PATIENCE_MS);
      const put = history.propose(1, 'put x 1');
      history.replicate(1, 2, { prev: 1 }).apply(1, 2).respond(1, '1.1/1', 'ok').answer(put, 'ok');
      return history.pass(PATIENCE_MS + 1_000);
    },
  },
];
