/** A change of behaviour, of the world or of the reference, is seen here. */
import { expect, test } from 'vitest';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../../sim/run.ts';
import { reference } from '../implementations.ts';
import { DIGEST_PINS } from './digest-pins.ts';

test('generated plans do what they did', () => {
  const now: Record<string, string> = {};
  for (const seed of Object.keys(DIGEST_PINS)) {
    const { digest, verdict, events } = run(generatePlan(seed), reference, DEFAULT_RUN_OPTIONS);
    now[seed] = `${digest} ${verdict} ${events} events`;
  }
  expect(Object.keys(now).length).toBe(5);
  expect(now).toEqual(DIGEST_PINS);
});
