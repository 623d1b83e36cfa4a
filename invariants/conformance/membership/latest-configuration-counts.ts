import type { Rule } from '../rule.ts';

export const latestConfigurationCounts: Rule = {
  id: 'latest-configuration-counts',
  section: '§6',
  sentence:
    'A server uses the latest configuration in its log, committed or not, and the one before it when that is taken back.',
  reason:
    'Who goes on with another one than its log has decides by majorities that need not meet those of the others.',
};
