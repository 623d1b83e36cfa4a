/** What looks like a bug and is none: nothing here may ever be reported. */
import { describe, expect, test } from 'vitest';
import { History, noOp } from './history.ts';

describe('legal oddities', () => {
  test('half of an even number of copies commit', () => {
    const history = new History(4).boot().elect(1, 1, [2, 3]).replicate(1, 2).apply(1, 1);
    expect(history.findings).toEqual([]);
  });

  test('a leader sends before its own write is safe, and commits on the copies of others', () => {
    const history = new History(3).boot().campaign(1, 1, [2]);
    history.append(1, noOp(1));
    const messages = [history.sendAppend(1, 2), history.sendAppend(1, 3)];
    for (const message of messages) history.take(message).acknowledge(message);
    expect(history.apply(1, 1).findings).toEqual([]);
    expect(history.judge.situations['commit-without-own-copy']).toBe(1);
  });

  test('entries are sent before they are written at all', () => {
    const history = new History(3).boot().campaign(1, 1, [2]);
    const body = { kind: 'AppendEntries', term: 1, leaderId: 1, leaderCommit: 0 } as const;
    const first = { ...body, prevLogIndex: 0, prevLogTerm: 0, entries: [noOp(1)] };
    const second = { ...body, prevLogIndex: 1, prevLogTerm: 1, entries: [noOp(1)] };
    const messages = [history.send(1, 2, first), history.send(1, 2, second)];
    history.append(1, noOp(1), noOp(1));
    for (const message of messages) history.take(message).acknowledge(message);
    expect(history.flush(1).apply(1, 1).apply(1, 2).findings).toEqual([]);
  });

  test('late votes make a leader of a term below one that has already committed', () => {
    const history = new History(5).boot().campaign(1, 1, [2]);
    history.wake(3).vote(3, 1, 1);
    const late = history.flush(3).sendGrant(3, 1, 1);
    history.elect(4, 2, [3, 5]).replicate(4, 3).replicate(4, 5).apply(4, 1);
    history.deliver(late).append(1, noOp(1));
    history.flush(1).sendAppend(1, 2);
    expect(history.findings).toEqual([]);
    expect(history.judge.situations['late-leader']).toBe(1);
  });

  test('a follower of an outdated leader drops what others have committed', () => {
    const history = new History(5).boot().elect(1, 1, [2, 3]);
    // S4 gets the entry of term 1; the leader of term 2 does not.
    history.take(history.sendAppend(1, 4)).flush(4);
    history.elect(5, 2, [2, 3]);
    // S1 leads again, in term 3, and commits its old entry behind S4's back.
    history.elect(1, 3, [2, 3]).replicate(1, 2).replicate(1, 3);
    history.apply(1, 1).apply(1, 2);
    // S4, still in term 1, follows the outdated leader of term 2.
    history.take(history.sendAppend(5, 4)).flush(4);
    expect(history.findings).toEqual([]);
    expect(history.judge.situations['committed-truncated']).toBe(1);
  });

  test('a durable state machine is ahead of a log that has lost what replaced its old tail', () => {
    const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
    history.replicate(3, 2).apply(3, 1);
    // S1 replaces its entry of term 1, applies the new one, and crashes before that is safe.
    history.take(history.sendAppend(3, 1, { prev: 0, commit: 1 })).apply(1, 1);
    history.crash(1, [], [noOp(1)]).start(1, 1);
    history.take(history.sendAppend(3, 1, { prev: 0, commit: 1 })).flush(1);
    expect(history.findings).toEqual([]);
  });

  test('RequestVote leaves before the vote for oneself is safe, and the vote is lost', () => {
    const history = new History(3).boot();
    history.wake(1).vote(1, 1, 1);
    history.sendRequestVote(1, 2, 1);
    history.crash(1).start(1).vote(1, 1, 3);
    history.flush(1).sendGrant(1, 3, 1);
    expect(history.findings).toEqual([]);
    expect(history.judge.situations['crash-forgot-vote']).toBe(1);
  });

  test('a leader probes from below what it knows to match', () => {
    const history = new History(3).boot().elect(1, 1, [2]);
    history.propose(1, 'put x 1');
    history.replicate(1, 2).apply(1, 1).apply(1, 2);
    for (const prev of [2, 1, 0, 2]) {
      const message = history.wake(1).sendAppend(1, 2, { prev, last: prev, commit: 2 });
      history.take(message).acknowledge(message);
    }
    expect(history.findings).toEqual([]);
  });

  test('messages come twice, late and in another life', () => {
    const history = new History(3).boot().elect(1, 1, [2]);
    const append = history.wake(1).sendAppend(1, 2);
    history.take(append).acknowledge(append);
    history.take(append).acknowledge(append);
    history.elect(1, 2, [3]).restart(2);
    history.take(append).flush(2);
    const success = history.wake(2).sendSuccess(2, 1, 1, 1);
    history.deliver(success).deliver(success);
    expect(history.findings).toEqual([]);
    expect(history.judge.situations).toMatchObject({
      'duplicate-delivered': 3,
      'later-life': 1,
      'ack-of-earlier-reign': 2,
    });
  });

  test('a voter says again after a restart whom it voted for', () => {
    const history = new History(3).boot().campaign(1, 1, [2]).restart(2);
    history.wake(2).sendGrant(2, 1, 1);
    expect(history.findings).toEqual([]);
    expect(history.judge.situations['vote-asked-again']).toBe(1);
  });

  test('a leader adds no-ops that nobody needs', () => {
    const history = new History(3).boot().elect(1, 1, [2]);
    history.wake(1).append(1, noOp(1), noOp(1));
    history.flush(1).replicate(1, 3);
    expect(history.apply(1, 1).apply(1, 2).apply(1, 3).findings).toEqual([]);
  });

  test('leaderCommit falls from message to message', () => {
    const history = new History(3).boot().elect(1, 1, [2]).replicate(1, 2).apply(1, 1);
    for (const commit of [1, 0, 1, 0]) history.wake(1).sendAppend(1, 3, { commit });
    expect(history.findings).toEqual([]);
  });

  test('a follower confirms what is committed already, by whomever it came', () => {
    const history = new History(3).boot().elect(1, 1, [2]).replicate(1, 2).apply(1, 1);
    history
      .elect(2, 2, [3])
      .take(history.sendAppend(2, 1, { prev: 1, last: 1 }))
      .flush(1);
    expect(history.wake(1).sendSuccess(1, 2, 2, 1) && history.findings).toEqual([]);
  });

  test('an append survives a crash in part', () => {
    const history = new History(3).boot().elect(1, 1, [2]);
    history.wake(1).append(1, noOp(1), noOp(1), noOp(1));
    const message = history.sendAppend(1, 2);
    const write = history.deliver(message).append(2, ...history.logOf(1));
    history.crash(2, [{ writeId: write, kept: 2 }], history.logOf(1).slice(0, 2)).start(2);
    history.take(history.sendAppend(1, 2, { prev: 2 })).flush(2);
    expect(history.wake(2).sendSuccess(2, 1, 1, 4) && history.findings).toEqual([]);
    expect(history.judge.situations['crash-kept-prefix']).toBe(1);
  });

  test('an old entry is committed once every server has it', () => {
    const history = new History(3).boot().elect(1, 1, [2]).replicate(1, 2).replicate(1, 3);
    history.campaign(2, 2, [1, 3]).wake(2).sendAppend(2, 1, { prev: 1 });
    expect(history.apply(2, 1).findings).toEqual([]);
  });

  test('a deposed leader goes on to apply what it has committed as a leader', () => {
    const history = new History(3).boot().elect(1, 1, [2]);
    history.propose(1, 'put x 1');
    history.propose(1, 'put x 2');
    history.replicate(1, 2).apply(1, 1);
    history.elect(2, 2, [3]).wake(1).vote(1, 2, 0);
    history.flush(1).apply(1, 2).wake(1).apply(1, 3);
    expect(history.findings).toEqual([]);
    expect(history.judge.statistics['committedEntries']).toBe(3);
  });

  test('a follower takes entries again that its disk has lost, and has applied them before', () => {
    const history = new History(3).boot().elect(1, 1, [2]).elect(3, 2, [2]);
    history.replicate(3, 2).apply(3, 1);
    const message = history.wake(3).sendAppend(3, 1, { commit: 1 });
    history
      .take(message)
      .apply(1, 1)
      .fail(1, [noOp(1)]);
    // Nothing of it is on disk: the term, the truncation and the entry are written again.
    history.vote(1, 2, 0);
    history.truncate(1, 1);
    history.append(1, noOp(2));
    expect(history.acknowledge(message).findings).toEqual([]);
  });

  test('a leader commits and applies what its own disk has refused', () => {
    const history = new History(3).boot().campaign(1, 1, [2]);
    history.append(1, noOp(1));
    const messages = [history.sendAppend(1, 2), history.sendAppend(1, 3)];
    history.fail(1, []);
    for (const message of messages) history.take(message).acknowledge(message);
    history.apply(1, 1, noOp(1)).append(1, noOp(1));
    expect(history.flush(1).findings).toEqual([]);
  });

  test('a write is told of before the one that it is ordered after, and the older one late', () => {
    const history = new History(3).boot().elect(1, 1, [3]);
    const message = history.wake(1).sendAppend(1, 2);
    history.restart(2).deliver(message);
    const term = history.vote(2, 1, 0);
    const entries = history.write(2, { kind: 'append', entries: [noOp(1)] }, term);
    history.complete(2, entries).sendSuccess(2, 1, 1, 1);
    expect(history.complete(2, term).findings).toEqual([]);
  });

  test('a newer write of a stream is told of before an older one', () => {
    const history = new History(3).boot().elect(1, 1, [2, 3]);
    history.propose(1, 'put x 1');
    for (const last of [1, 2]) {
      history.take(history.wake(1).sendAppend(1, 2, { prev: last - 1, last }));
    }
    // Write 1 was the vote.
    history.complete(2, 3).sendSuccess(2, 1, 1, 2);
    history.complete(2, 2).sendSuccess(2, 1, 1, 1);
    expect(history.findings).toEqual([]);
  });

  test('a state machine is behind what its log knows to be committed', () => {
    const history = new History(1).boot().elect(1, 1, []);
    history.propose(1, 'put x 1');
    history.apply(1, 1).apply(1, 2).writeCommit(1, 2);
    history.flush(1).crash(1).start(1, 1);
    expect(history.apply(1, 2).findings).toEqual([]);
  });

  test('a server says late that it leads, when votes of the next term have come', () => {
    const history = new History(3).boot().elect(1, 1, [2]).replicate(1, 2);
    history.campaign(1, 2, [2]).claim(1, 1).claim(1, 2);
    expect(history.findings).toEqual([]);
  });

  test('a client tries again just before the quiet ends, and has no answer yet', () => {
    const history = new History(1).boot().elect(1, 1, []).apply(1, 1);
    const command = history.invoke(1, 'put x 1');
    history.phase('heal').phase('quiet').pass(500);
    history.request(1, '1.1/2', command);
    expect(history.phase('traffic').findings).toEqual([]);
  });
});
