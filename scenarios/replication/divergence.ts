/** Logs that have gone different ways, and how a leader brings them together (§5.3). */
import { showTerms } from '../agreement.ts';
import {
  disagreement,
  hasLog,
  momentOf,
  placeOf,
  wrongAnswers,
  wrongEffects,
  wrongReigns,
} from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

/**
 *   S1   1 1 1 1 1 1        a long tail of term 1 that nobody else has
 *   S2   1 2                leads term 3
 *   S3   1 2                dead
 *
 * Nothing can be committed without S1, so its log must be brought to that of S2 first: its refusals
 * have to lead down to index 1, although its log is the longer one.
 */
const livenessThroughConflict: Scenario = {
  id: 'liveness-through-conflict',
  title: 'The only follower has a long log of its own',
  milestone: 'replication',
  section: '§5.3',
  claim:
    'A follower whose log says otherwise is brought round, and counts towards a majority then.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .image(1, { term: 2, log: [1, 1, 1, 1, 1, 1] })
    .image(2, { log: [1, 2] })
    .image(3, { log: [1, 2] })
    .at(50).crash(3)
    .at(100).elapse(2)
    .at(150).request(2, 'put x alive')
    .until(400)
    .plan(),
  criterion(record) {
    const refused = record
      .messagesDelivered('AppendEntriesResponse', { from: 1, to: 2 })
      .some(({ body }) => !body.success);
    if (!refused) return 'S1 does not refuse what does not fit its log.';
    if (!hasLog(record, 1, [1, 2, 3, 3])) return 'S1 does not get the log of S2.';
    return (
      wrongReigns(record, { 3: 2 }) ??
      wrongAnswers(record, ['put x alive']) ??
      disagreement(record, [1, 2])
    );
  },
};

const SHARED = Array<number>(5).fill(1);
const LEADERS = [2, 6, 9].flatMap((term) => Array<number>(20).fill(term));
const STRAY = [3, 4, 5, 8].flatMap((term) => Array<number>(20).fill(term));

/**
 *   S1 S2   5×1 20×2 20×6 20×9
 *   S3      5×1 20×3 20×4 20×5 20×8
 *
 * The logs of S1 and S3 part at index 5, eighty entries before the end of that of S3. A refusal names
 * the term of the entry that does not fit and where it begins, so a whole term is passed in one step.
 */
const longDivergence: Scenario = {
  id: 'long-divergence-sync',
  title: 'Eighty entries of four terms have to go',
  milestone: 'replication',
  section: '§5.3',
  claim:
    'A leader passes a whole term of a stray log with each refusal, and finds where they part.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, inflightMax: 1 })
    .image(1, { log: [...SHARED, ...LEADERS] })
    .image(2, { log: [...SHARED, ...LEADERS] })
    .image(3, { term: 9, log: [...SHARED, ...STRAY] })
    .at(100).elapse(1)
    .at(200).request(1, 'put x long')
    .until(500)
    .plan(),
  criterion(record) {
    if (record.durableOf(3, momentOf(record, 3, 'started') ?? 0).log.length < 80) {
      return 'S3 does not have a long log of its own.';
    }
    const answers = record.messagesDelivered('AppendEntriesResponse', { from: 3, to: 1, term: 10 });
    const refusals = answers.filter(({ body }) => !body.success).length;
    if (refusals === 0) return 'S3 refuses nothing.';
    if (refusals > STRAY.length / 20 + 1) return `S1 needs ${refusals} refusals for four terms.`;
    const kept = record.disks.find(({ node, issued }) => node === 3 && issued.log.length < 5);
    if (kept !== undefined) return 'S3 removes what both logs share.';
    return (
      wrongReigns(record, { 10: 1 }) ?? wrongAnswers(record, ['put x long']) ?? disagreement(record)
    );
  },
};

/**
 *   S1      1n 1a 1b 1c     cut off
 *   S2 S3   1n 2n 2x
 *
 * The first entry that S1 gets from S2, index 2, meets another one there. What follows in the log of
 * S1 followed that one: all three go, and not one of them is applied, though S1 hears at once that
 * index 2 is committed.
 */
const suffixCollision: Scenario = {
  id: 'suffix-collision',
  title: 'New entries meet the tail of a deposed leader',
  milestone: 'replication',
  section: '§5.3, Figure 2',
  claim:
    'With an entry that conflicts goes all that follows it, and nothing that stands before it.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .at(100).elapse(1)
    .at(150).isolate(1)
    .at(160).request(1, 'put a tail', 'put b tail', 'put c tail')
    .at(200).elapse(2)
    .at(220).request(2, 'put x head')
    .at(240).heal()
    .until(400)
    .plan(),
  criterion(record) {
    const heal = record.blocks.findLast(({ links }) => links.length === 0);
    if (!hasLog(record, 1, [1, 1, 1, 1], heal?.order)) return 'S1 does not have a tail of its own.';
    if (!hasLog(record, 1, [1, 2, 2])) return `S1 ends with ${showTerms(record.durableOf(1).log)}.`;
    const cut = record.disks.find(({ node, order, issued }) => {
      return node === 1 && order > (heal?.order ?? 0) && issued.log.length === 0;
    });
    if (cut !== undefined) return 'S1 removes the entry on which all agree.';
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongEffects(record, ['put a tail', 'put b tail', 'put c tail']) ??
      wrongAnswers(record, ['put x head']) ??
      disagreement(record)
    );
  },
};

/**
 * In term 1 S2 confirms index 4 to S1. In term 2 S3 leads, and S2 takes its log, two entries long. In
 * term 3 S1 leads again, and has another entry at index 4, which S5 has as well, and nobody else:
 *
 *   S1 S5      1 2 3 3
 *   S2 S3 S4   1 2
 *
 * What S2 has confirmed in term 1 it does not have any more. Two of five is no majority.
 */
const rolledBack: Scenario = {
  id: 'follower-rollback-match-index',
  title: 'A leader leads again, and its follower has been rolled back',
  milestone: 'replication',
  section: '§5.3, Figure 2',
  claim: 'What a follower confirmed in an earlier reign says nothing about its log in a later one.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 5, quietTimers: true })
    .at(100).elapse(1)
    .at(110).partition([1, 2], [3, 4, 5])
    .at(120).request(1, 'put a first', 'put b first', 'put c first')
    .at(190).heal()
    .at(200).elapse(3)
    .drop({ from: 1, to: [2, 3, 4], kind: 'AppendEntries', term: 3 })
    .at(300).elapse(1)
    .at(320).request(1, 'put x third')
    .at(400).crash(1)
    .at(450).elapse(2)
    .until(600)
    .plan(),
  criterion(record) {
    const confirmed = record
      .messagesDelivered('AppendEntriesResponse', { from: 2, to: 1, term: 1 })
      .some(({ body }) => body.success && body.matchIndex === 4);
    if (!confirmed) return 'S2 does not confirm index 4 in term 1.';
    const third = record.leaderOf(3);
    if (!hasLog(record, 2, [1, 2], third?.order)) return 'S2 is not rolled back in term 2.';
    const crash = momentOf(record, 1, 'crashed') ?? 0;
    const holders = record.nodes.filter(
      (node) => placeOf(record, 'put x third', node, crash) === 4,
    );
    if (holders.join(' ') !== '1 5')
      return `The last command is on ${holders.join(' ')}, not on 1 5.`;
    return (
      wrongReigns(record, { 1: 1, 2: 3, 3: 1, 4: 2 }) ??
      wrongEffects(record, ['put a first', 'put c first', 'put x third']) ??
      disagreement(record, [2, 3, 4, 5])
    );
  },
};

export const DIVERGENCE: readonly Scenario[] = [
  livenessThroughConflict,
  longDivergence,
  suffixCollision,
  rolledBack,
];
