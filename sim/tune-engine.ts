/** Makes V8 suit the kind of code that a run is: many small functions, called millions of times. */
import { setFlagsFromString } from 'node:v8';

/**
 * Raises the limits of inlining for the whole process, threads included; about a sixth more events
 * per second. Call it before any run. What a run does, and its digest, do not depend on it.
 */
export function tuneEngine(): void {
  setFlagsFromString('--max-inlined-bytecode-size=1000');
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=3000');
}
