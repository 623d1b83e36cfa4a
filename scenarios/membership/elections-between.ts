/** Changes of membership with elections in the middle of them (§6, thesis ch. 4). */
import { showConfiguration } from '../configurations.ts';
import { disagreement, voteOf, wrongAnswers, wrongEffects, wrongReigns } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';
import { changeSteps } from './change-steps.ts';

/**
 * S1 adds S4, and another operator wants S5 in, and S1 out, at the same time: that is refused. S1 dies
 * in the joint phase; S2 is elected, by the rules of the joint phase, and completes the change. It is
 * asked for the second one then, and dies, too, in the middle of it. S1 is back by then; S3 is elected
 * with its vote, by three of four, and completes that change as well.
 *
 *   1 2 3    1 2 3 / 1 2 3 4    1 2 3 4    1 2 3 4 / 3 4 5    3 4 5
 *            S1                 S2         S2                 S3
 */
const overlapping: Scenario = {
  id: 'overlapping-reconfigurations',
  title: 'Two changes, and a leader dies in each of them',
  milestone: 'membership',
  section: '§6',
  claim:
    'A change begins when the one before is committed, whoever leads when; none is left half done.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, spares: 2, quietTimers: true, operatorTimeoutMs: 100 })
    .at(100).elapse(1)
    .at(150).changeMembership([1, 2, 3, 4], { node: 1 })
    .at(160).changeMembership([3, 4, 5], { node: 1, by: 2 })
    .when('configuration', { node: 1 }).cut([2, 3, 4], 1)
    .at(300).crash(1)
    .at(310).heal()
    .at(400).elapse(2)
    .at(600).changeMembership([3, 4, 5], { node: 2, by: 3 })
    .when('configuration', { node: 2, nth: 2 }).cut([1, 3, 4, 5], 2)
    .at(700).crash(2)
    .at(710).heal().restart(1)
    .at(800).elapse(3)
    .at(900).request(3, 'put x twice')
    .until(1100)
    .plan(),
  criterion(record) {
    const steps = changeSteps(record);
    const found = steps.map(({ words, node }) => `${words} by S${node}`).join(', ');
    const wanted = '1 2 3 / 1 2 3 4 by S1, 1 2 3 4 by S2, 1 2 3 4 / 3 4 5 by S2, 3 4 5 by S3';
    if (found !== wanted) return `The changes are ${found || 'none'}.`;
    for (const [at, { words, committed }] of steps.entries()) {
      const next = steps[at + 1];
      if (next !== undefined && next.order < committed) return `${words} is not committed in time.`;
    }
    const refused = record.answersTo('changeMembership').some(({ node, outcome, order }) => {
      return node === 1 && outcome === 'rejected' && order < steps[1]!.order;
    });
    if (!refused) return 'The second change is not refused while the first is under way.';
    return (
      wrongReigns(record, { 1: 1, 2: 2, 3: 3 }) ??
      wrongAnswers(record, ['put x twice']) ??
      disagreement(record, [3, 4, 5])
    );
  },
};

/**
 * One server at a time. S1 adds S5 to four, and nobody else has the entry when S2 is elected. S2 has
 * nothing of its own committed when it is asked to take S1 out. With the three that would be left, two
 * were enough, S2 and S3; and S1 with S4 and S5 was a majority of its five: so S2 has to refuse.
 */
const singleServer2015: Scenario = {
  id: 'single-server-2015',
  title: 'Two changes of one server each, by two leaders',
  milestone: 'membership',
  section: 'thesis §4.1',
  claim: 'A leader begins no change before it has committed an entry of its own term.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 4, spares: 1, membership: 'singleServer', quietTimers: true, operatorTimeoutMs: 60 })
    .at(100).elapse(1)
    .at(150).changeMembership([1, 2, 3, 4, 5], { node: 1 })
    .when('configuration', { node: 1 }).isolate(1)
    // S2 has the votes of S3 and S4, but its first entry gets lost.
    .drop({ from: 2, to: [3, 4], kind: 'AppendEntries', term: 2, nth: 1 })
    .at(200).elapse(2)
    .at(210).changeMembership([2, 3, 4], { node: 2, by: 2 })
    .at(450).changeMembership([2, 3, 4], { node: 2, by: 3 })
    .at(600).request(2, 'put x 2015')
    .until(800)
    .plan(),
  criterion(record) {
    const [first, second] = changeSteps(record);
    if (first?.words !== '1 2 3 4 5' || first.node !== 1) return 'S1 does not add S5.';
    if (first.committed !== Number.POSITIVE_INFINITY) return 'The entry of S1 is committed.';
    const asked = record.adminAsks.find(({ node }) => node === 2);
    const own = record.applies.find(({ node, entry }) => node === 2 && entry.term === 2);
    if (asked === undefined || own === undefined) return 'S2 is not asked, or commits nothing.';
    if (asked.order > own.order) return 'S2 has committed an entry when it is asked.';
    if (second?.words !== '2 3 4' || second.node !== 2)
      return 'S2 does not take S1 out in the end.';
    if (second.order < own.order) return 'S2 begins a change before it has committed an entry.';
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongAnswers(record, ['put x 2015']) ??
      disagreement(record, [2, 3, 4])
    );
  },
};

/**
 * S1 leads four, takes itself out, and gets C_new to S2 alone at first. It leads on for that time, but
 * its own copy does not count: S2 is one of three. With the others in reach C_new is committed, and S1
 * steps down; S2 follows it in office, and S1 is not asked.
 */
const removedLeader: Scenario = {
  id: 'removed-leader',
  title: 'A leader takes itself out',
  milestone: 'membership',
  section: '§6, thesis §4.2.2',
  claim:
    'A leader outside C_new leads until that is committed, does not count itself, and steps down.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 4, quietTimers: true })
    .at(100).elapse(1)
    .at(150).changeMembership([2, 3, 4])
    // The first configuration that S1 makes is the joint one, the second is C_new.
    .when('configuration', { node: 1, nth: 2 }).cut(1, [3, 4])
    .at(300).heal()
    .at(500).elapse(2)
    .at(550).request(2, 'put x without')
    .until(700)
    .plan(),
  criterion(record) {
    const final = changeSteps(record)[1];
    if (final?.words !== '2 3 4' || final.node !== 1) return 'S1 does not make C_new.';
    const first = record.applies.find(({ order }) => order === final.committed);
    if (first === undefined) return 'C_new is never committed.';
    if (first.atUs < 300_000) return 'C_new is committed with the copies of S1 and S2.';
    const late = record
      .messagesSent('AppendEntries', { from: 1 })
      .find(({ atUs }) => atUs > first.atUs + 60_000);
    if (late !== undefined) return 'S1 leads on when C_new is committed.';
    if (record.messagesSent('RequestVote', { from: 2, to: 1 }).length > 0) return 'S2 asks S1.';
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongAnswers(record, ['put x without']) ??
      disagreement(record, [2, 3, 4])
    );
  },
};

/**
 * S1 and S2 are all that is left of five. S3 knows, S4 and S5 have missed it. Then these three are by
 * themselves, and S4 stands. S3 is asked like any server, it does not shut itself down; but it still
 * has the log that it had as a member, and so it refuses. Two votes of the old five elect nobody.
 */
const removedServerKeepsLog: Scenario = {
  id: 'removed-server-keeps-log',
  title: 'A server that was taken out is asked for its vote',
  milestone: 'membership',
  section: '§5.4.1, §6, thesis §4.2.3',
  claim:
    'A server that was taken out goes on by its log, so its old friends do not elect a leader.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 5, quietTimers: true })
    .at(100).elapse(1)
    .at(150).partition([1, 2, 3], [4, 5])
    .at(160).changeMembership([1, 2], { node: 1 })
    .at(400).heal().partition([1, 2], [3, 4, 5])
    .at(410).elapse(4)
    .at(450).request(1, 'put x two')
    .at(460).request(4, 'put y old')
    .until(600)
    .plan(),
  criterion(record) {
    const asked = record.messagesDelivered('RequestVote', { from: 4, to: 3, term: 2 })[0];
    if (asked === undefined) return 'S4 does not ask S3 for its vote.';
    if (showConfiguration(record.configurationOf(3, asked.order)) !== '1 2') {
      return 'S3 does not know that it was taken out.';
    }
    if (voteOf(record, 5, 4, 2) !== true) return 'S5 does not vote for S4.';
    if (voteOf(record, 3, 4, 2) !== false) return 'S3 does not refuse.';
    return (
      wrongReigns(record, { 1: 1 }) ??
      wrongAnswers(record, ['put x two']) ??
      wrongEffects(record, ['put y old'])
    );
  },
};

export const ELECTIONS_BETWEEN: readonly Scenario[] = [
  overlapping,
  singleServer2015,
  removedLeader,
  removedServerKeepsLog,
];
