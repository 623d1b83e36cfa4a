/** The plans that earlier campaigns have kept: run before the seeds, and reported apart. */
import { Lane } from '../sim/campaign/lane.ts';
import type { Corpus, Kept } from '../sim/corpus/corpus.ts';
import { failureOf } from './comparison.ts';
import { corpusSelection } from './corpus-selection.ts';
import { replayLine, type Selection } from './replay-line.ts';
import { partOf, type SingleRequest } from './single-run.ts';
import type { Terminal } from './terminal.ts';
import { laneOptions, type WorkerOptions } from './worker-lane.ts';
import type { SingleReply, SingleTask } from './worker-task.ts';

/** What became of one kept plan. */
export interface CorpusRun {
  readonly path: string;
  /** Of the failure that it was kept for. */
  readonly fingerprint: string;
  readonly property: string | null;
  /** The same failure, another one, or none; `unknown`: the run says nothing. */
  readonly outcome: 'same' | 'another' | 'none' | 'unknown';
  /** Of the failure now; null for none. */
  readonly fails: string | null;
  readonly section: string | null;
  readonly sentence: string | null;
  /** What happened, in one sentence; null when nothing did. */
  readonly detail: string | null;
  readonly events: number | null;
  readonly replay: string;
}

export interface CorpusRequest {
  readonly corpus: Corpus;
  readonly selection: Selection;
  readonly workers: WorkerOptions;
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/** Runs every kept plan of this kind of implementation, in the order of their names. */
export async function runCorpus(request: CorpusRequest, terminal: Terminal): Promise<CorpusRun[]> {
  const { corpus, selection, workers, jobs, signal } = request;
  const judged = corpus
    .of(corpusSelection(selection))
    .filter(({ entry }) => !selection.without.includes(entry.failure.property ?? ''));
  const runs = new Map<string, CorpusRun>();
  const waiting = [...judged];
  const work = async (lane: Lane<SingleTask, SingleReply>): Promise<void> => {
    for (let kept = waiting.shift(); kept !== undefined; kept = waiting.shift()) {
      if (signal.aborted) return;
      const run = await runKept(kept, request, lane);
      if (run === null) return;
      if (run.outcome === 'none') corpus.noteMended(kept.entry);
      runs.set(kept.path, run);
    }
  };
  const lanes = Array.from({ length: Math.min(jobs, judged.length) }, () => {
    return new Lane<SingleTask, SingleReply>(laneOptions(workers, terminal));
  });
  const cancel = (): void => {
    for (const lane of lanes) lane.cancel();
  };
  signal.addEventListener('abort', cancel);
  await Promise.all(lanes.map(work));
  signal.removeEventListener('abort', cancel);
  await Promise.all(lanes.map((lane) => lane.close()));
  return judged.flatMap(({ path }) => runs.get(path) ?? []);
}

/** null: cancelled. */
async function runKept(
  { path, entry }: Kept,
  { selection, workers }: CorpusRequest,
  lane: Lane<SingleTask, SingleReply>,
): Promise<CorpusRun | null> {
  const { plan, failure } = entry;
  const nothing = { scenario: null, isRecorded: false, recorded: null } as const;
  const answer = await lane.run({ kind: 'single', implementation: 0, plan, ...nothing });
  if (answer.kind === 'lost' && answer.how === 'cancelled') return null;
  const asked: Pick<SingleRequest, 'plan' | 'spec' | 'hangMs'> = {
    plan,
    spec: workers.specs[0]!,
    hangMs: workers.hangMs,
  };
  const part = partOf(answer, asked);
  const isKnown = part.verdict !== 'never-started' && part.verdict !== 'bench-failed';
  const fails = failureOf(part);
  const violation = part.violations[0];
  const same = fails === failure.fingerprint ? 'same' : 'another';
  return {
    path,
    fingerprint: failure.fingerprint,
    property: violation?.property ?? null,
    outcome: !isKnown ? 'unknown' : fails === null ? 'none' : same,
    fails,
    section: violation?.section ?? null,
    sentence: violation?.sentence ?? null,
    detail: violation?.detail ?? part.detail,
    events: part.events,
    replay: replayLine({ kind: 'file', path, seed: null }, selection),
  };
}
