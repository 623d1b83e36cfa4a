/** Once the faults are over, clients get answers. */
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const trafficProgress: Property = {
  id: 'traffic-progress',
  title: 'Progress of clients',
  sentence: 'When the faults are over, clients that try again get their commands carried out.',
  section: '§8',
  kind: 'liveness',
  facts: ['phaseBegan', 'inspected', 'invoked', 'returned'],
};

/** Clients have asked, and no command was acknowledged for too long. */
export function reportNoTraffic(ledgers: Ledgers, waited: string, seen: string): void {
  ledgers.report(trafficProgress, {
    node: 0,
    rule: 'nothing-acknowledged',
    relation: 'stuck',
    detail: `${waited} in which no command was acknowledged: ${seen}.`,
    messageKind: 'none',
  });
}
