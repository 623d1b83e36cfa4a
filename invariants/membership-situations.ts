/** The named situations of changes of the configuration (§6, thesis ch. 4). */
// In reports they come behind those of reads.
import './read-situations.ts';
import { type Situation, situation } from './situation.ts';

function named(id: string, sentence: string, seedsMin: number | null = 1_000): Situation {
  return situation(id, sentence, seedsMin, 'membership');
}

/** What can be counted where operators change the configuration. */
export const MembershipHappened = {
  jointEntered: named('joint-entered', 'A leader put a joint configuration into its log.'),
  jointLeft: named('joint-left', 'A leader put the configuration behind a joint one into its log.'),
  jointLeftByOther: named(
    'joint-left-by-other',
    'A joint configuration was left by another leader than the one that had entered it.',
  ),
  committedWhileJoint: named('commit-while-joint', 'An entry was committed by both halves.'),
  electedWhileJoint: named('elected-while-joint', 'A leader was elected by both halves.'),
  halfWon: named(
    'joint-half-won',
    'A candidate had a majority of one half of a joint configuration, and lost.',
  ),
  electedByOlder: named(
    'elected-by-older-configuration',
    'A leader was elected by a configuration that had a successor in the log of another server.',
  ),
  rolledBack: named(
    'configuration-rolled-back',
    'A truncation took a configuration out of force again.',
  ),
  leftOutCommits: named(
    'left-out-commits',
    'A leader that the newest configuration does not name committed an entry.',
  ),
  leftOutSteppedDown: named(
    'left-out-stepped-down',
    'A leader that the newest configuration does not name stepped down by itself.',
  ),
  removedStood: named(
    'removed-stood',
    'A server that the committed configuration does not name stood for election.',
  ),
  learnerPromoted: named('learner-promoted', 'A learner became a voter.'),
  unawareVoted: named(
    'unaware-voted',
    'A server voted that did not know yet that it had become a voter.',
  ),
  twoOperators: named('two-operators', 'Two changes were asked for at once.'),
  changeUnderWay: named(
    'change-under-way',
    'A leader refused a change because another was not complete.',
  ),
  changeTooEarly: named(
    'change-too-early',
    'A leader refused a change because it had committed nothing of its own term.',
  ),
  wipedReplaced: named(
    'wiped-replaced',
    'A configuration was committed without a server that was gone for good, and with a new one.',
    5_000,
  ),
};
