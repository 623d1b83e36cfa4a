/**
 * Runs some seeds of a campaign again, in workers that have never run before and in the opposite
 * order. A second run that is another run is a failure of its own, and its first differing event
 * is named.
 */
import type { Lane, LaneResult } from './lane.ts';
import type { RecordReply, RecordTask, SeedsReply, SeedsTask } from './task.ts';

/** A run that was made, to be made again. */
export interface Made {
  readonly position: number;
  readonly seed: string;
  readonly digest: string;
  /** The seeds that the first worker had run just before, in the same task. */
  readonly before: readonly string[];
}

export interface Difference {
  readonly made: Made;
  /** Where the runs part: one sentence. */
  readonly detail: string;
}

export type AnyTask = SeedsTask | RecordTask;
export type AnyReply = SeedsReply | RecordReply;
type AnyLane = Lane<AnyTask, AnyReply>;

const BATCH = 16;

export interface VerifyOptions {
  readonly runs: readonly Made[];
  readonly implementation: number;
  /** One lane for each job, with no worker in it yet. */
  readonly openLane: () => AnyLane;
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/** `verified` counts the runs that were made again. */
export async function verify(
  options: VerifyOptions,
): Promise<{ verified: number; differences: readonly Difference[] }> {
  const batches = inBatches([...options.runs].sort((a, b) => b.position - a.position));
  const differing: Made[] = [];
  let verified = 0;
  const work = async (lane: AnyLane): Promise<void> => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      if (options.signal.aborted) return;
      const digests = await digestsOf(batch, options.implementation, lane);
      verified += digests.length;
      differing.push(
        ...batch.filter((made, i) => i < digests.length && digests[i] !== made.digest),
      );
    }
  };
  await withLanes(options, Math.min(options.jobs, batches.length), work);
  differing.sort((a, b) => a.position - b.position);
  const differences: Difference[] = [];
  for (const made of differing) {
    // One is enough to find the cause; the rest is counted.
    const detail =
      differences.length === 0
        ? await explain(made, options)
        : 'A second run was another run here, too.';
    differences.push({ made, detail });
  }
  return { verified, differences };
}

/** Two recorded runs, one as it was made first and one alone, and where they part. */
async function explain(made: Made, options: VerifyOptions): Promise<string> {
  const { seed, before } = made;
  const { implementation } = options;
  const record = async (seeds: readonly string[]): Promise<RecordReply | null> => {
    const lane = options.openLane();
    const result = await lane.run({ kind: 'record', implementation, seeds });
    await lane.close();
    return recordOf(result);
  };
  const first = await record([...before, seed]);
  const second = await record([seed]);
  if (first === null || second === null) return 'A third run did not end.';
  return firstDifference(first.lines, second.lines);
}

/** The first line in which two recorded runs differ, as a sentence. */
export function firstDifference(first: readonly string[], second: readonly string[]): string {
  const length = Math.max(first.length, second.length);
  for (let i = 0; i < length; i += 1) {
    const [one, other] = [first[i], second[i]];
    if (one === other) continue;
    const heads = [headOf(one), headOf(other)];
    if (heads[0] !== heads[1])
      return `The runs part: ${heads[0]} in one, ${heads[1]} in the other.`;
    return `The runs part after ${heads[0]}: ${excerpts(one ?? '', other ?? '')}.`;
  }
  return 'Two more runs were equal: what had run before in the same process seems to matter.';
}

/** "event 12 (delivered, server 3)". */
function headOf(line: string | undefined): string {
  if (line === undefined) return 'the end';
  const { i, t, n, k } = JSON.parse(line) as { i?: number; t?: number; n?: number; k?: string };
  const server = n === undefined ? '' : `, server ${n}`;
  const time = t === undefined ? '' : ` at ${t} us`;
  return i === undefined ? `${k}${time}${server}` : `event ${i} (${k}${time}${server})`;
}

const EXCERPT_LENGTH = 80;

/** What two lines say from just before the place where they differ. */
function excerpts(one: string, other: string): string {
  let place = 0;
  while (one[place] === other[place]) place += 1;
  const from = Math.max(0, place - 20);
  const cut = (line: string): string => line.slice(from, from + EXCERPT_LENGTH);
  return `${cut(one)} in one, ${cut(other)} in the other`;
}

async function digestsOf(
  batch: readonly Made[],
  implementation: number,
  lane: AnyLane,
): Promise<readonly string[]> {
  const positions = batch.map((made) => made.position);
  const seeds = batch.map((made) => made.seed);
  const result = await lane.run({ kind: 'seeds', implementation, positions, seeds });
  if (result.kind === 'done' && result.reply.kind === 'seeds') return result.reply.digests;
  // The first run ended and this one did not.
  return result.kind === 'lost' && result.how === 'cancelled' ? [] : ['lost'];
}

async function withLanes(
  options: VerifyOptions,
  count: number,
  work: (lane: AnyLane) => Promise<void>,
): Promise<void> {
  const lanes = Array.from({ length: count }, () => options.openLane());
  const cancel = (): void => {
    for (const lane of lanes) lane.cancel();
  };
  options.signal.addEventListener('abort', cancel);
  await Promise.all(lanes.map(work));
  options.signal.removeEventListener('abort', cancel);
  await Promise.all(lanes.map((lane) => lane.close()));
}

function recordOf(result: LaneResult<AnyReply>): RecordReply | null {
  return result.kind === 'done' && result.reply.kind === 'record' ? result.reply : null;
}

function inBatches(runs: readonly Made[]): Made[][] {
  const batches: Made[][] = [];
  for (let i = 0; i < runs.length; i += BATCH) batches.push(runs.slice(i, i + BATCH));
  return batches;
}
