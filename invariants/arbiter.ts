/** Whoever judges a run while it happens: by paper bodies, or by causality alone. */
import type { Facts } from './facts.ts';
import type { Violation } from './violation.ts';

export interface Arbiter extends Facts {
  /** The first hit of each property, in the order of the run. */
  readonly violations: readonly Violation[];
  /** Why a stuck run is excused: a sentence; null when it is not. */
  readonly excuse: string | null;
  /** Nothing more is to be learnt from this run. */
  readonly isDecided: boolean;
  readonly situations: Readonly<Record<string, number>>;
  readonly statistics: Readonly<Record<string, number>>;
  /** Once the faults are over: has everything settled? */
  isConverged(): boolean;
  /** What is still to do, as a sentence. */
  pendingReason(): string;
}
