/** One worker of a grading, as somebody who asks it one thing at a time. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { GradeReply, GradeTask, GradeWorkerData } from './grade-task.ts';

type Answer = Exclude<GradeReply, { kind: 'bench' }>;

export class GradeLane {
  private readonly worker: Worker;
  /** Whoever waits for an answer. */
  private waiting: Waiting<Answer> | null = null;

  constructor(data: GradeWorkerData) {
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    this.worker = new Worker(new URL(`./grade-worker${extension}`, import.meta.url), {
      workerData: data,
      execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
    });
    this.worker.on('message', (reply: GradeReply) => this.hear(reply));
    this.worker.on('error', (error) => this.waiting?.reject(error));
    this.worker.on('exit', (code) =>
      this.waiting?.reject(new Error(`A worker ended with code ${code}.`)),
    );
  }

  /** Throws for what is our own fault. */
  ask(task: GradeTask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.worker.postMessage(task);
    });
  }

  /** Ends the programs, then the worker. */
  async close(): Promise<void> {
    this.waiting = null;
    const ended = once(this.worker, 'exit');
    this.worker.postMessage('close');
    const timer = setTimeout(() => void this.worker.terminate(), CLOSE_MS);
    await ended;
    clearTimeout(timer);
  }

  private hear(reply: GradeReply): void {
    const { waiting } = this;
    this.waiting = null;
    if (reply.kind !== 'bench') {
      waiting?.resolve(reply);
      return;
    }
    const error = new Error(reply.message);
    if (reply.stack !== null) error.stack = reply.stack;
    waiting?.reject(error);
  }
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** Programs that do not end are killed long before. */
const CLOSE_MS = 10_000;
