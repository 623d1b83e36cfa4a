/** What is known about a property before any run: its sentence is what the user reads. */
import type { Facts } from './facts.ts';

/**
 * - safety: something bad never happens.
 * - client: what clients are told is true.
 * - liveness: something good happens once the faults are over.
 */
export type PropertyKind = 'safety' | 'client' | 'liveness';

export interface Property {
  /** Kebab-case; the name that `--without` takes. */
  readonly id: string;
  /** The name of the paper where it has one. */
  readonly title: string;
  readonly sentence: string;
  /** Where the property comes from: the paper (§), the thesis, or the contract. */
  readonly section: string;
  readonly kind: PropertyKind;
  /** The facts that it is judged by. */
  readonly facts: readonly (keyof Facts)[];
}
