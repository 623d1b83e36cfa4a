/** Which seeds a campaign is told to run. */
import { type SeedRange, sizeOf, WHOLE } from '../sim/campaign/seed-range.ts';
import { SEED_LIMIT } from '../sim/seed.ts';
import { UsageError } from '../sim/usage-error.ts';
import type { Arguments } from './options.ts';
import { countOf, seedOf, shardOf } from './parse.ts';

const SEEDS_DEFAULT = 1000;
const SEEDS_MAX = 1_000_000_000;

/** Throws a UsageError when there are no such seeds. */
export function rangeOf(args: Arguments): SeedRange {
  const seeds = countOf('--seeds', args.seeds, SEEDS_MAX);
  const hasBudget = args.timeBudget !== undefined;
  const range: SeedRange = {
    from: seedOf('--from', args.from) ?? '1',
    count: seeds ?? (hasBudget ? null : SEEDS_DEFAULT),
    shard: shardOf('--shard', args.shard) ?? WHOLE,
  };
  if (sizeOf(range) === 0) {
    const { index, of } = range.shard;
    throw new UsageError(`Shard ${index}/${of} of ${range.count} seeds is empty.`);
  }
  refusePassingTheLast(range.from, range.count);
  return range;
}

/** After the last seed comes 0: nobody means that. `count` null: as many as the time allows. */
export function refusePassingTheLast(from: string, count: number | null): void {
  // More than this no machine runs in a time.
  const last = BigInt(from) + BigInt(count ?? SEEDS_MAX) - 1n;
  if (last < SEED_LIMIT) return;
  const left = SEED_LIMIT - BigInt(from);
  const asked = count === null ? 'as many seeds as the time allows' : `${count} seeds`;
  const are = left === 1n ? 'is 1' : `are ${left}`;
  throw new UsageError(
    `Expected seeds up to ${SEED_LIMIT - 1n}, got ${asked} from ${from} on, where there ${are}.`,
  );
}
