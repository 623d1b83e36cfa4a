/**
 * S4 comes in. First as a learner, together with S5, which stays one: they get the log, and their
 * copies count nowhere. S1, cut off from S2 and S3, gets a command to both: three copies of five, and
 * one of the three that vote.
 *
 *   1 2 3                   S4 and S5 are empty
 *   1 2 3 + 4 5             they get what they lack, and do not count
 *   1 2 3 / 1 2 3 4 + 5     two of the first three, and three of the four
 *   1 2 3 4 + 5             three of four
 *
 * Only when S4 has the whole log does it get a vote; before, the four would have to wait for it.
 */
import { appliesAgree, holdersOf, indexOfCommand, logsAgree } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';
import { changeSteps, isMajority, wrongSteps } from './change-steps.ts';

const BEFORE = 'put x 1';
const ALONE = 'put y 2';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, spares: 2, quietTimers: true })
  .at(100).elapse(1)
  .at(150).request(1, BEFORE)
  .at(200).changeMembership([1, 2, 3], { learners: [4, 5] })
  .at(300).cut(1, [2, 3])
  .at(310).request(1, ALONE)
  .at(400).heal()
  .at(500).changeMembership([1, 2, 3, 4], { learners: [5] })
  .until(800)
  .plan();

export const serverAddition: Scenario = {
  id: 'server-addition',
  title: 'Single server addition',
  milestone: 4,
  section: '§6',
  claim: 'A new server first gets the log without a vote, and counts only when it has caught up.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const wrong = wrongSteps(record, ['1 2 3 + 4 5', '1 2 3 / 1 2 3 4 + 5', '1 2 3 4 + 5']);
  if (wrong !== null) return wrong;
  const [learner, joint] = changeSteps(record);
  const commit = record.applies.find(({ entry }) => entry.command?.op === ALONE);
  if (commit === undefined || commit.order > joint!.order) {
    return 'The command is not committed while S4 is a learner.';
  }
  if (!isMajority([1, 2, 3], holdersOf(record, ALONE, commit.order))) {
    return 'The copies of learners make the majority.';
  }
  const early = record.durableOf(4, commit.order - 1).log;
  if (indexOfCommand(early, ALONE) === 0) return 'S4 does not have the command before the others.';
  const log = record.durableOf(4, joint!.order).log;
  if (indexOfCommand(log, BEFORE) === 0 || indexOfCommand(log, ALONE) === 0) {
    return 'S4 gets a vote before it has the log.';
  }
  const isVoting = record
    .messagesSent('RequestVoteResponse', { from: 4 })
    .some(({ order }) => order < learner!.order);
  if (isVoting) return 'S4 votes before it belongs to the cluster.';
  return appliesAgree(record) ?? logsAgree(record, record.nodes);
}
