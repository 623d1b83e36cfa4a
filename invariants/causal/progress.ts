/** Once the faults are over, somebody leads, all apply the same, and clients get answers. */
import { leaderElectionLiveness } from '../liveness/leader-election-liveness.ts';
import { trafficProgress } from '../liveness/traffic-progress.ts';
import type { Property } from '../property.ts';
import type { CausalLedgers } from './causal-ledgers.ts';

export const appliedSequencesConverge: Property = {
  id: 'applied-sequences-converge',
  title: 'Convergence',
  sentence:
    'When the faults are over, all live servers apply everything that any server has applied, and so every write that was acknowledged; those of earlier terms perhaps only when clients ask again.',
  section: '§5.3, §5.4.2',
  kind: 'liveness',
  facts: ['phaseBegan', 'inspected', 'applied', 'restored'],
};

/** `seen` is a sentence without capital and full stop. */
export function reportNoLeader(ledgers: CausalLedgers, seen: string): void {
  report(ledgers, leaderElectionLiveness, 'no-leader', seen);
}

export function reportNotConverged(ledgers: CausalLedgers, seen: string): void {
  report(ledgers, appliedSequencesConverge, 'not-converged', seen);
}

export function reportNoTraffic(ledgers: CausalLedgers, seen: string): void {
  report(ledgers, trafficProgress, 'nothing-acknowledged', `clients ask, and ${seen}`);
}

function report(ledgers: CausalLedgers, property: Property, rule: string, seen: string): void {
  const detail = `${seen.charAt(0).toUpperCase()}${seen.slice(1)}.`;
  ledgers.report(property, 0, rule, 'stuck', detail);
}
