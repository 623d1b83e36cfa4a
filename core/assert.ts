/**
 * The only place in the core that throws. A broken assertion is a bug of the core itself: nobody in
 * the core catches it.
 */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Holds, or throws. `message` is a constant; numbers that help go behind it. */
export function assert(
  condition: boolean,
  message: string,
  a?: number,
  b?: number,
): asserts condition {
  if (!condition) fail(message, a, b);
}

/** Closes a switch that has a case for every kind. */
export function assertNever(value: never): never {
  throw new AssertionError('no case for ' + JSON.stringify(value));
}

/** Apart from assert, so that assert stays small enough to be inlined. */
function fail(message: string, a: number | undefined, b: number | undefined): never {
  const numbers = [a, b].filter((value) => value !== undefined);
  throw new AssertionError(numbers.length === 0 ? message : `${message}: ${numbers.join(', ')}`);
}
