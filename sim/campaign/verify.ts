/**
 * Runs some seeds of a campaign again, in workers that have never run before and in the opposite
 * order. A second run that is another run is a failure of its own, and its first differing event
 * is named.
 */
import { milliseconds } from '../timeline/format-line.ts';
import { firstDivergence } from '../trace/divergence.ts';
import { parseTrace } from '../trace/reader.ts';
import type { Lane, LaneResult } from './lane.ts';
import type { NamedRun, RecordReply, RecordTask, SeedsReply, SeedsTask } from './task.ts';

/** A run that was made, to be made again. */
export interface Made extends NamedRun {
  readonly position: number;
  readonly digest: string;
  /** What the first worker had run just before, in the same task. */
  readonly before: readonly NamedRun[];
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
  /** Only for code of others; null for ours. */
  readonly isolate: Isolate | null;
}

/** What came of feeding the servers of a run alone: what one did otherwise, and why. */
export interface IsolationResult {
  readonly what: string;
  readonly why: string;
}

/** null: they did the same, or the run did not come back. */
export type Isolate = (made: Made) => Promise<IsolationResult | null>;

/** `verified` counts the runs that were made again, `isolated` those whose servers were fed alone. */
export async function verify(
  options: VerifyOptions,
): Promise<{ verified: number; isolated: number; differences: readonly Difference[] }> {
  const batches = inBatches([...options.runs].sort((a, b) => b.position - a.position));
  const differing: Differing[] = [];
  let verified = 0;
  const work = async (lane: AnyLane): Promise<void> => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      if (options.signal.aborted) return;
      const digests = await digestsOf(batch, options.implementation, lane);
      verified += digests.length;
      digests.forEach((digest, i) => {
        const made = batch[i]!;
        const beforeAgain = batch.slice(0, i);
        if (digest !== made.digest) differing.push({ made, beforeAgain });
      });
    }
  };
  await withLanes(options, Math.min(options.jobs, batches.length), work);
  differing.sort((a, b) => a.made.position - b.made.position);
  const differences: Difference[] = [];
  for (const one of differing) {
    // One is enough to find the cause; the rest is counted.
    const detail =
      differences.length === 0
        ? await explain(one, options)
        : 'A second run was another run here, too.';
    differences.push({ made: one.made, detail });
  }
  if (differing.length > 0 || options.isolate === null)
    return { verified, isolated: 0, differences };
  const isolated = await isolateAll(options, options.isolate, differences);
  return { verified, isolated, differences };
}

/** Runs that are equal may still have something in common that is no part of them. */
async function isolateAll(
  { runs, signal }: VerifyOptions,
  isolate: Isolate,
  differences: Difference[],
): Promise<number> {
  let isolated = 0;
  for (const made of [...runs].sort((a, b) => a.position - b.position)) {
    if (signal.aborted) break;
    const result = await isolate(made);
    isolated += 1;
    if (result === null) continue;
    differences.push({ made, detail: `${result.what} ${result.why}` });
    // The same is to be expected of the others.
    break;
  }
  return isolated;
}

/** A run whose second run was another one, and what had run before that. */
interface Differing {
  readonly made: Made;
  readonly beforeAgain: readonly NamedRun[];
}

/** Two recorded runs, each with what had run before it, and where they part. */
async function explain({ made, beforeAgain }: Differing, options: VerifyOptions): Promise<string> {
  const { before } = made;
  const { implementation } = options;
  const record = async (runs: readonly NamedRun[]): Promise<RecordReply | null> => {
    const lane = options.openLane();
    const result = await lane.run({ kind: 'record', implementation, runs });
    await lane.close();
    return recordOf(result);
  };
  const first = await record([...before, made]);
  const second = await record([...beforeAgain, made]);
  const where =
    first === null || second === null
      ? 'A third run did not end.'
      : firstDifference(first.lines, second.lines);
  // What an earlier run has left behind shows after one.
  const later = before.length > 0 ? made : { ...made, before: beforeAgain };
  const isolated = options.isolate === null ? null : await options.isolate(later);
  return isolated === null ? where : `${where} ${isolated.why}`;
}

/** The first fact in which two recorded runs differ, as a sentence. */
export function firstDifference(first: readonly string[], second: readonly string[]): string {
  const [one, other] = [first, second].map((lines) => parseTrace(`${lines.join('\n')}\n`).records);
  const divergence = firstDivergence(one!, other!);
  if (divergence === null) {
    return 'Two more runs were equal: what had run before in the same process seems to matter.';
  }
  const { step, atUs, server, place, recorded, replayed } = divergence;
  const what = place === 'action' ? `${server} ` : '';
  const where = place === 'action' ? `at event ${step}` : `behind event ${step}`;
  return (
    `The runs part ${where} (${milliseconds(atUs)} ms): ` +
    `${what}${recorded} in one, ${what}${replayed} in the other.`
  );
}

async function digestsOf(
  batch: readonly Made[],
  implementation: number,
  lane: AnyLane,
): Promise<readonly string[]> {
  const positions = batch.map((made) => made.position);
  const seeds = batch.map((made) => made.seed);
  const plans = batch.map((made) => made.plan ?? null);
  const result = await lane.run({ kind: 'seeds', implementation, positions, seeds, plans });
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
