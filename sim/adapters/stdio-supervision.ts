/** The supervisor as the thread sees it that runs: it asks, and waits for the reply. */
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { HarnessError } from './harness-error.ts';
import { threadNumber } from './own-core.ts';
import {
  type Death,
  PLACES,
  Place,
  type Started,
  type StdioCommand,
  type StdioPatience,
  type SupervisorData,
  type SupervisorReply,
  type SupervisorTask,
} from './stdio-link.ts';
import { supervisorSource } from './supervisor-source.ts';

/** A supervisor that says nothing for so long is dead. */
const REPLY_MS = 60_000;

export class Supervision {
  private readonly places: Int32Array;
  private readonly port: MessagePort;
  private isClosed = false;
  private readonly close_ = (): void => this.close();

  /** `hasOwnCore`: this thread keeps to one core with its programs until it is closed. */
  constructor(command: StdioCommand, patience: StdioPatience, hasOwnCore = false) {
    if (process.platform === 'win32') {
      throw new HarnessError('Programs over stdio need Linux, macOS, or WSL on Windows.');
    }
    const shared = new SharedArrayBuffer(4 * PLACES);
    const { port1, port2 } = new MessageChannel();
    const thread = hasOwnCore ? threadNumber() : null;
    const data: SupervisorData = { shared, port: port2, command, patience, thread };
    this.places = new Int32Array(shared);
    this.port = port1;
    const worker = new Worker(supervisorSource(), {
      workerData: data,
      transferList: [port2],
      execArgv: [],
    });
    // Both would keep a process alive that has nothing else to do.
    worker.unref();
    port1.unref();
    process.once('exit', this.close_);
  }

  start(): Started {
    return this.ask({ do: 'start' }, 'started').started;
  }

  bury(process: number, isEnding: boolean): Death {
    return this.ask({ do: 'bury', process, isEnding }, 'death').death;
  }

  finish(process: number): Death {
    return this.ask({ do: 'finish', process }, 'death').death;
  }

  drop(process: number): void {
    if (!this.isClosed) this.ask({ do: 'drop', process }, 'done');
  }

  limit(ms: number | null): void {
    this.ask({ do: 'limit', ms }, 'done');
  }

  stderr(): string {
    return this.isClosed ? '' : this.ask({ do: 'log' }, 'log').stderr;
  }

  /** From now until `heard` this process owes an answer. */
  await(process: number, isHello: boolean): void {
    this.places[Place.isHello] = isHello ? 1 : 0;
    this.places[Place.questions]! += 1;
    Atomics.store(this.places, Place.awaited, process);
  }

  heard(): void {
    Atomics.store(this.places, Place.awaited, 0);
  }

  /** Is it dead, and whatever is still heard from others? */
  isOver(process: number): boolean {
    return Atomics.load(this.places, Place.over) === process;
  }

  /** Kills all processes. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    process.off('exit', this.close_);
    this.ask({ do: 'close' }, 'done');
    this.port.close();
  }

  private ask<K extends SupervisorReply['kind']>(
    task: SupervisorTask,
    kind: K,
  ): Extract<SupervisorReply, { kind: K }> {
    const before = Atomics.load(this.places, Place.replies);
    this.port.postMessage(task);
    // The notice of the reply before this one may come late, and wake this one up.
    while (Atomics.load(this.places, Place.replies) === before) {
      const waited = Atomics.wait(this.places, Place.replies, before, REPLY_MS);
      if (waited === 'timed-out') throw new HarnessError('What watches programs does not answer.');
    }
    const reply = receiveMessageOnPort(this.port)?.message as SupervisorReply;
    if (reply.kind === 'failed') throw new HarnessError(`Programs: ${reply.message}`);
    if (reply.kind !== kind) throw new HarnessError(`Expected ${kind}, got ${reply.kind}.`);
    return reply as Extract<SupervisorReply, { kind: K }>;
  }
}
