/**
 * Starts processes, each in a group and an empty folder of its own; keeps the last of what they
 * write to stderr; kills those that are silent for too long. Lives in a thread that never blocks.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnCore } from './own-core.ts';
import { killGroup, killLeftovers, unblock } from './stdio-leftovers.ts';
import {
  type Death,
  LOG_BYTES_MAX,
  Place,
  type Started,
  type SupervisorData,
  type SupervisorReply,
  type SupervisorTask,
} from './stdio-link.ts';
import { Pipes } from './stdio-pipes.ts';
import { busyMs } from './system-times.ts';

/** Of each process, UTF-16 code units. */
const STDERR_MAX = 64 * 1024;
const LOOK_MS = 50;
/** So long a process that closed its stdout may take to end by itself. */
const ENDING_MS = 1_000;
/** So long a process may take to end after its stdin was closed. */
const FINISH_MS = 2_000;
/** So long what it wrote before it died may take to arrive. */
const STDERR_MS = 200;
/** So long a process may take to say where it is when it is told to abort. */
const TRACE_MS = 300;
/** It is busy when it has computed for a tenth of so many looks: others may want the machine too. */
const BUSY_LOOKS = 10;
/** After so many looks at a process that is over, nobody waits for it any longer. */
const OVER_LOOKS = 4;

interface Watched {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Open file descriptors. */
  ends: readonly number[];
  stderr: string;
  /** Written to stderr since this question was asked, about as many bytes. */
  flood: number;
  floodQuestion: number;
  isOver: boolean;
  isClosed: boolean;
  code: number | null;
  signal: string | null;
  because: Death['because'];
  /** What it had computed for when its silence was about to be too long, milliseconds. */
  busyMs: number | null;
  wasBusy: boolean | null;
  /** Looks since it was over while its answer was awaited. */
  overLooks: number;
  onOver: () => void;
}

export class Supervisor {
  private readonly data: SupervisorData;
  private readonly places: Int32Array;
  private readonly folder: string;
  private readonly processes = new Map<number, Watched>();
  private readonly pipes: Pipes;
  private readonly core: OwnCore | null;
  private started = 0;
  private question = 0;
  private looks = 0;
  private looksLeft = Number.POSITIVE_INFINITY;
  private latest = '';

  constructor(data: SupervisorData) {
    this.data = data;
    this.places = new Int32Array(data.shared);
    this.folder = mkdtempSync(join(tmpdir(), 'whitewater-'));
    this.pipes = new Pipes(this.folder);
    this.core = data.thread === null ? null : new OwnCore(data.thread);
    // Another user gets through to its own folder, and sees no other.
    if (data.command.user !== null) chmodSync(this.folder, 0o711);
  }

  listen(): void {
    const timer = setInterval(() => this.look(), LOOK_MS);
    process.once('exit', () => this.killAll());
    this.data.port.on('message', async (task: SupervisorTask) => {
      const reply = await this.carryOut(task).catch(
        (error: Error): SupervisorReply => ({ kind: 'failed', message: error.message }),
      );
      if (task.do === 'close') clearInterval(timer);
      this.data.port.postMessage(reply);
      Atomics.add(this.places, Place.replies, 1);
      Atomics.notify(this.places, Place.replies);
      if (task.do === 'close') this.data.port.close();
    });
  }

  private async carryOut(task: SupervisorTask): Promise<SupervisorReply> {
    switch (task.do) {
      case 'start':
        return { kind: 'started', started: await this.start() };
      case 'bury':
        return { kind: 'death', death: await this.bury(task.process, task.isEnding) };
      case 'finish':
        return { kind: 'death', death: await this.finish(task.process) };
      case 'drop':
        this.drop(task.process);
        return { kind: 'done' };
      case 'limit':
        this.looksLeft = task.ms === null ? Number.POSITIVE_INFINITY : task.ms / LOOK_MS;
        return { kind: 'done' };
      case 'log':
        return { kind: 'log', stderr: this.latest };
      case 'close':
        this.killAll();
        await this.core?.leave([]);
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
        return { kind: 'done' };
    }
  }

  private async start(): Promise<Started> {
    if (this.started === 0) await this.core?.take();
    this.started += 1;
    const number = this.started;
    const folder = join(this.folder, `${number}`);
    const { argv, environment, user } = this.data.command;
    mkdirSync(folder, { mode: 0o700 });
    if (user !== null) chownSync(folder, user.uid, user.gid);
    const events = this.pipes.open();
    const answers = this.pipes.open();
    const [program, ...words] = argv;
    const child = spawn(program, words, {
      cwd: folder,
      env: { ...environment, HOME: folder },
      detached: true,
      stdio: [events.reader, answers.writer, 'pipe'],
      ...(user !== null && { uid: user.uid, gid: user.gid }),
    });
    closeSync(events.reader);
    closeSync(answers.writer);
    const ends = [events.writer, answers.reader];
    if (child.pid === undefined) {
      const error = await new Promise<Error>((resolve) => child.once('error', resolve));
      for (const end of ends) closeSync(end);
      return { process: number, pid: 0, events: 0, answers: 0, error: error.message };
    }
    this.processes.set(number, this.watched(child, folder, ends));
    const { pid } = child;
    return { process: number, pid, events: ends[0]!, answers: ends[1]!, error: null };
  }

  private watched(child: ChildProcess, folder: string, ends: readonly number[]): Watched {
    const process: Watched = {
      child,
      folder,
      ends,
      stderr: '',
      flood: 0,
      floodQuestion: 0,
      isOver: false,
      isClosed: false,
      code: null,
      signal: null,
      because: null,
      busyMs: null,
      wasBusy: null,
      overLooks: 0,
      onOver: () => {},
    };
    child.on('error', () => {});
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      process.stderr = (process.stderr + text).slice(-STDERR_MAX);
      this.latest = (this.latest + text).slice(-STDERR_MAX);
      this.countFlood(process, text.length);
    });
    child.once('exit', (code, signal) => {
      process.code = code;
      process.signal = signal;
      process.isOver = true;
      killGroup(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      process.onOver();
    });
    child.once('close', () => {
      process.isClosed = true;
      process.onOver();
    });
    return process;
  }

  private countFlood(process: Watched, length: number): void {
    const question = Atomics.load(this.places, Place.questions);
    process.flood = question === process.floodQuestion ? process.flood + length : length;
    process.floodQuestion = question;
    if (process.flood <= LOG_BYTES_MAX || process.because !== null) return;
    process.because = 'flood';
    killGroup(process.child);
  }

  private async bury(number: number, isEnding: boolean): Promise<Death> {
    const process = this.processes.get(number)!;
    if (isEnding && !process.isOver) await within(ENDING_MS, process, () => process.isOver);
    const { isOver } = process;
    if (!isOver) killGroup(process.child);
    await within(STDERR_MS + (isOver ? 0 : ENDING_MS), process, () => process.isClosed);
    const { code, signal, because, wasBusy, stderr } = process;
    this.forget(number, process);
    const [how, by] = isOver ? [code, signal] : [null, null];
    return { code: how, signal: by, because, wasBusy, stderr };
  }

  private async finish(number: number): Promise<Death> {
    const process = this.processes.get(number)!;
    const [events, ...others] = process.ends;
    closeSync(events!);
    process.ends = others;
    await within(FINISH_MS, process, () => process.isOver);
    return this.bury(number, false);
  }

  private drop(number: number): void {
    const process = this.processes.get(number);
    if (process === undefined) return;
    if (!process.isOver) killGroup(process.child);
    this.forget(number, process);
  }

  private forget(number: number, process: Watched): void {
    for (const end of process.ends) closeSync(end);
    process.child.stderr?.destroy();
    this.processes.delete(number);
  }

  private killAll(): void {
    for (const number of [...this.processes.keys()]) this.drop(number);
    if (this.started > 0) killLeftovers(this.folder);
  }

  /** Counts looks rather than time: a machine that was asleep does not make a program late. */
  private look(): void {
    const number = Atomics.load(this.places, Place.awaited);
    if (number === 0) return;
    void this.core?.look([...this.processes.values()].map(({ child }) => child.pid!));
    const process = this.processes.get(number);
    if (process === undefined) return;
    this.looksLeft -= 1;
    if (this.looksLeft < 0) this.silence(process, 'limit');
    const question = Atomics.load(this.places, Place.questions);
    this.looks = question === this.question ? this.looks + 1 : 0;
    this.question = question;
    const { eventMs, helloMs } = this.data.patience;
    const patience = Atomics.load(this.places, Place.isHello) === 1 ? helloMs : eventMs;
    if (patience !== null) this.waitFor(process, Math.ceil(patience / LOOK_MS) - this.looks);
    if (process.isOver || process.because !== null) this.cutOff(number, process);
  }

  /** Its pipes close with it, unless something that it has started holds them open. */
  private cutOff(number: number, process: Watched): void {
    process.overLooks += 1;
    if (process.overLooks < OVER_LOOKS) return;
    Atomics.store(this.places, Place.over, number);
    const [events, answers] = process.ends;
    unblock(events!, answers!);
  }

  private waitFor(process: Watched, looksLeft: number): void {
    if (looksLeft > BUSY_LOOKS) process.busyMs = null;
    else process.busyMs ??= busyMs(process.child.pid!);
    if (looksLeft <= 0) this.silence(process, 'silence');
  }

  /** Runtimes of Go and Python tell where they are when they abort. */
  private silence(process: Watched, because: Death['because']): void {
    if (process.because !== null) return;
    process.because = because;
    const [before, now] = [process.busyMs, busyMs(process.child.pid!)];
    if (before !== null && now !== null) {
      process.wasBusy = now - before > (BUSY_LOOKS * LOOK_MS) / 10;
    }
    killGroup(process.child, 'SIGABRT');
    setTimeout(() => killGroup(process.child), TRACE_MS);
  }
}

/** Waits until it is so, but no longer than this. */
function within(ms: number, process: Watched, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    process.onOver = () => {
      if (!isSo()) return;
      clearTimeout(timer);
      resolve();
    };
    process.onOver();
  });
}
