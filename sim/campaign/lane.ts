/**
 * One worker thread that does one task at a time, and a watchdog over it. What goes wrong in the
 * worker — a loop, an exit, an exception that nobody caught — comes back as a value, and the next
 * task gets a fresh worker.
 */
import { Worker } from 'node:worker_threads';
import { thrownStack, thrownWords } from '../thrown.ts';
import { Heartbeat, type Reading } from './heartbeat.ts';

export interface LaneOptions {
  /** The module that the worker runs; it answers every message with one message. */
  readonly workerUrl: URL;
  /** What the worker is given at its start, beside `heartbeat`: the shared memory. */
  readonly workerData: object;
  /** A worker without a sign of life for this long is stopped. */
  readonly hangMs: number;
  /** Gets what the code in the worker prints. */
  readonly onPrint: (text: string) => void;
}

/** The worker did not come back with an answer. */
export interface Loss {
  readonly kind: 'lost';
  readonly how: 'hang' | 'died' | 'cancelled';
  /** Why it died: one line; empty for a hang. */
  readonly message: string;
  readonly stack: string | null;
  /** What it was doing. */
  readonly reading: Reading;
}

export type LaneResult<Reply> = { readonly kind: 'done'; readonly reply: Reply } | Loss;

const HEAP_MB_MAX = 2048;
/** A worker takes this long to load on a very busy machine, in hangs. */
const LOADING_HANGS = 10;
/** So many looks in a row must see no sign of life: a machine that slept is no hang. */
const LOOKS = 20;

export class Lane<Task, Reply> {
  private readonly options: LaneOptions;
  private worker: Worker | null = null;
  private heartbeat = new Heartbeat();
  private isClosed = false;
  /** Ends the running task; null between tasks. */
  private settle: ((result: LaneResult<Reply>) => void) | null = null;

  constructor(options: LaneOptions) {
    this.options = options;
  }

  /** Hands a task to the worker; a new one when there is none. One task at a time. */
  run(task: Task): Promise<LaneResult<Reply>> {
    if (this.isClosed) return Promise.resolve(this.cancelled());
    this.worker ??= this.startWorker();
    this.heartbeat.reset();
    return new Promise((resolve) => {
      const watchdog = this.watch(() => this.lose('hang', '', null));
      this.settle = (result) => {
        clearInterval(watchdog);
        this.settle = null;
        if (result.kind === 'lost') void this.discard();
        resolve(result);
      };
      this.worker!.postMessage(task);
    });
  }

  /** Gives up the running task, if there is one: it ends as a loss. */
  cancel(): void {
    this.lose('cancelled', '', null);
  }

  /** Ends the worker; tasks that come later are cancelled. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.cancel();
    await this.discard();
  }

  private cancelled(): Loss {
    const reading = this.heartbeat.read();
    return { kind: 'lost', how: 'cancelled', message: '', stack: null, reading };
  }

  private startWorker(): Worker {
    const { workerUrl, workerData, onPrint } = this.options;
    this.heartbeat = new Heartbeat();
    const worker = new Worker(workerUrl, {
      workerData: { ...workerData, heartbeat: this.heartbeat.shared },
      execArgv: workerUrl.pathname.endsWith('.ts') ? ['--import', 'tsx'] : [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
      stdout: true,
      stderr: true,
    });
    worker.stdout.on('data', (chunk) => onPrint(String(chunk)));
    worker.stderr.on('data', (chunk) => onPrint(String(chunk)));
    this.hear(worker);
    return worker;
  }

  /** Once for all tasks: to take listeners off a worker may stop its messages for good. */
  private hear(worker: Worker): void {
    const died = (message: string, stack: string | null): void => {
      // What a worker that is given up still says concerns nobody.
      if (worker !== this.worker) return;
      if (this.settle === null) void this.discard();
      else this.lose('died', message, stack);
    };
    worker.on('message', (reply: Reply) => {
      if (worker === this.worker) this.settle?.({ kind: 'done', reply });
    });
    worker.on('error', (error) => died(sentenceOf(error), thrownStack(error)));
    worker.on('exit', (code) => died(`its thread ended with code ${code}`, null));
  }

  private lose(how: Loss['how'], message: string, stack: string | null): void {
    this.settle?.({ kind: 'lost', how, message, stack, reading: this.heartbeat.read() });
  }

  /** Calls back when the worker has shown no sign of life for too long. */
  private watch(onHang: () => void): NodeJS.Timeout {
    let beats = this.heartbeat.read().beats;
    let quietLooks = 0;
    const look = (): void => {
      const seen = this.heartbeat.read();
      quietLooks = seen.beats === beats ? quietLooks + 1 : 0;
      beats = seen.beats;
      if (quietLooks >= (seen.isReady ? LOOKS : LOOKS * LOADING_HANGS)) onHang();
    };
    return setInterval(look, Math.max(1, this.options.hangMs / LOOKS));
  }

  private async discard(): Promise<void> {
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
  }
}

function sentenceOf(error: unknown): string {
  const isMemory =
    error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isMemory ? `it used more than ${HEAP_MB_MAX} MB of memory` : thrownWords(error);
}
