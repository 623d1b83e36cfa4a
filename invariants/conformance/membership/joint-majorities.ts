import type { Rule } from '../rule.ts';

export const jointMajorities: Rule = {
  id: 'joint-majorities',
  section: '§6',
  sentence:
    'While C_old,new is in force, elections and commitment need a majority of C_old and a majority of C_new.',
  reason:
    'Some servers still decide by C_old alone, others by C_new: a majority of one half need not meet one of the other.',
};
