/** How long servers wait for each other: leaders without followers, and followers without leaders. */

import { oneLeaderPerTerm } from '../agreement.ts';
import {
  disagreement,
  placeOf,
  voteOf,
  wrongAnswers,
  wrongEffects,
  wrongReigns,
} from '../expectations.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

/** Of the longest election timeout, 300 ms, and the heartbeat after it. */
const STEP_DOWN_US = 400_000;

/**
 * S1 leads, and is cut off with a command of a client. As nobody answers any more, it steps down after
 * the longest election timeout and tells the client that it cannot know. The next one it turns away.
 */
const checkQuorum: Scenario = {
  id: 'check-quorum',
  title: 'A leader hears from nobody any more',
  milestone: 'election',
  section: 'thesis §6.2',
  claim: 'A leader without a majority steps down in time, and lets no client wait for it.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, checkQuorum: true })
    .at(100).elapse(1)
    .at(150).isolate(1)
    .at(160).request(1, 'put x alone')
    .at(600).request(1, 'put y alone')
    .at(700).heal()
    .at(900).elapse(2)
    .at(950).request(2, 'put z again')
    .until(1200)
    .plan(),
  criterion(record) {
    const [first, second] = ['put x alone', 'put y alone'].map((op) => {
      return record.returns.find((item) => item.op === op);
    });
    if (first === undefined || first.outcome !== 'info') {
      return 'The client of S1 is not told that nobody knows.';
    }
    if (first.atUs < 400_000 || first.atUs > 150_000 + STEP_DOWN_US) {
      return `S1 steps down after ${first.atUs} us, not after the longest election timeout.`;
    }
    const late = record
      .messagesSent('AppendEntries', { from: 1, term: 1 })
      .find(({ order }) => order > first.order);
    if (late !== undefined) return 'S1 leads on.';
    if (second?.outcome !== 'fail') return 'The next client is not turned away.';
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongEffects(record, ['put x alone']) ??
      wrongAnswers(record, ['put z again']) ??
      disagreement(record)
    );
  },
};

/**
 * S3 is cut off and would stand, three times. It asks first whether it could win, hears nothing, and
 * stays in its term. When it is back it asks once more, before it has heard of S1; S2 has just heard
 * S1, and says no. So S1 leads on in term 1.
 */
const preVote: Scenario = {
  id: 'pre-vote',
  title: 'A server that was cut off comes back impatient',
  milestone: 'election',
  section: 'thesis §9.6',
  claim: 'A server that could not win does not raise its term, and so deposes nobody.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, preVote: true })
    .at(100).elapse(1)
    .at(210).isolate(3)
    .at(300).elapse(3)
    .at(400).elapse(3)
    .at(505).heal().elapse(3)
    .at(550).request(1, 'put x calm')
    .until(700)
    .plan(),
  criterion(record) {
    const asked = record.messagesSent('RequestVote', { from: 3 });
    if (asked.filter(({ to, copies }) => to === 2 && copies === 0).length < 2) {
      return 'S3 does not ask while it is cut off.';
    }
    const refused = record
      .messagesDelivered('RequestVoteResponse', { from: 2, to: 3 })
      .some(({ body }) => body.preVote === true && !body.voteGranted);
    if (!refused) return 'S2 does not refuse the pre-vote of S3.';
    if (asked.some(({ body }) => body.preVote === undefined)) return 'S3 stands for election.';
    if (record.durableOf(3).currentTerm !== 1) return 'S3 is not in term 1 any more.';
    return (
      wrongReigns(record, { 1: 1 }) ?? wrongAnswers(record, ['put x calm']) ?? disagreement(record)
    );
  },
};

/**
 * S1 and S2 ask for pre-votes in the same moment, and S3 and S4 say yes to both: a pre-vote promises
 * nothing. Then both stand, and the votes are split, two and two of five. The pre-vote of S4 for S1,
 * and that of S3 for S2, come when they are candidates, and count for nothing.
 */
const preVoteSplit: Scenario = {
  id: 'pre-vote-split',
  title: 'Two servers have the pre-votes of a majority',
  milestone: 'election',
  section: 'thesis §9.6',
  claim: 'A pre-vote is no vote: many may be given for a term, which has one leader at most.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 5, quietTimers: true, preVote: true })
    .at(50).crash(5)
    // The first request is for the pre-vote, the second one for the vote.
    .delay({ from: 4, to: 1, kind: 'RequestVoteResponse', nth: 1 }, 10)
    .delay({ from: 3, to: 2, kind: 'RequestVoteResponse', nth: 1 }, 10)
    .delay({ from: 1, to: 4, kind: 'RequestVote', nth: 2 }, 3)
    .delay({ from: 2, to: 3, kind: 'RequestVote', nth: 2 }, 3)
    .at(100).elapse(1).elapse(2)
    .at(200).elapse(1)
    .until(400)
    .plan(),
  criterion(record) {
    for (const candidate of [1, 2]) {
      const grants = record
        .messagesDelivered('RequestVoteResponse', { to: candidate, beforeUs: 150_000 })
        .filter(({ body }) => body.preVote === true && body.voteGranted);
      if (new Set(grants.map(({ from }) => from)).size < 3) {
        return `S${candidate} does not get the pre-votes of all.`;
      }
    }
    if (voteOf(record, 3, 1, 1) !== true || voteOf(record, 4, 2, 1) !== true) {
      return 'The vote is not split.';
    }
    return wrongReigns(record, { 2: 1 }) ?? disagreement(record, [1, 2, 3, 4]);
  },
};

const ELECTIONS = 6;
const TERMS_MAX = 8;
const SILENCE_US_MAX = 2_000_000;

/**
 * Five servers and timeouts that are close to each other, so that votes are split now and then. As
 * often as there is a leader it dies, and comes back a second later.
 */
const splitVoteBound: Scenario = {
  id: 'split-vote-bound',
  title: 'Six elections, one after the other',
  milestone: 'election',
  section: '§5.2, §9.3',
  claim: 'With random timeouts every leader that dies has a successor within a few terms.',
  plan: Array.from({ length: ELECTIONS }, (_, i) => i + 1)
    .reduce(
      (story, nth) => story.when('leader', { nth }).crash(0, { restartMs: 1000 }),
      script({ size: 5, electionMs: [150, 200], latencyMs: [2, 4] }),
    )
    .until(15_000)
    .plan(),
  criterion(record) {
    const leaders = record.leaders();
    if (leaders.length <= ELECTIONS) return `There are ${leaders.length} leaders.`;
    for (const [at, { atUs, term }] of leaders.entries()) {
      const last = leaders[at - 1] ?? { atUs: 0, term: 0 };
      if (term - last.term > TERMS_MAX) return `It takes ${term - last.term} terms to elect one.`;
      if (atUs - last.atUs > SILENCE_US_MAX) return `Term ${term} takes ${atUs - last.atUs} us.`;
    }
    return deaths(record) < ELECTIONS ? 'Leaders do not die.' : null;
  },
};

function deaths(record: RunRecord): number {
  return record.lifecycles.filter(({ what }) => what === 'crashed').length;
}

/**
 * S1 has a command that S2 has missed, and S3 is gone: of the two only S1 can be elected. But S2 is
 * the more impatient: every 160 ms it asks S1 for its vote. S1 refuses, and waits no longer for that.
 */
const timerReset: Scenario = {
  id: 'timer-reset',
  title: 'A hopeless candidate stands again and again',
  milestone: 'election',
  section: '§5.2',
  claim:
    'A request for a vote that is refused does not keep the server that could win from standing.',
  // biome-ignore format: one moment of the story per line
  plan: Array.from({ length: 20 }, (_, i) => i + 1)
    .reduce((story, nth) => story.timer(2, 'election', nth, 160), script({ size: 3 }))
    .timer(1, 'election', 2, 300)
    .at(100).elapse(1)
    .at(110).isolate(2)
    .at(120).request(1, 'put x wait')
    .at(130).crash(3).crash(1, { restartMs: 70 })
    .at(210).heal()
    .until(1000)
    .plan(),
  criterion(record) {
    if (placeOf(record, 'put x wait', 1) === 0) return 'S1 does not have the command.';
    const refused = record
      .messagesDelivered('RequestVoteResponse', { from: 1, to: 2 })
      .filter(({ body }) => !body.voteGranted);
    if (refused.length === 0) return 'S1 never refuses S2.';
    const second = record.leaders()[1];
    if (second === undefined) return 'S1 does not stand, for all the requests of S2.';
    if (second.node !== 1) return 'S2 is elected.';
    if (second.order < refused[0]!.order) return 'S2 does not stand before S1.';
    return placeOf(record, 'put x wait', 2) === 0 ? 'S2 does not get the command.' : null;
  },
};

/**
 * S1 leads term 1 and hears nobody, so it does not know that S2 was elected for term 2, and goes on
 * with its heartbeats. Then S2 dies. All that S3 hears now is S1, whose term is over: it waits no
 * longer for that, and stands. When S1 can hear it, S3 leads.
 */
const outdatedHeartbeats: Scenario = {
  id: 'outdated-heartbeats',
  title: 'A leader of an earlier term goes on speaking',
  milestone: 'election',
  section: '§5.2',
  claim: 'Only the leader of the current term keeps others from standing, whoever else is heard.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3 })
    .timer(1, 'election', 1, 150)
    .timer(2, 'election', 1, 300)
    .timer(3, 'election', 1, 300)
    .at(270).cut([2, 3], 1)
    .at(280).elapse(2)
    .at(400).crash(2)
    .at(1200).heal()
    .until(3000)
    .plan(),
  criterion(record) {
    const spoken = { from: 1, to: 3, term: 1, afterUs: 400_000, beforeUs: 1_000_000 };
    const outdated = record.messagesDelivered('AppendEntries', spoken);
    if (outdated.length < 5) return 'S1 does not go on speaking to S3.';
    const first = record.messagesSent('RequestVote', { from: 3 })[0];
    if (record.leaderOf(2)?.node !== 2 || first === undefined) return 'S3 does not stand after S2.';
    if (first.atUs > 1_000_000) return 'S3 does not stand while S1 is heard.';
    const last = record.leaders().at(-1);
    return last?.node === 3 && last.term > 2 ? oneLeaderPerTerm(record) : 'S3 is not elected.';
  },
};

export const PATIENCE: readonly Scenario[] = [
  checkQuorum,
  preVote,
  preVoteSplit,
  splitVoteBound,
  timerReset,
  outdatedHeartbeats,
];
