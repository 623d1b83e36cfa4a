/** Servers that are exchanged, lost for good, promoted, or added to one that was alone (§6). */
import { showConfiguration } from '../configurations.ts';
import {
  disagreement,
  momentOf,
  placeOf,
  voteOf,
  wrongAnswers,
  wrongEffects,
  wrongReigns,
} from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';
import { changeSteps, wrongSteps } from './change-steps.ts';

/**
 * S3 is to be exchanged for S4, and is cut off as soon as S1 has C_old,new. S1 and S2 are two of the
 * old three, and with S4 they are all of the new, so the change is completed without S3. It never hears
 * of that; then S2 is cut off as well, and S1 commits with S4, who counts for what S3 did.
 */
const swapNode: Scenario = {
  id: 'swap-node',
  title: 'One server takes the place of another',
  milestone: 'membership',
  section: '§6',
  claim:
    'A server takes the place of another in one change, with a majority of both sides at all times.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, spares: 1, quietTimers: true })
    .at(100).elapse(1)
    .at(150).request(1, 'put x swap')
    .at(200).changeMembership([1, 2, 4])
    .when('configuration').isolate(3)
    .at(400).isolate(2)
    .at(410).request(1, 'put y swap')
    .at(500).elapse(3)
    .at(600).heal().isolate(3)
    .until(800)
    .plan(),
  criterion(record) {
    const wrong = wrongSteps(record, ['1 2 3 / 1 2 4', '1 2 4']);
    if (wrong !== null) return wrong;
    const told = record.returns.find(({ op }) => op === 'put y swap');
    const holders = record.nodes.filter((it) => placeOf(record, 'put y swap', it, told?.order) > 0);
    if (holders.join(' ') !== '1 4')
      return `The command is committed by ${holders.join(' ')}, not 1 4.`;
    if (record.messagesSent('RequestVote', { from: 3 }).length === 0) return 'S3 does not stand.';
    if (showConfiguration(record.configurationOf(3)) !== '1 2 3') return 'S3 hears of the change.';
    return (
      wrongReigns(record, { 1: 1 }) ??
      wrongAnswers(record, ['put x swap', 'put y swap']) ??
      disagreement(record, [1, 2, 4])
    );
  },
};

/**
 * S3 loses its disk for good. It had a copy of what is committed, so it does not come back under its
 * old name. S4 and S5 get the log as learners, and S4 then takes the place of S3. As long as S2 is cut
 * off as well S1 cannot commit: copies of S4 and S5 do not make up for that of S3.
 */
const wipedServer: Scenario = {
  id: 'wiped-server',
  title: 'A server loses its disk, and another one takes its place',
  milestone: 'membership',
  section: '§6, thesis §4.2.1',
  claim:
    'A server that lost its disk is replaced by a new one, which counts when it has caught up.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, spares: 2, quietTimers: true, operatorTimeoutMs: 5000, phases: { core: [1, 2, 4, 5] } })
    .at(100).elapse(1)
    .at(150).request(1, 'put x kept')
    .at(200).wipe(3)
    .at(250).isolate(2)
    .at(260).changeMembership([1, 2, 3], { learners: [4, 5], node: 1 })
    .at(300).request(1, 'put y early')
    .at(500).heal()
    .at(600).changeMembership([1, 2, 4], { node: 1 })
    .at(900).crash(1)
    .at(1000).elapse(2)
    .at(1050).request(2, 'put z new')
    .until(1300)
    .plan(),
  criterion(record) {
    if (momentOf(record, 3, 'wiped') === null) return 'S3 does not lose its disk.';
    const early = record.returns.find(
      ({ op, outcome }) => op === 'put y early' && outcome === 'ok',
    );
    if (early === undefined) return 'The second command is never committed.';
    const onTwo = placeOf(record, 'put y early', 2, early.order);
    if (onTwo === 0) return 'A command is committed with the copy of a learner.';
    const words = changeSteps(record).map((step) => step.words);
    if (words.join(', ') !== '1 2 3 + 4 5, 1 2 3 / 1 2 4, 1 2 4')
      return `The changes are ${words.join(', ')}.`;
    if (voteOf(record, 4, 2, 2) !== true) return 'S4 does not vote in the place of S3.';
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongAnswers(record, ['put x kept', 'put y early', 'put z new']) ??
      disagreement(record, [2, 4])
    );
  },
};

/**
 * S3 learns, catches up, and is made a voter; but it does not get the entry that says so. S1 is gone
 * then. S2 needs the vote of S3, who takes itself for a learner, and gets it: that S3 does not know
 * yet that it may vote is no reason for it never to learn.
 */
const learnerPromoted: Scenario = {
  id: 'learner-promoted-unawares',
  title: 'A learner is a voter, and does not know it yet',
  milestone: 'membership',
  section: 'thesis §4.2.1',
  claim: 'A learner that has caught up is promoted, and votes even before it has heard of that.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 2, spares: 1, membership: 'singleServer', quietTimers: true })
    .at(100).elapse(1)
    .at(120).request(1, 'put x learnt')
    .at(150).changeMembership([1, 2], { learners: [3] })
    .at(250).changeMembership([1, 2, 3])
    .when('configuration', { node: 1, nth: 2 }).cut(1, 3)
    .at(350).crash(1)
    .at(400).elapse(2)
    .at(450).request(2, 'put y promoted')
    .until(700)
    .plan(),
  criterion(record) {
    const wrong = wrongSteps(record, ['1 2 + 3', '1 2 3']);
    if (wrong !== null) return wrong;
    const promoted = changeSteps(record)[1]!;
    if (placeOf(record, 'put x learnt', 3, promoted.order) === 0) return 'S3 has not caught up.';
    const asked = record.messagesDelivered('RequestVote', { from: 2, to: 3, term: 2 })[0];
    if (asked === undefined) return 'S2 does not ask S3 for its vote.';
    if (showConfiguration(record.configurationOf(3, asked.order)) !== '1 2 + 3') {
      return 'S3 knows that it is a voter.';
    }
    if (voteOf(record, 3, 2, 2) !== true) return 'S3 does not vote.';
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongAnswers(record, ['put x learnt', 'put y promoted']) ??
      disagreement(record, [2, 3])
    );
  },
};

/**
 * S1 was alone, and committed whatever it wrote. The entry that makes it one of three counts by what
 * it says: S1 alone is no majority any more, so while S2 and S3 cannot be heard nothing is committed.
 */
const growingFromOne: Scenario = {
  id: 'growing-from-one',
  title: 'A server that was alone becomes one of three',
  milestone: 'membership',
  section: '§6',
  claim:
    'A configuration counts for the very entry that brings it, also where one server was enough.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 1, spares: 2, quietTimers: true })
    .at(100).elapse(1)
    .at(120).request(1, 'put x lone')
    .at(150).changeMembership([1, 2, 3])
    .when('configuration').cut([2, 3], 1)
    .at(300).request(1, 'put y lone')
    .at(400).heal()
    .until(800)
    .plan(),
  criterion(record) {
    const wrong = wrongSteps(record, ['1 / 1 2 3', '1 2 3']);
    if (wrong !== null) return wrong;
    const told = record.returns.find(({ op, outcome }) => op === 'put y lone' && outcome === 'ok');
    if (told === undefined) return 'The second command is never committed.';
    if (told.atUs < 400_000) return 'S1 commits alone what needs two of three.';
    return (
      wrongReigns(record, { 1: 1 }) ??
      wrongAnswers(record, ['put x lone', 'put y lone']) ??
      disagreement(record)
    );
  },
};

/**
 * S4 and S5 of five go; S3 is paused while the change goes on, and late answers of S4 and S5 to what
 * they were sent as members come long after it. They count for nothing: two of three commit, and no
 * message is sent to them any more.
 */
const retiredResponses: Scenario = {
  id: 'retired-node-delayed-responses',
  title: 'Servers that were taken out still answer',
  milestone: 'membership',
  section: '§6',
  claim: 'Answers of servers that were taken out count for nothing, and nobody waits for them.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 5, quietTimers: true })
    .at(100).elapse(1)
    .delay({ from: [4, 5], to: 1, kind: 'AppendEntriesResponse', nth: 2 }, 300)
    .at(150).changeMembership([1, 2, 3])
    .at(300).isolate(3)
    .at(310).request(1, 'put x retired')
    .at(360).isolate(2)
    .at(370).request(1, 'put y retired')
    .until(700)
    .plan(),
  criterion(record) {
    const wrong = wrongSteps(record, ['1 2 3 4 5 / 1 2 3', '1 2 3']);
    if (wrong !== null) return wrong;
    const late = record
      .messagesDelivered('AppendEntriesResponse', { to: 1, afterUs: 380_000 })
      .filter(({ from, body }) => from > 3 && body.success);
    if (late.length === 0) return 'Nothing comes of S4 and S5 after they were taken out.';
    const holders = record.nodes.filter((node) => placeOf(record, 'put x retired', node) > 0);
    if (holders.join(' ') !== '1 2') return `The command is on ${holders.join(' ')}, not on 1 2.`;
    return (
      wrongReigns(record, { 1: 1 }) ??
      wrongAnswers(record, ['put x retired']) ??
      wrongEffects(record, ['put y retired'])
    );
  },
};

export const EXCHANGES: readonly Scenario[] = [
  swapNode,
  wipedServer,
  learnerPromoted,
  growingFromOne,
  retiredResponses,
];
