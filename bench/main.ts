/**
 * `npm run bench [-- --json] [-- --only grading]`: what one event costs, as a share of what a bare
 * event loop costs. The figure that counts is `ratio`: events per CPU second at N = 5 over baseline
 * operations per CPU second, measured in turn in one process. Then what a grading costs; with
 * `--only grading` nothing else.
 */
import { REFERENCE } from '../scenarios/implementations.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { tuneEngine } from '../sim/tune-engine.ts';
import { featureLoad, withSnapshots } from './feature-load.ts';
import { measureInProcess, measureOverStdio, type OverStdio } from './grading.ts';
import { type Load, measureGrowth, measureLiveMemory, measureMemory } from './long-runs.ts';
import { median, round, runOne, type Tally } from './measure.ts';
import { standardLoad } from './standard-load.ts';

const WARM_UP_SEEDS = 40;
const ROUNDS = 7;
const SIZES = [3, 5, 7] as const;
/** About the commands that are applied in 30 and in 3,000 virtual seconds. */
const APPLIED = [2_900, 290_000] as const;
const LONG_SECONDS = 3_000;

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
  if (process.argv.includes('grading')) {
    benchGrading();
    return;
  }
  const rows = SIZES.map((size) => measureSize(size, standardLoad));
  const featured = measureSize(5, featureLoad);
  const growth = measureGrowth(standardLoad, 300);
  const longGrowth = measureGrowth(snapshotLoad, LONG_SECONDS);
  const liveMiB = measureLiveMemory(snapshotLoad, LONG_SECONDS, APPLIED);
  const memory = measureMemory();
  const ratio = rows.find((row) => row.size === 5)!.ratio;
  if (process.argv.includes('--json')) {
    const grading = { inProcess: measureInProcess(), overStdio: measureOverStdio().rows };
    const kernel = { ratio, rows, featured, growth, longGrowth, liveMiB, memory };
    console.log(JSON.stringify({ ...kernel, grading }));
    return;
  }
  console.log('Standard load, one thread, every invariant and the digest on, CPU time:\n');
  console.log('  N   events/s  events/seed  seeds/s  committed/CPU s  baseline op/s  ratio');
  for (const row of rows) console.log(formatRow(row));
  console.log(`${formatRow(featured)}  with every feature on`);
  console.log(`\nratio ${ratio.toFixed(3)} (events/s at N = 5 over baseline operations/s)`);
  console.log(
    `growth ${growth.ratio.toFixed(2)}: cost per event at 300 virtual seconds over that at 30`,
  );
  const [early, late] = liveMiB;
  console.log(
    `with snapshots, growth ${longGrowth.ratio.toFixed(2)}: cost per event at ${LONG_SECONDS} virtual ` +
      `seconds over that at 30; ${early!.toFixed(1)} MiB live after ${APPLIED[0]} commands, ` +
      `${late!.toFixed(1)} MiB after ${APPLIED[1]}`,
  );
  const [few, many] = memory.heapMiB;
  console.log(
    `memory: ${few!.toFixed(1)} MiB live after ${memory.seeds[0]} generated seeds, ` +
      `${many!.toFixed(1)} MiB after ${memory.seeds[1]}\n`,
  );
  benchGrading();
}

function benchGrading(): void {
  const inProcess = measureInProcess();
  const { rows, missing } = measureOverStdio();
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ grading: { inProcess, overStdio: rows } }));
    return;
  }
  const { events, cpuSeconds } = inProcess;
  console.log(
    `labs, the reference in this process: ${cpuSeconds.toFixed(1)} CPU s for ` +
      `${events.toLocaleString('en-US')} events`,
  );
  console.log('\nOver stdio, one lane:\n');
  console.log('  program       events/s  bare round trips/s  ratio  s for labs');
  for (const row of rows) console.log(formatStdio(row));
  for (const line of missing) console.log(`  ${line}`);
}

function formatStdio(row: OverStdio): string {
  const columns = [
    row.name.padEnd(11),
    Math.round(row.eventsPerSecond).toLocaleString('en-US').padStart(9),
    Math.round(row.barePerSecond).toLocaleString('en-US').padStart(19),
    row.ratio.toFixed(2).padStart(6),
    row.labsSeconds.toFixed(0).padStart(11),
  ];
  return `  ${columns.join(' ')}`;
}

/** The standard load, with the log kept short by snapshots. */
function snapshotLoad(...args: Parameters<Load>): Plan {
  return withSnapshots(standardLoad(...args));
}

function measureSize(size: number, load: Load): Row {
  let seed = 0;
  const nextPlan = () => {
    seed += 1;
    return load(size, seed, 30, true);
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
