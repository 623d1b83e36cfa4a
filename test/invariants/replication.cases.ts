/** Logs and what followers confirm. */
import type { Case } from './case.ts';
import { History, noOp } from './history.ts';

export const REPLICATION_CASES: readonly Case[] = [
  {
    property: 'durable-promise',
    rule: 'log-not-durable',
    story: 'a follower confirms entries whose write is pending',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.wake(1);
      history.take(history.sendAppend(1, 2)).sendSuccess(2, 1, 1, 1);
      return history;
    },
    good: () => new History(3).boot().elect(1, 1, [2]).replicate(1, 2),
  },
  {
    property: 'durable-promise',
    rule: 'term-not-durable',
    story: 'a follower confirms a heartbeat in a term that its disk does not have',
    bad: () => {
      const history = new History(3).boot().campaign(1, 1, [2]);
      history.deliver(history.sendAppend(1, 3)).vote(3, 1, 0);
      history.sendSuccess(3, 1, 1, 0);
      return history;
    },
    good: () => {
      const history = new History(3).boot().campaign(1, 1, [2]);
      history.deliver(history.sendAppend(1, 3)).vote(3, 1, 0);
      history.flush(3).sendSuccess(3, 1, 1, 0);
      return history;
    },
  },
  {
    property: 'leader-append-only',
    rule: 'leader-drops-entries',
    story: 'a leader truncates its own log',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.wake(1).truncate(1, 1);
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.take(history.sendAppend(3, 1));
      return history;
    },
  },
  {
    property: 'log-matching',
    rule: 'entries-differ',
    story: 'a follower stores another command than its leader sent',
    bad: () => {
      const disabled = ['leader-creates-entries', 'no-invented-command'];
      const history = new History(3, disabled).boot().elect(1, 1, [2]);
      const command = history.propose(1, 'put x 1');
      history.replicate(1, 2, { prev: 0 });
      history.wake(3).append(3, noOp(1), { term: 1, command: { ...command, op: 'put x 2' } });
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      const command = history.propose(1, 'put x 1');
      history.wake(3).append(3, noOp(1), { term: 1, command: { ...command } });
      return history;
    },
  },
  {
    property: 'log-matching',
    rule: 'terms-fall',
    story: 'a follower replaces a conflicting entry and keeps the old tail behind it',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.propose(1, 'put x 1');
      history.elect(3, 2, [2]);
      history.deliver(history.sendAppend(3, 1)).vote(1, 2, 0);
      history.write(1, { kind: 'overwrite', index: 1, entries: [noOp(2)] });
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.propose(1, 'put x 1');
      history.elect(3, 2, [2]);
      return history.take(history.sendAppend(3, 1));
    },
  },
  {
    property: 'log-matching',
    rule: 'logs-differ-before',
    story: 'a follower appends behind another entry than its leader',
    bad: () => {
      const history = new History(3, ['leader-creates-entries']).boot();
      history.elect(1, 1, [2]).elect(3, 2, [2]);
      history.propose(3, 'put x 1');
      history.deliver(history.sendAppend(3, 1, { prev: 1 })).vote(1, 2, 0);
      history.append(1, ...history.logOf(3).slice(1));
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.propose(3, 'put x 1');
      return history.take(history.sendAppend(3, 1));
    },
  },
  {
    property: 'leader-creates-entries',
    rule: 'created-by-other',
    story: 'a deposed leader stamps a queued command with the term of its successor',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      const command = history.invoke(1, 'put x 1');
      history.request(1, '1.1/1', command).append(1, { term: 2, command });
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      const command = history.invoke(1, 'put x 1');
      history.request(1, '1.1/1', command).append(1, { term: 1, command });
      return history;
    },
  },
  {
    property: 'no-invented-command',
    rule: 'altered',
    story: 'a leader appends a command with another operation',
    bad: () => {
      const history = new History(1).boot().elect(1, 1, []);
      const command = history.invoke(1, 'put x 1');
      history
        .request(1, '1.1/1', command)
        .append(1, { term: 1, command: { ...command, op: 'put x' } });
      return history;
    },
    good: () => {
      const history = new History(1).boot().elect(1, 1, []);
      history.propose(1, 'put x 1');
      return history;
    },
  },
  {
    property: 'no-invented-command',
    rule: 'invented',
    story: 'a leader appends a command of nobody',
    bad: () => {
      const history = new History(1).boot().elect(1, 1, []);
      history.wake(1).append(1, { term: 1, command: { clientId: 7, seq: 1, op: 'put x 1' } });
      return history;
    },
    good: () => {
      const history = new History(1);
      const command = { clientId: 7, seq: 1, op: 'put x 1' };
      history.judge.prepared(1, 3, 0, [noOp(1), { term: 3, command }]);
      return history.boot();
    },
  },
  {
    property: 'true-success',
    rule: 'beyond-what-came',
    story: 'a follower confirms its own old tail, which its leader has never sent',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.propose(1, 'put x 1');
      history.elect(3, 2, [2]);
      history.deliver(history.sendAppend(3, 1, { last: 0 })).vote(1, 2, 0);
      history.flush(1).sendSuccess(1, 3, 2, 2);
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]);
      history.propose(1, 'put x 1');
      history.elect(3, 2, [2]);
      history.deliver(history.sendAppend(3, 1, { last: 0 })).vote(1, 2, 0);
      history.flush(1).sendSuccess(1, 3, 2, 0);
      return history;
    },
  },
  {
    property: 'true-success',
    rule: 'other-log',
    story: 'a heartbeat is confirmed without a look at the entry before it',
    bad: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.deliver(history.sendAppend(3, 1, { prev: 1 })).vote(1, 2, 0);
      history.flush(1).sendSuccess(1, 3, 2, 1);
      return history;
    },
    good: () => {
      const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
      history.replicate(3, 1);
      history.deliver(history.sendAppend(3, 1, { prev: 1 })).sendSuccess(1, 3, 2, 1);
      return history;
    },
  },
];
