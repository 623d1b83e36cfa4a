/** What operators ask for, and what they are told. */
import type { AdminRequest } from '../../core/contract.ts';
import type { Case } from './case.ts';
import { ELECTION_MS_MAX, History, type Sent } from './history.ts';

const ADD: AdminRequest = { kind: 'changeMembership', voters: [1, 2, 3, 4], learners: [] };
const TRANSFER: AdminRequest = { kind: 'transferLeadership', to: 2 };
const SNAPSHOT: AdminRequest = { kind: 'takeSnapshot' };

/** S1 leads term 1 of S1, S2, S3; S4 is spare. The no-op is everywhere, and committed. */
function led(size = 4): History {
  const history = new History(size, [], 3).boot().elect(1, 1, [2, 3]);
  return history.replicate(1, 2).replicate(1, 3).wake(1).apply(1, 1);
}

/** S1 is asked to let S4 vote, and has made the entry; it is on these disks, too. */
function adding(followers: readonly number[]): History {
  const history = led().ask(1, 'operator/1', ADD).configure(1, [1, 2, 3, 4]);
  for (const to of followers) history.replicate(1, to, { prev: to > 3 ? 0 : 1 });
  return history.wake(1);
}

/** S1 was asked to hand over, and has sent this to S2. */
function asked(): { history: History; request: Sent } {
  const history = led().ask(1, 'operator/1', TRANSFER);
  return { history, request: history.send(1, 2, { kind: 'TimeoutNow', term: 1, leaderId: 1 }) };
}

/** S2 stands because of it, and wins term 2 with the vote of S3. */
function stands(history: History, request: Sent): History {
  history.deliver(request).vote(2, 2, 2);
  history
    .flush(2)
    .deliver(history.sendRequestVote(2, 3, 2))
    .vote(3, 2, 2);
  history
    .flush(3)
    .deliver(history.sendGrant(3, 2, 2))
    .append(2, { term: 2, command: null });
  return history.flush(2);
}

/** Settled, and the quiet goes on for a while. */
function settled(history: History): History {
  for (const to of [2, 3]) history.replicate(1, to, { prev: 1, commit: 1 }).wake(to).apply(to, 1);
  return history
    .phase('heal')
    .phase('quiet')
    .pass(51 * ELECTION_MS_MAX);
}

export const OPERATOR_CASES: readonly Case[] = [
  {
    property: 'operators-told-truly',
    rule: 'change-not-made',
    story: 'a leader says ok, and makes another configuration',
    bad: () => {
      const history = led()
        .ask(1, 'operator/1', ADD)
        .configure(1, [1, 2, 3], { learners: [4] });
      for (const to of [2, 3]) history.replicate(1, to, { prev: 1 });
      return history.wake(1).apply(1, 2).respond(1, 'operator/1', 'ok');
    },
    good: () => adding([2, 3]).apply(1, 2).respond(1, 'operator/1', 'ok'),
  },
  {
    property: 'operators-told-truly',
    rule: 'change-not-made',
    story: 'ok when a configuration is asked for that there was once',
    bad: () => {
      const history = adding([2, 3]).apply(1, 2).respond(1, 'operator/1', 'ok');
      history.ask(1, 'operator/2', { kind: 'changeMembership', voters: [1, 2, 3], learners: [] });
      return history.respond(1, 'operator/2', 'ok');
    },
    good: () => {
      const history = adding([2, 3]).apply(1, 2).respond(1, 'operator/1', 'ok');
      return history.ask(1, 'operator/2', ADD).respond(1, 'operator/2', 'ok');
    },
  },
  {
    property: 'operators-told-truly',
    rule: 'change-not-committed',
    story: 'a server says ok that was not told of the commit',
    bad: () => {
      const history = adding([]).replicate(1, 2, { prev: 1 }).replicate(1, 3, { prev: 1 });
      return history.ask(2, 'operator/2', ADD).respond(2, 'operator/2', 'ok');
    },
    good: () => {
      const history = adding([3]).apply(1, 2).replicate(1, 2, { prev: 1, commit: 2 });
      return history.ask(2, 'operator/2', ADD).respond(2, 'operator/2', 'ok');
    },
  },
  {
    property: 'committed-on-quorum',
    rule: 'too-few-copies',
    story: 'a change is answered as soon as it is in the log',
    bad: () => adding([]).respond(1, 'operator/1', 'ok'),
    good: () => adding([2, 3]).respond(1, 'operator/1', 'ok'),
  },
  {
    property: 'operators-told-truly',
    rule: 'still-leads',
    story: 'a transfer is answered before anybody else stands',
    bad: () => led().ask(1, 'operator/1', TRANSFER).respond(1, 'operator/1', 'ok'),
    good: () => {
      const history = led().ask(1, 'operator/1', TRANSFER).elect(2, 2, [3]);
      return history.deliver(history.sendAppend(2, 1)).respond(1, 'operator/1', 'ok');
    },
  },
  {
    property: 'operators-told-truly',
    rule: 'rejected-change-committed',
    story: 'a change is rejected, and the configuration that was made for it is committed later',
    bad: () => adding([2, 3]).respond(1, 'operator/1', 'rejected').apply(1, 2),
    good: () => adding([2, 3]).respond(1, 'operator/1', 'unknown').apply(1, 2),
  },
  {
    property: 'operators-told-truly',
    rule: 'rejected-change-committed',
    story: 'the next leader commits the configuration of a change that was rejected',
    bad: () => {
      const history = adding([2, 3, 4]).respond(1, 'operator/1', 'rejected').elect(2, 2, [3, 4]);
      for (const to of [3, 4]) history.replicate(2, to, { prev: 2 });
      return history.wake(2).apply(2, 1).apply(2, 2);
    },
    good: () => {
      // Who never got it makes another entry in its place.
      const history = adding([]).respond(1, 'operator/1', 'rejected').elect(2, 2, [3]);
      history.replicate(2, 3, { prev: 1 });
      return history.wake(2).apply(2, 1).apply(2, 2);
    },
  },
  {
    property: 'operators-told-truly',
    rule: 'rejected-change-committed',
    story: 'a change is rejected when its configuration is committed already',
    bad: () => adding([2, 3]).apply(1, 2).respond(1, 'operator/1', 'rejected'),
    good: () => adding([2, 3]).apply(1, 2).respond(1, 'operator/1', 'ok'),
  },
  {
    property: 'operators-told-truly',
    rule: 'rejected-change-committed',
    story: 'rejected is for one of two operators who ask for the same',
    bad: () => {
      const history = led().ask(1, 'operator/1', ADD).ask(1, 'operator/2', ADD);
      history.respond(1, 'operator/2', 'rejected').wake(1).configure(1, [1, 2, 3, 4]);
      for (const to of [2, 3]) history.replicate(1, to, { prev: 1 });
      return history.wake(1).respond(1, 'operator/1', 'rejected').apply(1, 2);
    },
    good: () => {
      const history = led().ask(1, 'operator/1', ADD).configure(1, [1, 2, 3, 4]);
      history.ask(1, 'operator/2', ADD).respond(1, 'operator/2', 'rejected');
      for (const to of [2, 3]) history.replicate(1, to, { prev: 1 });
      return history.wake(1).apply(1, 2).respond(1, 'operator/1', 'ok');
    },
  },
  {
    property: 'operators-told-truly',
    rule: 'rejected-transfer-won',
    story: 'a transfer is rejected, and the target was asked to stand, does, and wins',
    bad: () => {
      const { history, request } = asked();
      return stands(history.respond(1, 'operator/1', 'rejected'), request);
    },
    good: () => {
      const { history, request } = asked();
      return stands(history.respond(1, 'operator/1', 'unknown'), request);
    },
  },
  {
    property: 'operators-told-truly',
    rule: 'rejected-transfer-won',
    story: 'a transfer is rejected when the target leads already',
    bad: () => {
      const { history, request } = asked();
      return stands(history, request).wake(1).respond(1, 'operator/1', 'rejected');
    },
    good: () => {
      // By itself, before the message came: nothing came of that.
      const { history, request } = asked();
      history.elect(2, 2, [3]).deliver(request);
      return history.wake(1).respond(1, 'operator/1', 'rejected');
    },
  },
  {
    property: 'operators-told-truly',
    rule: 'snapshot-not-safe',
    story: 'a snapshot is announced while it is on its way to disk',
    bad: () => {
      const history = led().ask(1, 'operator/1', SNAPSHOT).takeSnapshot(1, 1, '');
      history.writeSnapshot(1, history.snapshot(1, 1, '', { configuration: BOOTSTRAP }));
      return history.respond(1, 'operator/1', 'ok');
    },
    good: () => {
      const history = led().ask(1, 'operator/1', SNAPSHOT).takeSnapshot(1, 1, '');
      history.writeSnapshot(1, history.snapshot(1, 1, '', { configuration: BOOTSTRAP }));
      return history.flush(1).respond(1, 'operator/1', 'ok');
    },
  },
  {
    property: 'no-operator-forgotten',
    rule: 'unanswered',
    story: 'a transfer to a server that refuses is never given up',
    bad: () => settled(led().ask(1, 'operator/1', TRANSFER)),
    good: () => settled(led().ask(1, 'operator/1', TRANSFER).respond(1, 'operator/1', 'rejected')),
  },
  {
    property: 'no-operator-forgotten',
    rule: 'unanswered',
    story: 'a change is forgotten, and does not wait for a dead server',
    bad: () => settled(led().ask(1, 'operator/1', ADD)),
    good: () => settled(led().ask(1, 'operator/1', ADD).crash(4)),
  },
  {
    property: 'one-answer',
    rule: 'answered-twice',
    story: 'an operator is answered twice',
    bad: () => {
      const history = led().ask(1, 'operator/1', ADD).respond(1, 'operator/1', 'rejected');
      return history.respond(1, 'operator/1', 'unknown');
    },
    good: () => led().ask(1, 'operator/1', ADD).respond(1, 'operator/1', 'rejected'),
  },
];

const BOOTSTRAP = { voters: [1, 2, 3], newVoters: null, learners: [] };
