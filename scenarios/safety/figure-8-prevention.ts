/**
 * Figure 8 with a real client, up to the moment at which a wrong leader would commit. Terms of the
 * entries; every log begins with an entry of term 1. (For all five steps of the figure see
 * figure-8.ts; here each reign begins with its no-op.)
 *
 *              1   2   3   4
 *   S1         1   2   2   4    leads term 2, gets the client's command to S2 only, dies;
 *   S2         1   2   2        comes back, leads term 4, and now gets it to S3 as well
 *   S3         1   2   2
 *   S4         1
 *   S5         1   3            led term 3 in between, and died before anybody heard of its entry
 *
 * The command, index 3, is on three disks of five, and S1 knows it. But its term is 2, and S1 leads
 * term 4: it must not count. S5 could still be elected, since 3 is more than 2, and would replace
 * the command on all of them. Only an entry of S1's own term on a majority makes it safe, and the
 * entry of term 4 does not get through. S1 dies again, the cluster is healed, and whatever it
 * agrees on then, all agree.
 */
import { appliesAgree, holdersOf, logsAgree, oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const OP = 'put x 2';
const LAST_CRASH_MS = 900;

// biome-ignore format: one moment of the story per line
const plan = script({ size: 5, quietTimers: true, batchEntriesMax: 1, settle: true })
  .image(1, { log: [1] })
  .image(2, { log: [1] })
  .image(3, { log: [1] })
  .image(4, { log: [1] })
  .image(5, { log: [1] })
  // Term 2: S1 gets its entries to S2 only.
  .drop({ from: 1, to: [3, 4, 5], kind: 'AppendEntries', term: 2 })
  .at(100).elapse(1)
  .at(120).request(1, OP)
  .at(200).crash(1)
  // Term 3: S5 is elected by S3 and S4, appends an entry, and is gone.
  .when('leader', { node: 5, count: 1 }).crash(5, { keep: 'all' })
  .at(300).elapse(5)
  // Term 3 has no vote left for S1, term 4 has. S3 gets the entries of term 2, one by one; the
  // fourth AppendEntries would bring that of term 4. S2 gets a heartbeat only.
  .pass({ from: 1, to: 3, kind: 'AppendEntries', term: 4, nth: 1 })
  .pass({ from: 1, to: 3, kind: 'AppendEntries', term: 4, nth: 2 })
  .pass({ from: 1, to: 3, kind: 'AppendEntries', term: 4, nth: 3 })
  .pass({ from: 1, to: 2, kind: 'AppendEntries', term: 4, nth: 2 })
  .drop({ from: 1, to: 'all', kind: 'AppendEntries', term: 4 })
  .at(400).restart(1)
  .at(500).elapse(1)
  .at(600).elapse(1)
  .at(LAST_CRASH_MS).crash(1)
  .until(1000)
  .plan();

export const figure8Prevention: Scenario = {
  id: 'figure-8-prevention',
  title: 'Figure 8 scenario prevention',
  milestone: 3,
  section: '§5.4.2',
  claim: 'A leader does not commit an entry of an earlier term by counting the disks that have it.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const leaders = record.leaders();
  for (const [term, node] of [
    [2, 1],
    [3, 5],
    [4, 1],
  ] as const) {
    if (!leaders.some((leader) => leader.term === term && leader.node === node)) {
      return `S${node} does not lead term ${term}.`;
    }
  }
  const end = record.lifecycles.findLast(({ node, what }) => node === 1 && what === 'crashed')!;
  const holders = holdersOf(record, OP, end.order);
  if (holders.join() !== '1,2,3') return `The command is on S${holders.join(', S')}, not S1 to S3.`;
  const known = record
    .messagesDelivered('AppendEntriesResponse', { to: 1, term: 4 })
    .filter(({ body }) => body.success && body.matchIndex >= 3);
  if (new Set(known.map(({ from }) => from)).size < 2) {
    return 'S1 does not know that a majority has the command.';
  }
  const early = record.applies.find(({ order, index }) => index >= 2 && order < end.order);
  if (early !== undefined) return `S${early.node} applies index ${early.index} in term 4.`;
  const claimed = record
    .messagesSent('AppendEntries')
    .find(({ order, body }) => order < end.order && body.leaderCommit >= 2);
  if (claimed !== undefined) return `S${claimed.from} says that an entry of term 2 is committed.`;
  if (record.outcomeOf(OP) === 'ok') return 'The client is told that the command is committed.';
  return oneLeaderPerTerm(record) ?? appliesAgree(record) ?? logsAgree(record, record.nodes);
}
