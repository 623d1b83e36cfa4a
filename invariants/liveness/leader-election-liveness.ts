/** Once the faults are over, somebody leads. */
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const leaderElectionLiveness: Property = {
  id: 'leader-election-liveness',
  title: 'Leader election liveness',
  sentence:
    'When the faults are over and a majority can communicate, a leader is elected that the others hear.',
  section: '§5.2',
  kind: 'liveness',
  facts: ['phaseBegan', 'inspected', 'sent', 'delivered'],
};

/** Nothing has moved for too long, and nobody leads. */
export function reportNoLeader(ledgers: Ledgers, waited: string, seen: string): void {
  ledgers.report(leaderElectionLiveness, {
    node: 0,
    rule: 'no-leader',
    relation: 'stuck',
    detail: `${waited}: ${seen}.`,
    messageKind: 'none',
  });
}
