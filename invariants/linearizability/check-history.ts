/**
 * Can one server have given all these answers, each between its call and its return? Knows nothing
 * but what clients saw.
 *
 *     const { verdict, anomaly } = checkHistory(operations, DEFAULT_CHECK);
 */
import { smallestAnomaly } from './anomaly.ts';
import type { CheckOptions, Judgement, Operation } from './history.ts';
import { partsOf } from './parts.ts';
import { search } from './search.ts';
import { stepsOf } from './steps.ts';

/** Some seconds at most. */
export const DEFAULT_CHECK: CheckOptions = { initial: 'empty', stepsMax: 5_000_000 };

export function checkHistory(operations: readonly Operation[], options: CheckOptions): Judgement {
  const { steps, keys, absurd } = stepsOf(operations);
  if (absurd !== null) return { verdict: 'not-linearizable', anomaly: [absurd], steps: 0 };
  let taken = 0;
  let verdict: Judgement['verdict'] = 'linearizable';
  for (const part of partsOf(steps, keys.length, options.initial)) {
    const outcome = search(part, options.stepsMax - taken);
    taken += outcome.steps;
    if (outcome.verdict === 'not-linearizable') {
      const anomaly = smallestAnomaly(part, outcome.explained, options.stepsMax);
      return { verdict: 'not-linearizable', anomaly: anomaly.map(operationOf), steps: taken };
    }
    if (outcome.verdict === 'unknown') verdict = 'unknown';
  }
  return { verdict, anomaly: [], steps: taken };
}

function operationOf({ operation }: { readonly operation: Operation }): Operation {
  return operation;
}
