/** What clients are told. */
import type { Case } from './case.ts';
import { History } from './history.ts';

/** One server that leads, with its no-op applied. */
function alone(): History {
  return new History(1).boot().elect(1, 1, []).apply(1, 1);
}

/** A put and a get by two clients, one after the other, answered with `value`. */
function putThenGet(value: string | null): History {
  const history = alone();
  const put = history.propose(1, 'put x 1', 1);
  history.apply(1, 2).respond(1, '1.1/1', 'ok').answer(put, 'ok');
  const get = history.propose(1, 'get x', 2);
  history.apply(1, 3).respond(1, '2.1/1', 'ok').answer(get, 'ok', value);
  return history.phase('end');
}

export const CLIENT_CASES: readonly Case[] = [
  {
    property: 'acknowledged-is-committed',
    rule: 'not-applied',
    story: 'a waiting client is answered when another entry commits at its index',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.propose(1, 'put x 1');
      history.elect(3, 2, [2]);
      history.propose(3, 'put x 2', 2);
      history.replicate(3, 2).apply(3, 1).apply(3, 2);
      history
        .take(history.sendAppend(3, 1, { commit: 2 }))
        .apply(1, 1)
        .apply(1, 2);
      return history.respond(1, '1.1/1', 'ok');
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.propose(1, 'put x 1');
      history.elect(3, 2, [2]);
      history.propose(3, 'put x 2', 2);
      history.replicate(3, 2).apply(3, 1).apply(3, 2).respond(3, '2.1/1', 'ok');
      history
        .take(history.sendAppend(3, 1, { commit: 2 }))
        .apply(1, 1)
        .apply(1, 2);
      return history.respond(1, '1.1/1', 'unknown');
    },
  },
  {
    property: 'refused-never-committed',
    rule: 'attempt-refused',
    story: 'a leader that steps down rejects what its successor commits',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.propose(1, 'put x 1');
      history.replicate(1, 2).elect(2, 2, [3]);
      history.take(history.sendAppend(2, 1, { prev: 2 })).respond(1, '1.1/1', 'rejected');
      history.replicate(2, 3);
      return history.apply(2, 1).apply(2, 2).apply(2, 3);
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.propose(1, 'put x 1');
      history.replicate(1, 2).elect(2, 2, [3]);
      history.take(history.sendAppend(2, 1, { prev: 2 })).respond(1, '1.1/1', 'unknown');
      history.replicate(2, 3);
      return history.apply(2, 1).apply(2, 2).apply(2, 3);
    },
  },
  {
    property: 'refused-never-committed',
    rule: 'attempt-refused',
    story: 'a leader appends a command twice and rejects it twice',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      const put = history.propose(1, 'put x 1');
      history.respond(1, '1.1/1', 'rejected');
      history.request(1, '1.1/2', put).append(1, { term: 1, command: put });
      history.respond(1, '1.1/2', 'rejected').flush(1).replicate(1, 2);
      return history.apply(1, 1).apply(1, 2).apply(1, 3);
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      const put = history.invoke(1, 'put x 1');
      history.request(1, '1.1/1', put).respond(1, '1.1/1', 'rejected');
      history.request(1, '1.1/2', put).append(1, { term: 1, command: put });
      history.flush(1).replicate(1, 2);
      return history.apply(1, 1).apply(1, 2).respond(1, '1.1/2', 'ok');
    },
  },
  {
    property: 'refused-never-committed',
    rule: 'client-told-failed',
    story: 'a client hears of a failure, and its command is committed',
    bad: () => {
      const history = alone();
      const put = history.propose(1, 'put x 1');
      return history.answer(put, 'fail').wake(1).apply(1, 2);
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      const put = history.invoke(1, 'put x 1');
      history.request(3, '1.1/1', put).respond(3, '1.1/1', 'redirect', 1);
      history.request(1, '1.1/2', put).append(1, { term: 1, command: put });
      history.flush(1).replicate(1, 2).apply(1, 1).apply(1, 2);
      return history.respond(1, '1.1/2', 'ok').answer(put, 'ok');
    },
  },
  {
    property: 'one-answer',
    rule: 'answered-twice',
    story: 'an attempt is answered when it is applied, and again at the step-down',
    bad: () => {
      const history = alone();
      history.propose(1, 'put x 1');
      return history.apply(1, 2).respond(1, '1.1/1', 'ok').respond(1, '1.1/1', 'unknown');
    },
    good: () => {
      const history = alone();
      history.propose(1, 'put x 1');
      return history.apply(1, 2).respond(1, '1.1/1', 'ok');
    },
  },
  {
    property: 'one-answer',
    rule: 'not-asked',
    story: 'a server answers after a restart what it was asked before',
    bad: () => {
      const history = alone();
      history.propose(1, 'put x 1');
      return history.restart(1).respond(1, '1.1/1', 'unknown');
    },
    good: () => {
      const history = alone();
      history.propose(1, 'put x 1');
      return history.restart(1);
    },
  },
  {
    property: 'exactly-once',
    rule: 'committed-twice',
    story: 'a leader appends the same request again',
    bad: () => {
      const history = alone();
      const put = history.propose(1, 'put x 1');
      history.wake(1).append(1, { term: 1, command: put });
      return history.flush(1).apply(1, 2).apply(1, 3);
    },
    good: () => {
      const history = alone();
      history.propose(1, 'put x 1');
      history.propose(1, 'put x 1');
      return history.apply(1, 2).apply(1, 3);
    },
  },
  {
    property: 'linearizability',
    rule: 'wrong-read',
    story: 'a read returns nothing after a write was acknowledged',
    bad: () => putThenGet(null),
    good: () => putThenGet('1'),
  },
  {
    property: 'linearizability',
    rule: 'real-time',
    story: 'a command stands in the log behind one that was invoked after its answer',
    bad: () => {
      const history = alone();
      const early = history.invoke(1, 'put x 1');
      history.answer(early, 'ok');
      history.propose(1, 'put x 2', 2);
      history.wake(1).append(1, { term: 1, command: early });
      return history.flush(1).apply(1, 2).apply(1, 3).phase('end');
    },
    good: () => {
      const history = alone();
      const first = history.propose(1, 'put x 1', 1);
      const second = history.propose(1, 'put x 2', 2);
      history.apply(1, 2).apply(1, 3).respond(1, '2.1/1', 'ok').answer(second, 'ok');
      history.respond(1, '1.1/1', 'ok').answer(first, 'ok');
      return history.phase('end');
    },
  },
  {
    property: 'linearizability',
    rule: 'acknowledged-but-lost',
    story: 'a client hears ok for a command that nobody has committed',
    bad: () => {
      const history = alone();
      const put = history.invoke(1, 'put x 1');
      return history.answer(put, 'ok').phase('end');
    },
    good: () => {
      const history = alone();
      const put = history.invoke(1, 'put x 1');
      return history.answer(put, 'info').phase('end');
    },
  },
  {
    property: 'state-equals-log',
    rule: 'state-differs',
    story: 'a state machine has left out an entry',
    bad: () => {
      const history = putThenGet('1');
      history.judge.stateInspected(history.atUs, 1, 3, []);
      return history;
    },
    good: () => {
      const history = putThenGet('1');
      history.judge.stateInspected(history.atUs, 1, 3, [['x', '1']]);
      history.judge.stateInspected(history.atUs, 1, 1, []);
      return history;
    },
  },
  {
    property: 'state-equals-log',
    rule: 'beyond-commits',
    story: 'a state machine is ahead of what is committed',
    bad: () => {
      const history = putThenGet('1');
      history.judge.stateInspected(history.atUs, 1, 4, [['x', '1']]);
      return history;
    },
    good: () => {
      const history = putThenGet('1');
      history.judge.stateInspected(history.atUs, 1, 2, [['x', '1']]);
      return history;
    },
  },
  {
    property: 'no-request-forgotten',
    rule: 'unanswered',
    story: 'a request that was waiting at the step-down is never answered',
    bad: () => {
      const history = alone();
      history.propose(1, 'put x 1');
      history.apply(1, 2).phase('heal').phase('quiet').pass(500);
      return history.phase('traffic');
    },
    good: () => {
      const history = alone();
      history.propose(1, 'put x 1');
      history.apply(1, 2).respond(1, '1.1/1', 'ok').phase('heal').phase('quiet').pass(500);
      return history.phase('traffic');
    },
  },
];
