/** Once the faults are over, what the leader has gets committed. */
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const replicationLiveness: Property = {
  id: 'replication-liveness',
  title: 'Log replication liveness',
  sentence:
    'When the faults are over, the entries in the log of a leader that reaches a majority get committed, even without new requests.',
  section: '§5.3, §8 (no-op)',
  kind: 'liveness',
  facts: ['phaseBegan', 'inspected', 'persisted', 'applied'],
};

/** Nothing has moved for too long; there is a leader, and its log is not committed. */
export function reportNotReplicated(ledgers: Ledgers, waited: string, seen: string): void {
  ledgers.report(replicationLiveness, {
    node: 0,
    rule: 'not-committed',
    relation: 'stuck',
    detail: `${waited}: ${seen}.`,
    messageKind: 'none',
  });
}
