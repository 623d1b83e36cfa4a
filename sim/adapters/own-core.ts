/**
 * Keeps the thread that runs and its programs together on one core. They take turns, so that they
 * lose nothing by it, and gain what it takes to wake up a core that sleeps: more than most programs
 * think about an event. Needs Linux and its `taskset`; elsewhere the system places them.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { type CoreTimes, coresOf, coreTimes, ticksOf } from './system-times.ts';

const LOOK_MS = 1_000;
/** Of the time of our core that others may use before we look for another. */
const OTHERS_MAX = 0.3;
/** A core is free when it was idle for so much of the time. */
const IDLE_MIN = 0.5;
/** So often no core was free: the system has more to do than it has cores, and places us better. */
const CROWDED_LOOKS_MAX = 5;

const execute = promisify(execFile);

/** The number by which the system knows the thread of the caller; null where there is none. */
export function threadNumber(): number | null {
  try {
    return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0] ?? Number.NaN) || null;
  } catch {
    return null;
  }
}

interface Sample {
  readonly at: number;
  readonly cores: ReadonlyMap<number, CoreTimes>;
  /** What each of us has computed, clock ticks. */
  readonly ours: ReadonlyMap<string, number>;
}

export class OwnCore {
  /** Threads of this process: the one that runs, and the one that starts programs. */
  private readonly threads: readonly number[];
  private readonly allowed: readonly number[];
  private core: number | null = null;
  private before: Sample | null = null;
  private looks = 0;
  private crowdedLooks = 0;

  constructor(runs: number) {
    this.threads = [runs, threadNumber() ?? runs];
    this.allowed = coresOf('self');
  }

  /** Whatever is started from now on is on our core too. */
  async take(): Promise<void> {
    if (this.allowed.length < 2) return;
    const core = this.firstChoice();
    if (await this.move([core], [])) this.core = core;
  }

  /** That of our thread, if it has one; else one to which few threads of this process keep. */
  private firstChoice(): number {
    const { allowed } = this;
    const [runs] = this.threads;
    const mine = coresOf(`self/task/${runs}`);
    if (mine.length === 1) return mine[0]!;
    const taken = coresOfSiblings();
    const uses = (core: number): number => taken.filter((one) => one === core).length;
    const first = runs! % allowed.length;
    const inTurn = [...allowed.slice(first), ...allowed.slice(0, first)];
    return inTurn.reduce((best, one) => (uses(one) < uses(best) ? one : best));
  }

  /** Now and then, with the programs that live: gives way to others who came to our core. */
  async look(programs: readonly number[]): Promise<void> {
    const { before, core } = this;
    if (core === null || (before !== null && performance.now() - before.at < LOOK_MS)) return;
    const now = this.sample(programs);
    this.before = now;
    if (before === null) return;
    this.looks += 1;
    if (othersShare(core, before, now) <= OTHERS_MAX) {
      this.crowdedLooks = 0;
      return;
    }
    this.crowdedLooks += 1;
    const free = this.idlest(before, now);
    if (free !== null) {
      // Others who see the same would go to the same core.
      if ((this.looks + this.threads[0]!) % 2 === 0 && (await this.move([free], programs))) {
        this.core = free;
        this.before = null;
      }
    } else if (this.crowdedLooks >= CROWDED_LOOKS_MAX) await this.leave(programs);
  }

  /** The system places us again. */
  async leave(programs: readonly number[]): Promise<void> {
    if (this.core === null) return;
    this.core = null;
    await this.move(this.allowed, programs);
  }

  private async move(cores: readonly number[], programs: readonly number[]): Promise<boolean> {
    const list = cores.join(',');
    const set = (option: string, id: number) => execute('taskset', [option, list, String(id)]);
    try {
      await Promise.all(this.threads.map((thread) => set('-pc', thread)));
    } catch {
      return false;
    }
    // Some of them may be gone by now.
    await Promise.allSettled(programs.map((program) => set('-apc', program)));
    return true;
  }

  private sample(programs: readonly number[]): Sample {
    const ours = new Map<string, number>();
    for (const thread of this.threads) {
      const path = `self/task/${thread}`;
      ours.set(path, ticksOf(path) ?? 0);
    }
    for (const program of programs) ours.set(String(program), ticksOf(String(program)) ?? 0);
    return { at: performance.now(), cores: coreTimes(), ours };
  }

  private idlest(before: Sample, now: Sample): number | null {
    const idle = (core: number): number => shareOf(core, before, now).idle;
    const best = this.allowed.reduce((one, other) => (idle(other) > idle(one) ? other : one));
    return idle(best) >= IDLE_MIN ? best : null;
  }
}

/** Of the time of this core, that of programs which are not ours. */
function othersShare(core: number, before: Sample, now: Sample): number {
  const { busy, ticks } = shareOf(core, before, now);
  let ours = 0;
  for (const [one, used] of now.ours) ours += used - (before.ours.get(one) ?? 0);
  return busy - ours / Math.max(1, ticks);
}

function shareOf(core: number, before: Sample, now: Sample) {
  const [a, b] = [before.cores.get(core), now.cores.get(core)];
  if (a === undefined || b === undefined) return { busy: 1, idle: 0, ticks: 1 };
  const [busy, idle] = [b.busy - a.busy, b.idle - a.idle];
  const ticks = Math.max(1, busy + idle);
  return { busy: busy / ticks, idle: idle / ticks, ticks };
}

/** Cores that threads of this process keep to, with repetitions. */
function coresOfSiblings(): readonly number[] {
  const found: number[] = [];
  for (const thread of readdirSync('/proc/self/task')) {
    const cores = coresOf(`self/task/${thread}`);
    if (cores.length === 1) found.push(cores[0]!);
  }
  return found;
}
