/** Which seeds a campaign runs: consecutive ones, of which a shard takes every nth. */
import { nextSeed } from '../seed.ts';

export interface SeedRange {
  /** The first seed of the whole campaign, a decimal integer below 2^64. */
  readonly from: string;
  /** How many seeds all shards run together; null for as many as the time allows. */
  readonly count: number | null;
  /** This shard is number `index` (from 1) of `of`. */
  readonly shard: { readonly index: number; readonly of: number };
}

export const WHOLE: SeedRange['shard'] = { index: 1, of: 1 };

/** How many seeds this shard runs; Infinity when only the time limits it. */
export function sizeOf({ count, shard }: SeedRange): number {
  if (count === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.ceil((count - (shard.index - 1)) / shard.of));
}

/** The seed at a position (from 0) of this shard; the shards of one campaign share no seed. */
export function seedAt({ from, shard }: SeedRange, position: number): string {
  return nextSeed(from, position * shard.of + shard.index - 1);
}
