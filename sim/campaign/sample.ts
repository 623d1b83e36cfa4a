/** Which runs of a campaign are made a second time, beside those that failed. */
import { type SeedRange, sizeOf } from './seed-range.ts';

/**
 * - few: the 1st, 2nd, 4th, 8th and so on: a few of every campaign, whatever its size.
 * - count: so many, spread over the campaign; the first ones when only the time limits it.
 * - none: not even those that failed.
 */
export type Sample =
  | { readonly kind: 'few' | 'all' | 'none' }
  | { readonly kind: 'count'; readonly count: number };

/** `position` is from 0. It depends on nothing but the range: shards and jobs change nothing. */
export function isSampled(sample: Sample, position: number, range: SeedRange): boolean {
  switch (sample.kind) {
    case 'few':
      return (position & (position + 1)) === 0;
    case 'all':
      return true;
    case 'none':
      return false;
    case 'count': {
      const size = sizeOf(range);
      const { count } = sample;
      if (!Number.isFinite(size)) return position < count;
      if (count >= size) return true;
      // One of each of `count` pieces of the same length, the first of all among them.
      return Math.floor((position * count) / size) !== Math.floor(((position - 1) * count) / size);
    }
  }
}
