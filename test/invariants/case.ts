/** A property told by example: a history that breaks it, and its twin in which all is well. */
import type { History } from './history.ts';

export interface Case {
  readonly property: string;
  readonly rule: string;
  readonly story: string;
  /** `property/rule` must be the first thing that is found. */
  readonly bad: () => History;
  /** Nothing must be found. */
  readonly good: () => History;
}
