/**
 * The process in which servers are fed alone. It has the worker of every other run in it, so that
 * copies which loop or exit are noticed, and a fresh one now and then: copies never go away.
 */
import { Lane } from '../sim/campaign/lane.ts';
import type { AloneReply, AloneTask } from '../sim/isolation/task.ts';
import { laneOptions, type WorkerOptions } from './worker-lane.ts';

const STEPS_PER_WORKER = 50_000;
/** Loading a copy takes as long as so many steps. */
const COPY_STEPS = 1000;

let lane: Lane<AloneTask, AloneReply> | null = null;
let load = 0;

async function answer(task: AloneTask, workers: WorkerOptions): Promise<void> {
  const lives = task.steps.filter(({ event }) => event.kind === 'start').length;
  load += task.steps.length + lives * COPY_STEPS;
  if (lane !== null && load > STEPS_PER_WORKER) {
    await lane.close();
    lane = null;
    load = 0;
  }
  lane ??= new Lane(laneOptions(workers, { isVerbose: false, warn: () => {} }));
  const result = await lane.run(task);
  process.send!(result.kind === 'done' ? result : { ...result, reading: null });
}

process.once('message', (workers: WorkerOptions) => {
  process.on('message', (task: AloneTask) => void answer(task, workers));
});
process.once('disconnect', () => process.exit(0));
