/** Which unfinished writes survive a crash: per stream a prefix, and of an append perhaps a part. */
import type { Write } from '../../core/contract.ts';
import { WHOLE } from './disk-content.ts';
import { opaqueAppends } from './opaque.ts';
import { decide, type Stream } from './random.ts';

/** Which unfinished writes survive a crash. */
export type Keep = 'none' | 'drawn' | 'all';

/** What a crash leaves of one stream. */
export interface StreamLuck {
  /** So many more writes survive whole … */
  wholeWrites: number;
  /** … and this share of the next one, if it is an append. */
  readonly tornDraw: number;
  /** A write of the stream did not survive whole: no later one survives. */
  isOut: boolean;
}

/** Two draws, whatever comes of them. */
export function drawLuck(draw: Stream, waiting: number, keep: Keep): StreamLuck {
  const drawn = decide(draw, 0, waiting);
  const tornDraw = draw();
  const wholeWrites = keep === 'all' ? waiting : keep === 'none' ? 0 : drawn;
  return { wholeWrites, tornDraw: keep === 'drawn' ? tornDraw : 0, isOut: false };
}

/** How many entries of the next write of the stream survive, or WHOLE. */
export function survivingPart(write: Write, luck: StreamLuck): number {
  if (luck.isOut) return 0;
  if (luck.wholeWrites > 0) {
    luck.wholeWrites -= 1;
    return WHOLE;
  }
  // An append may survive in part.
  return Math.floor(luck.tornDraw * appended(write));
}

/** How many entries an append has; 0 for every other write. */
function appended(write: Write): number {
  if (write.kind === 'append') return write.entries.length;
  return opaqueAppends(write);
}
