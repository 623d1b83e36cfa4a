import { show, unexpected } from './usage-error.ts';

/** Seeds of campaigns are below this: 2^64. */
export const SEED_LIMIT = 18_446_744_073_709_551_616n;

/**
 * A seed as the user typed it: a decimal integer below 2^64, kept as a string, without leading
 * zeros. Throws a UsageError for anything else.
 */
export function parseSeed(text: string): string {
  const digits = text.trim();
  if (/^[0-9]{1,40}$/.test(digits)) {
    const value = BigInt(digits);
    if (value < SEED_LIMIT) return String(value);
  }
  throw unexpected({
    expected: 'a seed (a decimal integer from 0 to 18446744073709551615)',
    got: show(text),
    where: '',
    nearest: null,
  });
}

/** The seed that comes `count` after this one; after the last one comes 0. */
export function nextSeed(seed: string, count: number | bigint = 1): string {
  return String(BigInt.asUintN(64, BigInt(seed) + BigInt(count)));
}
