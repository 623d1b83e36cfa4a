/** What a cluster goes through when servers come back: from a crash, or from behind a partition. */
import { isSameEntry } from '../agreement.ts';
import { showConfiguration } from '../configurations.ts';
import { disagreement, hasLog, voteOf, wrongAnswers, wrongReigns } from '../expectations.ts';
import { changeSteps } from '../membership/change-steps.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

/**
 * S3 votes for S1 in term 1 and crashes. When it is back S2, which has heard of nothing, asks it for
 * its vote of the same term, and is refused: the vote is on disk. Later S3 crashes with a committed
 * command in its log. It begins anew with commitIndex 0, and applies from index 1 on what its leader
 * says is committed, when it says so.
 */
const crashRecovery: Scenario = {
  id: 'crash-recovery',
  title: 'A server comes back with what is on its disk',
  milestone: 'recovery',
  section: '§5.1, Figure 2',
  claim:
    'A server goes on with the term, vote and log of its disk, and learns anew what is committed.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .at(50).partition(1, 2)
    .when('voteGranted', { node: 3, count: 1 }).crash(3, { restartMs: 5 })
    .at(100).elapse(1)
    .at(110).elapse(2)
    .at(150).request(1, 'put x crash')
    .at(220).crash(3, { restartMs: 10 })
    .at(300).heal()
    .until(500)
    .plan(),
  criterion(record) {
    const starts = record.lifecycles.filter(({ node, what }) => node === 3 && what === 'started');
    if (starts.length !== 3) return `S3 starts ${starts.length} times.`;
    if (record.messagesSent('RequestVote', { from: 2, to: 3, term: 1 }).length === 0) {
      return 'S2 does not ask S3 for its vote of term 1.';
    }
    if (voteOf(record, 3, 2, 1) !== false) return 'S3 does not refuse its second vote of term 1.';
    const back = starts[2]!.order;
    const told = record.messagesDelivered('AppendEntries', { from: 1, to: 3 });
    const heard = told.find(({ order, body }) => order > back && body.leaderCommit >= 2);
    const applied = record.appliedBy(3);
    if (heard === undefined || applied.length < 2) return 'S3 does not catch up.';
    if (applied[0]!.order < heard.order) return 'S3 applies entries before its leader is heard.';
    return (
      wrongReigns(record, { 1: 1 }) ?? wrongAnswers(record, ['put x crash']) ?? disagreement(record)
    );
  },
};

/**
 * S5 is cut off from its leader S1, stands for election again and again, and does not win; for that
 * it appends nothing. The others commit three commands. When S5 is back, the leader is told of its
 * term and steps down; S5 stands once more, and nobody votes for a log that lacks so much. S1 leads
 * again, finds where the logs agree, and S5 gets what it has missed.
 *
 *   S1 … S4    1 1 2 3 3 3 3 7
 *   S5         1 1 2 3              in term 5, then 6
 */
const partitionRecovery: Scenario = {
  id: 'partition-recovery',
  title: 'A follower comes back from behind a partition',
  milestone: 'recovery',
  section: '§5.3, §5.4.1',
  claim:
    'A candidate appends nothing, is not elected with a log that lags, and gets what it lacks.',
  // biome-ignore format: one moment of the story per line
  plan: [1, 2, 3, 4, 5]
    .reduce((story, node) => story.image(node, { log: [1, 1, 2] }), script({ size: 5, quietTimers: true }))
    .at(100).elapse(1)
    .at(150).isolate(5)
    .at(160).request(1, 'put a away')
    .at(170).request(1, 'put b away')
    .at(180).request(1, 'put c away')
    .at(250).elapse(5)
    .at(300).elapse(5)
    .at(400).heal()
    .at(500).elapse(5)
    .at(600).elapse(1)
    .until(900)
    .plan(),
  criterion(record) {
    const stood = record.messagesSent('RequestVote', { from: 5 });
    if (!stood.some(({ body }) => body.term === 6)) return 'S5 does not stand when it is back.';
    const heal = record.blocks.findLast(({ links }) => links.length === 0);
    if (!hasLog(record, 5, [1, 1, 2, 3], heal?.order)) return 'S5 appends entries of its own.';
    if (voteOf(record, 1, 5, 6) !== false) return 'S1 does not refuse its vote to S5.';
    const ops = ['put a away', 'put b away', 'put c away'];
    const missing = ops.find((op) =>
      record.appliedBy(5).every((it) => it.entry.command?.op !== op),
    );
    if (missing !== undefined) return `S5 does not apply "${missing}".`;
    return wrongReigns(record, { 3: 1, 7: 1 }) ?? wrongAnswers(record, ops) ?? disagreement(record);
  },
};

/**
 * S5 was cut off and stood once, so it is in term 4 when S1, leader of term 3, reaches it again. It
 * takes nothing from a leader of term 3, and says that the term is 4. S1 steps down, and neither
 * leads term 4 nor takes requests; the election after that is in term 5. S1 has the longest log, and
 * leads again, with the log that it had.
 */
const termReintegration: Scenario = {
  id: 'term-reintegration',
  title: 'A server of a higher term comes back',
  milestone: 'recovery',
  section: '§5.1',
  claim:
    'A higher term ends a reign, also that of a leader with a majority; the log stays as it was.',
  // biome-ignore format: one moment of the story per line
  plan: [1, 2, 3, 4, 5]
    .reduce((story, node) => story.image(node, { log: [1, 2] }), script({ size: 5, quietTimers: true }))
    .at(100).elapse(1)
    .at(150).isolate(5)
    .at(160).request(1, 'put x before')
    .at(200).elapse(5)
    .at(300).heal()
    .at(400).request(1, 'put y between')
    .at(500).elapse(1)
    .at(600).request(1, 'put z after')
    .until(800)
    .plan(),
  criterion(record) {
    const refusal = record
      .messagesDelivered('AppendEntriesResponse', { from: 5, to: 1, term: 4 })
      .find(({ body }) => !body.success);
    if (refusal === undefined) return 'S5 does not refuse term 3 with its term 4.';
    const late = record
      .messagesSent('AppendEntries', { from: 1, term: 3 })
      .find(({ order }) => order > refusal.order);
    if (late !== undefined) return 'S1 leads term 3 after it has heard of term 4.';
    if (record.outcomeOf('put y between') === 'ok') return 'S1 takes a request between its reigns.';
    const { log } = record.durableOf(1, refusal.order);
    const after = record.durableOf(1).log;
    if (log.some((entry, at) => !isSameEntry(entry, after[at]!))) return 'S1 loses entries.';
    return (
      wrongReigns(record, { 3: 1, 5: 1 }) ??
      wrongAnswers(record, ['put x before', 'put z after']) ??
      disagreement(record)
    );
  },
};

const OLD = '1 2 3';
const JOINT = '1 2 3 / 1 2 4';
const NEW = '1 2 4';

/**
 * S1 exchanges S3 for S4 and dies when C_old,new is with it, S2 and S4, and committed to nobody's
 * knowledge. S2 is elected, by S3 and S4. It cannot tell whether the entry is committed, and need not:
 * it is in its log, so S2 goes by it, commits it like any other entry, and completes the change.
 */
const jointEntryFound: Scenario = {
  id: 'joint-entry-found',
  title: 'The next leader has the configuration of the dead one',
  milestone: 'recovery',
  section: '§6',
  claim: 'A new leader that finds C_old,new in its log goes by it, and completes the change.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, spares: 1, quietTimers: true, operatorTimeoutMs: 100 })
    .at(100).elapse(1)
    .at(150).cut(1, 3)
    .at(160).changeMembership([1, 2, 4])
    .when('configuration').cut([2, 3, 4], 1)
    .at(300).crash(1)
    .at(310).heal()
    .at(400).elapse(2)
    .until(700)
    .plan(),
  criterion(record) {
    const steps = changeSteps(record);
    const found = steps.map(({ words, node }) => `${words} of S${node}`).join(', ');
    if (found !== `${JOINT} of S1, ${NEW} of S2`) return `The changes are ${found || 'none'}.`;
    const death = record.lifecycles.find(({ what }) => what === 'crashed');
    if (death === undefined || steps[0]!.committed < death.order) {
      return 'C_old,new is known to be committed before S1 dies.';
    }
    if (showConfiguration(record.durableConfigurationOf(3, death.order)) !== OLD) {
      return 'S3 has C_old,new when S1 dies.';
    }
    if (steps[0]!.committed > steps[1]!.order)
      return 'C_new is made before C_old,new is committed.';
    if (steps[1]!.committed === Number.POSITIVE_INFINITY) return 'C_new is never committed.';
    return wrongReigns(record, { 1: 1, 2: 2 }) ?? disagreement(record, [2, 4]);
  },
};

/**
 * The same change, but nobody has C_old,new when S1 is cut off with it. S2 is elected by S3 and goes
 * on as if nothing had been asked for. When S1 is back its entry is replaced, and with it goes the
 * configuration: S1 counts by the old one again. So it can be elected by S3 alone, with S2 gone.
 */
const jointEntryLost: Scenario = {
  id: 'joint-entry-lost',
  title: 'The next leader does not have the configuration of the other',
  milestone: 'recovery',
  section: '§6',
  claim: 'When the entry of C_old,new is replaced, the configuration before it is in force again.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, spares: 1, quietTimers: true, operatorTimeoutMs: 100 })
    .at(100).elapse(1)
    .at(160).changeMembership([1, 2, 4])
    .when('configuration').isolate(1)
    .at(300).elapse(2)
    .at(350).request(2, 'put x old')
    .at(400).heal()
    .at(500).crash(2)
    .at(600).elapse(1)
    .at(650).request(1, 'put y old')
    .until(800)
    .plan(),
  criterion(record) {
    const joint = changeSteps(record)[0];
    if (joint?.words !== JOINT || joint.node !== 1) return 'S1 does not begin the change.';
    if (joint.committed !== Number.POSITIVE_INFINITY) return 'C_old,new is committed.';
    for (const node of [1, 2, 3]) {
      const words = showConfiguration(record.configurationOf(node));
      if (words !== OLD) return `S${node} ends with ${words} instead of ${OLD}.`;
    }
    return (
      wrongReigns(record, { 1: 1, 2: 2, 3: 1 }) ??
      wrongAnswers(record, ['put x old', 'put y old']) ??
      disagreement(record, [1, 3])
    );
  },
};

export const WALK_THROUGHS: readonly Scenario[] = [
  crashRecovery,
  partitionRecovery,
  termReintegration,
  jointEntryFound,
  jointEntryLost,
];
