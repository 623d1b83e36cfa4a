/**
 * What an operation demands of keys, and what it leaves there. A cell is what one key holds, as a
 * number: values of a history are numbered from 1.
 */

/** The key holds nothing. */
export const ABSENT = 0;
/** Nobody knows: whoever looks first finds what its answer says. */
export const UNKNOWN = -1;
/** Not a cell: the effect cannot happen. */
export const IMPOSSIBLE = -2;

/**
 * Added to a value that was written with a time to live. Clients do not see the clock that it ends
 * by, so it may be gone whenever somebody finds that it is.
 */
const ENDING = 1 << 28;

export interface Effect {
  /** Number of the key. */
  readonly key: number;
  /** What must be there: a value or ABSENT; null when that does not matter. */
  readonly reads: number | null;
  /** The cell that it leaves; null when it writes nothing. */
  readonly writes: number | null;
  /**
   * It found nothing, and that needs no reason: a value that may end was perhaps written just before,
   * and has ended. Who was never answered may have written it.
   */
  readonly isFree: boolean;
}

/** A value that may end. */
export function ending(value: number): number {
  return value + ENDING;
}

/** The value in a cell that is one. */
export function valueIn(cell: number): number {
  return cell >= ENDING ? cell - ENDING : cell;
}

/** The cell after the effect, or IMPOSSIBLE. */
export function cellAfter(cell: number, { reads, writes, isFree }: Effect): number {
  if (reads === null) return writes ?? cell;
  if (isFree) return ABSENT;
  if (cell === UNKNOWN) return writes ?? (reads === ABSENT ? ABSENT : ending(reads));
  const isThere = reads === ABSENT ? cell === ABSENT || cell >= ENDING : valueIn(cell) === reads;
  if (!isThere) return IMPOSSIBLE;
  // Who finds nothing has seen a value end.
  return writes ?? (reads === ABSENT ? ABSENT : cell);
}
