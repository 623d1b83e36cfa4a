/**
 * `npm run bench [-- --json]`: what one event costs, as a share of what a bare event loop costs.
 * The figure that counts is `ratio`: events per CPU second at N = 5 over baseline operations per
 * CPU second, measured in turn in one process.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { REFERENCE } from '../scenarios/implementations.ts';
import { generatePlan } from '../sim/generate/generate-plan.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../sim/run.ts';
import { tuneEngine } from '../sim/tune-engine.ts';
import { cpuSeconds, median, round, runOne, type Tally } from './measure.ts';
import { standardLoad } from './standard-load.ts';

const WARM_UP_SEEDS = 40;
const ROUNDS = 7;
const SIZES = [3, 5, 7] as const;

interface Row {
  readonly size: number;
  readonly eventsPerSecond: number;
  readonly eventsPerSeed: number;
  readonly seedsPerSecond: number;
  readonly committedPerCpuSecond: number;
  readonly baselinePerSecond: number;
  readonly ratio: number;
}

function main(): void {
  tuneEngine();
  const rows = SIZES.map(measureSize);
  const growth = measureGrowth();
  const memory = measureMemory();
  const ratio = rows.find((row) => row.size === 5)!.ratio;
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ ratio, rows, growth, memory }));
    return;
  }
  console.log('Standard load, one thread, every invariant and the digest on, CPU time:\n');
  console.log('  N   events/s  events/seed  seeds/s  committed/CPU s  baseline op/s  ratio');
  for (const row of rows) console.log(formatRow(row));
  console.log(`\nratio ${ratio.toFixed(3)} (events/s at N = 5 over baseline operations/s)`);
  console.log(
    `growth ${growth.ratio.toFixed(2)}: cost per event at 300 virtual seconds over that at 30`,
  );
  const [few, many] = memory.heapMiB;
  console.log(
    `memory: ${few!.toFixed(1)} MiB live after ${memory.seeds[0]} generated seeds, ` +
      `${many!.toFixed(1)} MiB after ${memory.seeds[1]}`,
  );
}

function measureSize(size: number): Row {
  let seed = 0;
  const nextPlan = () => {
    seed += 1;
    return standardLoad(size, seed, 30, true);
  };
  const warmUp: Tally = { seeds: 0, events: 0, committed: 0, cpuSeconds: 0 };
  for (let i = 0; i < WARM_UP_SEEDS; i += 1) runOne(nextPlan(), REFERENCE, warmUp);
  const rounds = Array.from({ length: ROUNDS }, () => round(nextPlan, REFERENCE));
  const perSecond = (pick: (tally: Tally) => number) =>
    median(rounds.map(({ tally }) => pick(tally) / tally.cpuSeconds));
  return {
    size,
    eventsPerSecond: perSecond((tally) => tally.events),
    eventsPerSeed: median(rounds.map(({ tally }) => tally.events / tally.seeds)),
    seedsPerSecond: perSecond((tally) => tally.seeds),
    committedPerCpuSecond: perSecond((tally) => tally.committed),
    baselinePerSecond: median(rounds.map((one) => 1 / one.baselineSeconds)),
    ratio: median(
      rounds.map((one) => (one.tally.events / one.tally.cpuSeconds) * one.baselineSeconds),
    ),
  };
}

/** Without crashes: does an event cost more when the log is long? Short and long runs in turn. */
function measureGrowth(): { ratio: number; shortNs: number; longNs: number } {
  const short: number[] = [];
  const long: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    short.push(nanosecondsPerEvent(30, 10, i * 100));
    long.push(nanosecondsPerEvent(300, 1, i * 100));
  }
  const shortNs = median(short);
  const longNs = median(long);
  return { ratio: longNs / shortNs, shortNs, longNs };
}

function nanosecondsPerEvent(virtualSeconds: number, seeds: number, from: number): number {
  const tally: Tally = { seeds: 0, events: 0, committed: 0, cpuSeconds: 0 };
  const spent = cpuSeconds(() => {
    for (let i = 0; i < seeds; i += 1) {
      runOne(standardLoad(5, from + i, virtualSeconds, false), REFERENCE, tally);
    }
  });
  return (spent * 1e9) / tally.events;
}

/** Live memory after few and after many generated seeds: it must not grow with their number. */
function measureMemory(): { seeds: number[]; heapMiB: number[] } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
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

function formatRow(row: Row): string {
  const columns = [
    String(row.size).padStart(3),
    Math.round(row.eventsPerSecond).toLocaleString('en-US').padStart(10),
    Math.round(row.eventsPerSeed).toLocaleString('en-US').padStart(12),
    row.seedsPerSecond.toFixed(1).padStart(8),
    Math.round(row.committedPerCpuSecond).toLocaleString('en-US').padStart(16),
    Math.round(row.baselinePerSecond).toLocaleString('en-US').padStart(14),
    row.ratio.toFixed(3).padStart(6),
  ];
  return columns.join(' ');
}

main();
