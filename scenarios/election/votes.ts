/** Who gets whose vote: late requests, former candidates, races, and halves of a cluster. */
import {
  disagreement,
  placeOf,
  voteOf,
  wrongAnswers,
  wrongEffects,
  wrongReigns,
} from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

/**
 * S1 and S2 stand for term 1 in the same moment. S3 votes for whom it hears first, and the other one
 * hears of a leader in the term in which it is a candidate itself: it follows.
 */
const leadershipRace: Scenario = {
  id: 'leadership-race',
  title: 'Two candidates for one term',
  milestone: 'election',
  section: '§5.2',
  claim: 'Of two candidates of one term one wins, and the other follows it in that very term.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .delay({ from: 1, to: 3, kind: 'RequestVote' }, 2)
    .at(100).elapse(1).elapse(2)
    .at(200).request(2, 'put x race')
    .until(400)
    .plan(),
  criterion(record) {
    for (const node of [1, 2]) {
      if (record.messagesSent('RequestVote', { from: node, term: 1 }).length === 0) {
        return `S${node} does not stand.`;
      }
    }
    if (voteOf(record, 3, 2, 1) !== true) return 'S3 does not vote for S2, whom it hears first.';
    if (voteOf(record, 3, 1, 1) !== false) return 'S3 does not refuse its second vote.';
    if (record.durableOf(1).votedFor !== 1) return 'S1 does not keep its own vote.';
    return (
      wrongReigns(record, { 1: 2 }) ?? wrongAnswers(record, ['put x race']) ?? disagreement(record)
    );
  },
};

/**
 * S1, S2 and S3 stand for term 2, and S1 wins with the votes of S4 and S5. S2 hears that and follows;
 * then the late request of S3 comes, for the same term. S2 has voted, for itself.
 */
const formerCandidate: Scenario = {
  id: 'former-candidate-double-vote',
  title: 'A candidate that has lost is asked for its vote',
  milestone: 'election',
  section: '§5.2',
  claim: 'A candidate that follows the winner has still voted for itself in this term.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 5, quietTimers: true, quietHeartbeats: true })
    .image(1, { log: [1] })
    .image(2, { term: 1 })
    .image(3, { term: 1 })
    .image(4, { log: [1] })
    .image(5, { log: [1] })
    .delay({ from: 3, to: 2, kind: 'RequestVote' }, 5)
    // S2 refuses the entries of S1, which begin behind its empty log, and gets no others.
    .pass({ from: 1, to: 2, kind: 'AppendEntries', nth: 1 })
    .drop({ from: 1, to: [2, 3], kind: 'AppendEntries' })
    .at(100).elapse(1).elapse(2).elapse(3)
    .until(200)
    .plan(),
  criterion(record) {
    const heard = record.messagesDelivered('AppendEntries', { from: 1, to: 2, term: 2 })[0];
    const asked = record.messagesDelivered('RequestVote', { from: 3, to: 2, term: 2 })[0];
    if (heard === undefined || asked === undefined || asked.order < heard.order) {
      return 'S2 is not asked by S3 after it has heard that S1 leads.';
    }
    if (record.durableOf(2, asked.order).votedFor !== 2) return 'S2 has not voted for itself.';
    if (voteOf(record, 2, 3, 2) !== false) return 'S2 does not refuse its second vote of term 2.';
    return wrongReigns(record, { 2: 1 });
  },
};

/**
 * The request of S1 for term 2 takes 200 ms to S3. Meanwhile S3 has elected S2 in term 2, and has gone
 * on to term 3, in which it has not voted. What was asked in term 2 is over: S3 answers with term 3.
 */
const delayedRequests: Scenario = {
  id: 'delayed-vote-requests',
  title: 'A request for a vote arrives in a later term',
  milestone: 'election',
  section: '§5.1, §5.2',
  claim: 'A request for a vote of an earlier term is refused with the term of today.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 5, quietTimers: true })
    .image(1, { log: [1, 1] })
    .image(2, { log: [1] })
    .image(3, { log: [1] })
    .image(4, { term: 1 })
    .image(5, { log: [1] })
    .drop({ from: 2, to: 5, kind: 'RequestVote', term: 2 })
    .delay({ from: 1, to: 3, kind: 'RequestVote', term: 2 }, 200)
    .when('leader', { node: 2 }).isolate(2)
    .at(100).elapse(2).elapse(1)
    // S4 stands with its empty log. S3 refuses, but is in term 3 now.
    .drop({ from: 4, to: [1, 5], kind: 'RequestVote', term: 3 })
    .at(200).elapse(4)
    .until(400)
    .plan(),
  criterion(record) {
    const asked = record.messagesDelivered('RequestVote', { from: 1, to: 3, term: 2 })[0];
    if (asked === undefined) return 'The request of S1 does not arrive.';
    const { currentTerm, votedFor } = record.durableOf(3, asked.order);
    if (currentTerm !== 3 || votedFor !== 0) return 'S3 is not free to vote in term 3 by then.';
    const answer = record.messagesDelivered('RequestVoteResponse', { from: 3, to: 1 })[0];
    if (answer === undefined) return 'S3 does not answer.';
    if (answer.body.voteGranted) return 'S3 votes a second time in term 2.';
    if (answer.body.term !== 3) return `S3 answers with term ${answer.body.term} instead of 3.`;
    return wrongReigns(record, { 2: 2 });
  },
};

/**
 *   S1   1 1 1 1 1     cut off with a long tail of term 1 that nobody else has
 *   S3   1 2 2         has what was committed in term 2, and S2, who led it, is gone
 *
 * S1 has the longer log and the older last term, so it is not elected. S3 is, by S1.
 */
const candidateViability: Scenario = {
  id: 'candidate-viability',
  title: 'A long log of an old term stands against a short one of a newer term',
  milestone: 'election',
  section: '§5.4.1',
  claim: 'The last term decides whose log is more up-to-date, and only then the length.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .at(100).elapse(1)
    .at(150).isolate(1)
    .at(160).request(1, 'put a stale', 'put b stale', 'put c stale', 'put d stale')
    .at(200).elapse(2)
    .at(250).request(2, 'put x viable')
    .at(300).crash(2).heal()
    .at(400).elapse(1)
    .at(500).elapse(3)
    .until(700)
    .plan(),
  criterion(record) {
    const asked = record.messagesDelivered('RequestVote', { from: 1, to: 3, term: 3 })[0];
    if (asked === undefined) return 'S1 does not ask S3 for its vote.';
    if (record.durableOf(3, asked.order).log.length >= asked.body.lastLogIndex) {
      return 'The log of S1 is not the longer one.';
    }
    if (voteOf(record, 3, 1, 3) !== false) return 'S3 votes for S1.';
    if (voteOf(record, 1, 3, 4) !== true) return 'S1 does not vote for S3.';
    if (placeOf(record, 'put x viable', 1) === 0) return 'S1 does not take over the log of S3.';
    return (
      wrongReigns(record, { 1: 1, 2: 2, 4: 3 }) ??
      wrongAnswers(record, ['put x viable']) ??
      wrongEffects(record, ['put a stale', 'put d stale']) ??
      disagreement(record, [1, 3])
    );
  },
};

/**
 * Four servers in two halves. Each half has a candidate, and neither gets more than two votes of four;
 * three are needed. With S3 on the side of S1 and S2 there are three; and a leader with only one
 * follower left commits nothing.
 */
const evenHalves: Scenario = {
  id: 'even-halves',
  title: 'Four servers fall apart into two and two',
  milestone: 'election',
  section: '§5.2, §5.3',
  claim: 'Half of an even number of servers neither elects nor commits.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 4, quietTimers: true })
    .at(50).partition([1, 2], [3, 4])
    .at(100).elapse(1).elapse(3)
    .at(200).heal().isolate(4)
    .at(250).elapse(1)
    .at(300).request(1, 'put x three')
    .at(350).partition([1, 2], [3, 4])
    .at(400).request(1, 'put y two')
    .until(600)
    .plan(),
  criterion(record) {
    if (voteOf(record, 2, 1, 1) !== true || voteOf(record, 4, 3, 1) !== true) {
      return 'The halves do not vote.';
    }
    return (
      wrongReigns(record, { 2: 1 }) ??
      wrongAnswers(record, ['put x three']) ??
      wrongEffects(record, ['put y two'])
    );
  },
};

export const VOTING: readonly Scenario[] = [
  leadershipRace,
  formerCandidate,
  delayedRequests,
  candidateViability,
  evenHalves,
];
