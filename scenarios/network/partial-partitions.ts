/** Networks that are neither whole nor cut, and messages from another age (§5.1, thesis §9.6). */
import { disagreement, placeOf, wrongAnswers, wrongEffects, wrongReigns } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const CUT_US = 500_000;
const OUTAGE_US_MAX = 1_500_000;

/**
 * S1 is heard and hears nobody: its heartbeats keep the others quiet, and nothing that they send comes
 * back. Without an answer it commits nothing, so it has to go: it steps down, and one of the others is
 * elected, who still remembers S1 for a while, but not for ever.
 */
const oneWay: Scenario = {
  id: 'one-way-partition',
  title: 'A leader is heard, and hears nobody',
  milestone: 'network',
  section: 'thesis §6.2, §9.6',
  claim: 'A leader that is heard but not answered gives way, and the others elect another one.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, preVote: true, checkQuorum: true })
    .timer(1, 'election', 1, 150)
    .timer(2, 'election', 1, 300)
    .timer(3, 'election', 1, 300)
    .at(500).cut([2, 3], 1)
    .at(510).request(1, 'put x unheard')
    .at(2500).request(2, 'put y heard').request(3, 'put z heard')
    .until(3000)
    .plan(),
  criterion(record) {
    const [first, second] = record.leaders();
    if (first?.node !== 1 || first.atUs >= CUT_US) return 'S1 does not lead when it is cut off.';
    const told = record.messagesDelivered('AppendEntries', { from: 1, afterUs: CUT_US + 100_000 });
    if (told.length === 0) return 'S1 is not heard any more.';
    const heard = record.deliveries.find(({ to, atUs }) => to === 1 && atUs > CUT_US + 10_000);
    if (heard !== undefined) return `S1 hears of S${heard.from}.`;
    if (second === undefined) return 'Nobody takes over.';
    if (second.node === 1 || second.atUs > CUT_US + OUTAGE_US_MAX) return 'It takes too long.';
    const late = record
      .messagesSent('AppendEntries', { from: 1, term: first.term })
      .find(({ atUs }) => atUs > second.atUs);
    if (late !== undefined) return 'S1 still leads when another one does.';
    const later = ['put y heard', 'put z heard'].filter((op) => record.outcomeOf(op) === 'ok');
    if (later.length === 0) return 'The new leader commits nothing.';
    return record.outcomeOf('put x unheard') === 'ok' ? 'S1 says ok without an answer.' : null;
  },
};

const BRIDGE_MS = 500;

/**
 * S1 and S2 on one side, S4 and S5 on the other, and S3 hears all. S1 has a majority with S2 and S3. S4
 * and S5 do not hear it and ask for pre-votes, with logs as good as any; S3 hears S1, and refuses.
 * So S1 leads on, for two seconds, and what it commits S4 and S5 get when the bridge is closed.
 */
const bridge: Scenario = {
  id: 'bridge-partition',
  title: 'Two halves, and one server that hears both',
  milestone: 'network',
  section: 'thesis §9.6, §4.2.3',
  claim: 'Servers that do not hear a leader cannot depose it while a majority does.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 5, preVote: true, checkQuorum: true })
    .timer(1, 'election', 1, 150)
    .timer(2, 'election', 1, 300)
    .timer(3, 'election', 1, 300)
    .timer(4, 'election', 1, 300)
    .timer(5, 'election', 1, 300)
    .at(BRIDGE_MS).partition([1, 2], [4, 5])
    .at(2400).request(1, 'put x bridge')
    .at(2500).heal()
    .until(3000)
    .plan(),
  criterion(record) {
    const open = { afterUs: BRIDGE_MS * 1000, beforeUs: 2_500_000 };
    for (const node of [4, 5]) {
      const asked = record.messagesDelivered('RequestVote', { ...open, from: node, to: 3 });
      if (asked.length < 2) return `S${node} does not ask S3 for pre-votes.`;
      const heard = record.messagesDelivered('AppendEntries', { ...open, from: 1, to: node });
      if (heard.length > 1) return `S${node} hears S1.`;
    }
    return (
      wrongReigns(record, { 1: 1 }) ??
      wrongAnswers(record, ['put x bridge']) ??
      disagreement(record)
    );
  },
};

/**
 * Votes, AppendEntries and their answers come a second time, a quarter of a second later, when there
 * is another leader. S1 leads terms 1 and 3, S2 terms 2 and 4. Then S1 stands for term 5, but nobody
 * hears of that; what comes are the votes of term 3, once more, and they do not elect it.
 */
const oldMessages: Scenario = {
  id: 'old-messages',
  title: 'All messages come again in another term',
  milestone: 'network',
  section: '§5.1, §5.5',
  claim: 'Messages that come twice, or in a later term, change nothing.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .duplicate({ from: 'all', to: 'all', kind: 'RequestVoteResponse' }, 250)
    .duplicate({ from: 'all', to: 'all', kind: 'AppendEntries' }, 270)
    .duplicate({ from: 'all', to: 'all', kind: 'AppendEntriesResponse' }, 290)
    .at(100).elapse(1)
    .at(120).request(1, 'put a old')
    .at(300).elapse(2)
    .at(320).request(2, 'put b old')
    .at(500).elapse(1)
    .at(520).request(1, 'put c old')
    // Nobody hears that S1 stands, and the votes of term 3 come once more at 752 ms.
    .at(740).cut(1, [2, 3]).elapse(2)
    .at(748).elapse(1)
    .at(900).heal()
    .at(1000).elapse(2)
    .at(1050).request(2, 'put d old')
    .until(1500)
    .plan(),
  criterion(record) {
    const stands = record.messagesSent('RequestVote', { from: 1 }).at(-1);
    const votes = record
      .messagesDelivered('RequestVoteResponse', { to: 1 })
      .filter(({ order, body }) => order > (stands?.order ?? 0) && body.voteGranted);
    if (stands?.body.term !== 5) return 'S1 does not stand for term 5.';
    if (!votes.some(({ body }) => body.term === 3)) return 'No vote of term 3 comes to S1 then.';
    const late = record.deliveries.filter(({ to, body, order }) => {
      return body.kind === 'AppendEntries' && body.term < record.durableOf(to, order).currentTerm;
    });
    if (late.length === 0) return 'No AppendEntries comes in a later term.';
    const ops = ['put a old', 'put b old', 'put c old', 'put d old'];
    const places = ops.map((op) => placeOf(record, op, 3));
    if (places.some((place, at) => place <= (places[at - 1] ?? 0))) return 'S3 has another order.';
    return (
      wrongReigns(record, { 1: 1, 2: 2, 3: 1, 4: 2, 6: 2 }) ??
      wrongAnswers(record, ops) ??
      disagreement(record)
    );
  },
};

/**
 * What S1 sends to S3 in term 1 takes 300 ms. When it arrives S2 and S3 have committed another entry at
 * this place, in term 2, and S2 has died. S3 says that the term is 2, and keeps what it has.
 */
const lateAppend: Scenario = {
  id: 'late-append-entries',
  title: 'Entries of a deposed leader arrive when others are committed',
  milestone: 'network',
  section: '§5.1, Figure 2',
  claim: 'AppendEntries of an earlier term is refused, and removes nothing.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .at(100).elapse(1)
    .drop({ from: 1, to: 2, kind: 'AppendEntries', term: 1, nth: 2 })
    .delay({ from: 1, to: 3, kind: 'AppendEntries', term: 1, nth: 2 }, 300)
    .at(120).request(1, 'put x late')
    .at(130).isolate(1)
    .at(200).elapse(2)
    .at(220).request(2, 'put y first')
    .when('acknowledged', { node: 2 }).crash(2)
    .at(500).heal()
    .at(600).elapse(3)
    .until(800)
    .plan(),
  criterion(record) {
    const arrival = record
      .messagesDelivered('AppendEntries', { from: 1, to: 3, term: 1 })
      .find(({ body }) => body.entries.some(({ command }) => command?.op === 'put x late'));
    if (arrival === undefined) return 'The entry of S1 never gets to S3.';
    if (placeOf(record, 'put y first', 3, arrival.order) === 0) return 'It comes too early.';
    const refusal = record
      .messagesSent('AppendEntriesResponse', { from: 3, to: 1 })
      .find(({ order }) => order > arrival.order);
    if (refusal === undefined || refusal.body.success) return 'S3 does not refuse.';
    if (refusal.body.term !== 2) return `S3 refuses with term ${refusal.body.term} instead of 2.`;
    return (
      wrongReigns(record, { 1: 1, 2: 2, 3: 3 }) ??
      wrongAnswers(record, ['put y first']) ??
      wrongEffects(record, ['put x late']) ??
      disagreement(record, [1, 3])
    );
  },
};

export const PARTIAL_PARTITIONS: readonly Scenario[] = [oneWay, bridge, oldMessages, lateAppend];
