import type { Rule } from '../rule.ts';

export const learnerNotCounted: Rule = {
  id: 'learner-not-counted',
  section: '§6, thesis §4.2.1',
  sentence: 'Servers that only learn count neither for elections nor for commitment.',
  reason: 'The voters can elect a leader without any of them, and it may lack what they have.',
};
