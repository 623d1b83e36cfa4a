/** Each situation is counted when it happens, and not in a story that only looks like it. */
import { describe, expect, test } from 'vitest';
import type { Message } from '../../core/messages.ts';
import { SITUATIONS } from '../../invariants/all-situations.ts';
import { History, noOp, type Sent } from './history.ts';
import { LEADERSHIP_STORIES } from './leadership-stories.ts';
import { MEMBERSHIP_STORIES } from './membership-stories.ts';
import { READ_STORIES } from './read-stories.ts';
import { attempt, inSession, registered } from './sessions.cases.ts';
import { SNAPSHOT_STORIES } from './snapshot-stories.ts';
import type { Story } from './story.ts';

/** Servers 1 … size, all started. */
const servers = (size: number): History => new History(size).boot();
/** S1 leads term 1 of three servers; its no-op is on its own disk only. */
const led = (size = 3): History => servers(size).elect(1, 1, size < 5 ? [2] : [2, 3]);

function refuseVote(history: History, voter: number, candidate: number, term: number): Sent {
  return history.send(voter, candidate, { kind: 'RequestVoteResponse', term, voteGranted: false });
}

function answer(history: History, from: number, to: number, term: number, hint: number): Sent {
  const body: Message = {
    kind: 'AppendEntriesResponse',
    term,
    success: false,
    matchIndex: 0,
    conflictTerm: 0,
    conflictIndex: hint,
  };
  return history.send(from, to, body);
}

/** S2 hears of S1's candidacy of this term in a step of its own. */
function hears(history: History, to: number, term: number): History {
  return history.deliver(history.wake(1).sendRequestVote(1, to, term));
}

/** S1 leads term 1, S2 and S3 follow it; then S2 leads term 2 and S1 does not know. */
const deposed = (): History => led().replicate(1, 2).replicate(1, 3).elect(2, 2, [3]);

/** S1 leads term 1, S2 term 2, S1 term 3. */
const again = (): History =>
  deposed().replicate(2, 1, { prev: 1 }).replicate(2, 3, { prev: 1 }).elect(1, 3, [3]);

/** S1 and S3 stand in term 1 of four servers, S3 with the vote of S4; then S2 stands in term 2. */
function rivals(votersOfFirst: readonly number[]): History {
  const history = servers(4).campaign(1, 1, votersOfFirst);
  history.sendRequestVote(1, 3, 1);
  history.campaign(3, 1, [4]);
  history.wake(2).vote(2, 2, 2);
  history.flush(2).sendRequestVote(2, 1, 2);
  return history;
}

/** S1 is elected with entries of these terms in its log, S2 has those; S3 has what S1 has. */
function shapes(leader: readonly number[], other: readonly number[]): History {
  const history = new History(3);
  history.adopt([1, 3], leader.map(noOp)).adopt([2], other.map(noOp));
  history.judge.prepared(1, 5, 0, leader.map(noOp));
  history.judge.prepared(3, 5, 0, leader.map(noOp));
  history.judge.prepared(2, 5, 0, other.map(noOp));
  history.boot();
  return history.elect(1, 6, [3]);
}

const put = (history: History, leader: number): History => {
  history.propose(leader, 'put x 1');
  return history;
};

const stories: Readonly<Record<string, Story>> = {
  'leader-elected': {
    told: () => led(),
    near: () => servers(3).campaign(1, 1, [2]),
  },
  'split-vote': {
    told: () => rivals([]),
    near: () => led().campaign(2, 2, [3]),
  },
  'even-split': {
    told: () => rivals([2]),
    near: () => rivals([]),
  },
  'candidate-defeated': {
    told: () => {
      const history = servers(3).campaign(1, 1, []);
      history.wake(1).vote(1, 2, 0);
      return history;
    },
    near: () => {
      const history = led();
      history.wake(1).vote(1, 2, 0);
      return history;
    },
  },
  'candidate-heard-leader': {
    told: () => {
      const history = servers(3).campaign(3, 1, []).elect(1, 1, [2]);
      return history.deliver(history.sendAppend(1, 3));
    },
    near: () => {
      const history = led();
      return history.deliver(history.sendAppend(1, 3));
    },
  },
  'vote-refused-by-log': {
    told: () => {
      const history = led().replicate(1, 2);
      history.wake(3).vote(3, 2, 3);
      history.deliver(history.sendRequestVote(3, 2, 2));
      refuseVote(history, 2, 3, 2);
      return history;
    },
    near: () => {
      const history = led();
      history.wake(3).vote(3, 2, 3);
      history.deliver(history.sendRequestVote(3, 2, 2));
      refuseVote(history, 2, 3, 2);
      return history;
    },
  },
  'vote-already-given': {
    told: () => {
      const history = servers(3).campaign(1, 1, [2]);
      history.wake(3).vote(3, 1, 3);
      history.deliver(history.sendRequestVote(3, 2, 1));
      refuseVote(history, 2, 3, 1);
      return history;
    },
    near: () => {
      const history = servers(3).campaign(1, 1, [2]);
      history.wake(3).vote(3, 2, 3);
      history.deliver(history.sendRequestVote(3, 2, 2)).vote(2, 2, 0);
      refuseVote(history, 2, 3, 2);
      return history;
    },
  },
  'vote-refused-by-term': {
    told: () => {
      const history = servers(3).campaign(1, 2, [2]);
      history.wake(3).vote(3, 1, 3);
      history.deliver(history.sendRequestVote(3, 2, 1));
      refuseVote(history, 2, 3, 2);
      return history;
    },
    near: () => {
      const history = servers(3).campaign(1, 2, [2]);
      history.wake(3).vote(3, 2, 3);
      history.deliver(history.sendRequestVote(3, 2, 2));
      refuseVote(history, 2, 3, 2);
      return history;
    },
  },
  'vote-after-restart': {
    told: () => servers(3).restart(2).campaign(1, 1, [2]),
    near: () => servers(3).restart(1).campaign(1, 1, [2]),
  },
  'vote-asked-again': {
    told: () => {
      const history = servers(3).campaign(1, 1, [2]).restart(2);
      hears(history, 2, 1);
      history.sendGrant(2, 1, 1);
      return history;
    },
    near: () => {
      const history = servers(3).campaign(1, 1, [2]);
      hears(history, 2, 1);
      history.sendGrant(2, 1, 1);
      return history;
    },
  },
  'elected-by-bare-majority': {
    told: () => led(),
    near: () => servers(3).elect(1, 1, [2, 3]),
  },
  'even-sized-leader': {
    told: () => servers(4).elect(1, 1, [2, 3]),
    near: () => led(),
  },
  'elected-under-one-way-cut': {
    told: () => {
      const history = servers(3);
      history.judge.blocked(0, [1 * 8 + 3]);
      return history.elect(1, 1, [2]);
    },
    near: () => {
      const history = servers(3);
      history.judge.blocked(0, [1 * 8 + 3, 3 * 8 + 1]);
      return history.elect(1, 1, [2]);
    },
  },
  'late-leader': {
    told: () => {
      const history = servers(5).campaign(1, 1, [2]);
      history.wake(3).vote(3, 1, 1);
      const late = history.flush(3).sendGrant(3, 1, 1);
      history.elect(4, 2, [3, 5]).deliver(late).append(1, noOp(1));
      return history;
    },
    near: () => deposed(),
  },
  'two-leaders': {
    told: () => led().elect(2, 2, [3]),
    near: () => led().crash(1).elect(2, 2, [3]),
  },
  'leader-again': {
    told: () => again(),
    near: () => deposed(),
  },
  'leader-again-in-one-life': {
    told: () => again(),
    near: () => led().restart(1).elect(1, 2, [2]),
  },
  'reign-without-commit': {
    told: () => led().elect(2, 2, [3]),
    near: () => led().replicate(1, 2).apply(1, 1).elect(2, 2, [3]),
  },
  'leader-met-higher-term': {
    told: () => {
      const history = led();
      history.wake(2).vote(2, 2, 2);
      return history.deliver(history.sendRequestVote(2, 1, 2));
    },
    near: () => {
      const history = led();
      history.wake(2).vote(2, 2, 2);
      return history.deliver(history.sendRequestVote(2, 3, 2));
    },
  },
  'term-learnt-from-answer': {
    told: () => {
      const history = led();
      history.wake(2).vote(2, 2, 2);
      return history.deliver(answer(history, 2, 1, 2, 1));
    },
    near: () => {
      const history = led();
      history.wake(2).vote(2, 2, 2);
      return history.deliver(history.sendRequestVote(2, 1, 2));
    },
  },
  'stale-leader-took-command': {
    told: () => put(deposed(), 1),
    near: () => put(deposed(), 2),
  },
  'leader-paused': {
    told: () => {
      const history = led();
      history.judge.paused(history.atUs, 1);
      return history;
    },
    near: () => {
      const history = led();
      history.judge.paused(history.atUs, 2);
      return history;
    },
  },
  'leader-cut-off': {
    told: () => {
      const history = led().end();
      history.judge.blocked(history.atUs, [1 * 8 + 2, 1 * 8 + 3]);
      return history;
    },
    near: () => {
      const history = led().end();
      history.judge.blocked(history.atUs, [1 * 8 + 2]);
      return history;
    },
  },
  'majority-regained': {
    told: () => {
      const history = led().end();
      history.judge.blocked(history.atUs, [1 * 8 + 2, 1 * 8 + 3]);
      history.judge.blocked(history.atUs, [1 * 8 + 2]);
      return history;
    },
    near: () => {
      const history = led().end();
      history.judge.blocked(history.atUs, [1 * 8 + 2, 1 * 8 + 3]);
      history.wake(1).vote(1, 2, 0);
      history.end();
      history.judge.blocked(history.atUs, []);
      return history;
    },
  },
  'leader-restarted-in-its-term': {
    told: () => led().restart(1),
    near: () => led().elect(2, 2, [3]).restart(1),
  },
  'stale-term-delivered': {
    told: () => {
      const history = led();
      const late = history.sendAppend(1, 3);
      return history.elect(2, 2, [3]).deliver(late);
    },
    near: () => {
      const history = led();
      return history.deliver(history.sendAppend(1, 3));
    },
  },
  'two-terms-late': {
    told: () => {
      const history = led();
      const late = history.sendAppend(1, 3);
      return history.elect(2, 3, [3]).deliver(late);
    },
    near: () => {
      const history = led();
      const late = history.sendAppend(1, 3);
      return history.elect(2, 2, [3]).deliver(late);
    },
  },
  'entries-of-past-term': {
    told: () => {
      const history = led();
      const late = history.sendAppend(1, 3);
      return history.elect(2, 2, [3]).deliver(late);
    },
    near: () => {
      const history = led();
      const late = history.sendAppend(1, 3, { last: 0 });
      return history.elect(2, 2, [3]).deliver(late);
    },
  },
  'duplicate-delivered': {
    told: () => {
      const history = led();
      const message = history.sendAppend(1, 3);
      return history.deliver(message).deliver(message);
    },
    near: () => {
      const history = led();
      const [one, other] = [history.sendAppend(1, 3), history.sendAppend(1, 3)];
      return history.deliver(one).deliver(other);
    },
  },
  'append-reordered': {
    told: () => {
      const history = led();
      const [one, other] = [history.sendAppend(1, 3), history.sendAppend(1, 3)];
      return history.deliver(other).deliver(one);
    },
    near: () => {
      const history = led();
      const [one, other] = [history.sendAppend(1, 3), history.sendAppend(1, 2)];
      return history.deliver(other).deliver(one);
    },
  },
  'later-life': {
    told: () => {
      const history = led();
      const message = history.sendAppend(1, 3);
      return history.restart(3).deliver(message);
    },
    near: () => {
      const history = led().restart(3).wake(1);
      return history.deliver(history.sendAppend(1, 3));
    },
  },
  'ack-of-earlier-reign': {
    told: () => {
      const history = led();
      const late = history.take(history.sendAppend(1, 2)).flush(2).sendSuccess(2, 1, 1, 1);
      history.replicate(1, 3).elect(2, 2, [3]).replicate(2, 1, { prev: 1 });
      return history.replicate(2, 3, { prev: 1 }).elect(1, 3, [3]).deliver(late);
    },
    near: () => {
      const history = led();
      const late = history.take(history.sendAppend(1, 2)).flush(2).sendSuccess(2, 1, 1, 1);
      return history.elect(2, 2, [3]).deliver(late);
    },
  },
  'refusal-of-earlier-reign': {
    told: () => {
      const history = led();
      const late = answer(history.deliver(history.sendAppend(1, 2)), 2, 1, 1, 1);
      history.replicate(1, 2).replicate(1, 3).elect(2, 2, [3]).replicate(2, 1, { prev: 1 });
      return history.replicate(2, 3, { prev: 1 }).elect(1, 3, [3]).deliver(late);
    },
    near: () => {
      const history = led();
      return history.deliver(answer(history.deliver(history.sendAppend(1, 2)), 2, 1, 1, 1));
    },
  },
  'stale-vote-delivered': {
    told: () => {
      const history = servers(3).campaign(1, 1, []);
      history.wake(2).vote(2, 1, 1);
      const late = history.flush(2).sendGrant(2, 1, 1);
      history.wake(1).vote(1, 2, 1);
      return history.deliver(late);
    },
    near: () => servers(3).campaign(1, 1, [2]),
  },
  pipelined: {
    told: () => {
      const history = led();
      history.sendAppend(1, 2);
      put(history, 1).sendAppend(1, 2, { prev: 1 });
      return history;
    },
    near: () => {
      // Answered in between; and then the same again, since it was lost.
      const history = put(led().replicate(1, 2), 1).wake(1);
      history.sendAppend(1, 2, { prev: 1 });
      history.sendAppend(1, 2, { prev: 1 });
      return history;
    },
  },
  'several-entries': {
    told: () => {
      const history = put(led(), 1);
      history.sendAppend(1, 2);
      return history;
    },
    near: () => {
      const history = put(led(), 1);
      history.sendAppend(1, 2, { prev: 1 });
      return history;
    },
  },
  'group-commit': {
    told: () => {
      const history = led();
      const commands = [history.invoke(1, 'put x 1'), history.invoke(2, 'put x 2')];
      history.wake(1).append(1, ...commands.map((command) => ({ term: 1, command })));
      return history;
    },
    near: () => {
      const history = led();
      const commands = [history.invoke(1, 'put x 1'), history.invoke(1, 'put x 2')];
      history.wake(1).append(1, ...commands.map((command) => ({ term: 1, command })));
      return history;
    },
  },
  'follower-lacks-entries': {
    told: () => shapes([1, 1], [1]),
    near: () => shapes([1, 1], [1, 1]),
  },
  'follower-has-more': {
    told: () => shapes([1], [1, 1]),
    near: () => shapes([1, 1], [1]),
  },
  'follower-diverges': {
    told: () => shapes([1, 3], [1, 2]),
    near: () => shapes([1], [1, 2]),
  },
  'follower-diverges-over-terms': {
    told: () => shapes([1, 4], [1, 2, 3]),
    near: () => shapes([1, 4], [1, 2, 2]),
  },
  'refusal-backtracked': {
    told: () => {
      const history = put(led(), 1);
      const probe = history.sendAppend(1, 3, { prev: 1 });
      history.deliver(answer(history.deliver(probe), 3, 1, 1, 1));
      history.sendAppend(1, 3, { prev: 0 });
      return history;
    },
    near: () => {
      const history = put(led(), 1).wake(1);
      history.sendAppend(1, 3, { prev: 1 });
      history.sendAppend(1, 3, { prev: 0 });
      return history;
    },
  },
  'backtracked-far': {
    told: () => {
      const history = put(led(), 1);
      const probe = history.sendAppend(1, 3, { prev: 2 });
      history.deliver(answer(history.deliver(probe), 3, 1, 1, 1));
      history.sendAppend(1, 3, { prev: 0 });
      return history;
    },
    near: () => {
      const history = put(led(), 1);
      const probe = history.sendAppend(1, 3, { prev: 2 });
      history.deliver(answer(history.deliver(probe), 3, 1, 1, 1));
      history.sendAppend(1, 3, { prev: 1 });
      return history;
    },
  },
  'conflict-truncated': {
    told: () => led(5).elect(4, 2, [3, 5]).replicate(4, 1),
    near: () => led(5).elect(4, 2, [3, 5]).replicate(4, 2),
  },
  'own-tail-truncated': {
    told: () => led(5).elect(4, 2, [3, 5]).replicate(4, 1),
    near: () => led(5).replicate(1, 2).elect(4, 2, [3, 5]).replicate(4, 2),
  },
  'majority-entry-truncated': {
    told: () => {
      const history = new History(3).adopt([1, 2], [noOp(1)]);
      history.judge.prepared(1, 1, 0, [noOp(1)]);
      history.judge.prepared(2, 1, 0, [noOp(1)]);
      history.adopt([3], [noOp(2)]).judge.prepared(3, 2, 0, [noOp(2)]);
      return history.boot().elect(3, 3, [1]).replicate(3, 1);
    },
    near: () => led(5).replicate(1, 2).elect(4, 2, [3, 5]).replicate(4, 2),
  },
  'committed-truncated': {
    told: () => staleLeaderOverwrites([2, 3]),
    near: () => staleLeaderOverwrites([]),
  },
  'earlier-term-committed': {
    told: () => {
      const history = led().replicate(1, 2).elect(2, 2, [3]).replicate(2, 3);
      return history.apply(2, 1).apply(2, 2);
    },
    near: () => led().replicate(1, 2).apply(1, 1),
  },
  'several-committed': {
    told: () => put(led(), 1).replicate(1, 2).apply(1, 1).apply(1, 2),
    near: () => {
      const history = put(led(), 1).replicate(1, 2).apply(1, 1);
      return history.wake(1).apply(1, 2);
    },
  },
  'bare-quorum-commit': {
    told: () => led().replicate(1, 2).apply(1, 1),
    near: () => led().replicate(1, 2).replicate(1, 3).apply(1, 1),
  },
  'commit-without-own-copy': {
    told: () => {
      const history = servers(3).campaign(1, 1, [2]);
      history.append(1, noOp(1));
      const messages = [history.sendAppend(1, 2), history.sendAppend(1, 3)];
      for (const message of messages) history.take(message).acknowledge(message);
      return history.apply(1, 1);
    },
    near: () => led().replicate(1, 2).apply(1, 1),
  },
  'single-server-commit': {
    told: () => servers(1).elect(1, 1, []).apply(1, 1),
    near: () => led().replicate(1, 2).apply(1, 1),
  },
  'apply-behind-commit': {
    told: () => {
      const history = put(led(), 1).replicate(1, 2).apply(1, 1);
      history.sendAppend(1, 2, { prev: 2, commit: 2 });
      return history;
    },
    near: () => {
      const history = put(led(), 1).replicate(1, 2).apply(1, 1).apply(1, 2);
      history.sendAppend(1, 2, { prev: 2, commit: 2 });
      return history;
    },
  },
  'leader-crashed-with-tail': {
    told: () => led().crash(1),
    near: () => led().replicate(1, 2).apply(1, 1).end().crash(1),
  },
  'crash-in-step': {
    told: () => servers(3).wake(1).crash(1),
    near: () => servers(3).wake(1).end().crash(1),
  },
  'double-crash': {
    told: () => servers(3).restart(1).end().crash(1),
    near: () => servers(3).end().crash(1),
  },
  'majority-down': {
    told: () => servers(3).crash(1).crash(2),
    near: () => servers(3).crash(1).start(1).crash(2),
  },
  'all-down': {
    told: () => servers(3).crash(1).crash(2).crash(3),
    near: () => servers(3).crash(1).crash(2),
  },
  'crash-lost-writes': {
    told: () => {
      const history = servers(3).wake(1);
      history.vote(1, 1, 1);
      return history.crash(1);
    },
    near: () => {
      const history = servers(3).wake(1);
      const writeId = history.vote(1, 1, 1);
      return history.crash(1, [{ writeId, kept: -1 }]);
    },
  },
  'crash-kept-prefix': {
    told: () => crashKeeping(1),
    near: () => crashKeeping(-1),
  },
  'crash-forgot-vote': {
    told: () => {
      const history = servers(3).wake(1);
      history.vote(1, 1, 1);
      return history.crash(1);
    },
    near: () => {
      const history = servers(3).wake(1);
      history.vote(1, 1, 1);
      return history.flush(1).crash(1);
    },
  },
  'crash-lost-truncation': {
    told: () => {
      const history = led(5).elect(4, 2, [3, 5]).wake(1);
      history.vote(1, 2, 0);
      history.truncate(1, 1);
      return history.crash(1);
    },
    near: () => {
      const history = led(5).elect(4, 2, [3, 5]).wake(1);
      history.vote(1, 2, 0);
      history.truncate(1, 1);
      return history.flush(1).crash(1);
    },
  },
  'lost-entries-elsewhere': {
    told: () => {
      const history = servers(3).campaign(1, 1, [2]);
      history.append(1, noOp(1));
      history.take(history.sendAppend(1, 2)).flush(2);
      return history.crash(1);
    },
    near: () => {
      const history = servers(3).campaign(1, 1, [2]);
      history.append(1, noOp(1));
      history.take(history.sendAppend(1, 2));
      return history.crash(1);
    },
  },
  'notice-out-of-order': {
    told: () => noticed([2, 1]),
    near: () => noticed([1, 2]),
  },
  'write-failed': {
    told: () => {
      const history = servers(3).wake(1);
      const id = history.vote(1, 1, 1);
      history.end().judge.persistFailed(history.atUs, 1, id, 'disk full');
      return history;
    },
    near: () => servers(3).campaign(1, 1, []),
  },
  halted: {
    told: () => {
      const history = servers(3).wake(1);
      history.judge.halted(1, 'disk full');
      return history;
    },
    near: () => servers(3).wake(1).crash(1),
  },
  'restart-with-log': {
    told: () => led().restart(1),
    near: () => led().restart(2),
  },
  'restart-with-applied': {
    told: () => {
      const history = led().replicate(1, 2).apply(1, 1).crash(1);
      history.judge.started(history.atUs, 1, 1, 1);
      return history;
    },
    near: () => led().replicate(1, 2).apply(1, 1).restart(1),
  },
  'commit-index-restored': {
    told: () => commitIndexWritten(1),
    near: () => commitIndexWritten(0),
  },
  'redirect-followed': {
    told: () => redirected(1),
    near: () => redirected(3),
  },
  'request-rejected': {
    told: () => refused('rejected'),
    near: () => refused('redirect'),
  },
  'pending-unknown': {
    told: () => {
      const history = put(led(), 1);
      return history.wake(1).respond(1, '1.1/1', 'unknown');
    },
    near: () => {
      const history = led();
      const command = history.invoke(1, 'put x 1');
      return history.request(1, '1.1/1', command).respond(1, '1.1/1', 'unknown');
    },
  },
  'session-retry': {
    told: () => attempts(2),
    near: () => attempts(1),
  },
  'duplicate-committed': {
    told: () => attempts(2),
    near: () => attempts(1),
  },
  'retry-after-refusal': {
    told: () => redirected(1),
    near: () => refused('redirect'),
  },
  'unknown-but-committed': {
    told: () => toldBeforeCommit('info'),
    near: () => toldBeforeCommit(null),
  },
};

/** Legal oddity: S4 follows the outdated leader of term 2 when these have the entry of term 1. */
function staleLeaderOverwrites(copies: readonly number[]): History {
  const history = servers(5).elect(1, 1, [2, 3]);
  history.take(history.sendAppend(1, 4)).flush(4);
  history.elect(5, 2, [2, 3]).elect(1, 3, [2, 3]);
  for (const copy of copies) history.replicate(1, copy);
  if (copies.length > 0) history.apply(1, 1).apply(1, 2);
  return history.take(history.sendAppend(5, 4)).flush(4);
}

function crashKeeping(kept: number): History {
  const history = servers(3).campaign(1, 1, [2]);
  const writeId = history.append(1, noOp(1), noOp(1));
  return history.crash(1, [{ writeId, kept }]);
}

/** S1 commits the no-op of its term, writes its hard state with this commit index and restarts. */
function commitIndexWritten(commitIndex: number): History {
  const history = led().replicate(1, 2).apply(1, 1).wake(1);
  history.write(1, { kind: 'hardState', currentTerm: 1, votedFor: 1, commitIndex });
  return history.flush(1).restart(1);
}

/** Two writes of one stream, told of in this order of ids. */
function noticed(order: readonly number[]): History {
  const history = servers(3).wake(1);
  history.vote(1, 1, 1);
  history.vote(1, 2, 1);
  history.end();
  for (const id of order) {
    history.judge.persisted(history.atUs, 1, id);
    history.judge.stepEnded(1);
  }
  return history;
}

/** S2 names S1 to a client, who tries again here. */
function redirected(node: number): History {
  const history = led();
  const command = history.invoke(1, 'put x 1');
  history.request(2, '1.1/1', command).respond(2, '1.1/1', 'redirect', 1);
  return history.request(node, '1.1/2', command);
}

/** A command of a session, sent so many times and committed each time. */
function attempts(count: number): History {
  const history = registered();
  const command = inSession(history, 'put x 1');
  for (let number = 1; number <= count; number += 1) attempt(history, command, number, number + 2);
  return history;
}

function refused(outcome: 'rejected' | 'redirect'): History {
  const history = led();
  const command = history.invoke(1, 'put x 1');
  return history.request(2, '1.1/1', command).respond(2, '1.1/1', outcome, 1);
}

function toldBeforeCommit(outcome: 'info' | null): History {
  const history = led();
  const command = history.propose(1, 'put x 1');
  if (outcome !== null) history.answer(command, outcome);
  return history.replicate(1, 2).apply(1, 1).apply(1, 2);
}

function hits(history: History, id: string): number | undefined {
  history.end();
  return history.judge.situations[id];
}

const ALL_STORIES = {
  ...stories,
  ...SNAPSHOT_STORIES,
  ...READ_STORIES,
  ...MEMBERSHIP_STORIES,
  ...LEADERSHIP_STORIES,
};

describe.each(SITUATIONS)('$id', ({ id, sentence }) => {
  const story = ALL_STORIES[id]!;

  test(`is counted: ${sentence}`, () => {
    expect(hits(story.told(), id)).toBeGreaterThan(0);
  });

  test('is not counted when something near to it happens', () => {
    expect(hits(story.near(), id)).toBe(0);
  });

  test('breaks no rule of Raft', () => {
    expect(story.told().findings).toEqual([]);
  });
});

test('every situation has one sentence and an id of its own', () => {
  for (const { sentence } of SITUATIONS) expect(sentence).toMatch(/^[A-Z][^.]*\.$/);
  expect(new Set(SITUATIONS.map(({ id }) => id)).size).toBe(SITUATIONS.length);
  expect(SITUATIONS.map(({ place }) => place)).toEqual(SITUATIONS.map((_, i) => i));
});
