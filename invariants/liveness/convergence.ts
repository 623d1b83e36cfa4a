/** Once the faults are over, all live servers end up with the same log, applied to its end. */
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const convergence: Property = {
  id: 'convergence',
  title: 'Convergence',
  sentence:
    'When the faults are over and clients are silent, the logs of all live servers that the newest configuration names become the same, on disk, and are applied to their end.',
  section: '§5.3, §6',
  kind: 'liveness',
  facts: ['phaseBegan', 'inspected', 'persistIssued', 'persisted', 'applied'],
};

/** Nothing has moved for too long; everything is committed, but somebody lags behind. */
export function reportNotConverged(ledgers: Ledgers, waited: string, seen: string): void {
  ledgers.report(convergence, {
    node: 0,
    rule: 'not-converged',
    relation: 'stuck',
    detail: `${waited}: ${seen}.`,
    messageKind: 'none',
  });
}
