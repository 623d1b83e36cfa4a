/**
 * From S1, S2, S3 to S3, S4, S5: two of the old and two of the new make a majority of each, and need
 * not meet. All have C_old,new, which is not committed, when the network falls apart between them.
 *
 *   S1 S2  |  S3 S4 S5
 *
 *   S2 stands: S1 votes for it. A majority of C_old, nobody of C_new.
 *   S3 stands: S4 and S5 vote for it. All of C_new, of C_old only itself.
 *
 * Each side could decide alone by one of the two configurations, and neither does: until the network
 * is whole nobody leads and nothing is committed. Then S3 is elected and completes the change.
 */
import { appliesAgree, logsAgree, oneLeaderPerTerm } from '../agreement.ts';
import { showConfiguration } from '../configurations.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';
import { wrongSteps } from './change-steps.ts';

const APART_MS = 400;
const HEAL_MS = 800;
const JOINT = '1 2 3 / 3 4 5';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, spares: 2, quietTimers: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1')
  .at(200).changeMembership([3, 4, 5])
  // C_old,new gets to all, and what they answer gets lost.
  .when('configuration').cut([2, 3, 4, 5], 1)
  .at(APART_MS).heal().partition([1, 2], [3, 4, 5])
  .at(450).elapse(2)
  .at(500).elapse(3)
  .at(550).elapse(2)
  .at(600).elapse(3)
  .at(HEAL_MS).heal()
  .at(900).elapse(3)
  .until(1500)
  .plan();

export const jointConsensus: Scenario = {
  id: 'joint-consensus',
  title: 'Joint consensus safety',
  milestone: 4,
  section: '§6',
  claim: 'While C_old,new is in force, neither a majority of C_old nor one of C_new decides alone.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const apart = record.blocks.find(
    ({ atUs, links }) => atUs >= APART_MS * 1000 && links.length > 1,
  );
  if (apart === undefined) return 'The network does not fall apart.';
  for (const node of [1, 2, 3, 4, 5]) {
    const words = showConfiguration(record.durableConfigurationOf(node, apart.order));
    if (words !== JOINT) return `S${node} has ${words} instead of ${JOINT} when it falls apart.`;
  }
  const between = { afterUs: APART_MS * 1000, beforeUs: HEAL_MS * 1000 };
  const isGranted = (from: number, to: number) =>
    record
      .messagesDelivered('RequestVoteResponse', { from, to, ...between })
      .some(({ body }) => body.voteGranted);
  if (!isGranted(1, 2)) return 'S2 does not get a majority of C_old.';
  if (!isGranted(4, 3) || !isGranted(5, 3)) return 'S3 does not get a majority of C_new.';
  const isBetween = ({ atUs }: { readonly atUs: number }) =>
    atUs >= between.afterUs && atUs < between.beforeUs;
  const leader = record.leaders().find(isBetween);
  if (leader !== undefined) {
    return `S${leader.node} leads term ${leader.term} with a majority of one side only.`;
  }
  if (record.applies.some(isBetween)) return 'Something is committed while they are apart.';
  const steps = wrongSteps(record, [JOINT, '3 4 5']);
  return steps ?? oneLeaderPerTerm(record) ?? appliesAgree(record) ?? logsAgree(record, [3, 4, 5]);
}
