/** Does an event cost more, or memory grow, when a run is long? */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Command } from '../core/messages.ts';
import { KeyValueStore } from '../core/state-machine.ts';
import { REFERENCE } from '../scenarios/implementations.ts';
import { generatePlan } from '../sim/generate/generate-plan.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, run } from '../sim/run.ts';
import { cpuSeconds, median, runOne, type Tally } from './measure.ts';

export type Load = (size: number, seed: number, seconds: number, withCrashes: boolean) => Plan;

export interface Growth {
  /** Of the costs of an event. */
  readonly ratio: number;
  readonly shortNs: number;
  readonly longNs: number;
}

/** Without crashes, short runs of 30 virtual seconds and long ones in turn. */
export function measureGrowth(load: Load, longSeconds: number): Growth {
  const short: number[] = [];
  const long: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    short.push(nanosecondsPerEvent(load, 30, 10, i * 100));
    long.push(nanosecondsPerEvent(load, longSeconds, 1, i * 100));
  }
  const shortNs = median(short);
  const longNs = median(long);
  return { ratio: longNs / shortNs, shortNs, longNs };
}

function nanosecondsPerEvent(load: Load, seconds: number, seeds: number, from: number): number {
  const tally: Tally = { seeds: 0, events: 0, committed: 0, cpuSeconds: 0 };
  const spent = cpuSeconds(() => {
    for (let i = 0; i < seeds; i += 1) runOne(load(5, from + i, seconds, false), REFERENCE, tally);
  });
  return (spent * 1e9) / tally.events;
}

/** MiB that are live in the middle of one long run, when so many commands were applied. */
export function measureLiveMemory(
  load: Load,
  seconds: number,
  applied: readonly number[],
): number[] {
  const collect = collector();
  const heapMiB: number[] = [];
  let count = 0;
  class Probe extends KeyValueStore {
    override apply(command: Command, index: number, wallClock: number): string | null {
      count += 1;
      // Five servers apply each command.
      if (count === 5 * applied[heapMiB.length]!) {
        collect();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        heapMiB.push((heapUsed + arrayBuffers) / 2 ** 20);
      }
      return super.apply(command, index, wallClock);
    }
  }
  const probed: Implementation = {
    ...REFERENCE,
    createStateMachine: (sessionExpiryMs) => new Probe(sessionExpiryMs),
  };
  runOne(load(5, 1, seconds, false), probed, { seeds: 0, events: 0, committed: 0, cpuSeconds: 0 });
  return heapMiB;
}

/** Live memory after few and after many generated seeds: it must not grow with their number. */
export function measureMemory(): { seeds: number[]; heapMiB: number[] } {
  const collect = collector();
  const seeds = [200, 1000];
  const heapMiB: number[] = [];
  let seed = 0;
  for (const until of seeds) {
    for (; seed < until; seed += 1) {
      run(generatePlan(String(seed + 1)), REFERENCE, DEFAULT_RUN_OPTIONS);
    }
    collect();
    heapMiB.push(process.memoryUsage().heapUsed / 2 ** 20);
  }
  return { seeds, heapMiB };
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
