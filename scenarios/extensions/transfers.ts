/** A leader hands its office over (thesis §3.10). */
import { disagreement, placeOf, voteOf, wrongAnswers, wrongReigns } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const FAST_US = 20_000;

/**
 * S1 is asked to make S2 the leader. S2 has just missed a command, so S1 brings it up to date first,
 * and then tells it to stand, at once. S3 has heard S1 a moment ago, and votes for S2 all the same,
 * since the leader itself has asked for it.
 */
const nominateSuccessor: Scenario = {
  id: 'nominate-successor',
  title: 'A leader names its successor',
  milestone: 'extension',
  section: 'thesis §3.10',
  claim: 'A leader brings its successor up to date, has it stand at once, and nothing is lost.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, checkQuorum: true })
    .drop({ from: 1, to: 2, kind: 'AppendEntries', term: 1, nth: 2 })
    .at(100).elapse(1)
    .at(140).request(1, 'put x handed')
    .at(141.5).transferLeadership(2, { node: 1 })
    .at(500).request(2, 'put y over')
    .until(700)
    .plan(),
  criterion(record) {
    const told = record.messagesSent('TimeoutNow', { from: 1, to: 2 })[0];
    const asked = record.adminAsks[0];
    if (asked === undefined || told === undefined) return 'S1 does not tell S2 to stand.';
    if (placeOf(record, 'put x handed', 2, asked.order) !== 0) return 'S2 is up to date at first.';
    if (placeOf(record, 'put x handed', 2, told.order) === 0) {
      return 'S1 tells S2 to stand before S2 is up to date.';
    }
    const request = record.messagesSent('RequestVote', { from: 2 })[0];
    if (request?.body.leadershipTransfer !== true) return 'S2 does not say why it stands.';
    const next = record.leaderOf(2);
    if (next === null || next.atUs - told.atUs > FAST_US) return 'S2 does not lead at once.';
    if (voteOf(record, 3, 2, 2) !== true) return 'S3 does not vote for S2.';
    if (record.answersTo('transferLeadership')[0]?.outcome !== 'ok') {
      return 'The operator is not told that S2 leads.';
    }
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongAnswers(record, ['put x handed', 'put y over']) ??
      disagreement(record)
    );
  },
};

/**
 * The message to S2 takes so long that S1 gives the transfer up and commits another command, without
 * S2. When it arrives S2 stands, in the name of the leader; S3 has more than S2, and refuses.
 */
const lateNomination: Scenario = {
  id: 'late-nomination',
  title: 'A successor hears of it too late',
  milestone: 'extension',
  section: '§5.4.1, thesis §3.10',
  claim: 'Whom a leader has asked to stand is not elected with a log that is behind by then.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, quietHeartbeats: true, operatorTimeoutMs: 200 })
    .delay({ from: 1, to: 2, kind: 'TimeoutNow' }, 360)
    .at(100).elapse(1)
    .at(200).transferLeadership(2, { node: 1 })
    .at(505).isolate(2)
    .at(510).request(1, 'put x later')
    .at(540).heal()
    .at(700).elapse(1)
    .until(900)
    .plan(),
  criterion(record) {
    const heard = record.messagesDelivered('TimeoutNow', { to: 2 })[0];
    const told = record.returns.find(({ op }) => op === 'put x later');
    if (heard === undefined || told === undefined || told.order > heard.order) {
      return 'S2 does not hear of it when another command is committed.';
    }
    if (record.messagesSent('RequestVote', { from: 2, term: 2 }).length === 0) {
      return 'S2 does not stand.';
    }
    if (voteOf(record, 3, 2, 2) !== false) return 'S3 votes for S2, whose log is behind.';
    return (
      wrongReigns(record, { 1: 1, 3: 1 }) ??
      wrongAnswers(record, ['put x later']) ??
      disagreement(record)
    );
  },
};

export const TRANSFERS: readonly Scenario[] = [nominateSuccessor, lateNomination];
