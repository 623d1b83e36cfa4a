/**
 * The seeds of graded runs: the same for everyone who is graded with the same secret, and told by
 * nobody who does not have it. What is submitted does not enter: a comment moves no grade, and two
 * with the same bug get the same runs.
 */
import { createHash, createHmac } from 'node:crypto';

/** Stands in for the secret where seeds may be known. */
export const PUBLIC_SECRET = 'public';

export interface SeedSource {
  readonly secret: string;
  /** Names what is graded, for example `raft-2027`: one assignment tells nothing about another. */
  readonly assignment: string;
}

/** The seed of run `i` (from 0) of a test: a decimal integer below 2^64. */
export function seedOf({ secret, assignment }: SeedSource, testId: string, i: number): string {
  const hmac = createHmac('sha256', secret).update(JSON.stringify([assignment, testId, i]));
  return hmac.digest().readBigUInt64BE(0).toString();
}

/**
 * What a hidden run draws from, in place of its seed: its plan may be shown, replays the run, and leads
 * back to no seed.
 */
export function drawnSeed(seed: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(['drawn', seed]))
    .digest();
  return hash.readBigUInt64BE(0).toString();
}

/** Names a failed run where its plan must not be told: 4 hexadecimal digits behind the test. */
export function caseNumber(source: SeedSource, testId: string, i: number): string {
  const seed = seedOf(source, `${testId}/case`, i);
  return `${testId}-${createHash('sha256').update(seed).digest('hex').slice(0, 4)}`;
}

/** Tells whether two gradings had the same secret, and not which. */
export function fingerprintOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
