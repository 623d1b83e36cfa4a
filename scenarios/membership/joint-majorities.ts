/**
 * From three servers to five, and S1 dies when all have C_old,new and nobody knows it committed. What
 * can elect is a majority of each, not one particular server:
 *
 *   without S1          S3 cut off, too: S2, S4, S5 are three of the new five, one of the old three
 *   S1 is back          S3 still cut off: S1, S2, S4, S5 are two of the old three, four of the new five
 *
 * So S2 is not elected at first, and then it is. It commits C_old,new before it makes C_new.
 */
import { appliesAgree, logsAgree, oneLeaderPerTerm } from '../agreement.ts';
import { showConfiguration } from '../configurations.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';
import { changeSteps, wrongSteps } from './change-steps.ts';

const OLD = '1 2 3';
const NEW = '1 2 3 4 5';
const BACK_MS = 600;
const HEAL_MS = 900;

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, spares: 2, quietTimers: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1')
  .at(200).changeMembership([1, 2, 3, 4, 5])
  .when('configuration').cut([2, 3, 4, 5], 1)
  .at(400).crash(1)
  .at(410).heal().isolate(3)
  .at(500).elapse(2)
  .at(BACK_MS).restart(1)
  .at(700).elapse(2)
  .at(HEAL_MS).heal()
  .until(1300)
  .plan();

export const jointMajorities: Scenario = {
  id: 'joint-majorities',
  title: 'A majority of each, whoever it is made of',
  milestone: 4,
  section: '§6',
  claim: 'In C_old,new a leader needs a majority of each side, and no one server in particular.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const wrong = wrongSteps(record, [`${OLD} / ${NEW}`, NEW]);
  if (wrong !== null) return wrong;
  const crash = record.lifecycles.find(({ what, node }) => what === 'crashed' && node === 1);
  if (crash === undefined) return 'S1 does not die.';
  for (const node of [1, 2, 3, 4, 5]) {
    const words = showConfiguration(record.durableConfigurationOf(node, crash.order));
    if (words !== `${OLD} / ${NEW}`) return `S${node} has ${words} when S1 dies.`;
  }
  const votesIn = (term: number) =>
    record
      .messagesDelivered('RequestVoteResponse', { to: 2, term })
      .filter(({ body }) => body.voteGranted)
      .map(({ from }) => from);
  const without = votesIn(2);
  if (!without.includes(4) || !without.includes(5)) return 'S2 does not get a majority of C_new.';
  if (record.leaderOf(2) !== null) return 'S2 leads without a majority of C_old.';
  const elected = record.leaderOf(3);
  if (elected?.node !== 2 || elected.atUs < BACK_MS * 1000) return 'S2 does not lead term 3.';
  if (!votesIn(3).includes(1) || elected.atUs >= HEAL_MS * 1000) return 'S2 waits for S3.';
  const final = changeSteps(record)[1]!;
  const commit = record.applies.find(({ order }) => order === final.committed);
  if (commit === undefined || commit.atUs >= HEAL_MS * 1000) return 'The change waits for S3.';
  return oneLeaderPerTerm(record) ?? appliesAgree(record) ?? logsAgree(record, [1, 2, 3, 4, 5]);
}
