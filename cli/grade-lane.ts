/** One worker of a grading, as somebody who asks it one thing at a time. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { GradeReply, GradeTask, GradeWorkerData } from './grade-task.ts';

export class GradeLane {
  private readonly worker: Worker;

  constructor(data: GradeWorkerData) {
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    this.worker = new Worker(new URL(`./grade-worker${extension}`, import.meta.url), {
      workerData: data,
      execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
    });
  }

  /** Throws for what is our own fault. */
  ask(task: GradeTask): Promise<Exclude<GradeReply, { kind: 'bench' }>> {
    const { worker } = this;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        worker.removeAllListeners();
        act();
      };
      worker.once('message', (reply: GradeReply) =>
        settle(() => {
          if (reply.kind !== 'bench') return resolve(reply);
          const error = new Error(reply.message);
          if (reply.stack !== null) error.stack = reply.stack;
          reject(error);
        }),
      );
      worker.once('error', (error) => settle(() => reject(error)));
      worker.once('exit', (code) =>
        settle(() => reject(new Error(`A worker ended with code ${code}.`))),
      );
      worker.postMessage(task);
    });
  }

  /** Ends the programs, then the worker. */
  async close(): Promise<void> {
    const { worker } = this;
    worker.removeAllListeners();
    worker.on('error', () => {});
    const ended = once(worker, 'exit');
    worker.postMessage('close');
    const timer = setTimeout(() => void worker.terminate(), CLOSE_MS);
    await ended;
    clearTimeout(timer);
  }
}

/** Programs that do not end are killed long before. */
const CLOSE_MS = 10_000;
