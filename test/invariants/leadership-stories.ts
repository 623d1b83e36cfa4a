/** Stories of pre-votes, check-quorum and transfers (thesis §9.6, §6.2, §3.10). */
import type { AdminRequest } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import { History, type Sent } from './history.ts';
import type { Story } from './story.ts';

const TRANSFER: AdminRequest = { kind: 'transferLeadership', to: 2 };

/** S1 leads term 1, and S2 has followed it. */
const led = (): History => new History(3).boot().elect(1, 1, [2]).replicate(1, 2);

/** S3 asks S2 whether it would have its vote in this term, with its log or an empty one. */
function preVote(history: History, term: number, isEmpty: boolean): Sent {
  const last = isEmpty ? undefined : history.logOf(3).at(-1);
  return history.wake(3).send(3, 2, {
    kind: 'RequestVote',
    term,
    candidateId: 3,
    lastLogIndex: last === undefined ? 0 : history.logOf(3).length,
    lastLogTerm: last?.term ?? 0,
    preVote: true,
  });
}

/** S2 answers a pre-vote of S3. */
function answer(history: History, term: number, voteGranted: boolean): Sent {
  return history.send(2, 3, { kind: 'RequestVoteResponse', term, voteGranted, preVote: true });
}

/** S2 answers S3, which has all of its log, or nothing. */
function asked(history: History, term: number, isEmpty: boolean, isGranted: boolean): History {
  history.deliver(preVote(history, term, isEmpty));
  answer(history, isGranted ? term : 1, isGranted);
  return history;
}

/** S3 has the pre-vote of S2, and stands in that term or the one before when it arrives. */
function late(standsIn: number): History {
  const history = new History(3).boot();
  history.deliver(preVote(history, 2, true));
  const grant = answer(history, 2, true);
  history.wake(3).vote(3, standsIn, 3);
  return history.deliver(grant);
}

/** S3 stands in term 2, and S2 refuses with this term. */
function protectedFrom(answerTerm: number): History {
  const history = led();
  history.wake(3).vote(3, 2, 3);
  history.flush(3).deliver(history.sendRequestVote(3, 2, 2));
  if (answerTerm > 1) history.vote(2, answerTerm, 0);
  history.send(2, 3, { kind: 'RequestVoteResponse', term: answerTerm, voteGranted: false });
  return history;
}

/** S1 was asked to hand over, and asks S2 to stand. */
function handsOver(history: History): Sent {
  history.ask(1, 'operator/1', TRANSFER);
  return history.send(1, 2, { kind: 'TimeoutNow', term: 1, leaderId: 1 });
}

function follows(term: number): History {
  const history = led();
  history.wake(1).judge.claimed(1, 'follower', term);
  return history;
}

function standsFor(isAsked: boolean): History {
  const history = led();
  const request = handsOver(history);
  if (isAsked) history.deliver(request);
  return history.elect(2, 2, [3 as NodeId]);
}

export const LEADERSHIP_STORIES: Readonly<Record<string, Story>> = {
  'pre-vote-granted': {
    told: () => asked(new History(3).boot(), 1, true, true),
    near: () => asked(led(), 2, true, false),
  },
  'pre-vote-refused-leader': {
    told: () => asked(led().replicate(1, 3), 2, false, false),
    near: () => asked(led(), 2, true, false),
  },
  'pre-vote-refused-log': {
    told: () => asked(led(), 2, true, false),
    near: () => asked(led().replicate(1, 3), 2, false, false),
  },
  'pre-vote-late': { told: () => late(2), near: () => late(1) },
  'leader-lost-quorum': {
    told: () => follows(1),
    near: () => {
      const history = led();
      history.wake(1).vote(1, 2, 0);
      history.judge.claimed(1, 'follower', 2);
      return history;
    },
  },
  'vote-refused-leader': { told: () => protectedFrom(1), near: () => protectedFrom(2) },
  transferred: { told: () => standsFor(true), near: () => standsFor(false) },
  'transfer-given-up': {
    told: () => led().ask(1, 'operator/1', TRANSFER).wake(1).respond(1, 'operator/1', 'rejected'),
    near: () => led().ask(1, 'operator/1', TRANSFER).respond(1, 'operator/1', 'rejected'),
  },
  'transfer-to-laggard': {
    told: () => {
      const history = led();
      history.propose(1, 'put x 1');
      return history.ask(1, 'operator/1', TRANSFER);
    },
    near: () => led().ask(1, 'operator/1', TRANSFER),
  },
  'timeout-now-late': {
    told: () => {
      const history = led();
      const request = handsOver(history);
      return history.wake(1).respond(1, 'operator/1', 'unknown').deliver(request);
    },
    near: () => {
      const history = led();
      return history.deliver(handsOver(history));
    },
  },
};
