/**
 * The worker thread in which the runs of a shrink are made, so that a candidate that loops or exits
 * takes only its thread with it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { loadImplementation } from '../scenarios/implementations.ts';
import { HarnessError } from '../sim/adapters/harness-error.ts';
import { Heartbeat, watched } from '../sim/campaign/heartbeat.ts';
import { startSentence } from '../sim/campaign/run-seeds.ts';
import { type Implementation, StartError } from '../sim/run.ts';
import { tryPlan } from '../sim/shrink/probe.ts';
import type { TrialReply, TrialTask } from './shrink-lane.ts';
import type { WorkerData } from './worker-task.ts';

const {
  heartbeat: shared,
  specs,
  without,
} = workerData as WorkerData & {
  readonly heartbeat: SharedArrayBuffer;
};
const heartbeat = new Heartbeat(shared);
const disabled = new Set(without);
let implementation: Implementation | null = null;

async function answer({ plan, isObserved }: TrialTask): Promise<TrialReply> {
  try {
    implementation ??= watched(await loadImplementation(specs[0]!), heartbeat);
    heartbeat.begin(0);
    return { trial: tryPlan(plan, implementation, disabled, isObserved), failure: null };
  } catch (error) {
    const isStart = error instanceof StartError || error instanceof HarnessError;
    const detail = isStart ? startSentence(error) : `The bench failed: ${String(error)}.`;
    const stack = error instanceof Error ? (error.stack ?? null) : null;
    return { trial: null, failure: { detail, stack } };
  }
}

heartbeat.ready();
parentPort!.on('message', async (task: TrialTask) => parentPort!.postMessage(await answer(task)));
