/** Traces of what failed in a campaign: each run is made once more, recorded. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure, NamedRun } from '../sim/campaign/task.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { OutputError } from './output-error.ts';
import type { Terminal } from './terminal.ts';
import { openSingleLane, type WorkerOptions } from './worker-lane.ts';
import { assertWritableFile, makeFolderOf } from './writable.ts';
import { writeTrace } from './write-trace.ts';

/** Into a folder go the traces of so many failures. */
const TRACES_MAX = 20;

/** Before the campaign. Throws a UsageError when no trace can be written there. */
export function checkTracePath(path: string): void {
  if (isFolder(path)) makeFolderOf(join(path, 'trace'));
  assertWritableFile(isFolder(path) ? join(path, 'writable.tmp') : path);
}

function isFolder(path: string): boolean {
  return path.endsWith('/') || (existsSync(path) && statSync(path).isDirectory());
}

const RECORDED_RUN = {
  kind: 'single',
  implementation: 0,
  scenario: null,
  isRecorded: true,
  recorded: null,
} as const;

interface TracedCampaign {
  readonly workers: WorkerOptions;
  readonly planOf: (run: NamedRun) => Plan;
}

/**
 * The first failure into a file, or the first ones into a folder. Why that was not done, one
 * sentence; null when it was.
 */
export async function writeTraces(
  found: readonly Failure[],
  path: string,
  campaign: TracedCampaign,
  terminal: Terminal,
): Promise<string | null> {
  try {
    await writeEach(found, path, campaign, terminal);
    return null;
  } catch (error) {
    if (error instanceof OutputError) return error.message;
    throw error;
  }
}

async function writeEach(
  found: readonly Failure[],
  path: string,
  { workers, planOf }: TracedCampaign,
  terminal: Terminal,
): Promise<void> {
  const lane = openSingleLane(workers, terminal);
  const failures = found.slice(0, isFolder(path) ? TRACES_MAX : 1);
  try {
    for (const failure of failures) {
      const { seed } = failure;
      const plan = planOf(failure);
      const result = await lane.run({ ...RECORDED_RUN, plan });
      if (result.kind === 'lost' || result.reply.lines === null) continue;
      const file = isFolder(path) ? join(path, `seed-${seed}.ndjson`) : path;
      writeTrace(file, result.reply.lines);
      terminal.warn(`Wrote the trace of seed ${seed} to ${file}.`);
    }
  } finally {
    await lane.close();
  }
}
