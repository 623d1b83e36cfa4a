/** Schedules for the mutants of changes of membership (§6, thesis ch. 4). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/** S1 is asked to remove itself. */
// biome-ignore format: one moment of the story per line
const removedLeader = script({ size: 3, quietTimers: true, settle: true })
  .at(100).elapse(1)
  .at(150).changeMembership([2, 3])
  .until(400)
  .plan();

/** S1 and S2, for S4 and S5; while these catch up, the old side and the new one are parted. */
// biome-ignore format: one moment of the story per line
const partedSwap = script({ size: 3, spares: 2, quietTimers: true })
  .at(100).elapse(3)
  .at(150).changeMembership([3, 4, 5], { node: 3 })
  .when('configuration', { node: 3 }).partition([1, 2], [3, 4, 5])
  .at(250).elapse(1)
  .at(300).request(1, 'put x 1')
  .until(400)
  .plan();

/** Three servers become five; then S1 and S2 are cut off from the others. */
// biome-ignore format: one moment of the story per line
const grownCluster = script({ size: 3, spares: 2, quietTimers: true })
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2, 3, 4, 5])
  .at(300).partition([1, 2], [3, 4, 5])
  .at(310).request(1, 'put x 1')
  .until(500)
  .plan();

/** S1 is asked to remove itself, and C_new gets to S2 alone. */
// biome-ignore format: one moment of the story per line
const loneFollower = script({ size: 4, quietTimers: true })
  .at(100).elapse(1)
  .at(150).changeMembership([2, 3, 4])
  // The first configuration that S1 makes is the joint one, the second is C_new.
  .when('configuration', { node: 1, nth: 2 }).cut(1, [3, 4])
  .until(400)
  .plan();

/** S1 was alone, and becomes one of three. */
// biome-ignore format: one moment of the story per line
const noLongerAlone = script({ size: 1, spares: 2, quietTimers: true })
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2, 3])
  .until(400)
  .plan();

/** C_old,new of S3 gets to S4 and S5, not to S1 and S2; then S4 stands. */
// biome-ignore format: one moment of the story per line
const newSideVotes = script({ size: 3, spares: 2, quietTimers: true })
  .at(100).elapse(3)
  .at(150).changeMembership([3, 4, 5], { node: 3 })
  .when('configuration', { node: 3 }).partition([1, 2], [3, 4, 5])
  .at(250).elapse(4)
  .until(400)
  .plan();

/** S3 is promoted, and does not hear of it; S1, which has promoted it, is gone. */
// biome-ignore format: one moment of the story per line
const promoted = script({
  size: 2, spares: 1, membership: 'singleServer',
  quietTimers: true, settle: true, phases: { core: [2, 3] },
})
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2], { learners: [3] })
  .at(250).changeMembership([1, 2, 3])
  .when('configuration', { node: 1, nth: 2 }).cut(1, 3)
  .at(350).crash(1)
  .until(400)
  .plan();

/** S1 adds S5, and nobody else gets to know; S2, the next leader, is asked to remove S1. */
// biome-ignore format: one moment of the story per line
const twoParents = script({ size: 4, spares: 1, membership: 'singleServer', quietTimers: true })
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2, 3, 4, 5], { node: 1 })
  .when('configuration', { node: 1 }).isolate(1)
  // S2 has the votes of S3 and S4, but its first entry gets lost.
  .drop({ from: 2, to: [3, 4], kind: 'AppendEntries', term: 2, nth: 1 })
  .at(200).elapse(2)
  .at(210).changeMembership([2, 3, 4], { node: 2, by: 2 })
  .until(300)
  .plan();

/** C_old,new of S3 gets to S4 and S5, not to S1 and S2; S3 starts anew, and is elected again. */
// biome-ignore format: one moment of the story per line
const foundJoint = script({ size: 3, spares: 2, quietTimers: true })
  .at(100).elapse(3)
  .at(150).changeMembership([3, 4, 5], { node: 3 })
  .when('configuration', { node: 3 }).partition([1, 2], [3, 4, 5])
  .at(200).crash(3, { restartMs: 20 })
  .at(250).heal()
  .at(260).elapse(3)
  .until(400)
  .plan();

/** S1 removes S4, which nobody hears of, and is deposed; later it stands once more. */
// biome-ignore format: one moment of the story per line
const takenBack = script({
  size: 4, membership: 'singleServer', quietTimers: true,
  // The operator has given up when S1 is heard of again, and does not ask S2.
  operatorTimeoutMs: 50,
})
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2, 3])
  .when('configuration', { node: 1 }).isolate(1)
  .at(200).elapse(2)
  .at(250).heal()
  .at(350).partition([1, 2], [3, 4])
  .at(360).elapse(1)
  .until(500)
  .plan();

/** S1 removes S4, and dies when it makes C_new. The others have C_old,new, and S2 is elected. */
// biome-ignore format: one moment of the story per line
const inheritedJoint = script({
  size: 4, quietTimers: true, settle: true, phases: { core: [2, 3, 4] },
  // The operator gives up, and does not ask S2 again.
  operatorTimeoutMs: 50,
})
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2, 3])
  .when('configuration', { node: 1, nth: 2 }).crash(1)
  .at(250).elapse(2)
  .until(400)
  .plan();

/** S1 has two learners, and is cut off with them from the other voters. */
// biome-ignore format: one moment of the story per line
const eagerLearners = script({ size: 3, spares: 2, quietTimers: true })
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2, 3], { learners: [4, 5] })
  .at(250).partition([1, 4, 5], [2, 3])
  .at(260).request(1, 'put x 1')
  .at(350).elapse(2)
  .until(450)
  .plan();

export const MEMBERSHIP: readonly Directed[] = [
  {
    id: 'removed-leader',
    mutant: 'removed-leader-never-steps-down',
    story:
      'S1 leads, and removes itself. Once C_new is committed it gives way to S2 or S3: if it does not, the cluster is led for ever by a server that is no part of it (§6).',
    plan: removedLeader,
  },
  {
    id: 'parted-swap',
    mutant: 'naive-multi-node-swap',
    story:
      'S1 and S2 are exchanged for S4 and S5, and do not hear of it. If C_new comes without a joint phase, S3 commits it with S4 and S5, while S1 is elected by S2, as if nothing had happened (§6, Figure 10).',
    plan: partedSwap,
  },
  {
    id: 'eager-learners',
    mutant: 'learner-counted-in-quorum',
    story:
      'S1 is cut off from S2 and S3, and has two learners left. If their copies count, it commits a command that no other voter has, and S2 is elected without it (thesis §4.2.1).',
    plan: eagerLearners,
  },
  {
    id: 'grown-cluster',
    mutant: 'quorum-size-cached',
    story:
      'Three servers become five, and two of them are cut off. Two were a majority once; now they are not, and S1 must not commit anything with S2 alone (§6).',
    plan: grownCluster,
  },
  {
    id: 'taken-back',
    mutant: 'config-not-rolled-back',
    story:
      'S1 removes S4, and is deposed before anybody hears of it; its entry is replaced by one of S2. With that S4 is a voter again, for S1, too: if it still counts without S4, two votes of three are a majority to it, where the others know of four voters (§6).',
    plan: takenBack,
  },
  {
    id: 'inherited-joint',
    mutant: 'new-leader-ignores-uncommitted-config',
    story:
      'S1 dies in the joint phase, and S2, which has C_old,new in its log, is elected. It does not know that this is committed, but has to go by it all the same: if it goes by C_old, nobody ever leaves the joint phase (§6).',
    plan: inheritedJoint,
  },
  {
    id: 'new-side-votes',
    mutant: 'joint-vote-union-majority',
    story:
      'In the joint phase S4 has the votes of S3, S4 and S5: three of five, all of the new side, and one of three of the old. S1 and S2 can still elect another leader by themselves, so a majority of all together is not enough (§6).',
    plan: newSideVotes,
  },
  {
    id: 'promoted-unawares',
    mutant: 'learner-refuses-vote',
    story:
      'S3 has become a voter, takes itself for a learner still, and S1 is gone. S2 needs its vote to lead and to tell it: who refuses because it does not know yet keeps itself from ever knowing (thesis §4.2.1).',
    plan: promoted,
  },
  {
    id: 'two-parents',
    mutant: 'single-server-2015',
    story:
      'S1 has added S5 to the four voters, and is cut off. S2 leads, has committed nothing yet, and is asked to remove S1. S2 and S3 could commit that, and S1 could still be elected by S4 and S5: first an entry of the own term must be committed (thesis §4.1).',
    plan: twoParents,
  },
  {
    id: 'found-joint',
    mutant: 'leave-joint-before-commit',
    story:
      'S3 finds C_old,new in its log when it is elected again, and S1 and S2 do not have it. If C_new follows at once, S3, S4 and S5 commit both, while S1 and S2 still decide by C_old (§6).',
    plan: foundJoint,
  },
  {
    id: 'lone-follower',
    mutant: 'removed-leader-counts-self',
    story:
      'S1 removes itself from four servers, and C_new gets to S2 alone. With its own copy that is two, a majority of three; but S1 is none of the three, and S3 and S4 can elect a leader that has never heard of C_new (thesis §4.2.2).',
    plan: loneFollower,
  },
  {
    id: 'no-longer-alone',
    mutant: 'fast-commit-across-config-entry',
    story:
      'S1 is alone, and adds S2 and S3. What it has appended alone it would commit alone; but a configuration is in force as soon as it is in the log, so the entry that makes S1 one of several has to wait for the others (§6).',
    plan: noLongerAlone,
  },
];
