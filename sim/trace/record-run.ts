/** Runs a plan and keeps its trace: as lines for a file, or in memory. */
import type { Plan } from '../kernel/plan.ts';
import { type Implementation, type RunOptions, type RunResult, run } from '../run.ts';
import { FactRecords } from './fact-records.ts';
import type { Trace, TraceRecord } from './format.ts';
import { endOf, headerOf, type LineSink, TraceRecorder } from './recorder.ts';

/** What is run, and how it is judged; `hash` names the implementation's code, null for unknown. */
export interface Recording {
  readonly plan: Plan;
  readonly implementation: Implementation;
  readonly hash: string | null;
  readonly options: Pick<RunOptions, 'disabled' | 'stopAtFirst'>;
}

/** Runs and hands every line of the trace to `sink`. Throws what `run` throws. */
export function recordRun(recording: Recording, sink: LineSink): RunResult {
  const { plan, implementation, options } = recording;
  const recorder = new TraceRecorder(recording, sink);
  const result = run(plan, implementation, { ...options, recorder });
  recorder.finish(result);
  return result;
}

/** Runs and keeps the trace in memory. Throws what `run` throws. */
export function traceRun(recording: Recording): { trace: Trace; result: RunResult } {
  const { plan, implementation, options } = recording;
  const header = headerOf(recording);
  const recorder = new KeptRecords();
  const result = run(plan, implementation, { ...options, recorder });
  recorder.closeOpenStep();
  const trace = { header, records: recorder.records, end: endOf(result, ''), isIntact: true };
  return { trace, result };
}

class KeptRecords extends FactRecords {
  readonly records: TraceRecord[] = [];

  protected override take(record: TraceRecord): void {
    this.records.push(record);
  }
}
