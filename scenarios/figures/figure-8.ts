/**
 * Figure 8 of the paper: why a leader cannot tell from an entry of an earlier term on a majority of
 * disks that it is committed. A box is one entry, the number in it its term; * is the leader.
 *
 *             (a)         (b)         (c)         (d)         (e)
 *   index     1   2       1   2       1   2   3   1   2       1   2   3
 *   S1        1   2 *     1   2       1   2   4*  1   3       1   2   4*
 *   S2        1   2       1   2       1   2       1   3       1   2   4
 *   S3        1           1           1   2       1   3       1   2   4
 *   S4        1           1           1           1   3       1
 *   S5        1           1   3 *     1   3       1   3 *     1   3
 *
 * (a) S1 leads term 2 and gets its entry at index 2 to S2 only.
 * (b) S1 dies. S3, S4 and its own vote make S5 the leader of term 3; it accepts another entry at
 *     index 2, and dies before anybody has heard of it.
 * (c) S1 comes back, is elected again (term 4) and goes on: the entry of term 2 is on a majority
 *     now. It is not committed.
 * (d) S1 dies. S2, S3 and S4 vote for S5 (term 5), since 3 is more than 2, and S5 replaces the entry
 *     of term 2 on all of them by its own of term 3.
 * (e) But if S1 gets an entry of its own term to a majority before it dies, both are committed: S5
 *     cannot be elected any more, since 4 is more than 3.
 *
 * The entries of terms 3 and 4 are the no-ops with which these reigns begin; S5 adds one of term 5.
 * Every AppendEntries of term 4 that would bring more than the figure shows is lost: S2 gets one
 * heartbeat, by which S1 learns that S2 has the entry; S3 gets the entry, after a first refusal.
 */
import type { Plan } from '../../sim/kernel/plan.ts';
import { appliesAgree, logsAgree, oneLeaderPerTerm, showTerms } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { type Script, script } from '../script.ts';

/** When (c) is there, and stands still. */
const C_MS = 900;

/** (a) is what the disks hold; then (b). */
function untilB(): Script {
  // biome-ignore format: one moment of the story per line
  return script({ size: 5, quietTimers: true, batchEntriesMax: 1, settle: true })
    .image(1, { term: 2, votedFor: 1, log: [1, 2] })
    .image(2, { term: 2, votedFor: 1, log: [1, 2] })
    .image(3, { term: 2, votedFor: 1, log: [1] })
    .image(4, { term: 2, log: [1] })
    .image(5, { term: 2, log: [1] })
    .at(0).crash(1)
    .when('leader', { node: 5, count: 1 }).crash(5, { keep: 'all' })
    .at(200).elapse(5);
}

/** S1 stands for term 3, in which S3 and S4 have voted for S5; for term 4 it has their votes. */
function untilC(): Script {
  // biome-ignore format: one moment of the story per line
  return untilB()
    .at(400).restart(1)
    .at(500).elapse(1)
    .at(600).elapse(1);
}

function overwritten(): Plan {
  // biome-ignore format: one moment of the story per line
  return untilC()
    .pass({ from: 1, to: 2, kind: 'AppendEntries', term: 4, nth: 2 })
    .pass({ from: 1, to: 3, kind: 'AppendEntries', term: 4, nth: 1 })
    .pass({ from: 1, to: 3, kind: 'AppendEntries', term: 4, nth: 2 })
    .drop({ from: 1, to: 'all', kind: 'AppendEntries', term: 4 })
    .at(C_MS).crash(1)
    // (d) In term 4 they have voted for S1; for term 5 S5 has their votes.
    .at(1000).restart(5)
    .at(1100).elapse(5)
    .at(1200).elapse(5)
    .until(2000)
    .plan();
}

function committed(): Plan {
  // biome-ignore format: one moment of the story per line
  return untilC()
    // (e) S2 and S3 get everything.
    .drop({ from: 1, to: [4, 5], kind: 'AppendEntries', term: 4 })
    .at(C_MS).crash(1)
    .at(1000).restart(5)
    .at(1100).elapse(5)
    .at(1200).elapse(5)
    .until(2000)
    .plan();
}

export const figure8: Scenario = {
  id: 'figure-8',
  title: 'Figure 8 (a) to (d): an entry on a majority is replaced',
  milestone: 'figure',
  section: '§5.4.2, Figure 8',
  claim:
    'An entry of an earlier term on a majority of disks is not committed, and can be replaced.',
  plan: overwritten(),
  criterion: criterionOfD,
};

export const figure8Committed: Scenario = {
  id: 'figure-8-committed',
  title: 'Figure 8 (a) to (c) and (e): an entry of the own term commits both',
  milestone: 'figure',
  section: '§5.4.2, Figure 8',
  claim: 'When an entry of the current term is committed, all before it are committed with it.',
  plan: committed(),
  criterion: criterionOfE,
};

function criterionOfD(record: RunRecord): string | null {
  const death = record.lifecycles.find(({ node, atUs }) => node === 1 && atUs === C_MS * 1000);
  if (death === undefined) return 'S1 is not there at (c).';
  const wrong = differsFrom(record, death.order, ['1 2 4', '1 2', '1 2', '1', '1 3']);
  if (wrong !== null) return `(c): ${wrong}`;
  const known = record
    .messagesDelivered('AppendEntriesResponse', { to: 1, term: 4 })
    .filter(({ body }) => body.success && body.matchIndex === 2);
  if (new Set(known.map(({ from }) => from)).size < 2) return 'S1 does not know of its majority.';
  const early = record.applies.find(({ index, entry }) => index === 2 && entry.term === 2);
  if (early !== undefined) return `S${early.node} applies the entry of term 2.`;
  if (record.leaderOf(5)?.node !== 5) return '(d): S5 does not lead term 5.';
  const end = differsFrom(record, undefined, ['1 3 5', '1 3 5', '1 3 5', '1 3 5', '1 3 5']);
  return end ?? agreement(record);
}

function criterionOfE(record: RunRecord): string | null {
  const first = record.applies.find(({ index, entry }) => index === 2 && entry.term === 2);
  if (first === undefined) return '(e): The entry of term 2 is never committed.';
  // Three of five disks have the entry of term 4, and not one less.
  const wrong = differsFrom(record, first.order, ['1 2 4', '1 2 4', '1 2 4', '1', '1 3']);
  if (wrong !== null) return `(e): ${wrong}`;
  const led = record.leaders().find(({ node, term }) => node === 5 && term > 4);
  if (led !== undefined) return `S5 leads term ${led.term}, without what was committed.`;
  const stood = record.messagesSent('RequestVote', { from: 5, term: 5 });
  if (stood.length === 0) return 'S5 does not stand for term 5.';
  const lost = record.nodes.find(
    (node) => !showTerms(record.durableOf(node).log).startsWith('1 2 4'),
  );
  if (lost !== undefined) return `S${lost} does not end with what was committed.`;
  return agreement(record);
}

/** Null when the logs on disk, S1 to S5, have these terms just before `order`. */
function differsFrom(
  record: RunRecord,
  order: number | undefined,
  wanted: readonly string[],
): string | null {
  for (const node of record.nodes) {
    const terms = showTerms(record.durableOf(node, order).log);
    if (terms !== wanted[node - 1]) return `S${node} has ${terms} instead of ${wanted[node - 1]}.`;
  }
  return null;
}

function agreement(record: RunRecord): string | null {
  return oneLeaderPerTerm(record) ?? appliesAgree(record) ?? logsAgree(record, record.nodes);
}
