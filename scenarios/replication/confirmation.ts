/** What is sent, what is confirmed, and what is committed with it (§5.3). */
import {
  disagreement,
  momentOf,
  placeOf,
  wrongAnswers,
  wrongEffects,
  wrongReigns,
} from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

/**
 * One message at a time: x gets to S2, but the answer gets lost, so S1 sends x again, with y. S2 has
 * the one and not the other. S1 commits both with its answer, and dies; S2 has what it said.
 */
const partialAppend: Scenario = {
  id: 'partial-append-entries',
  title: 'A follower has a part of what it is sent',
  milestone: 'replication',
  section: '§5.3, Figure 2',
  claim: 'Of what it is sent a follower appends what is new, and confirms what is known as well.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, inflightMax: 1 })
    .at(100).elapse(1)
    .at(110).isolate(3)
    .drop({ from: 2, to: 1, kind: 'AppendEntriesResponse', nth: 2 })
    .at(120).request(1, 'put x part')
    .at(125).request(1, 'put y part')
    .when('acknowledged', { nth: 2 }).crash(1)
    .at(250).heal()
    .at(300).elapse(2)
    .until(500)
    .plan(),
  criterion(record) {
    const crash = momentOf(record, 1, 'crashed');
    const both = record
      .messagesDelivered('AppendEntries', { from: 1, to: 2, term: 1 })
      .find(({ body }) => body.entries.length === 2);
    if (both === undefined) return 'S2 is not sent both commands at once.';
    if (placeOf(record, 'put x part', 2, both.order) !== 2)
      return 'S2 does not have the first yet.';
    if (placeOf(record, 'put y part', 2, both.order) !== 0) return 'S2 has the second already.';
    if (crash === null) return 'S1 does not commit them.';
    if (placeOf(record, 'put y part', 2, crash) !== 3) return 'S2 does not have what it confirmed.';
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongAnswers(record, ['put x part', 'put y part']) ??
      disagreement(record, [2, 3])
    );
  },
};

/**
 * S1, still taking itself for the leader, has a command that S2 has as well, and does not know it. S2
 * is elected: it cannot commit an entry of term 1 by counting, but its own no-op comes behind, and
 * when that is on a majority so is the command. S1 must not have called it failed.
 */
const indirectCommit: Scenario = {
  id: 'indirect-commit-stale-leader',
  title: 'The entry of a stale leader is committed by the next one',
  milestone: 'replication',
  section: '§5.4.2, §8',
  claim:
    'A new leader commits what it has inherited with an entry of its own, and needs no request.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .at(100).elapse(1)
    .at(115).cut(1, 3).cut(2, 1)
    .at(120).request(1, 'put x heir')
    .at(130).isolate(1)
    .at(200).elapse(2)
    .at(300).heal()
    .until(600)
    .plan(),
  criterion(record) {
    const next = record.leaderOf(2);
    if (next === null) return 'S2 is not elected.';
    if (placeOf(record, 'put x heir', 2, next.order) !== 2)
      return 'S2 does not inherit the command.';
    const early = record.applies.find(({ index, order }) => index >= 2 && order < next.order);
    if (early !== undefined) return 'The command is committed in term 1.';
    const first = record.applies.find(({ entry }) => entry.command?.op === 'put x heir');
    if (first === undefined) return 'The command is never committed.';
    const entries = [2, 3].map((node) => record.durableOf(node, first.order).log[2]);
    if (entries.some((entry) => entry?.term !== 2)) return 'No entry of term 2 is on a majority.';
    const outcome = record.outcomeOf('put x heir');
    if (outcome === 'fail') return 'The client is told that its command did not happen.';
    return wrongReigns(record, { 1: 1, 2: 2 }) ?? disagreement(record);
  },
};

/**
 *   S1   1 2n 2x     leads term 2; S2 gets nothing
 *   S3   1 1a 1b     was cut off, and gets a heartbeat that begins behind index 1
 *
 * S3 agrees with S1 through index 1, and that is all it may confirm, however long its log is. Counted
 * for more, it would commit x, which is on one disk of three; S1 dies.
 */
const confirmedThrough: Scenario = {
  id: 'tail-behind-heartbeat',
  title: 'A heartbeat is answered by a server with a longer log',
  milestone: 'replication',
  section: '§5.3',
  claim: 'A success confirms what the message has verified, not what else is in the log.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .at(100).elapse(3)
    .at(150).isolate(3)
    .at(160).request(3, 'put a behind', 'put b behind')
    .drop({ from: 1, to: 2, kind: 'AppendEntries', term: 2 })
    .at(200).elapse(1)
    .at(220).request(1, 'put x ahead')
    .at(240).heal()
    .at(280).crash(1)
    .at(300).elapse(3)
    .until(500)
    .plan(),
  criterion(record) {
    const crash = momentOf(record, 1, 'crashed') ?? 0;
    const told = record.messagesDelivered('AppendEntries', { from: 1, to: 3, term: 2 });
    const heartbeat = told.find(({ body }) => body.entries.length === 0 && body.prevLogIndex === 1);
    if (heartbeat === undefined || heartbeat.order > crash) return 'S3 gets no such heartbeat.';
    if (record.durableOf(3, heartbeat.order).log.length !== 3) return 'S3 has no tail of its own.';
    const answer = record
      .messagesSent('AppendEntriesResponse', { from: 3, to: 1, term: 2 })
      .find(({ order }) => order > heartbeat.order);
    if (answer === undefined || !answer.body.success) return 'S3 does not agree.';
    if (answer.body.matchIndex !== 1) return `S3 confirms index ${answer.body.matchIndex}.`;
    return wrongReigns(record, { 1: 3, 2: 1, 3: 3 }) ?? wrongEffects(record, ['put x ahead']);
  },
};

const IDLE_US = 500_000;
const HEARTBEATS_MAX = 25;

/**
 * Ten commands, S2 starts anew when its answers got lost, and S1 sends it again what it has not
 * confirmed. After half a second all is said, and for a second nobody asks for anything: what is on
 * the wire then is a heartbeat to each follower every 50 ms, without entries, and its answer.
 */
const idleTraffic: Scenario = {
  id: 'idle-traffic',
  title: 'A second in which nothing is asked',
  milestone: 'replication',
  section: '§5.2, §5.3',
  claim: 'A cluster that is at rest sends heartbeats and answers, and no entry once more.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, batchEntriesMax: 1 })
    .at(100).elapse(1)
    .at(110).cut(2, 1)
    .at(120).request(1, ...Array.from({ length: 10 }, (_, i) => `put k${i} idle`))
    .at(130).crash(2, { restartMs: 5 })
    .at(140).heal()
    .until(1500)
    .plan(),
  criterion(record) {
    if (placeOf(record, 'put k9 idle', 2) !== 11) return 'S2 does not have all commands.';
    const entriesTo3 = record.messagesSent('AppendEntries', { to: 3 });
    const sent = entriesTo3.reduce((count, { body }) => count + body.entries.length, 0);
    if (sent !== 11) return `S3, which misses nothing, is sent ${sent} entries instead of 11.`;
    const idle = record.sends.filter(({ atUs }) => atUs >= IDLE_US && atUs < 2 * IDLE_US + IDLE_US);
    const calls = idle.flatMap(({ to, body }) =>
      body.kind === 'AppendEntries' ? [{ to, body }] : [],
    );
    if (calls.some(({ body }) => body.entries.length > 0))
      return 'Entries are sent when all have all.';
    for (const node of [2, 3]) {
      const count = calls.filter(({ to }) => to === node).length;
      if (count === 0 || count > HEARTBEATS_MAX)
        return `S${node} gets ${count} heartbeats a second.`;
    }
    if (idle.length > 2 * calls.length)
      return 'There is more on the wire than questions and answers.';
    return wrongReigns(record, { 1: 1 }) ?? disagreement(record);
  },
};

export const CONFIRMATION: readonly Scenario[] = [
  partialAppend,
  indirectCommit,
  confirmedThrough,
  idleTraffic,
];
