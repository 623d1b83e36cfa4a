/** Once the faults are over, a change of configuration comes to its end. */
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const configurationSettles: Property = {
  id: 'configuration-settles',
  title: 'Configurations settle',
  sentence:
    'When the faults are over, joint consensus is left, and a leader that the new configuration does not name gives way to another.',
  section: '§6, thesis §4.2.2, §4.3',
  kind: 'liveness',
  facts: ['phaseBegan', 'inspected', 'persistIssued', 'persisted', 'sent'],
};

/** Nothing has moved for too long; everything is committed, but the change is not complete. */
export function reportNotSettled(
  ledgers: Ledgers,
  isJoint: boolean,
  waited: string,
  seen: string,
): void {
  ledgers.report(configurationSettles, {
    node: 0,
    rule: isJoint ? 'joint-not-left' : 'left-out-still-leads',
    relation: 'stuck',
    detail: `${waited}: ${seen}.`,
    messageKind: 'none',
  });
}
