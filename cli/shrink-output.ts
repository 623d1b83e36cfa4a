/** Where a shrink keeps its smallest plan, so that whoever is killed leaves it, and goes on from it. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plan } from '../sim/kernel/plan.ts';
import type { ShrinkProgress, Shrunk } from '../sim/shrink/shrink.ts';
import { show, UsageError } from '../sim/usage-error.ts';
import type { Selection } from './replay-line.ts';
import { FOLDER } from './results-file.ts';
import { tryInWorker } from './shrink-lane.ts';
import type { OtherFinding } from './shrink-report.ts';
import type { Terminal } from './terminal.ts';
import type { WorkerOptions } from './worker-lane.ts';

/** The smallest plan so far is written down this often. */
const SAVE_MS = 500;
/** Of so many other failures the plans are kept. */
const OTHERS_MAX = 5;

/** Beside the file; for a seed in the folder of this program. */
export function outputFor(path: string | null, seed: string | null, { mutant }: Selection): string {
  if (path !== null) return `${path.replace(/\.(json|ya?ml|ndjson(\.gz)?)$/, '')}.shrunk.json`;
  const of = mutant === null ? '' : `-${mutant}`;
  return join(FOLDER, `seed-${seed}${of}.shrunk.json`);
}

/** What an earlier call has left, if it fails as this plan does; then it is the better beginning. */
export async function planToResume(
  output: string,
  plan: Plan,
  workers: WorkerOptions,
  terminal: Terminal,
): Promise<Plan | null> {
  if (!existsSync(output) || readFileSync(output, 'utf8').trim() === '') return null;
  const { loadPlan } = await import('../sim/load-plan.ts');
  let earlier: Plan;
  try {
    earlier = loadPlan(readFileSync(output, 'utf8'), output);
  } catch {
    throw new UsageError(`Cannot write ${show(output)}: it is there, and no plan.`);
  }
  const now = await tryInWorker(plan, workers, terminal);
  const then = await tryInWorker(earlier, workers, terminal);
  if (now.failure !== null && now.failure === then.failure) {
    terminal.warn(`Going on from ${output}, which fails in the same way.`);
    return earlier;
  }
  throw new UsageError(
    `Cannot write ${show(output)}: it is there, and does not fail in the same way.`,
  );
}

/** Whoever is killed leaves the smallest plan so far. */
export function saver(output: string): (progress: ShrinkProgress) => void {
  let savedMs = performance.now();
  let saved: Plan | null = null;
  return ({ plan }) => {
    const nowMs = performance.now();
    if (plan === saved || nowMs - savedMs < SAVE_MS) return;
    savedMs = nowMs;
    saved = plan;
    writePlan(output, plan);
  };
}

export function writePlan(path: string, plan: Plan): void {
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, `${JSON.stringify(plan, null, 2)}\n`);
  renameSync(beside, path);
}

export function writeOthers({ others }: Shrunk, output: string): OtherFinding[] {
  return others.map(({ failure, plan }, place) => {
    if (place >= OTHERS_MAX) return { failure, path: null };
    const path = join(dirname(output), `${basename(output, '.json')}.other-${place + 1}.json`);
    writePlan(path, plan);
    return { failure, path };
  });
}
