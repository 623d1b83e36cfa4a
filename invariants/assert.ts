/** Assertions about the bench itself: a failure is never the fault of what is being judged. */

/** A bug of the invariants, or facts that contradict each other. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws an AssertionError when the condition does not hold; numbers tell what was seen. */
export function assert(
  condition: boolean,
  message: string,
  ...seen: readonly number[]
): asserts condition {
  if (condition) return;
  throw new AssertionError(seen.length === 0 ? message : `${message}: ${seen.join(', ')}`);
}
