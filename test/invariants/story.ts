/** A situation told by example: a history in which it happens, and one that only looks like it. */
import type { History } from './history.ts';

export interface Story {
  readonly told: () => History;
  /** Something near to it happens, and it does not. */
  readonly near: () => History;
}
