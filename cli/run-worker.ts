/**
 * The worker thread in which implementations run, so that one that loops or exits takes only its
 * thread with it. Answers every task with one reply; see Lane for what happens when it cannot.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { loadImplementation } from '../scenarios/implementations.ts';
import { HarnessError } from '../sim/adapters/harness-error.ts';
import { Heartbeat, watched } from '../sim/campaign/heartbeat.ts';
import { CANARY } from '../sim/campaign/places.ts';
import { neverStarted, runSeeds } from '../sim/campaign/run-seeds.ts';
import {
  type NamedRun,
  planOfRun,
  type RecordReply,
  type RecordTask,
  type SeedsReply,
  type SeedsTask,
} from '../sim/campaign/task.ts';
import type { IsolationReply, IsolationTask } from '../sim/isolation/task.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { type Implementation, run } from '../sim/run.ts';
import { forbidKill } from './no-kill.ts';
import type {
  PerturbedReply,
  PerturbedTask,
  SingleReply,
  SingleTask,
  WorkerData,
  ZooReply,
  ZooTask,
} from './worker-task.ts';

const {
  heartbeat: shared,
  specs,
  without,
  profile,
} = workerData as WorkerData & {
  readonly heartbeat: SharedArrayBuffer;
};
const heartbeat = new Heartbeat(shared);
const disabled = new Set(without);
const planOf = (run: NamedRun): Plan => planOfRun(run, profile);
const loaded = new Map<number, Implementation>();

type Task = SeedsTask | RecordTask | SingleTask | PerturbedTask | ZooTask | IsolationTask;
type Reply = SeedsReply | RecordReply | SingleReply | PerturbedReply | ZooReply | IsolationReply;

async function answer(task: Task): Promise<Reply> {
  const { implementation: place } = task;
  if (task.kind === 'tape' || task.kind === 'alone' || task.kind === 'trapped') {
    const { runIsolation } = await import('./run-isolation.ts');
    const host = { spec: specs[place]!, load: () => load(place), disabled, heartbeat };
    return runIsolation(task, host);
  }
  try {
    return await carryOut(task, await load(place));
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    if (task.kind === 'seeds') return neverStarted(error);
    if (task.kind !== 'single') throw error;
    const { singleFailure } = await import('./run-single.ts');
    return singleFailure('start', error);
  }
}

/** What only some commands need is loaded when it is needed: a worker starts faster. */
async function carryOut(
  task: Exclude<Task, IsolationTask>,
  implementation: Implementation,
): Promise<Reply> {
  const { hash } = specs[task.implementation]!;
  switch (task.kind) {
    case 'seeds': {
      if (task.implementation !== CANARY) {
        return runSeeds(task, { implementation, disabled, planOf }, heartbeat);
      }
      const all = new Set<string>();
      return runSeeds(task, { implementation, disabled: all, planOf: planOfRun }, heartbeat);
    }
    case 'record':
      return record(task, implementation, hash);
    case 'single': {
      const { runSingle } = await import('./run-single.ts');
      heartbeat.begin(0);
      return runSingle(task, { implementation, hash, disabled });
    }
    case 'perturbed': {
      const { runPerturbedPlans } = await import('./run-single.ts');
      return runPerturbedPlans(task, { implementation, hash, disabled });
    }
    case 'zooPlans':
    case 'zooSeeds': {
      const { runZooTask } = await import('./run-zoo.ts');
      return runZooTask(task, implementation, heartbeat);
    }
  }
}

async function load(place: number): Promise<Implementation> {
  const known = loaded.get(place);
  if (known !== undefined) return known;
  const implementation = watched(await loadImplementation(specs[place]!), heartbeat);
  loaded.set(place, implementation);
  return implementation;
}

/** Only the last run is recorded: the ones before it are there to have been there. */
async function record(
  task: RecordTask,
  implementation: Implementation,
  hash: string | null,
): Promise<RecordReply> {
  const { recordRun } = await import('../sim/trace/record-run.ts');
  const options = { disabled, stopAtFirst: true };
  for (const before of task.runs.slice(0, -1)) {
    heartbeat.begin(0);
    run(planOf(before), implementation, { ...options, recorder: null });
  }
  heartbeat.begin(0);
  const plan = planOf(task.runs.at(-1)!);
  const lines: string[] = [];
  recordRun({ plan, implementation, hash, options }, (line) => lines.push(line));
  return { kind: 'record', lines };
}

if (specs.some(({ kind }) => kind === 'foreign')) forbidKill();
heartbeat.ready();
parentPort!.on('message', async (task: Task) => parentPort!.postMessage(await answer(task)));
