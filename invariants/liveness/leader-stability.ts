/** A leader that everybody hears stays. */
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const leaderStability: Property = {
  id: 'leader-stability',
  title: 'Leader stability',
  sentence:
    'When the faults are over and all live servers hear one leader, at most 3 further elections begin in the next 20 election timeouts.',
  section: '§5.2, thesis §4.2.3',
  kind: 'liveness',
  facts: ['phaseBegan', 'inspected', 'sent', 'delivered'],
};

/** Timers are random: a few needless elections are legal. */
const ELECTIONS_MAX = 3;

/** `elections` have begun since a leader was heard by all. */
export function checkStability(ledgers: Ledgers, elections: number, sinceUs: number): void {
  if (elections <= ELECTIONS_MAX) return;
  ledgers.report(leaderStability, {
    node: 0,
    rule: 'churn',
    relation: 'too-many-elections',
    detail:
      `${elections} elections have begun in the ${Math.floor((ledgers.docket.atUs - sinceUs) / 1000)} ms since ` +
      'all servers had heard one leader and their logs had become the same.',
    messageKind: 'none',
  });
}
